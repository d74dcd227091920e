import {
  createChallenge,
  getDevices,
  getDirectory,
  health,
  putDevices,
  putDirectory,
  putStatement,
} from '../../contract/directory.ts'
import { toBase64url } from '../../protocol/encoding.ts'
import type { Database } from '../database.ts'
import type { Serve } from '../http/serve.ts'
import type { Challenges } from '../http/signed-request.ts'
import type { Publisher } from './publish.ts'
import type { DirectoryService } from './service.ts'

/** What both listeners serve. */
export const commonRoutes =
  (directory: DirectoryService, challenges: Challenges, database: Database) =>
  (serve: Serve): void => {
    serve(health, async () => ({ alive: true as const, database: await database.ping() }))
    serve(createChallenge, async () => ({ nonce: challenges.issue() }))
    serve(getDirectory, async ({ ifNoneMatch }) => {
      const published = await directory.current()
      if (ifNoneMatch === published.etag) return { etag: published.etag, reply: null }
      const reply = {
        deployment: toBase64url(published.directory.deploymentId),
        roots: [...published.roots],
        directory: published.directoryNote,
        statements: published.statementNotes,
      }
      return { etag: published.etag, reply }
    })
  }

/** Publishing and device lists, on the agencies' listener. */
export const publishingRoutes =
  (directory: DirectoryService, publisher: Publisher) =>
  (serve: Serve): void => {
    serve(putDirectory, async ({ body }) => publisher.directory(body.roots, body.directory))
    serve(putStatement, async ({ params, body }) => publisher.statement(params.agency, body.statement))
    serve(putDevices, async ({ params, body }) => publisher.devices(params.agency, body.devices))
    serve(getDevices, async ({ params, device }) => ({
      devices: await directory.deviceList(params.agency, device),
    }))
  }
