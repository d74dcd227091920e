import { expect, test } from 'vitest'
import { addDays, dayOf, parseDay } from '../../src/protocol/day.ts'
import { refusal } from './support.ts'

test('the day begins at midnight in Seoul', () => {
  expect(dayOf(Date.parse('2026-03-01T14:59:59.999Z'))).toBe('2026-03-01')
  expect(dayOf(Date.parse('2026-03-01T15:00:00Z'))).toBe('2026-03-02')
})

test('only real days in the one spelling are read', () => {
  for (const day of ['2026-02-28', '2028-02-29', '0001-01-01', '9999-12-31']) expect(parseDay(day)).toBe(day)
  const unreal = ['2026-02-29', '2026-13-01', '2026-00-10', '2026-1-01', '2026-01-01 ', '+002026-01-01', '']
  for (const day of [...unreal, '２０２６-01-01', '2026-04-31']) {
    expect(refusal(() => parseDay(day))).toBe('bad-document')
  }
})

test('days are added across months, leap days and years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
})

test('the last day there is stays the last one', () => {
  expect(addDays('9999-12-31', 1)).toBe('9999-12-31')
  expect(addDays('9999-12-25', 21)).toBe('9999-12-31')
})
