// What an agency told its reporter: out of its verified chain, what holds. A decision for two people holds once it is confirmed.
import { type CaseClock, caseClocks, type DayEvent, datedEvents } from '../protocol/case-clocks.ts'
import { isOffer } from '../protocol/event.ts'
import { type Action, rowIn } from '../protocol/lifecycle.ts'
import { tellsReporter, whatHappens } from '../protocol/lifecycle-guards.ts'
import {
  type CaseState,
  followEvent,
  invitingCase,
  newCase,
  proposedCase,
} from '../protocol/lifecycle-state.ts'
import type { CheckedEvent } from './chain.ts'
import { eventOf } from './lifecycle.ts'
import type { AgencyStatus, ReportStatus } from './status.ts'
import type { Trust } from './trust.ts'

export interface ToldEvent {
  readonly day: string
  readonly action: Action
  readonly code: string | null
  readonly text: string | null
  /** The agency or the follow-up that it names; empty for none. */
  readonly subject: string
  /** Names it in an objection; of a decision for two people, its proposal. */
  readonly head: string | null
}

export interface Told {
  readonly state: CaseState
  readonly events: readonly ToldEvent[]
  /** Clocks that run for the reporter: an answer that is asked for, an objection that is taken. */
  readonly clocks: readonly CaseClock[]
}

/** `agency` is one of the status's. */
export function toldBy(
  { directory, today }: Pick<Trust, 'directory' | 'today'>,
  status: Pick<ReportStatus, 'agencies' | 'day'>,
  agency: AgencyStatus,
): Told {
  const start = startOf(status, agency)
  let state = start
  let proposal: CheckedEvent | null = null
  const events: ToldEvent[] = []
  const dated: DayEvent[] = []
  for (const event of agency.events) {
    const said = eventOf(event, agency.id)
    if (!said || event.day === null) continue
    const row = rowIn(said.action, state.state)
    const named = row?.to === 'as-proposed' ? proposal : event
    if (named && !row?.again && tellsReporter(state, said.action)) {
      events.push(toldEvent(event, event.day, whatHappens(state, said.action) ?? said.action, named))
    }
    if (row?.twoPeople) proposal = event
    dated.push({ ...said, day: event.day })
    state = followEvent(state, said)
  }
  const clocks = caseClocks(
    directory.clocks,
    datedEvents(start, status.day, dated),
    today,
    directory.holidays,
  )
  const own = clocks.filter(clock => clock.policy.duty === 'reporter' && clock.state.stopped === null)
  return { state, events, clocks: own }
}

const toldEvent = (
  { particulars }: CheckedEvent,
  day: string,
  action: Action,
  { content, head }: CheckedEvent,
): ToldEvent => ({
  day,
  action,
  code: particulars?.code ?? null,
  text: particulars?.text ?? null,
  subject: content?.subject ?? '',
  head,
})

/** The last day for what stops one of the reporter's clocks; null where none runs, or later holidays are not known. */
export function lastDayFor({ clocks }: Told, action: Action): string | null {
  const due = clocks.find(({ policy }) => policy.stops.includes(action))?.state.due
  return due?.known ? due.day : null
}

/** The event by which another agency offered it the case; null for one that the reporter chose. */
export function offerTo(
  { agencies }: Pick<ReportStatus, 'agencies'>,
  { id, offeredBy }: Pick<AgencyStatus, 'id' | 'offeredBy'>,
): CheckedEvent | null {
  const by = agencies.find(agency => agency.id === offeredBy)
  const isMeant = ({ signed, content }: CheckedEvent) =>
    signed !== null && isOffer(signed) && content?.subject === id
  return by?.events.find(isMeant) ?? null
}

function startOf(status: Pick<ReportStatus, 'agencies'>, agency: AgencyStatus): CaseState {
  const { id, offeredBy } = agency
  if (offeredBy === null) return newCase(id)
  const offer = offerTo(status, agency)
  return offer?.signed === 'agency-invited' ? invitingCase(offeredBy, id) : proposedCase(offeredBy, id)
}
