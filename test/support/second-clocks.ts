// The second reader's clocks: what a clock shows after events, on a day; from section 12 of docs/protocol.md. Nothing of src/.
interface Event {
  readonly kind: string
  readonly day: string
}

interface Clock {
  readonly starts: readonly string[]
  readonly stops: readonly string[]
  readonly period: { readonly length: number; readonly unit: string; readonly rule: string }
  readonly extension?: { readonly on: string; readonly length: number; readonly times: number } | undefined
  readonly pause?:
    | {
        readonly from: string
        readonly until: readonly string[]
        readonly days: number
        readonly times: number
      }
    | undefined
  readonly escalation: readonly { readonly after: number; readonly to: string }[]
}

interface Holidays {
  readonly from: string
  readonly until: string
  readonly days: readonly string[]
}

const plus = (day: string, days: number): string => {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}
const between = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000

/** The day of the same number, months later; or, where there is none, the last of that month. */
function later(day: string, months: number): { readonly day: string; readonly isSame: boolean } {
  const [year = 0, month = 0, number = 0] = day.split('-').map(Number)
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0))
  const isSame = number <= last.getUTCDate()
  if (isSame) last.setUTCDate(number)
  return { day: last.toISOString().slice(0, 10), isSame }
}

function lastByCalendar({ length, unit, rule }: Clock['period'], start: string, first: string): string {
  if (unit === 'days') return plus(first, length - 1)
  if (unit === 'weeks') return plus(first, 7 * length - 1)
  const months = unit === 'years' ? 12 * length : length
  if (rule === 'calendar') return later(start, months).day
  const found = later(first, months)
  return found.isSame ? plus(found.day, -1) : found.day
}

const ROWS: Readonly<Record<string, readonly [startsNext: boolean, restCounts: boolean, moves: boolean]>> = {
  calendar: [true, true, false],
  'kr-civil': [true, true, true],
  'kr-working': [true, false, true],
  'up to 5': [true, false, true],
  'from 6': [false, false, true],
  longer: [false, true, true],
}

function rowOf({ length, unit, rule }: Clock['period']) {
  const name = rule !== 'kr-petition' ? rule : unit !== 'days' ? 'longer' : length <= 5 ? 'up to 5' : 'from 6'
  return ROWS[name] ?? [true, true, false]
}

type Due = { known: true; day: string } | { known: false; notBefore: string }
const dayOf = (due: Due) => (due.known ? due.day : due.notBefore)

function dueDay(
  period: Clock['period'],
  start: string,
  more: number,
  out: Set<string>,
  table: Holidays,
): Due {
  const [startsNext, restCounts, moves] = rowOf(period)
  const first = startsNext ? plus(start, 1) : start
  const last = lastByCalendar({ ...period, length: period.length + more }, start, first)
  let known = true
  const rests = (day: string) => {
    if ([0, 6].includes(new Date(day).getUTCDay())) return true
    if (day < table.from || day > table.until) known = false
    return table.days.includes(day)
  }
  let day = plus(first, -1)
  for (let left = between(first, last) + 1; left > 0; ) {
    day = plus(day, 1)
    if (!out.has(day) && (restCounts || !rests(day))) left--
  }
  while (out.has(day) || (moves && rests(day))) day = plus(day, 1)
  return known ? { known, day } : { known, notBefore: day }
}

function leftOut({ pause }: Clock, during: readonly Event[], end: string) {
  const days = new Set<string>()
  let isOpen = false
  const asked = pause ? during.filter(({ kind }) => kind === pause.from).slice(0, pause.times) : []
  for (const question of asked) {
    const rest = during.slice(during.indexOf(question) + 1)
    const answer = rest.find(({ kind }) => pause?.until.includes(kind))
    const limit = plus(question.day, pause?.days ?? 0)
    if (!answer && end <= limit) isOpen = true
    const until = [answer?.day ?? end, limit].sort()[0] ?? limit
    for (let day = question.day; day <= until; day = plus(day, 1)) days.add(day)
  }
  return { days, isOpen }
}

export function runsOf(clock: Clock, events: readonly Event[], on: string, table: Holidays) {
  const past = events.filter(({ day }) => day <= on)
  return past.flatMap((begin, at) => {
    if (!clock.starts.includes(begin.kind)) return []
    const rest = past.slice(at + 1)
    const end = rest.find(({ kind }) => clock.stops.includes(kind))
    const during = end ? rest.slice(0, rest.indexOf(end)) : rest
    const reached = end?.day ?? on
    const { days, isOpen } = leftOut(clock, during, reached)
    let extended = 0
    let due = dueDay(clock.period, begin.day, 0, days, table)
    for (const { day } of during.filter(({ kind }) => kind === clock.extension?.on)) {
      if (extended === clock.extension?.times || (due.known && day > due.day)) break
      extended++
      due = dueDay(clock.period, begin.day, extended * (clock.extension?.length ?? 0), days, table)
    }
    const inTime = end ? 'met' : isOpen ? 'paused' : 'running'
    const condition = reached <= dayOf(due) ? inTime : due.known ? 'missed' : 'unknown'
    const isOverdue = condition === 'missed' && !end
    return {
      ...{ condition, started: begin.day, stopped: end?.day ?? null, due, extended },
      daysLeft: !end && due.known ? between(on, due.day) : null,
      escalated: clock.escalation
        .filter(({ after }) => isOverdue && after <= between(dayOf(due), on) - 1)
        .map(({ to }) => to),
    }
  })
}
