import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayAt, dayNumber, daysBetween, inMonthAfter, weekdayOf } from '../../src/protocol/calendar.ts'
import { dayOf } from '../../src/protocol/day.ts'
import {
  type HolidayTable,
  isRestDay,
  KOREAN_HOLIDAYS,
  parseHolidayTable,
} from '../../src/protocol/holidays.ts'
import {
  CALENDAR_RULES,
  type CalendarRule,
  PERIOD_UNITS,
  type PeriodUnit,
  periodEnd,
} from '../../src/protocol/periods.ts'
import { refusal } from './support.ts'

const endOf = (start: string, length: number, unit: PeriodUnit, rule: CalendarRule) => {
  const end = periodEnd({ length, unit, rule }, start, KOREAN_HOLIDAYS)
  return end.known ? end.day : `not before ${end.notBefore}`
}

type Example = readonly [start: string, length: number, unit: PeriodUnit, end: string, why: string]

test.each<Example>([
  ['2026-11-23', 7, 'days', '2026-11-30', 'the day of the event is not counted'],
  ['2026-02-12', 7, 'days', '2026-02-19', 'Seollal within counts'],
  ['2026-09-18', 7, 'days', '2026-09-25', 'an end on Chuseok stays'],
  ['2028-02-25', 7, 'days', '2028-03-03', 'a leap day'],
  ['2026-12-28', 7, 'days', '2027-01-04', 'a year’s end'],
  ['2026-11-23', 3, 'months', '2027-02-23', 'the same day of the last month'],
  ['2026-11-30', 3, 'months', '2027-02-28', 'February has no 30th'],
  ['2027-11-30', 3, 'months', '2028-02-29', 'February of a leap year'],
  ['2026-02-28', 1, 'months', '2026-03-28', 'the last of February is not the last of March'],
  ['2028-02-29', 1, 'years', '2029-02-28', 'no table is asked'],
])('by the calendar, %s and %i %s end on %s: %s', (start, length, unit, end) => {
  expect(endOf(start, length, unit, 'calendar')).toBe(end)
})

test.each<Example>([
  ['2026-11-23', 7, 'days', '2026-11-30', 'first day not counted'],
  ['2026-11-21', 7, 'days', '2026-11-30', 'Saturday to Monday'],
  ['2026-02-09', 7, 'days', '2026-02-19', 'Seollal, three days in a row'],
  ['2027-01-30', 7, 'days', '2027-02-10', 'Seollal on a weekend and its substitute'],
  ['2026-09-17', 7, 'days', '2026-09-28', 'Chuseok to Saturday has no substitute'],
  ['2025-09-23', 10, 'days', '2025-10-10', 'National Foundation Day to Hangul Day, seven days in a row'],
  ['2026-06-18', 60, 'days', '2026-08-18', 'the substitute of Liberation Day'],
  ['2027-10-26', 60, 'days', '2027-12-28', 'Christmas on a Saturday and its substitute'],
  ['2026-12-25', 7, 'days', '2027-01-04', 'New Year on a Friday'],
  ['2026-05-18', 7, 'days', '2026-05-26', 'the substitute of Buddha’s Birthday'],
  ['2026-05-27', 7, 'days', '2026-06-04', 'an election day'],
  ['2026-07-10', 7, 'days', '2026-07-20', 'Constitution Day since 2026'],
  ['2025-07-10', 7, 'days', '2025-07-17', 'and not before'],
  ['2026-04-17', 2, 'weeks', '2026-05-04', 'Labour Day since 2026'],
  ['2025-04-17', 2, 'weeks', '2025-05-01', 'and not before'],
  ['2027-05-30', 7, 'days', '2027-06-07', 'Memorial Day on a Sunday has no substitute'],
  ['2028-09-26', 7, 'days', '2028-10-06', 'Chuseok on National Foundation Day'],
  ['2026-02-28', 1, 'months', '2026-03-31', 'counted from 1 March to the end of March'],
  ['2026-03-15', 1, 'months', '2026-04-15', 'counted from the 16th to the day before the 16th'],
  [
    '2026-01-30',
    1,
    'months',
    '2026-03-03',
    '28 February is a Saturday, 1 March a Sunday, 2 March a substitute',
  ],
  ['2028-01-30', 1, 'months', '2028-02-29', 'February has no 31st'],
  ['2028-01-28', 1, 'months', '2028-02-28', 'it has a 29th, and the day before it is the end'],
  ['2027-11-30', 3, 'months', '2028-02-29', 'counted from 1 December'],
  ['2027-02-28', 1, 'years', '2028-02-29', 'a leap day at the end'],
  ['2027-02-27', 1, 'years', '2028-02-28', 'counted from the 28th to the 27th, a Sunday'],
])('by the Civil Act, %s and %i %s end on %s: %s', (start, length, unit, end) => {
  expect(endOf(start, length, unit, 'kr-civil')).toBe(end)
})

test.each<Example>([
  ['2026-11-23', 7, 'days', '2026-12-01', 'first day counted, weekend left out'],
  ['2026-11-23', 6, 'days', '2026-11-30', 'six days, the first counted'],
  [
    '2026-11-23',
    5,
    'days',
    '2026-11-30',
    'five are counted in hours, to the same hour of the fifth working day',
  ],
  ['2026-11-23', 1, 'days', '2026-11-24', 'eight working hours'],
  ['2026-09-23', 3, 'days', '2026-09-30', 'in hours, over Chuseok'],
  ['2026-09-21', 7, 'days', '2026-10-01', 'in days, over Chuseok'],
  ['2026-10-03', 7, 'days', '2026-10-15', 'received on a holiday: counted from the first working day'],
  ['2026-12-30', 6, 'days', '2027-01-07', 'over New Year'],
  ['2026-01-31', 1, 'months', '2026-03-03', 'counted from the 31st; February’s end moves on'],
  ['2026-02-01', 1, 'months', '2026-03-03', 'counted from the first to the end of February, which moves on'],
  ['2026-11-23', 1, 'weeks', '2026-11-30', 'counted from Monday to Sunday, which moves on'],
])('by the Petitions Act, %s and %i %s end on %s: %s', (start, length, unit, end) => {
  expect(endOf(start, length, unit, 'kr-petition')).toBe(end)
})

test('working days after the event', () => {
  expect(endOf('2026-02-13', 3, 'days', 'kr-working')).toBe('2026-02-23')
  expect(endOf('2026-11-26', 3, 'days', 'kr-working')).toBe('2026-12-01')
})

test('an event just before and just after midnight in Seoul sets off two periods', () => {
  const [before, after] = ['2026-12-31T14:59:59Z', '2026-12-31T15:00:00Z'].map(at => dayOf(Date.parse(at)))
  expect(endOf(before ?? '', 7, 'days', 'calendar')).toBe('2027-01-07')
  expect(endOf(after ?? '', 7, 'days', 'calendar')).toBe('2027-01-08')
  // In Brussels it is still the old year at both times; in Seoul the day alone decides.
  expect(endOf(after ?? '', 1, 'months', 'kr-civil')).toBe('2027-02-01')
})

test('beyond the table there is no guess', () => {
  expect(endOf('2028-12-20', 7, 'days', 'kr-civil')).toBe('2028-12-27')
  expect(endOf('2028-12-25', 7, 'days', 'kr-civil')).toBe('not before 2029-01-01')
  expect(endOf('2028-12-23', 7, 'days', 'kr-civil')).toBe('not before 2029-01-01')
  expect(endOf('2028-12-26', 7, 'days', 'kr-petition')).toBe('not before 2029-01-03')
  expect(endOf('2024-12-20', 7, 'days', 'kr-civil')).toBe('not before 2024-12-27')
  expect(isRestDay(KOREAN_HOLIDAYS, '2029-01-01')).toBe(null)
  expect(isRestDay(KOREAN_HOLIDAYS, '2029-01-06')).toBe(true)
})

test('the last day there is ends every count', () => {
  for (const rule of CALENDAR_RULES) {
    const end = periodEnd({ length: 10, unit: 'days', rule }, '9999-12-30', KOREAN_HOLIDAYS, {
      isLeftOut: () => true,
    })
    expect(end.known ? end.day : end.notBefore).toBe('9999-12-31')
  }
  expect(endOf('9999-12-01', 2, 'months', 'calendar')).toBe('9999-12-01')
})

test('days, weekdays and months agree with Date', () => {
  const number = fc.integer({ min: dayNumber('1900-01-01'), max: dayNumber('2199-12-31') })
  fc.assert(
    fc.property(number, fc.integer({ min: 0, max: 240 }), (n, months) => {
      const day = dayAt(n)
      const date = new Date(n * 86_400_000)
      expect(dayNumber(day)).toBe(n)
      expect(weekdayOf(day)).toBe(date.getUTCDay())
      const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0))
      const { same, last: ours } = inMonthAfter(day, months)
      expect(ours).toBe(last.toISOString().slice(0, 10))
      expect(same?.slice(8) ?? null).toBe(date.getUTCDate() <= last.getUTCDate() ? day.slice(8) : null)
    }),
  )
})

// Well inside the table, so that every end is known.
const start = fc.integer({ min: dayNumber('2025-01-01'), max: dayNumber('2027-12-31') }).map(dayAt)
const length = fc.integer({ min: 1, max: 120 })
const inDays = (rule: CalendarRule, from: string, days: number, table: HolidayTable = KOREAN_HOLIDAYS) => {
  const end = periodEnd({ length: days, unit: 'days', rule }, from, table)
  return end.known ? end.day : end.notBefore
}
const koreanRule = fc.constantFrom<CalendarRule>('kr-civil', 'kr-petition', 'kr-working')
const anyRule = fc.constantFrom(...CALENDAR_RULES)

test('a due day by a Korean rule is a working day', () => {
  const period = fc.record({
    length: fc.integer({ min: 1, max: 12 }),
    unit: fc.constantFrom(...PERIOD_UNITS),
  })
  const near = fc.integer({ min: dayNumber('2025-01-01'), max: dayNumber('2026-12-31') }).map(dayAt)
  fc.assert(
    fc.property(koreanRule, near, period, (rule, from, { length, unit }) => {
      const end = periodEnd({ length, unit, rule }, from, KOREAN_HOLIDAYS)
      if (end.known) expect(isRestDay(KOREAN_HOLIDAYS, end.day)).toBe(false)
      else expect(end.notBefore > KOREAN_HOLIDAYS.until).toBe(true)
    }),
  )
})

test('a later start or a longer period never ends earlier', () => {
  fc.assert(
    fc.property(anyRule, start, length, (rule, from, days) => {
      const end = inDays(rule, from, days)
      expect(inDays(rule, dayAt(dayNumber(from) + 1), days) >= end).toBe(true)
      // From five days in hours to six in days the law itself begins to count the first day.
      expect(inDays(rule, from, days + 1) >= end).toBe(true)
    }),
  )
})

test('what leaves days out or moves an end is never earlier than plain counting', () => {
  fc.assert(
    fc.property(start, length, (from, days) => {
      const plain = inDays('calendar', from, days)
      expect(inDays('kr-civil', from, days) >= plain).toBe(true)
      expect(inDays('kr-working', from, days) >= inDays('kr-civil', from, days)).toBe(true)
      expect(daysBetween(from, plain)).toBe(days)
    }),
  )
})

test('another holiday, or a table that ends earlier, never makes an end later than it says', () => {
  fc.assert(
    fc.property(koreanRule, start, length, start, (rule, from, days, day) => {
      const more = { ...KOREAN_HOLIDAYS, days: [...new Set([...KOREAN_HOLIDAYS.days, day])].sort() }
      expect(inDays(rule, from, days, more) >= inDays(rule, from, days)).toBe(true)
      const short = {
        ...KOREAN_HOLIDAYS,
        until: day,
        days: KOREAN_HOLIDAYS.days.filter(holiday => holiday <= day),
      }
      const end = periodEnd({ length: days, unit: 'days', rule }, from, short)
      const full = inDays(rule, from, days)
      if (end.known) expect(end.day).toBe(full)
      else expect(end.notBefore <= full).toBe(true)
    }),
  )
})

/** Derives a year's holidays from the Regulation's articles and ICU's Korean lunar calendar. */
function derived(year: number): string[] {
  const lunar = new Intl.DateTimeFormat('en-u-ca-dangi', {
    timeZone: 'UTC',
    month: 'numeric',
    day: 'numeric',
  })
  const all = Array.from({ length: 366 }, (_, i) => dayAt(dayNumber(`${year}-01-01`) + i))
  const onLunar = (date: string) =>
    all.find(day => day.startsWith(`${year}`) && lunar.format(new Date(day)) === date) ?? ''
  const around = (day: string) => [-1, 0, 1].map(by => dayAt(dayNumber(day) + by))
  const fixed = [
    '03-01',
    '05-05',
    '08-15',
    '10-03',
    '10-09',
    '12-25',
    ...(year > 2025 ? ['05-01', '07-17'] : []),
  ]
  // Art. 3(1) no. 1: on a Saturday or Sunday; no. 2: on a Sunday; no. 3: any of them on another's weekday.
  const single = [...fixed.map(date => `${year}-${date}`), onLunar('4/8')]
  const rows = [...around(onLunar('1/1')), ...around(onLunar('8/15'))]
  const never = [`${year}-01-01`, `${year}-06-06`, ...(SET[year] ?? [])]
  const taken = new Set([...single, ...rows, ...never])
  const owed = [...new Set([...single, ...rows])].sort().flatMap(day => {
    const here = [...single, ...rows].filter(other => other === day).length
    const weekday = weekdayOf(day)
    if (weekday === 0) return Array(here).fill(day)
    if (weekday === 6) return Array(single.filter(other => other === day).length).fill(day)
    return Array(here - 1).fill(day)
  })
  for (const day of owed) {
    let next = dayNumber(day) + 1
    while (taken.has(dayAt(next)) || [0, 6].includes(weekdayOf(dayAt(next)))) next += 1
    taken.add(dayAt(next))
  }
  return [...taken].sort()
}

/** Set by the government, or election days by law. */
const SET: Readonly<Record<number, readonly string[]>> = {
  2025: ['2025-01-27', '2025-06-03'],
  2026: ['2026-06-03'],
  2028: ['2028-04-12'],
}

test('the Korean table is what the articles and the lunar calendar give', () => {
  expect(KOREAN_HOLIDAYS.days).toEqual([2025, 2026, 2027, 2028].flatMap(derived))
})

test('the table of 2027 has the numbers of the official almanac', () => {
  const days = KOREAN_HOLIDAYS.days.filter(day => day.startsWith('2027'))
  expect(days.length).toBe(24)
  expect(days.filter(day => weekdayOf(day) === 0).length).toBe(4)
})

test('a holiday table is read as it was written, and no other shape is', () => {
  const table = JSON.parse(JSON.stringify(KOREAN_HOLIDAYS))
  expect(parseHolidayTable(table)).toEqual(KOREAN_HOLIDAYS)
  const wrong = [
    { ...table, until: '2024-12-31' },
    { ...table, until: '2027-12-31' },
    { ...table, asOf: '2026-13-01' },
    { ...table, days: [...table.days].reverse() },
    { ...table, days: ['2025-01-01', '2025-01-01'] },
    { ...table, days: ['2025-02-29'] },
    { ...table, days: [20250101] },
    { from: table.from, until: table.until, days: [] },
  ]
  for (const content of wrong) expect(refusal(() => parseHolidayTable(content))).toBe('bad-document')
})
