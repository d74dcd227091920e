// Everything that an agency's device can reach, and whoever publishes signed documents.
import type { FastifyInstance } from 'fastify'
import { caseworkRoutes } from './casework/routes.ts'
import { commonRoutes, publishingRoutes } from './directory/routes.ts'
import type { Features } from './features.ts'
import { buildListener, type ListenerOptions } from './http/listener.ts'
import { replyRoutes } from './mailbox/routes.ts'

export function buildAgencyApp(
  features: Features,
  options: Omit<ListenerOptions, 'listener' | 'role' | 'findDevice'>,
): Promise<FastifyInstance> {
  const { findDevice } = features.directory
  return buildListener({ ...options, listener: 'agency', role: 'agency', findDevice }, [
    commonRoutes(features.directory, options.challenges, features.database),
    publishingRoutes(features.directory, features.publisher),
    caseworkRoutes(features.casework),
    replyRoutes(features.mailboxes),
  ])
}
