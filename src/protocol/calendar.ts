// Arithmetic on days written YYYY-MM-DD. Pure calendar: no law, no holidays, no time zone.
const DAY_MS = 86_400_000
/** Beyond 9999-12-31 a day would be written with a sign and sort before all others. */
export const LAST_DAY_NUMBER = Date.parse('9999-12-31T00:00:00Z') / DAY_MS
const LAST_MONTH_INDEX = 9999 * 12 + 11

/** Days since 1970-01-01, on which to count. The day must be a real one. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS
}

/** What `dayNumber` counted; the last day there is stays the last one. */
export function dayAt(number: number): string {
  return new Date(Math.min(number, LAST_DAY_NUMBER) * DAY_MS).toISOString().slice(0, 10)
}

/** How many days `to` lies after `from`; negative where it lies before. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from)
}

export const SUNDAY = 0
export const SATURDAY = 6

/** 0 is Sunday, 6 is Saturday. */
export function weekdayOf(day: string): number {
  return (((dayNumber(day) + 4) % 7) + 7) % 7
}

export function isWeekend(day: string): boolean {
  const weekday = weekdayOf(day)
  return weekday === SUNDAY || weekday === SATURDAY
}

/** The day of the same number in a later month, or null where that month has none; and the last day of that month. */
export function inMonthAfter(day: string, months: number): { same: string | null; last: string } {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const index = Math.min(year * 12 + (month - 1) + months, LAST_MONTH_INDEX)
  const [laterYear, laterMonth] = [Math.floor(index / 12), (index % 12) + 1]
  const last = lastOfMonth(laterYear, laterMonth)
  const written = (date: number) => `${pad(laterYear, 4)}-${pad(laterMonth, 2)}-${pad(date, 2)}`
  return { same: date <= last ? written(date) : null, last: written(last) }
}

function lastOfMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function pad(number: number, length: number): string {
  return String(number).padStart(length, '0')
}
