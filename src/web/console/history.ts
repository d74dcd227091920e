// A case's chain, entry by entry: who did what on which day, and whether it holds; with what other agencies answered.

import { type CheckedChain, type CheckedEvent, decodeEvent } from '../../client/chain.ts'
import { type Device, type OpenedCase, offersTo, partnersOf, type ReadCase } from '../../client/index.ts'
import { type DeviceRole, verifyCertificate } from '../../protocol/agency-documents.ts'
import type { Names } from '../../protocol/directory.ts'
import { equalBytes, fromBase64url, toHex } from '../../protocol/encoding.ts'
import { chainStart, type EventKind, headAfter, isOffer } from '../../protocol/event.ts'
import { rowsOf } from '../../protocol/lifecycle.ts'
import { type Answered, answersInPlace, type PlacedAnswer } from './history-answers.ts'
import { codeNames, readersOf } from './said.ts'

export interface EntrySubject {
  readonly kind: 'agency' | 'device' | 'message'
  /** The agency's id, the device's in hexadecimal, the follow-up's number. */
  readonly id: string
  /** Of an agency that the directory knows. */
  readonly names: Names | null
}

export interface HistoryEntry {
  /** 0, 1, … */
  readonly index: number
  /**
   * `acknowledged`: opened, and keys handed to so many devices. `handed-on`: keys of later messages. `step`: one of the
   * lifecycle's. `forged`: not what a device of this agency signed; tell your colleagues and whoever runs the service,
   * and do not rely on the case's state. Replies leave no entry: they are sealed for the reporter, and only whoever
   * wrote one knows of it.
   */
  readonly what: 'acknowledged' | 'handed-on' | 'unopenable' | 'step' | 'forged'
  /** Null where it does not verify. */
  readonly kind: EventKind | null
  readonly label: Names | null
  /** Null where it cannot even be read. */
  readonly day: string | null
  /** Null unless it verified. */
  readonly device: { readonly id: string; readonly role: DeviceRole; readonly isOwn: boolean } | null
  /** Whom or what it names. */
  readonly subject: EntrySubject | null
  /** In words; the code itself where this version does not know it. */
  readonly code: Names | null
  readonly text: string | null
  /** Who can read code and text: the reporter, too; those of this agency who opened the report; and of the other one. */
  readonly readers: 'told' | 'inside' | 'between'
  /** Something was said beside it that this device cannot read. */
  readonly isUnread: boolean
  /** Content keys that travel with it. */
  readonly keys: number
}

export interface History {
  /** `broken`: entries are missing, were added or were changed. Nothing of the case is to be relied on. */
  readonly verdict: 'sound' | 'forged-entries' | 'broken'
  readonly entries: readonly HistoryEntry[]
  /** What other agencies asked and answered, each with the entry that it comes after. */
  readonly answers: readonly PlacedAnswer[]
  /** Hexadecimal; compare it with a colleague's: the same head is the same history. */
  readonly head: string
}

/** With what other agencies asked and answered, where the report was opened. */
export function historyOf(
  device: Device,
  read: ReadCase,
  checked: CheckedChain,
  opened: OpenedCase | null = null,
): History {
  let acknowledgements = 0
  const entries = checked.events.map((event, index): HistoryEntry => {
    const { verdict, day, deviceId } = event
    const recorded = read.file.events[index]
    if (verdict === 'acknowledged') acknowledgements++
    const later = acknowledgements > 1 ? 'handed-on' : 'acknowledged'
    return {
      index,
      what: verdict === 'acknowledged' ? later : isNamed(verdict) ? verdict : 'step',
      day,
      device: deviceId === null ? null : signerOf(device, deviceId, recorded?.certificate ?? ''),
      ...saidBy(device, event),
      keys: recorded?.deviceKeys.length ?? 0,
    }
  })
  const answers = opened ? answersInPlace(entries, answered(device, opened)) : []
  const hasForged = [...entries.map(({ what }) => what), ...answers.map(({ what }) => what)].includes(
    'forged',
  )
  const verdict = checked.chain === 'broken' ? 'broken' : hasForged ? 'forged-entries' : 'sound'
  return { verdict, entries, answers, head: toHex(checked.head) }
}

const isNamed = (verdict: CheckedEvent['verdict']) => verdict === 'unopenable' || verdict === 'forged'

const labelOf = (kind: EventKind): Names | null => rowsOf(kind)[0]?.label ?? null

const NOTHING_SAID = {
  kind: null,
  label: null,
  subject: null,
  code: null,
  text: null,
  readers: 'inside' as const,
  isUnread: false,
}

export type Said = Pick<HistoryEntry, keyof typeof NOTHING_SAID>

function saidBy({ trust }: Device, { verdict, content, particulars }: CheckedEvent): Said {
  if (verdict === 'forged' || !content) return NOTHING_SAID
  const rows = rowsOf(verdict)
  const [row] = rows
  const { subject } = content
  const names = trust.directory.agencies.find(({ id }) => id === subject)?.names ?? null
  return {
    kind: verdict,
    label: labelOf(verdict),
    subject: row?.names ? { kind: row.names, id: subject, names } : null,
    code: particulars?.code === undefined ? null : codeNames(verdict, particulars.code),
    text: particulars?.text ?? null,
    readers: readersOf(verdict),
    isUnread: content.particularsHash.length > 0 && particulars === null,
  }
}

/** Each checked by itself: their chains are not shown. */
function answered(device: Device, opened: OpenedCase): Answered[] {
  const { agencies } = device.trust.directory
  const answers = partnersOf(device, opened).flatMap(({ agencyId, answers: events }) =>
    events.map(event => ({ agencyId, event })),
  )
  return [...offersTo(device, opened), ...answers].map(({ agencyId, event }) => {
    const { verdict, day, deviceId, role } = event
    return {
      ...saidBy(device, event),
      agency: { id: agencyId, names: agencies.find(({ id }) => id === agencyId)?.names ?? null },
      what: verdict === 'forged' ? ('forged' as const) : ('step' as const),
      isOffer: verdict !== 'forged' && isOffer(verdict),
      day,
      device: deviceId === null || role === null ? null : { id: deviceId, role },
    }
  })
}

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
