// A deployment to try things with: it makes its own authorities, and renews what they signed.

import { Problem } from '../../contract/problems.ts'
import { EPOCH_VALID_DAYS, seedKeptUntil } from '../../protocol/agency-documents.ts'
import {
  buildCertificate,
  buildDeviceList,
  buildDirectory,
  buildRoot,
  buildStatement,
} from '../../protocol/authority.ts'
import {
  type DeploymentId,
  deriveSealingPair,
  deriveSigningPair,
  randomBytes,
  sealingSeed,
  signingSeed,
} from '../../protocol/crypto.ts'
import { addDays, dayOf } from '../../protocol/day.ts'
import { DEFAULT_CLOCKS } from '../../protocol/default-clocks.ts'
import { deploymentIdFrom } from '../../protocol/document.ts'
import { type DeviceKey, formatKeyFile, signerOf } from '../../protocol/key-file.ts'
import type { NoteKey } from '../../protocol/signed-note.ts'
import type { Publisher } from '../directory/publish.ts'
import type { Published } from '../directory/service.ts'
import { AGENCIES, ROUTES } from './agencies.ts'
import type { KeyStore } from './key-store.ts'

const FIRST_ROOT = 'root-1.note'
const DIRECTORY_DAYS = 7
const RENEW_WITHIN_DAYS = 4
const EPOCHS_AHEAD = 4
const FOR_GOOD = '2099-12-31'

/** Makes root and directory keys unless they are there; says which deployment they found. */
export async function foundDemonstration(store: KeyStore, now: number): Promise<DeploymentId> {
  const known = await store.read(FIRST_ROOT)
  if (known !== null) return deploymentIdFrom(known)
  const root = await signerOf(await store.authorityKey('root', 'root'))
  const directory = await signerOf(await store.authorityKey('directory', 'directory'))
  const keys = { keys: [root.key], directoryKeys: [directory.key], threshold: 1, directoryThreshold: 1 }
  const note = buildRoot({ version: 1, expires: addDays(dayOf(now), 3650), ...keys }, null, [root])
  await store.write(FIRST_ROOT, note)
  return deploymentIdFrom(note)
}

export interface DemonstrationOptions {
  readonly store: KeyStore
  readonly deploymentId: DeploymentId
  readonly logKey: NoteKey
  readonly directory: { current(): Promise<Pick<Published, 'roots' | 'directory' | 'statements'>> }
  readonly publisher: Publisher
  readonly now: () => number
}

/** Publishes what is missing and renews what will soon be too old. Safe to call at any time. */
export async function renewDemonstration(options: DemonstrationOptions): Promise<void> {
  await renewDirectory(options)
  for (const { id } of AGENCIES) {
    await renewEpochs(options, id)
    await publishDevices(options, id)
  }
}

async function renewDirectory(options: DemonstrationOptions): Promise<void> {
  const { store, deploymentId, publisher, now } = options
  const today = dayOf(now())
  const published = await options.directory.current().catch(() => null)
  if (published && published.directory.expires >= addDays(today, RENEW_WITHIN_DAYS)) return
  const signer = await signerOf(await store.authorityKey('directory', 'directory'))
  const agencies = []
  for (const agency of AGENCIES) {
    const identity = await signerOf(await store.authorityKey(`${agency.id}-identity`, 'identity'))
    agencies.push({ ...agency, validFrom: '2026-01-01', validUntil: FOR_GOOD, identity: identity.key })
  }
  const input = {
    version: (published?.directory.version ?? 0) + 1,
    expires: addDays(today, DIRECTORY_DAYS),
    demonstration: true,
    logKey: options.logKey,
    agencies,
    routes: ROUTES,
    timers: { acknowledgeDays: 7, feedbackDays: 90 },
    clocks: DEFAULT_CLOCKS,
  }
  const roots = published?.roots ?? [(await store.read(FIRST_ROOT)) ?? '']
  await publisher.directory(roots, buildDirectory(input, deploymentId, [signer]))
}

/** Publishes epoch keys ahead, and forgets seeds whose time is over. */
async function renewEpochs(options: DemonstrationOptions, agencyId: string): Promise<void> {
  const { store, deploymentId, directory, publisher, now } = options
  const today = dayOf(now())
  const intake = await intakeKey(options, agencyId)
  const kept = intake.epochs.filter(({ validFrom }) => seedKeptUntil(validFrom) >= today)
  const newest = kept.at(-1)
  const statement = (await directory.current()).statements.get(agencyId)
  if (statement && newest && newest.validFrom > addDays(today, EPOCH_VALID_DAYS)) return
  const epochs = [...kept]
  const follows = newest ? addDays(newest.validFrom, EPOCH_VALID_DAYS) : today
  // After a long pause no epoch covers today: begin anew.
  let start = follows < today ? today : follows
  while (epochs.filter(epoch => epoch.validFrom > today).length < EPOCHS_AHEAD) {
    epochs.push({ seed: sealingSeed(randomBytes(32)), validFrom: start })
    start = addDays(start, EPOCH_VALID_DAYS)
  }
  // The seeds are on the disk before anybody can seal to them.
  await store.write(`${agencyId}-intake.key.json`, formatKeyFile({ ...intake, epochs }))
  const identity = await signerOf(await store.authorityKey(`${agencyId}-identity`, 'identity'))
  const keys = epochs.map(({ seed, validFrom }) => ({
    sealingKey: deriveSealingPair(seed).publicKey,
    validFrom,
  }))
  const version = (statement?.version ?? 0) + 1
  await publisher.statement(
    agencyId,
    buildStatement({ agencyId, version, epochs: keys }, deploymentId, identity),
  )
}

const intakeKey = (options: DemonstrationOptions, agencyId: string) =>
  deviceKey(options, agencyId, 'intake', ['intake', 'cases'])

async function deviceKey(
  { store, deploymentId }: DemonstrationOptions,
  agencyId: string,
  role: 'intake' | 'investigator' | 'supervisor',
  scopes: readonly ('intake' | 'cases')[],
): Promise<DeviceKey> {
  const identity = await signerOf(await store.authorityKey(`${agencyId}-identity`, 'identity'))
  return store.deviceKey(`${agencyId}-${role}`, () => {
    const signing = deriveSigningPair(signingSeed(randomBytes(32)))
    const sealing = deriveSealingPair(sealingSeed(randomBytes(32)))
    const keys = { signingKey: signing.publicKey, sealingKey: sealing.publicKey }
    const dates = { validFrom: '2026-01-01', validUntil: FOR_GOOD }
    return {
      kind: 'device',
      deployment: deploymentId,
      agencyId,
      signingSeed: signing.seed,
      sealingSeed: sealing.seed,
      certificate: buildCertificate({ agencyId, ...keys, role, scopes, ...dates }, deploymentId, identity),
      epochs: [],
    }
  })
}

async function publishDevices(options: DemonstrationOptions, agencyId: string): Promise<void> {
  const { store, deploymentId, publisher } = options
  const intake = await intakeKey(options, agencyId)
  const investigator = await deviceKey(options, agencyId, 'investigator', ['cases'])
  const supervisor = await deviceKey(options, agencyId, 'supervisor', ['cases'])
  const identity = await signerOf(await store.authorityKey(`${agencyId}-identity`, 'identity'))
  const certificates = [intake, investigator, supervisor].map(({ certificate }) => certificate)
  const list = buildDeviceList({ agencyId, version: 1, certificates, revoked: [] }, deploymentId, identity)
  await publisher.devices(agencyId, list).catch(allowLater)
}

// Somebody who plays with the demonstration may have published a later list: it stays.
function allowLater(error: unknown): void {
  if (!(error instanceof Problem) || error.kind !== 'document-stale') throw error
}
