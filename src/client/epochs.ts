// Epoch seeds of a device: how long each is needed, which cases would be lost with it, and which keys come next.
import { listEpochCases } from '../contract/epochs.ts'
import {
  EPOCH_VALID_DAYS,
  type EpochKey,
  epochKeyOf,
  seedKeptUntil,
  type VerifiedDevice,
} from '../protocol/agency-documents.ts'
import {
  deriveSealingPair,
  keyId,
  type RandomBytes,
  randomBytes,
  type SealingKey,
  sealingSeed,
} from '../protocol/crypto.ts'
import { addDays } from '../protocol/day.ts'
import { equalBytes, fromBase64url, toBase64url } from '../protocol/encoding.ts'
import type { EpochSeed } from '../protocol/key-file.ts'
import { type Device, readTeam } from './device.ts'
import { VerificationFailed } from './failure.ts'
import { call } from './http.ts'
import { NotOpened, type OpenedCase, openCase, type ReadCase, readCase } from './opening.ts'
import { handedOn } from './team-wraps.ts'
import type { Trust } from './trust.ts'

/** `ahead`: not yet. `sealing`: reporters may seal to it. `accepting`: the service takes what was. `kept`, then `over`. */
export type EpochStage = 'ahead' | 'sealing' | 'accepting' | 'kept' | 'over'

export interface HeldEpoch extends EpochKey {
  readonly stage: EpochStage
  /** The last day on which the seed must be kept; from the day after it may be destroyed. */
  readonly keptUntil: string
  /** Named by the agency's newest statement. */
  readonly isPublished: boolean
}

/** The seeds of this device's key file, oldest first, as they stand today. */
export function epochsOf({ key, trust }: Device): HeldEpoch[] {
  const published = trust.statements.get(key.agencyId)?.epochs ?? []
  return key.epochs
    .map(({ seed, validFrom }) => epochKeyOf(deriveSealingPair(seed).publicKey, validFrom))
    .sort((a, b) => a.validFrom.localeCompare(b.validFrom))
    .map(epoch => ({
      ...epoch,
      stage: stageOf(epoch, trust.today),
      keptUntil: seedKeptUntil(epoch.validFrom),
      isPublished: published.some(one => equalBytes(one.keyId, epoch.keyId)),
    }))
}

function stageOf({ validFrom, validUntil, acceptedUntil }: EpochKey, today: string): EpochStage {
  if (today < validFrom) return 'ahead'
  if (today <= validUntil) return 'sealing'
  if (today <= acceptedUntil) return 'accepting'
  return today <= seedKeptUntil(validFrom) ? 'kept' : 'over'
}

export interface EpochCases {
  /** How many cases have a key sealed to it. */
  readonly total: number
  /** Those of which something could not be opened any more without the seed, or of which that cannot be told. */
  readonly hanging: readonly string[]
}

/** Opens each case under the epoch key, with the seed and without it. Throws what concerns every case. */
export async function casesUnder(
  device: Device,
  epoch: Pick<HeldEpoch, 'keyId'>,
  signal?: AbortSignal,
): Promise<EpochCases> {
  const ids = await idsUnder(device, epoch.keyId, signal)
  const team = device.certified.scopes.includes('cases') ? null : await readTeam(device, signal)
  const hanging: string[] = []
  for (const id of ids) {
    const read = await readOr(device, id, signal)
    if (read && (read === 'unproven' || (await hangs(device, read, epoch.keyId, team)))) hanging.push(id)
  }
  return { total: ids.length, hanging }
}

async function idsUnder(device: Device, id: Uint8Array, signal?: AbortSignal): Promise<string[]> {
  const { service, signer } = device
  const params = { epoch: toBase64url(id) }
  const found: string[] = []
  for (;;) {
    const query = found.length > 0 ? { after: found.at(-1) } : {}
    const { reply } = await call(service, listEpochCases, { params, query, signer, signal })
    found.push(...reply.cases)
    if (!reply.more || reply.cases.length === 0) return found
  }
}

/** Null for one that was withdrawn or moved on in between. */
async function readOr(
  device: Device,
  id: string,
  signal?: AbortSignal,
): Promise<ReadCase | 'unproven' | null> {
  try {
    return await readCase(device, id, signal)
  } catch (error) {
    if (error instanceof NotOpened) return null
    if (error instanceof VerificationFailed) return 'unproven'
    throw error
  }
}

/**
 * Whether something in the case opens with the seed and not without it. A machine, to which nobody hands keys on, looks
 * whether a colleague was given them instead.
 */
async function hangs(
  device: Device,
  read: ReadCase,
  id: Uint8Array,
  team: readonly VerifiedDevice[] | null,
): Promise<boolean> {
  const opened = await openedOr(device, read)
  if (opened === 'unopenable') return false
  if (opened === 'unproven' || opened === 'no-key') return true
  if (team) return !isHandedOn(opened, id, team)
  const epochs = device.key.epochs.filter(
    ({ seed }) => !equalBytes(keyId(deriveSealingPair(seed).publicKey), id),
  )
  const without = await openedOr({ ...device, key: { ...device.key, epochs } }, read)
  if (typeof without === 'string') return true
  return opened.followUps.some(({ contentKey }, i) => contentKey && !without.followUps[i]?.contentKey)
}

async function openedOr(
  device: Device,
  read: ReadCase,
): Promise<OpenedCase | 'no-key' | 'unopenable' | 'unproven'> {
  try {
    return await openCase(device, read)
  } catch (error) {
    if (error instanceof NotOpened) return error.reason
    if (error instanceof VerificationFailed) return 'unproven'
    throw error
  }
}

/** By the signed events: each key beside them names the device and the message that it is for. */
function isHandedOn(
  { file, messages, followUps }: OpenedCase,
  id: Uint8Array,
  team: readonly VerifiedDevice[],
): boolean {
  const held = handedOn(file.events)
  const openable = messages.filter(({ index }) => index === 0 || followUps[index - 1]?.contentKey)
  return openable.every(
    ({ index, wrappedKey }) =>
      !wrappedKey ||
      !equalBytes(fromBase64url(wrappedKey.keyId), id) ||
      team.some(({ deviceId }) => held.get(toBase64url(deviceId))?.has(index)),
  )
}

export interface Rotation {
  /** Of the agency's next statement. */
  readonly version: number
  readonly kept: readonly EpochKey[]
  readonly added: readonly EpochSeed[]
}

export interface RotationOptions {
  /** Reporters are to be able to seal on so many weeks from today on. */
  readonly weeks: number
  /** The published keys are in wrong hands: they are kept no longer, and a new one begins today. */
  readonly afresh?: boolean
  readonly random?: RandomBytes
}

/** What the next statement has to say; nothing is added where enough weeks are published. */
export function nextEpochs(
  { statements, today }: Pick<Trust, 'statements' | 'today'>,
  agencyId: string,
  { weeks, afresh = false, random = randomBytes }: RotationOptions,
): Rotation {
  const statement = statements.get(agencyId)
  const kept = (afresh ? [] : (statement?.epochs ?? [])).filter(({ acceptedUntil }) => acceptedUntil >= today)
  const last = kept
    .map(({ validFrom }) => validFrom)
    .sort()
    .at(-1)
  const follows = last === undefined ? today : addDays(last, EPOCH_VALID_DAYS)
  const added: EpochSeed[] = []
  // After a pause no key covers today: begin anew.
  for (
    let validFrom = follows < today ? today : follows;
    validFrom < addDays(today, weeks * EPOCH_VALID_DAYS);
    validFrom = addDays(validFrom, EPOCH_VALID_DAYS)
  ) {
    added.push({ seed: sealingSeed(random(32)), validFrom })
  }
  return { version: (statement?.version ?? 0) + 1, kept, added }
}

/** The statement's entries, oldest first. */
export function epochEntries({ kept, added }: Rotation): { sealingKey: SealingKey; validFrom: string }[] {
  const fresh = added.map(({ seed, validFrom }) => ({
    sealingKey: deriveSealingPair(seed).publicKey,
    validFrom,
  }))
  return [...kept, ...fresh].map(({ sealingKey, validFrom }) => ({ sealingKey, validFrom }))
}
