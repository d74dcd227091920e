// Everything that an agency's device can reach, and whoever publishes signed documents.
import type { FastifyInstance } from 'fastify'
import { caseworkRoutes } from './casework/routes.ts'
import { commonRoutes, publishingRoutes } from './directory/routes.ts'
import type { Features } from './features.ts'
import { agencyFileRoutes, uploadRoutes } from './files/routes.ts'
import { buildListener, type ListenerOptions } from './http/listener.ts'
import { replyRoutes } from './mailbox/routes.ts'
import { addSite } from './web/routes.ts'

export async function buildAgencyApp(
  features: Features,
  options: Omit<ListenerOptions, 'listener' | 'role' | 'findDevice' | 'maxFilesLength'>,
): Promise<FastifyInstance> {
  const { findDevice } = features.directory
  const maxFilesLength = features.files.maxLength
  const own = { listener: 'agency', role: 'agency', findDevice, maxFilesLength } as const
  const app = await buildListener({ ...options, ...own }, [
    commonRoutes(features.directory, options.challenges, features.database),
    publishingRoutes(features.directory, features.publisher),
    caseworkRoutes(features.casework),
    replyRoutes(features.mailboxes),
    uploadRoutes(features.files),
    agencyFileRoutes(features.files),
  ])
  addSite(app, features.console)
  return app
}
