// Everything that an anonymous person can reach, and nothing else.
import type { FastifyInstance } from 'fastify'
import { commonRoutes } from './directory/routes.ts'
import type { Features } from './features.ts'
import { reporterFileRoutes, uploadRoutes } from './files/routes.ts'
import { buildListener, type ListenerOptions } from './http/listener.ts'
import { intakeRoutes } from './intake/routes.ts'
import { readingRoutes } from './mailbox/routes.ts'
import { addSite } from './web/routes.ts'
import { SINGLE_FILE } from './web/site.ts'

export async function buildReporterApp(
  features: Features,
  options: Omit<ListenerOptions, 'listener' | 'role' | 'findDevice' | 'singleFile' | 'maxFilesLength'>,
): Promise<FastifyInstance> {
  const { form } = features
  const own = {
    listener: 'reporter',
    role: 'reporter',
    findDevice: async () => null,
    maxFilesLength: features.files.maxLength,
    singleFile:
      form && form.singleFileHash !== null ? { path: SINGLE_FILE, hash: form.singleFileHash } : null,
  } as const
  const app = await buildListener({ ...options, ...own }, [
    commonRoutes(features.directory, options.challenges, features.database),
    intakeRoutes(features.intake, features.database),
    readingRoutes(features.mailboxes),
    uploadRoutes(features.files),
    reporterFileRoutes(features.files),
  ])
  addSite(app, form)
  return app
}
