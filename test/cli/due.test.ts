import { expect, test } from 'vitest'
import { dueFirst, dueMark } from '../../src/cli/casework/due.ts'
import { createOutput } from '../../src/cli/output.ts'
import type { CaseSummary } from '../../src/client/index.ts'

const dueOn = (due: string | null): CaseSummary => ({
  case: due ?? 'none',
  state: 'acknowledged',
  stage: 'assessing',
  standing: ['holder'],
  withdrawalWished: false,
  urgent: false,
  day: '2026-11-01',
  bucket: 8192,
  due,
  followUps: 0,
  events: 2,
})

test('what is due first comes first, and what has no due day is left out', () => {
  const cases = ['2026-12-03', null, '2026-11-20', '2026-11-26'].map(dueOn)
  expect(dueFirst(cases).map(({ due }) => due)).toEqual(['2026-11-20', '2026-11-26', '2026-12-03'])
})

test('a case is overdue on the day after its due day, and not before', () => {
  const marks = (lang: 'ko' | 'en') =>
    ['2026-11-25', '2026-11-26', null].map(due =>
      dueMark(dueOn(due), '2026-11-26', createOutput({ json: false, lang })),
    )
  expect(marks('en')).toEqual([['OVERDUE since 2026-11-25'], ['due 2026-11-26'], []])
  expect(marks('ko')).toEqual([['기한 지남 (2026-11-25까지였음)'], ['2026-11-26까지'], []])
})
