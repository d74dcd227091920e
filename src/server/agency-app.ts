// Everything that an agency's device can reach, and whoever publishes signed documents.
import type { FastifyInstance } from 'fastify'
import { caseworkRoutes } from './casework/routes.ts'
import { commonRoutes, publishingRoutes } from './directory/routes.ts'
import type { Features } from './features.ts'
import { buildListener, type ListenerOptions } from './http/listener.ts'
import { replyRoutes } from './mailbox/routes.ts'
import { addSite } from './web/routes.ts'

export async function buildAgencyApp(
  features: Features,
  options: Omit<ListenerOptions, 'listener' | 'role' | 'findDevice'>,
): Promise<FastifyInstance> {
  const { findDevice } = features.directory
  const app = await buildListener({ ...options, listener: 'agency', role: 'agency', findDevice }, [
    commonRoutes(features.directory, options.challenges, features.database),
    publishingRoutes(features.directory, features.publisher),
    caseworkRoutes(features.casework),
    replyRoutes(features.mailboxes),
  ])
  addSite(app, features.console)
  return app
}
