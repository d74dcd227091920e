// How a period of days, weeks, months or years is counted: each calendar rule is a row of a table.
import { dayAt, dayNumber, inMonthAfter, LAST_DAY_NUMBER } from './calendar.ts'
import { type HolidayTable, isRestDay } from './holidays.ts'

export const PERIOD_UNITS = ['days', 'weeks', 'months', 'years'] as const
export type PeriodUnit = (typeof PERIOD_UNITS)[number]

/**
 * - `calendar`: the day of the event is not counted, every other day is, and the end stays where it falls: never later
 *   than a rule that moves it. For Directive (EU) 2019/1937, whose periods each member state counts by its own law.
 * - `kr-civil`: Korean Civil Act art. 157 (first day not counted), 159, 160, and 161 (an end on a Saturday or public
 *   holiday moves to the next day that is none). For administrative periods by General Act on Public Administration
 *   (행정기본법) art. 6(1).
 * - `kr-petition`: Civil Petitions Treatment Act (민원 처리에 관한 법률) art. 19. (1) Up to 5 days: in working hours from
 *   the hour of receipt, 8 a day, Saturdays and public holidays left out. (2) From 6 days: in days, first day counted,
 *   Saturdays and public holidays left out. (3) Weeks, months, years: first day counted, Civil Act art. 159 to 161.
 * - `kr-working`: working days after the day of the event. No law's rule; for targets that an agency sets itself.
 */
export const CALENDAR_RULES = ['calendar', 'kr-civil', 'kr-petition', 'kr-working'] as const
export type CalendarRule = (typeof CALENDAR_RULES)[number]

export interface Period {
  readonly length: number
  readonly unit: PeriodUnit
  readonly rule: CalendarRule
}

/** The last day of a period. Where the table ends too early for it, it is known only not to lie before a day. */
export type PeriodEnd =
  | { readonly known: true; readonly day: string }
  | { readonly known: false; readonly notBefore: string }

interface Counting {
  readonly firstDayCounts: boolean
  readonly restDaysCount: boolean
  /** An end on a rest day moves on. */
  readonly rolls: boolean
}

/** Periods of up to this many days are counted in hours by art. 19(1). */
const PETITION_HOURS_UP_TO = 5

function countingOf({ rule, unit, length }: Period): Counting {
  const inDays = unit === 'days'
  switch (rule) {
    case 'calendar':
      return { firstDayCounts: false, restDaysCount: true, rolls: false }
    case 'kr-civil':
      return { firstDayCounts: false, restDaysCount: true, rolls: true }
    case 'kr-working':
      return { firstDayCounts: false, restDaysCount: !inDays, rolls: true }
    case 'kr-petition':
      // In hours, n days end at the same hour of the nth working day after that of receipt. The hour is not kept.
      if (inDays && length <= PETITION_HOURS_UP_TO)
        return { firstDayCounts: false, restDaysCount: false, rolls: true }
      return { firstDayCounts: true, restDaysCount: !inDays, rolls: true }
  }
}

/** The last day of a period by the calendar alone, before any rest day or pause. */
function calendarEnd({ length, unit, rule }: Period, start: string, first: number): number {
  if (unit === 'days') return first + length - 1
  if (unit === 'weeks') return first + length * 7 - 1
  const months = unit === 'years' ? length * 12 : length
  // As everybody counts, and Regulation (EEC, Euratom) 1182/71 art. 3(2)(c): the same day of the last month.
  if (rule === 'calendar') {
    const { same, last } = inMonthAfter(start, months)
    return dayNumber(same ?? last)
  }
  // Civil Act art. 160(2), (3): the day before the one that corresponds to the first counted day, or the last day of
  // a month that has no such day. From 28 February one month therefore ends on 31 March.
  const { same, last } = inMonthAfter(dayAt(first), months)
  return same === null ? dayNumber(last) : dayNumber(same) - 1
}

export interface PeriodChanges {
  /** Made longer by so many of the period's unit. How it is counted stays with the length it was set at. */
  readonly longerBy?: number
  /** Days of a pause: neither counted nor an end. */
  readonly isLeftOut?: (day: string) => boolean
}

/** The last day of a period that an event on `start` sets off. */
export function periodEnd(
  period: Period,
  start: string,
  holidays: HolidayTable,
  { longerBy = 0, isLeftOut = () => false }: PeriodChanges = {},
): PeriodEnd {
  const counting = countingOf(period)
  let known = true
  const rests = (number: number): boolean => {
    const answer = isRestDay(holidays, dayAt(number))
    // Holidays that the table does not know can only move the end on.
    if (answer === null) known = false
    return answer ?? false
  }
  const first = dayNumber(start) + (counting.firstDayCounts ? 0 : 1)
  let left = calendarEnd({ ...period, length: period.length + longerBy }, start, first) - first + 1
  let at = first - 1
  while (left > 0 && at < LAST_DAY_NUMBER) {
    at += 1
    if (!isLeftOut(dayAt(at)) && (counting.restDaysCount || !rests(at))) left -= 1
  }
  while (at < LAST_DAY_NUMBER && (isLeftOut(dayAt(at)) || (counting.rolls && rests(at)))) at += 1
  return known ? { known: true, day: dayAt(at) } : { known: false, notBefore: dayAt(at) }
}
