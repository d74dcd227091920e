// The clocks of one case: from its chain to what each policy's clock shows on a day, and the day that comes first.
import { type ClockState, clockStates, type DatedEvent } from './clock-state.ts'
import type { ClockPolicy } from './clocks.ts'
import type { HolidayTable } from './holidays.ts'
import { whatHappens } from './lifecycle-guards.ts'
import { type CaseEvent, type CaseState, followEvent } from './lifecycle-state.ts'

export interface DayEvent extends CaseEvent {
  /** YYYY-MM-DD, in Seoul. */
  readonly day: string
}

/**
 * What has happened, on the days on which it held; the report's own day comes first, as `received`. A case that another
 * agency offered was opened and looked into there: clocks for that do not run again.
 */
export function datedEvents(start: CaseState, received: string, events: readonly DayEvent[]): DatedEvent[] {
  let state = start
  const happened = events.flatMap(event => {
    const kind = whatHappens(state, event.action)
    state = followEvent(state, event)
    return kind === null ? [] : [{ kind, day: event.day }]
  })
  const isOffered = start.state === 'assessing'
  const before = isOffered ? ['received', 'acknowledged', 'assessment-started'] : ['received']
  return [...before.map(kind => ({ kind, day: received })), ...happened]
}

export interface CaseClock {
  readonly policy: ClockPolicy
  readonly state: ClockState
}

/** Every run of every clock, in the order of the policies. */
export const caseClocks = (
  policies: readonly ClockPolicy[],
  events: readonly DatedEvent[],
  on: string,
  holidays: HolidayTable,
): CaseClock[] =>
  policies.flatMap(policy => clockStates(policy, events, on, holidays).map(state => ({ policy, state })))

/** The first due day of an agency's clocks that nothing has stopped; null where none runs. */
export function firstDue(clocks: readonly CaseClock[]): string | null {
  const days = clocks.flatMap(({ policy, state }) => {
    const isOpen = policy.duty === 'agency' && state.stopped === null && state.condition !== 'paused'
    return isOpen && state.due.known ? [state.due.day] : []
  })
  return days.sort()[0] ?? null
}
