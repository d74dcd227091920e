// Content keys on their way to the devices of a case team, inside signed events.
import type { CaseFile } from '../contract/casework.ts'
import type { VerifiedDevice } from '../protocol/agency-documents.ts'
import type { ContentKey, RandomBytes } from '../protocol/crypto.ts'
import { equalBytes, fromBase64url, toBase64url } from '../protocol/encoding.ts'
import { type DeviceWrap, deviceWrapsHash, parseEvent } from '../protocol/event.ts'
import { wrapForDevice } from '../protocol/wrapped-key.ts'

type RecordedEvent = CaseFile['events'][number]

/** Whether the wrapped keys beside an event are those that it names, or none: an agency that leaves a case loses them. */
export function hasValidWraps({ core, tag, deviceKeys }: RecordedEvent): boolean {
  if (deviceKeys.length === 0) return true
  const wraps = deviceKeys.map(({ device, key }) => ({
    deviceId: fromBase64url(device),
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
  readonly digest: Uint8Array
  readonly contentKey: ContentKey
}

/**
 * What a team still lacks. Over the whole chain, a device's entries are for the messages that could be opened,
 * in their order: so their number tells which are missing.
 */
export function missingKeys(
  events: readonly RecordedEvent[],
  team: readonly VerifiedDevice[],
  keys: readonly MessageKey[],
): { device: VerifiedDevice; key: MessageKey }[] {
  const entries = events.flatMap(event => event.deviceKeys)
  return team.flatMap(device => {
    const id = toBase64url(device.deviceId)
    const held = entries.filter(entry => entry.device === id).length
    return keys.slice(held).map(key => ({ device, key }))
  })
}

export async function wrapForTeam(
  missing: readonly { device: VerifiedDevice; key: MessageKey }[],
  random: RandomBytes,
): Promise<DeviceWrap[]> {
  const wraps: DeviceWrap[] = []
  for (const { device, key } of missing) {
    const wrapped = await wrapForDevice(key.contentKey, key.digest, device, random)
    wraps.push({ deviceId: device.deviceId, wrapped })
  }
  return wraps
}
