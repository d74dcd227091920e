// Where a case stands by its agency's own chain: kinds, devices and subjects of events, never what they say.
import type { DeviceRole } from '../../protocol/agency-documents.ts'
import { toHex } from '../../protocol/encoding.ts'
import { type EventContent, parseEvent } from '../../protocol/event.ts'
import { rowsOf } from '../../protocol/lifecycle.ts'
import {
  type CaseEvent,
  type CaseState,
  followEvent,
  invitingCase,
  newCase,
  pendingSince,
  proposedCase,
} from '../../protocol/lifecycle-state.ts'
import type { Queries } from '../database.ts'
import type { Member } from './members.ts'
import { type EventRow, eventsOf } from './records.ts'

type ChainOrigin = Pick<Member, 'origin' | 'origin_agency' | 'agency_id'>
type ChainEvent = Pick<EventRow, 'core' | 'tag' | 'device_id'>

/** The lifecycle's state by the chain alone. */
export const stateOf = (self: ChainOrigin, events: readonly ChainEvent[]): CaseState =>
  eventsIn(events).reduce(followEvent, startOf(self))

const eventsIn = (events: readonly ChainEvent[]): CaseEvent[] =>
  events.map(event => eventOf(parseEvent(event), toHex(event.device_id)))

/** How the chain of a case begins. */
export function startOf({ origin, agency_id, origin_agency }: ChainOrigin): CaseState {
  if (origin === 'proposed') return proposedCase(origin_agency ?? '', agency_id)
  if (origin === 'invited') return invitingCase(origin_agency ?? '', agency_id)
  return newCase(agency_id)
}

/** What an event says beside its code, which is sealed. */
export function eventOf(
  { kind, subject, agencyId }: Pick<EventContent, 'kind' | 'subject' | 'agencyId'>,
  device: string,
  role: DeviceRole = 'machine',
): CaseEvent {
  const names = rowsOf(kind)[0]?.names
  return {
    action: kind,
    by: { device, agency: agencyId, role },
    ...(names === 'agency' ? { agency: subject } : {}),
    ...(names === 'device' ? { device: subject } : {}),
    ...(names === 'message' ? { message: Number(subject) } : {}),
  }
}

interface Chain extends ChainOrigin {
  readonly case_id: Uint8Array
  readonly head: Uint8Array
}

/**
 * The chain as its reporter sees it. It ends before a decision that waits for its second person: what is not decided is not
 * the reporter's to know, not even as a kind. What follows is shown once it is confirmed, or dropped.
 */
export async function toldChain(
  queries: Queries,
  chain: Chain,
): Promise<{ readonly events: readonly EventRow[]; readonly head: Uint8Array }> {
  const events = await eventsOf(queries, chain.case_id)
  const since = pendingSince(startOf(chain), eventsIn(events))
  const waiting = since === null ? undefined : events[since]
  if (!waiting) return { events, head: chain.head }
  return { events: events.slice(0, waiting.index), head: parseEvent(waiting).previous }
}
