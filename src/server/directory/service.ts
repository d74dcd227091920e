// What was published, verified once and kept in memory; another server's publication is seen at the next beat.
import { createHash } from 'node:crypto'
import { Problem } from '../../contract/problems.ts'
import {
  DEVICE_SCOPES,
  type EpochKey,
  type VerifiedStatement,
  verifyStatement,
} from '../../protocol/agency-documents.ts'
import { type DeploymentId, keyId } from '../../protocol/crypto.ts'
import { dayOf } from '../../protocol/day.ts'
import {
  type Agency,
  findAgency,
  isValidOn,
  type VerifiedDirectory,
  verifyDirectory,
  verifyRootChain,
} from '../../protocol/directory.ts'
import { equalBytes, toBase64url } from '../../protocol/encoding.ts'
import { inBatches } from '../batches.ts'
import type { Database } from '../database.ts'
import type { CallingDevice } from '../http/serve.ts'
import { countDocuments, findDevices, loadDocuments, newestDocument } from './store.ts'

/** Devices that are looked up together. */
const MAX_LOOK_UPS = 16
const MAX_LOOK_UPS_UNDER_WAY = 4

export interface Published {
  readonly roots: readonly string[]
  readonly directoryNote: string
  readonly statementNotes: Readonly<Record<string, string>>
  readonly etag: string
  readonly directory: VerifiedDirectory
  readonly statements: ReadonlyMap<string, VerifiedStatement>
}

export interface DirectoryOptions {
  readonly database: Database
  readonly deploymentId: DeploymentId
  readonly now: () => number
}

export type DirectoryService = ReturnType<typeof createDirectory>

export function createDirectory(options: DirectoryOptions) {
  const { database, deploymentId, now } = options
  const today = () => dayOf(now())
  let cached: { readonly count: number; readonly published: Published | null } | null = null

  async function load(): Promise<Published | null> {
    const count = await countDocuments(database)
    if (cached?.count === count) return cached.published
    const published = await verifyStored(database, deploymentId)
    // A slower look-up must not bring back what a faster one has replaced.
    if (!cached || count >= cached.count) cached = { count, published }
    return cached.published
  }

  /** Throws `not-found` until a directory was published. */
  async function current(): Promise<Published> {
    const published = cached ? cached.published : await load()
    if (!published) throw new Problem('not-found')
    return published
  }

  /** Throws `not-found`. */
  async function agencyOf(id: string): Promise<Agency> {
    const agency = findAgency((await current()).directory, id)
    if (!agency) throw new Problem('not-found')
    return agency
  }

  const findRow = inBatches({
    maxItems: MAX_LOOK_UPS,
    maxUnderWay: MAX_LOOK_UPS_UNDER_WAY,
    run: (deviceIds: readonly Uint8Array[]) => findDevices(database, deviceIds, today()),
  })

  return {
    current,
    agencyOf,
    /** Looks whether another server published something. */
    refresh: load,

    /** The agency's epoch key of this id if it is accepted today, else null. */
    async acceptedEpoch(agencyId: string, id: Uint8Array): Promise<EpochKey | null> {
      const find = (published: Published | null) => acceptedEpoch(published, agencyId, id, today())
      return find(await current()) ?? find(await load())
    },

    /** Null for unknown, expired and revoked devices, and those of agencies that are not valid today. */
    async findDevice(signingKey: Uint8Array): Promise<CallingDevice | null> {
      const row = await findRow(keyId(signingKey))
      if (!row || !equalBytes(row.signing_key, signingKey)) return null
      const agency = findAgency((await current()).directory, row.agency_id)
      if (!agency || !isValidOn(agency, today())) return null
      return {
        deviceId: row.device_id,
        agencyId: row.agency_id,
        signingKey: row.signing_key,
        certificate: row.certificate,
        scopes: DEVICE_SCOPES.filter(scope => row.scopes.includes(scope)),
      }
    },

    /** The list as it was published. Throws `not-found`, also for another agency's device. */
    async deviceList(agencyId: string, device: CallingDevice): Promise<string> {
      const row =
        device.agencyId === agencyId ? await newestDocument(database, 'device-list', agencyId) : null
      if (!row) throw new Problem('not-found')
      return row.note
    },
  }
}

async function verifyStored(database: Database, deploymentId: DeploymentId): Promise<Published | null> {
  // One snapshot: a publication between two reads would show a directory under the root before its own.
  const stored = await database.transaction(loadDocuments, { isolation: 'repeatable read', readOnly: true })
  if (stored.directory === null) return null
  const root = await verifyRootChain(stored.roots, deploymentId)
  const directory = await verifyDirectory(stored.directory, root)
  const statements = new Map<string, VerifiedStatement>()
  const statementNotes: Record<string, string> = {}
  for (const [agencyId, note] of stored.statements) {
    const agency = findAgency(directory, agencyId)
    const statement = agency && readStatement(note, agency, deploymentId)
    if (!statement) continue
    statements.set(agencyId, statement)
    statementNotes[agencyId] = note
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([stored.roots, stored.directory, statementNotes]))
    .digest()
  return {
    roots: stored.roots,
    directoryNote: stored.directory,
    statementNotes,
    etag: `"${toBase64url(hash)}"`,
    directory,
    statements,
  }
}

// A statement under an identity key that the directory has since replaced counts for nothing.
function readStatement(note: string, agency: Agency, deploymentId: DeploymentId): VerifiedStatement | null {
  try {
    return verifyStatement(note, agency, deploymentId)
  } catch {
    return null
  }
}

function acceptedEpoch(
  published: Published | null,
  agencyId: string,
  id: Uint8Array,
  today: string,
): EpochKey | null {
  const agency = published && findAgency(published.directory, agencyId)
  if (!published || !agency || !isValidOn(agency, today)) return null
  const epochs = published.statements.get(agencyId)?.epochs ?? []
  const epoch = epochs.find(candidate => equalBytes(candidate.keyId, id))
  return epoch && epoch.validFrom <= today && today <= epoch.acceptedUntil ? epoch : null
}

/** The first root document that was published here, or null. */
export async function firstRoot(database: Database): Promise<string | null> {
  return (await loadDocuments(database)).roots[0] ?? null
}
