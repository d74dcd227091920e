// A case's chain, entry by entry: who did what on which day, and whether it holds.

import { type CheckedChain, type CheckedEvent, decodeEvent } from '../../client/chain.ts'
import type { Device, OpenedCase, ReadCase } from '../../client/index.ts'
import { type DeviceRole, verifyCertificate } from '../../protocol/agency-documents.ts'
import { equalBytes, fromBase64url, toBase64url, toHex } from '../../protocol/encoding.ts'
import { chainStart, headAfter } from '../../protocol/event.ts'

export interface HistoryEntry {
  /** 0, 1, … */
  readonly index: number
  /**
   * `acknowledged`: opened, and keys handed to so many devices. `handed-on`: keys of later messages. `step`: one of the
   * lifecycle's, which the page does not name yet. `forged`: not what a device of this agency signed; tell your
   * colleagues and whoever runs the service, and do not rely on the case's state. Replies leave no entry: they are
   * sealed for the reporter, and only whoever wrote one knows of it.
   */
  readonly what: 'acknowledged' | 'handed-on' | 'unopenable' | 'step' | 'forged'
  /** Null where it cannot even be read. */
  readonly day: string | null
  /** Null unless it verified. */
  readonly device: { readonly id: string; readonly role: DeviceRole; readonly isOwn: boolean } | null
  /** Content keys that travel with it. */
  readonly keys: number
}

export interface History {
  /** `broken`: entries are missing, were added or were changed. Nothing of the case is to be relied on. */
  readonly verdict: 'sound' | 'forged-entries' | 'broken'
  readonly entries: readonly HistoryEntry[]
  /** Hexadecimal; compare it with a colleague's: the same head is the same history. */
  readonly head: string
}

export function historyOf(device: Device, read: ReadCase, checked: CheckedChain): History {
  let acknowledgements = 0
  const entries = checked.events.map(({ verdict, day, deviceId }, index): HistoryEntry => {
    const recorded = read.file.events[index]
    if (verdict === 'acknowledged') acknowledgements++
    const later = acknowledgements > 1 ? 'handed-on' : 'acknowledged'
    return {
      index,
      what: verdict === 'acknowledged' ? later : isNamed(verdict) ? verdict : 'step',
      day,
      device: deviceId === null ? null : signerOf(device, deviceId, recorded?.certificate ?? ''),
      keys: recorded?.deviceKeys.length ?? 0,
    }
  })
  const hasForged = entries.some(({ what }) => what === 'forged')
  const verdict = checked.chain === 'broken' ? 'broken' : hasForged ? 'forged-entries' : 'sound'
  return { verdict, entries, head: toHex(checked.head) }
}

const isNamed = (verdict: CheckedEvent['verdict']) => verdict === 'unopenable' || verdict === 'forged'

/** `deviceId` has been verified with this certificate. */
function signerOf(
  { agency, trust, certified }: Device,
  id: string,
  certificate: string,
): HistoryEntry['device'] {
  const { role } = verifyCertificate(certificate, agency, trust.deploymentId)
  return { id, role, isOwn: id === toHex(certified.deviceId) }
}

/**
 * For each follow-up, how many entries of the history its reporter had seen when writing it; null where the head that
 * the reporter saw is not of this history: the service showed two different ones.
 */
export function seenByReporter({ agency }: Device, opened: OpenedCase): (number | null)[] {
  const heads = [chainStart(opened.digest, agency.id)]
  for (const recorded of opened.file.events) {
    const event = decodeEvent(recorded)
    if (event) heads.push(headAfter(event))
  }
  return opened.messages.slice(1).map(({ seenHead }) => {
    const at = seenHead === null ? -1 : heads.findIndex(head => equalBytes(head, fromBase64url(seenHead)))
    return at < 0 ? null : at
  })
}

/** Whether a colleague's device, known from the chain, lacks the key of a message that this device could open. */
export function isHandOnDue({ file, followUps }: OpenedCase, own: Uint8Array): boolean {
  const messages = 1 + followUps.filter(({ contentKey }) => contentKey !== null).length
  const held = new Map<string, number>()
  for (const event of file.events) {
    for (const { device } of event.deviceKeys) held.set(device, (held.get(device) ?? 0) + 1)
  }
  held.delete(toBase64url(own))
  return [...held.values()].some(count => count < messages)
}
