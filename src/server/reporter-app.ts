// Everything that an anonymous person can reach, and nothing else.
import type { FastifyInstance } from 'fastify'
import { commonRoutes } from './directory/routes.ts'
import type { Features } from './features.ts'
import { buildListener, type ListenerOptions } from './http/listener.ts'
import { intakeRoutes } from './intake/routes.ts'
import { readingRoutes } from './mailbox/routes.ts'

export function buildReporterApp(
  features: Features,
  options: Omit<ListenerOptions, 'listener' | 'role' | 'findDevice'>,
): Promise<FastifyInstance> {
  return buildListener({ ...options, listener: 'reporter', role: 'reporter', findDevice: async () => null }, [
    commonRoutes(features.directory, options.challenges, features.database),
    intakeRoutes(features.intake, features.database),
    readingRoutes(features.mailboxes),
  ])
}
