// What a clock shows on a day. It is told kinds and days of one (report, agency) and nothing else: no content, and
// nothing of another agency's case, so that whoever may not see a report learns nothing by it.
import { dayAt, dayNumber, daysBetween } from './calendar.ts'
import type { ClockPolicy, EscalationStep } from './clocks.ts'
import type { HolidayTable } from './holidays.ts'
import { type PeriodEnd, periodEnd } from './periods.ts'

/** What happened, once it holds: a decision that needs two people happened on the day of the second. */
export interface DatedEvent {
  readonly kind: string
  /** YYYY-MM-DD, in Seoul. */
  readonly day: string
}

/**
 * - `running`: nothing has stopped it, and the due day is not over.
 * - `paused`: a request is open. `due` is then the day that an answer on the day asked about would give.
 * - `met`: stopped until the due day. `missed`: not, whether it was stopped later or not at all.
 * - `unknown`: only a holiday table that reaches further can tell whether it was missed.
 */
export type ClockCondition = 'running' | 'paused' | 'met' | 'missed' | 'unknown'

export interface ClockState {
  readonly clock: string
  readonly condition: ClockCondition
  readonly started: string
  /** The day of the event that stopped it, in time or not. */
  readonly stopped: string | null
  readonly due: PeriodEnd
  /** How often the period was made longer. */
  readonly extended: number
  /** From the day asked about to the due day: 0 on the due day, negative after it. Null where stopped or not known. */
  readonly daysLeft: number | null
  /** Steps reached while it is missed and not stopped, lowest first. */
  readonly escalated: readonly EscalationStep[]
}

interface Span {
  readonly from: string
  readonly to: string
}

interface Pauses {
  readonly spans: readonly Span[]
  /** A request is open on the day asked about. */
  readonly open: boolean
}

function pausesOf(policy: ClockPolicy, events: readonly DatedEvent[], on: string): Pauses {
  const { pause } = policy
  if (!pause) return { spans: [], open: false }
  let open = false
  const spans = events
    .flatMap((event, index) => (event.kind === pause.from ? [{ day: event.day, index }] : []))
    .slice(0, pause.times)
    .map(({ day, index }) => {
      const answer = events.slice(index + 1).find(({ kind }) => pause.until.includes(kind))
      const limit = dayAt(dayNumber(day) + pause.days)
      if (!answer && on <= limit) open = true
      const ends = answer?.day ?? on
      return { from: day, to: ends < limit ? ends : limit }
    })
  return { spans, open }
}

function dueOf(
  policy: ClockPolicy,
  start: string,
  events: readonly DatedEvent[],
  spans: readonly Span[],
  holidays: HolidayTable,
): { due: PeriodEnd; extended: number } {
  const isLeftOut = (day: string) => spans.some(({ from, to }) => from <= day && day <= to)
  const { period, extension } = policy
  let due = periodEnd(period, start, holidays, { isLeftOut })
  let extended = 0
  for (const { kind, day } of events) {
    if (!extension || kind !== extension.on || extended === extension.times) continue
    // One longer period from the start, not a second one behind the first: see decision 0023.
    if (due.known && day > due.day) break
    extended += 1
    due = periodEnd(period, start, holidays, { isLeftOut, longerBy: extended * extension.length })
  }
  return { due, extended }
}

function conditionOf(due: PeriodEnd, stopped: string | null, on: string, paused: boolean): ClockCondition {
  const reached = stopped ?? on
  if (reached <= (due.known ? due.day : due.notBefore)) {
    if (stopped !== null) return 'met'
    return paused ? 'paused' : 'running'
  }
  return due.known ? 'missed' : 'unknown'
}

function escalatedOf(policy: ClockPolicy, due: PeriodEnd, on: string): EscalationStep[] {
  if (!due.known) return []
  const over = daysBetween(due.day, on) - 1
  return policy.escalation.filter(({ after }) => after <= over).map(({ to }) => to)
}

/**
 * Every run of a clock as it stands at the end of `on`: each start begins one, and the first stop after it ends it.
 * `events` are in their order, which is that of the chain where the days are the same; later ones than `on` are not
 * looked at. Empty where nothing started it.
 */
export function clockStates(
  policy: ClockPolicy,
  events: readonly DatedEvent[],
  on: string,
  holidays: HolidayTable,
): ClockState[] {
  const past = events.filter(({ day }) => day <= on)
  return past.flatMap((start, index) => {
    if (!policy.starts.includes(start.kind)) return []
    const after = past.slice(index + 1)
    const stop = after.findIndex(({ kind }) => policy.stops.includes(kind))
    const stopped = after[stop]?.day ?? null
    const during = stop < 0 ? after : after.slice(0, stop)
    const pauses = pausesOf(policy, during, stopped ?? on)
    const { due, extended } = dueOf(policy, start.day, during, pauses.spans, holidays)
    const condition = conditionOf(due, stopped, on, pauses.open)
    return {
      clock: policy.id,
      condition,
      started: start.day,
      stopped,
      due,
      extended,
      daysLeft: stopped === null && due.known ? daysBetween(on, due.day) : null,
      escalated: condition === 'missed' && stopped === null ? escalatedOf(policy, due, on) : [],
    }
  })
}
