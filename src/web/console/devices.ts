// The agency's devices and epoch keys: which there are, until when, and what has to be done about them.
import { type CaseSummary, type Device, readDeviceList } from '../../client/index.ts'
import {
  currentEpoch,
  type DeviceRole,
  type DeviceScope,
  EPOCH_ACCEPTED_DAYS,
  EPOCH_VALID_DAYS,
  type VerifiedDeviceList,
  type VerifiedStatement,
} from '../../protocol/agency-documents.ts'
import { deriveSealingPair, keyId } from '../../protocol/crypto.ts'
import { addDays } from '../../protocol/day.ts'
import { equalBytes, toHex } from '../../protocol/encoding.ts'
import type { EpochSeed } from '../../protocol/key-file.ts'
import type { Session } from './session.ts'

/** Days before the end of a certificate or of the last epoch key from which on somebody should act. */
export const NOTICE_DAYS = 30
const EPOCH_NOTICE_DAYS = EPOCH_VALID_DAYS

export interface ListedDevice {
  /** Hexadecimal. */
  readonly id: string
  readonly role: DeviceRole
  readonly scopes: readonly DeviceScope[]
  readonly validFrom: string
  readonly validUntil: string
  readonly state: 'active' | 'ending' | 'early' | 'expired' | 'revoked'
  readonly isOwn: boolean
}

export interface ListedEpoch {
  /** Of the public key, hexadecimal. */
  readonly keyId: string
  readonly validFrom: string
  /** Reporters seal to it until this day. */
  readonly validUntil: string
  /** The service takes what was sealed to it until this day. */
  readonly acceptedUntil: string
  /** `closing`: reporters have a newer one; what is on its way still comes. `ended`: nothing comes any more. */
  readonly state: 'future' | 'current' | 'closing' | 'ended'
  /** Whether this device's key file has its seed. */
  readonly isHeld: boolean
  /** False: the seed is in the key file and no reporter knows the key. */
  readonly isPublished: boolean
  /**
   * What stands between an ended seed and its destruction: cases of its days that nobody has opened. Before it is
   * destroyed, each is opened (or recorded as unopenable) on an intake device, and acknowledged: this hands the
   * content keys, those of follow-ups too, to the colleagues' devices.
   */
  readonly unopened: readonly string[]
  readonly todo: 'nothing' | 'keep' | 'open-first' | 'destroy'
}

export interface AgencyKeys {
  readonly epochs: readonly ListedEpoch[]
  /** Reporters can write to this agency until this day; null: they cannot now. */
  readonly reachableUntil: string | null
  /** New epoch keys must be made and published: `bongsu authority new-epochs`. */
  readonly isRenewalDue: boolean
}

export interface DevicesView extends AgencyKeys {
  readonly devices: readonly ListedDevice[]
  /** Of the list, as published. */
  readonly version: number
  readonly certificate: { readonly validUntil: string; readonly daysLeft: number; readonly isEnding: boolean }
}

/** Throws what the SDK throws: `serviceTrouble` tells which. */
export async function readDevices(
  session: Session,
  cases: readonly Pick<CaseSummary, 'case' | 'day' | 'state'>[],
): Promise<DevicesView> {
  const device = await session.device()
  const { trust, certified } = device
  const list = await readDeviceList(device, session.signal)
  const { validUntil } = certified
  return {
    ...agencyKeys(trust.statements.get(device.agency.id) ?? null, heldEpochs(device), cases, trust.today),
    devices: listedDevices(list, certified.deviceId, trust.today),
    version: list.version,
    certificate: {
      validUntil,
      daysLeft: daysBetween(trust.today, validUntil),
      isEnding: addDays(trust.today, NOTICE_DAYS) > validUntil,
    },
  }
}

export function listedDevices(list: VerifiedDeviceList, own: Uint8Array, today: string): ListedDevice[] {
  const stateOf = (device: VerifiedDeviceList['devices'][number]): ListedDevice['state'] => {
    if (list.revoked.some(id => equalBytes(id, device.deviceId))) return 'revoked'
    if (today < device.validFrom) return 'early'
    if (today > device.validUntil) return 'expired'
    return addDays(today, NOTICE_DAYS) > device.validUntil ? 'ending' : 'active'
  }
  return list.devices.map(device => ({
    id: toHex(device.deviceId),
    role: device.role,
    scopes: device.scopes,
    validFrom: device.validFrom,
    validUntil: device.validUntil,
    state: stateOf(device),
    isOwn: equalBytes(device.deviceId, own),
  }))
}

/** An epoch key whose seed is in the key file. */
export interface HeldEpoch extends Pick<EpochSeed, 'validFrom'> {
  readonly keyId: string
}

const heldEpochs = ({ key }: Device): HeldEpoch[] =>
  key.epochs.map(({ seed, validFrom }) => ({
    validFrom,
    keyId: toHex(keyId(deriveSealingPair(seed).publicKey)),
  }))

/** Pure: what is published and what is held, on a day. */
export function agencyKeys(
  statement: VerifiedStatement | null,
  held: readonly HeldEpoch[],
  cases: readonly Pick<CaseSummary, 'case' | 'day' | 'state'>[],
  today: string,
): AgencyKeys {
  const current = statement && currentEpoch(statement, today)
  const published = (statement?.epochs ?? []).map(epoch => ({
    keyId: toHex(epoch.keyId),
    validFrom: epoch.validFrom,
    validUntil: epoch.validUntil,
    acceptedUntil: epoch.acceptedUntil,
    isPublished: true,
  }))
  const unpublished = held
    .filter(({ keyId }) => !published.some(epoch => epoch.keyId === keyId))
    .map(({ keyId, validFrom }) => ({ keyId, validFrom, ...datesFrom(validFrom), isPublished: false }))
  const epochs = [...published, ...unpublished]
    .sort((a, b) => (a.validFrom < b.validFrom ? 1 : -1))
    .map((epoch): ListedEpoch => {
      const isHeld = held.some(({ keyId }) => keyId === epoch.keyId)
      const isCurrent = current !== null && toHex(current.keyId) === epoch.keyId
      const state = stateOf(epoch, isCurrent, today)
      const unopened = casesOf(epoch, cases)
      return { ...epoch, state, isHeld, unopened, todo: todoOf(state, isHeld, unopened) }
    })
  const reachableUntil = lastReachable(published, today)
  const isRenewalDue = reachableUntil === null || addDays(today, EPOCH_NOTICE_DAYS) > reachableUntil
  return { epochs, reachableUntil, isRenewalDue }
}

type EpochDates = Pick<ListedEpoch, 'validFrom' | 'validUntil' | 'acceptedUntil'>

const datesFrom = (validFrom: string) => ({
  validUntil: addDays(validFrom, EPOCH_VALID_DAYS - 1),
  acceptedUntil: addDays(validFrom, EPOCH_ACCEPTED_DAYS - 1),
})

function stateOf(epoch: EpochDates, isCurrent: boolean, today: string): ListedEpoch['state'] {
  if (isCurrent) return 'current'
  if (today < epoch.validFrom) return 'future'
  return today > epoch.acceptedUntil ? 'ended' : 'closing'
}

/** A report says on which day it came, not what it was sealed to: those of all days on which the key was taken. */
const casesOf = (
  { validFrom, acceptedUntil }: EpochDates,
  cases: readonly Pick<CaseSummary, 'case' | 'day' | 'state'>[],
) =>
  cases
    .filter(({ state, day }) => state === 'new' && day >= validFrom && day <= acceptedUntil)
    .map(entry => entry.case)

function todoOf(
  state: ListedEpoch['state'],
  isHeld: boolean,
  unopened: readonly string[],
): ListedEpoch['todo'] {
  if (!isHeld) return 'nothing'
  if (state !== 'ended') return 'keep'
  return unopened.length > 0 ? 'open-first' : 'destroy'
}

/** The last day of an unbroken run of epoch keys that begins today or earlier. */
function lastReachable(epochs: readonly EpochDates[], today: string): string | null {
  let last: string | null = null
  for (let day = today; ; day = addDays(last, 1)) {
    const until = epochs
      .filter(epoch => epoch.validFrom <= day && day <= epoch.validUntil)
      .map(epoch => epoch.validUntil)
      .sort()
      .at(-1)
    if (until === undefined) return last
    last = until
  }
}

const DAY_MS = 86_400_000
const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
