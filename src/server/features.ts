// Composition: each feature once, with what it may use.
import type { DeploymentId } from '../protocol/crypto.ts'
import { createDueJob } from './casework/due.ts'
import { addFeeds, BEAT_MS, createFeeds } from './casework/feed.ts'
import { type Casework, createCasework } from './casework/service.ts'
import type { Database } from './database.ts'
import { createPublisher, type Publisher } from './directory/publish.ts'
import { createDirectory, type DirectoryService } from './directory/service.ts'
import { createFiles, type FileLimits, type Files } from './files/service.ts'
import type { FileStorage } from './files/storage.ts'
import { forgetSpentNonces } from './http/nonces.ts'
import { createIntake, type Intake } from './intake/service.ts'
import type { Job } from './jobs.ts'
import { createMailboxes, type Mailboxes } from './mailbox/service.ts'
import { type ServerKeys, signingNatively } from './server-keys.ts'
import type { Site } from './web/site.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

export interface Features {
  readonly database: Database
  readonly directory: DirectoryService
  readonly publisher: Publisher
  readonly mailboxes: Mailboxes
  readonly files: Files
  readonly intake: Intake
  readonly casework: Casework
  /** What reporters see at `/`; null: not built. */
  readonly form: Site | null
  /** What agencies see there. */
  readonly console: Site | null
  /** Answers every held poll. */
  readonly release: () => void
  readonly jobs: readonly Job[]
}

export interface FeatureOptions {
  readonly database: Database
  readonly deploymentId: DeploymentId
  readonly serverKeys: ServerKeys
  readonly form: Site | null
  readonly console: Site | null
  readonly storage: FileStorage
  readonly fileLimits: FileLimits
  readonly now: () => number
}

export function buildFeatures(options: FeatureOptions): Features {
  const { database, deploymentId, serverKeys, form, now } = options
  const { log, quotaKey } = serverKeys
  const logSigner = signingNatively(log)
  const feeds = createFeeds(database)
  const directory = createDirectory({ database, deploymentId, now })
  const mailboxes = createMailboxes({ database, quotaKey, now })
  const files = createFiles({ database, storage: options.storage, limits: options.fileLimits, now })
  return {
    database,
    directory,
    publisher: createPublisher({
      database,
      directory,
      deploymentId,
      logKey: logSigner.key,
      now,
      onAgencies: addFeeds,
    }),
    mailboxes,
    files,
    intake: createIntake({ database, directory, files, deploymentId, logSigner, now }),
    casework: createCasework({ database, feeds, directory, files, now }),
    form,
    console: options.console,
    release: feeds.release,
    jobs: [
      { name: 'feed', everyMs: BEAT_MS, run: feeds.beat },
      { name: 'directory', everyMs: BEAT_MS, run: async () => void (await directory.refresh()) },
      { name: 'nonces', everyMs: HOUR_MS, run: () => forgetSpentNonces(database, now()) },
      { name: 'files', everyMs: MINUTE_MS, run: files.cleanUp },
      { name: 'due', everyMs: MINUTE_MS, run: createDueJob({ database, directory }, now) },
      { name: 'quotas', everyMs: HOUR_MS, run: mailboxes.forgetOldQuotas },
    ],
  }
}
