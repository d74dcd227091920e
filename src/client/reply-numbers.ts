// A device's count of its replies to a case, kept in the case's own chain: no program needs a memory of its own.
import { type RandomBytes, randomBytes } from '../protocol/crypto.ts'
import { equalBytes, fromBase64url, toHex } from '../protocol/encoding.ts'
import { ANNOUNCEMENT_ID, openReplyNumbers, sealReplyNumbers } from '../protocol/reply-numbers.ts'
import { type EventOptions, recordEvent } from './agency.ts'
import type { Device } from './device.ts'
import { InvalidInput, RequestProblem, VerificationFailed } from './failure.ts'
import { type OpenedCase, openCase, type ReadCase, readCase } from './opening.ts'

const MAX_MOVES = 4

type RecordedEvent = ReadCase['file']['events'][number]

/** What an event announces, sealed; null where it announces nothing. */
export function announcementIn({ deviceKeys }: Pick<RecordedEvent, 'deviceKeys'>): Uint8Array | null {
  const entry = deviceKeys.find(({ device }) => equalBytes(fromBase64url(device), ANNOUNCEMENT_ID))
  return entry ? fromBase64url(entry.key) : null
}

/** The last number that this device announced in this case; 0 where there is none. Throws `VerificationFailed`. */
export async function lastReplyNumber(device: Device, opened: OpenedCase): Promise<number> {
  const { deviceId, agencyId } = device.certified
  const own = opened.file.events.filter((_, i) => opened.chain.events[i]?.deviceId === toHex(deviceId))
  let last = 0
  for (const event of own) {
    const sealed = announcementIn(event)
    if (!sealed) continue
    const as = { deviceId, agencyId, pair: device.sealing }
    // Our own signature covers it: where it does not open, there is no telling which numbers are free.
    const { first, count } = await openReplyNumbers(sealed, opened.digest, as).catch(error => {
      throw new VerificationFailed('chain', error)
    })
    last = Math.max(last, first + count - 1)
  }
  return last
}

interface Announced {
  /** How many replies will be sent. */
  readonly count: number
  /** The last number that is known from elsewhere to be used. */
  readonly after?: number
}

/**
 * The first of `count` numbers that no other reply of this device to this case has or will get: each announcement
 * takes a place in the chain, and a place is taken once. Announce, then send; what is announced and never sent shows
 * as missing. Throws `RequestProblem`, `Unreachable`, `VerificationFailed`.
 */
export async function announceReplies(
  device: Device,
  opened: OpenedCase,
  { count, after = 0 }: Announced,
  options: EventOptions & { readonly random?: RandomBytes },
): Promise<number> {
  if (count < 1) throw new InvalidInput('there is no reply')
  const { random = randomBytes, signal } = options
  let current = opened
  for (let moves = 0; moves <= MAX_MOVES; moves++) {
    const first = Math.max(await lastReplyNumber(device, current), after) + 1
    const wrapped = await sealReplyNumbers({ first, count }, current.digest, device.certified, random)
    const wraps = [{ deviceId: ANNOUNCEMENT_ID, wrapped }]
    const key = current.report.replyKeys.acknowledgementKey
    if (await recordEvent(device, current, { kind: 'acknowledged', key, wraps }, options)) return first
    current = await openCase(device, await readCase(device, opened.id, signal))
  }
  throw new RequestProblem('chain-moved', 409)
}
