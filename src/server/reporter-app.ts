// Everything that an anonymous person can reach, and nothing else.
import type { FastifyInstance } from 'fastify'
import { commonRoutes } from './directory/routes.ts'
import type { Features } from './features.ts'
import { buildListener, type ListenerOptions } from './http/listener.ts'
import { intakeRoutes } from './intake/routes.ts'
import { readingRoutes } from './mailbox/routes.ts'
import { SINGLE_FILE } from './web/form.ts'
import { addForm } from './web/routes.ts'

export async function buildReporterApp(
  features: Features,
  options: Omit<ListenerOptions, 'listener' | 'role' | 'findDevice' | 'singleFile'>,
): Promise<FastifyInstance> {
  const { form } = features
  const own = {
    listener: 'reporter',
    role: 'reporter',
    findDevice: async () => null,
    singleFile: form && { path: SINGLE_FILE, hash: form.singleFileHash },
  } as const
  const app = await buildListener({ ...options, ...own }, [
    commonRoutes(features.directory, options.challenges, features.database),
    intakeRoutes(features.intake, features.database),
    readingRoutes(features.mailboxes),
  ])
  addForm(app, form)
  return app
}
