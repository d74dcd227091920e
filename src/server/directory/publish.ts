// Publishing needs no account: the documents' signatures are the authority.
import { Problem } from '../../contract/problems.ts'
import {
  type VerifiedDeviceList,
  verifyDeviceList,
  verifyStatement,
} from '../../protocol/agency-documents.ts'
import type { DeploymentId } from '../../protocol/crypto.ts'
import { addDays, dayOf } from '../../protocol/day.ts'
import {
  type Agency,
  checkFresh,
  type VerifiedDirectory,
  verifyDirectory,
  verifyRootChain,
} from '../../protocol/directory.ts'
import { equalBytes } from '../../protocol/encoding.ts'
import { ProtocolError } from '../../protocol/error.ts'
import type { NoteKey } from '../../protocol/signed-note.ts'
import type { Database, Queries } from '../database.ts'
import type { DirectoryService } from './service.ts'
import { insertDocument, loadDocuments, lockPublishing, newestDocument, replaceDevices } from './store.ts'

/** What the database's integers hold. */
const MAX_VERSION = 2 ** 31 - 1
/** A directory expires at most this many days after its publication. */
const MAX_DIRECTORY_DAYS = 7

export interface PublisherOptions {
  readonly database: Database
  readonly directory: DirectoryService
  readonly deploymentId: DeploymentId
  readonly logKey: NoteKey
  readonly now: () => number
  /** Called in the publishing transaction with all agencies of a directory. */
  readonly onAgencies: (queries: Queries, agencyIds: readonly string[]) => Promise<void>
}

export type Publisher = ReturnType<typeof createPublisher>

/** Each throws `document-refused` or `document-stale`, and then nothing has changed. */
export function createPublisher(options: PublisherOptions) {
  const { database, directory: service, deploymentId } = options

  const publish = async (store: (queries: Queries) => Promise<void>) => {
    await database.transaction(async queries => {
      await lockPublishing(queries)
      await store(queries)
    })
    await service.refresh()
  }

  const agencyNow = async (agencyId: string) => {
    await service.refresh()
    return {
      agency: await service.agencyOf(agencyId),
      directoryNote: (await service.current()).directoryNote,
    }
  }

  return {
    async directory(roots: readonly string[], note: string): Promise<void> {
      const verified = await refusing(() => verifyPublication(roots, note, options))
      const ids = verified.agencies.map(agency => agency.id)
      await publish(async queries => {
        await storeRoots(queries, roots)
        await storeDocument(queries, { kind: 'directory', subject: '', version: verified.version, note })
        await dropForeignDevices(queries, verified)
        await options.onAgencies(queries, ids)
      })
    },

    /** Throws `not-found` for an agency that the directory does not name. */
    async statement(agencyId: string, note: string): Promise<void> {
      const { agency, directoryNote } = await agencyNow(agencyId)
      const { version } = await refusing(async () => verifyStatement(note, agency, deploymentId))
      await publish(async queries => {
        await expectDirectory(queries, directoryNote)
        await storeDocument(queries, { kind: 'statement', subject: agencyId, version, note })
      })
    },

    /** Throws `not-found` for an agency that the directory does not name. */
    async devices(agencyId: string, note: string): Promise<void> {
      const { agency, directoryNote } = await agencyNow(agencyId)
      const list = await refusing(async () => verifyDeviceList(note, agency, deploymentId))
      await publish(async queries => {
        await expectDirectory(queries, directoryNote)
        await storeDocument(queries, { kind: 'device-list', subject: agencyId, version: list.version, note })
        // A key can belong to one device of one agency: requests name nothing else.
        if (!(await replaceDevices(queries, agencyId, withRevocations(list))))
          throw new Problem('document-refused')
      })
    },
  }
}

async function verifyPublication(
  roots: readonly string[],
  note: string,
  { deploymentId, logKey, now }: PublisherOptions,
): Promise<VerifiedDirectory> {
  const today = dayOf(now())
  const root = await verifyRootChain(roots, deploymentId)
  checkFresh(root, today)
  const directory = await verifyDirectory(note, root)
  checkFresh(directory, today)
  const tooLong = directory.expires > addDays(today, MAX_DIRECTORY_DAYS + 1)
  if (tooLong || !equalBytes(directory.logKey.publicKey, logKey.publicKey))
    throw new Problem('document-refused')
  return directory
}

async function refusing<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify()
  } catch (error) {
    throw error instanceof ProtocolError ? new Problem('document-refused') : error
  }
}

async function storeRoots(queries: Queries, roots: readonly string[]): Promise<void> {
  const stored = (await loadDocuments(queries)).roots
  if (stored.length > roots.length || stored.some((note, i) => note !== roots[i]))
    throw new Problem('document-stale')
  for (const [index, note] of roots.entries()) {
    if (index >= stored.length)
      await insertDocument(queries, { kind: 'root', subject: '', version: index + 1, note })
  }
}

/** The document was verified under a directory that another server may have replaced since: try again. */
async function expectDirectory(queries: Queries, note: string): Promise<void> {
  if ((await newestDocument(queries, 'directory', ''))?.note !== note) throw new Problem('unavailable')
}

/** Devices under an identity key that the directory has replaced count for nothing. */
async function dropForeignDevices(queries: Queries, directory: VerifiedDirectory): Promise<void> {
  for (const agency of directory.agencies) {
    const list = await newestDocument(queries, 'device-list', agency.id)
    if (list && !isListOf(list.note, agency, directory.deploymentId))
      await replaceDevices(queries, agency.id, [])
  }
}

function isListOf(note: string, agency: Agency, deploymentId: DeploymentId): boolean {
  try {
    verifyDeviceList(note, agency, deploymentId)
    return true
  } catch {
    return false
  }
}

type NewDocument = Parameters<typeof insertDocument>[1]

/** The same document again is fine; another of that version, or an older one, is not. */
async function storeDocument(queries: Queries, document: NewDocument): Promise<void> {
  if (document.version > MAX_VERSION) throw new Problem('document-refused')
  const newest = await newestDocument(queries, document.kind, document.subject)
  if (newest?.version === document.version && newest.note === document.note) return
  if (newest && newest.version >= document.version) throw new Problem('document-stale')
  await insertDocument(queries, document)
}

function withRevocations(list: VerifiedDeviceList) {
  const isRevoked = (id: Uint8Array) => list.revoked.some(revoked => equalBytes(revoked, id))
  return list.devices.map(device => ({ ...device, revoked: isRevoked(device.deviceId) }))
}
