// Days, in Seoul. Nothing on the reporter's side is dated more exactly.
import { ProtocolError } from './error.ts'

const SEOUL_OFFSET_MS = 9 * 3_600_000
const DAY_MS = 86_400_000

/** YYYY-MM-DD in Seoul (UTC+9, no summer time) of a time in milliseconds since 1970. */
export function dayOf(now: number): string {
  return new Date(now + SEOUL_OFFSET_MS).toISOString().slice(0, 10)
}

/** Whether it is a real YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  // A day such as 02-30 is rolled over by Date, so the text must come back.
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text
}

/** Throws `bad-document` on anything but a real YYYY-MM-DD. */
export function parseDay(text: string): string {
  if (!isDay(text)) throw new ProtocolError('bad-document', 'day')
  return text
}

/** No day follows 9999-12-31: the next would be written with a sign and sort before all others. */
const LAST_DAY = '9999-12-31'

export function addDays(day: string, days: number): string {
  const time = Date.parse(`${day}T00:00:00Z`) + days * DAY_MS
  return time > Date.parse(LAST_DAY) ? LAST_DAY : new Date(time).toISOString().slice(0, 10)
}
