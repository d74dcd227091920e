// Content keys on their way to the devices of a case team, inside signed events.
import type { CaseFile } from '../contract/casework.ts'
import type { VerifiedDevice } from '../protocol/agency-documents.ts'
import type { ContentKey, RandomBytes } from '../protocol/crypto.ts'
import { equalBytes, fromBase64url, toBase64url, toHex } from '../protocol/encoding.ts'
import { type DeviceWrap, deviceWrapsHash, parseEvent } from '../protocol/event.ts'
import { wrapForDevice } from '../protocol/wrapped-key.ts'
import { InvalidInput } from './failure.ts'

type RecordedEvent = CaseFile['events'][number]

/** Whether the wrapped keys beside an event are those that it names, or none: an agency that leaves a case loses them. */
export function hasValidWraps({ core, tag, deviceKeys }: RecordedEvent): boolean {
  if (deviceKeys.length === 0) return true
  const wraps = deviceKeys.map(({ device, index, key }) => ({
    deviceId: fromBase64url(device),
    index,
    wrapped: fromBase64url(key),
  }))
  try {
    const { wrapsHash } = parseEvent({ core: fromBase64url(core), tag: fromBase64url(tag) })
    return equalBytes(deviceWrapsHash(wraps), wrapsHash)
  } catch {
    return false
  }
}

export interface MessageKey {
  /** 0 for the report, 1 … for its follow-ups. */
  readonly index: number
  readonly digest: Uint8Array
  readonly contentKey: ContentKey
}

/** By device (base64url): messages whose keys the chain handed to it. */
export function handedOn(events: readonly RecordedEvent[]): Map<string, Set<number>> {
  const held = new Map<string, Set<number>>()
  for (const { device, index } of events.flatMap(event => event.deviceKeys)) {
    held.set(device, (held.get(device) ?? new Set()).add(index))
  }
  return held
}

/** What a team still lacks of the keys that this device has. Whoever could not open one adds nothing, and hides nothing. */
export function missingKeys(
  events: readonly RecordedEvent[],
  team: readonly VerifiedDevice[],
  keys: readonly MessageKey[],
): { device: VerifiedDevice; key: MessageKey }[] {
  const held = handedOn(events)
  return team.flatMap(device => {
    const own = held.get(toBase64url(device.deviceId))
    return keys.filter(({ index }) => !own?.has(index)).map(key => ({ device, key }))
  })
}

export async function wrapForTeam(
  missing: readonly { device: VerifiedDevice; key: MessageKey }[],
  random: RandomBytes,
): Promise<DeviceWrap[]> {
  const wraps: DeviceWrap[] = []
  for (const { device, key } of missing) {
    const wrapped = await wrapForDevice(key.contentKey, key.digest, device, random)
    wraps.push({ deviceId: device.deviceId, index: key.index, wrapped })
  }
  return wraps
}

interface Opened {
  readonly file: Pick<CaseFile, 'events'>
  readonly followUps: readonly { readonly index: number; readonly contentKey: ContentKey | null }[]
}

/**
 * Whether a device that the chain names lacks the key of a message that is open here; `except` (hexadecimal) are those
 * that get none.
 */
export function isHandOnDue({ file, followUps }: Opened, except: readonly string[]): boolean {
  const open = [0, ...followUps.flatMap(({ index, contentKey }) => (contentKey ? [index] : []))]
  return [...handedOn(file.events)].some(
    ([device, held]) =>
      !except.includes(toHex(fromBase64url(device))) && open.some(index => !held.has(index)),
  )
}

/** A message that does not open here. */
export interface MissingKey {
  readonly index: number
  /** Devices of this agency (hexadecimal) to which the chain handed its key: they can hand it on. */
  readonly heldBy: readonly string[]
}

export function missingHere({ file, followUps }: Opened): MissingKey[] {
  const held = [...handedOn(file.events)]
  return followUps
    .filter(({ contentKey }) => !contentKey)
    .map(({ index }) => ({
      index,
      heldBy: held
        .filter(([, indexes]) => indexes.has(index))
        .map(([device]) => toHex(fromBase64url(device))),
    }))
}

/** A case is offered as a whole: not by a device that lacks keys of it. Another one that opens these messages adds them. */
export class KeysMissing extends InvalidInput {
  readonly missing: readonly MissingKey[]

  constructor(missing: readonly MissingKey[]) {
    super(`follow-up ${missing.map(({ index }) => index).join(', ')} does not open on this device`)
    this.name = 'KeysMissing'
    this.missing = missing
  }
}
