// Public holidays as a dated table. It says for which days it speaks; about others it has no answer.
import { isWeekend } from './calendar.ts'
import { isDay } from './day.ts'
import { type JsonObject, read } from './document.ts'
import { ProtocolError } from './error.ts'

export interface HolidayTable {
  /** The day to which what the government announces at short notice was taken in. */
  readonly asOf: string
  /** The first and the last day about which the table speaks. */
  readonly from: string
  readonly until: string
  /** Every public holiday from `from` until `until`, ascending; Sundays need not be named. */
  readonly days: readonly string[]
}

/**
 * Whether a day is a Saturday, a Sunday or a public holiday; null where the table does not reach.
 * A weekend is one whatever the table says.
 */
export function isRestDay(table: HolidayTable, day: string): boolean | null {
  if (isWeekend(day)) return true
  return table.from <= day && day <= table.until ? table.days.includes(day) : null
}

/** Reads a table of a signed document. Throws `bad-document`. */
export function parseHolidayTable(content: JsonObject): HolidayTable {
  const table = {
    asOf: read.day(content, 'asOf'),
    from: read.day(content, 'from'),
    until: read.day(content, 'until'),
    days: read.texts(content, 'days', 1024),
  }
  const ordered = table.days.every((day, i) => isDay(day) && (table.days[i - 1] ?? '') < day)
  const within = table.days.every(day => table.from <= day && day <= table.until)
  if (table.from > table.until || !ordered || !within) throw new ProtocolError('bad-document', 'holidays')
  return table
}

/** MM-DD of a year, in the order of the calendar. */
function year(number: number, days: string): string[] {
  return days.split(/\s+/).map(day => `${number}-${day}`)
}

/**
 * Korea: Act on Public Holidays (공휴일에 관한 법률); Regulation on the Holidays of Public Offices
 * (관공서의 공휴일에 관한 규정, Presidential Decree 36290 of 2026-04-30) art. 2, substitutes by art. 3, days set
 * by the government by art. 2 no. 11 and art. 4, election days by art. 2 no. 10-2 and Public Official Election Act
 * art. 34. Labour Day counts from 2026-05-01, Constitution Day again from 2026-05-11. 2025 to 2027 agree
 * with the official almanac (월력요항) as public copies give it; 2028 follows from the articles and the lunar calendar,
 * before the almanac of that year is out. The test derives all of them again.
 */
export const KOREAN_HOLIDAYS: HolidayTable = {
  asOf: '2026-10-09',
  from: '2025-01-01',
  until: '2028-12-31',
  days: [
    // 01-27 set by the government before Seollal; 05-05 Children's Day and Buddha's Birthday in one; 06-03 election
    // of a president before the term's end; 03-03, 05-06 and 10-08 substitutes.
    ...year(
      2025,
      '01-01 01-27 01-28 01-29 01-30 03-01 03-03 05-05 05-06 06-03 06-06 08-15 10-03 10-05 10-06 10-07 10-08 10-09 12-25',
    ),
    // 06-03 local elections; 03-02, 05-25, 08-17 and 10-05 substitutes. Chuseok on a Saturday has none.
    ...year(
      2026,
      '01-01 02-16 02-17 02-18 03-01 03-02 05-01 05-05 05-24 05-25 06-03 06-06 07-17 08-15 08-17 09-24 09-25 09-26 10-03 10-05 10-09 12-25',
    ),
    // 02-09, 05-03, 07-19, 08-16, 10-04, 10-11 and 12-27 substitutes. Memorial Day on a Sunday has none.
    ...year(
      2027,
      '01-01 02-06 02-07 02-08 02-09 03-01 05-01 05-03 05-05 05-13 06-06 07-17 07-19 08-15 08-16 09-14 09-15 09-16 10-03 10-04 10-09 10-11 12-25 12-27',
    ),
    // 04-12 parliamentary election; 10-03 Chuseok and National Foundation Day in one, 10-05 the substitute.
    ...year(
      2028,
      '01-01 01-26 01-27 01-28 03-01 04-12 05-01 05-02 05-05 06-06 07-17 08-15 10-02 10-03 10-04 10-05 10-09 12-25',
    ),
  ],
}
