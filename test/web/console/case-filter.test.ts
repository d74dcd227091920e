import { expect, test } from 'vitest'
import {
  type CaseFilter,
  decodeFilter,
  EVERYTHING,
  encodeFilter,
  filterCases,
} from '../../../src/web/console/case-filter.ts'
import type { InboxCase } from '../../../src/web/console/inbox.ts'

const caseWith = (order: number, more: Partial<InboxCase> = {}): InboxCase => ({
  case: `case-${order}`,
  shown: order.toString(16).padStart(32, '0'),
  state: 'new',
  stage: 'new',
  standing: ['holder'],
  withdrawalWished: false,
  urgent: false,
  day: '2026-03-01',
  bucket: 8192,
  due: null,
  followUps: 0,
  events: 0,
  order,
  changedAt: null,
  ...more,
})

const CASES = [
  caseWith(1, { day: '2026-03-05', urgent: true, state: 'acknowledged' }),
  caseWith(2, { day: '2026-03-04', bucket: 32_768 }),
  caseWith(3, { day: '2026-03-03', state: 'unopenable', withdrawalWished: true }),
  caseWith(4, { day: '2026-03-02', state: 'withdrawn', bucket: 524_288 }),
  caseWith(255, { day: '2026-03-01', urgent: true }),
]

const TODAY = '2026-03-10'

const shown = (filter: Partial<CaseFilter>) =>
  filterCases(CASES, { ...EVERYTHING, ...filter }, TODAY).map(({ order }) => order)

test('at first what somebody must be woken for comes first, the unopened before the opened', () => {
  expect(shown({})).toEqual([255, 1, 2, 4, 3])
})

test.each([
  [{ states: ['new', 'unopenable'] }, [255, 2, 3]],
  [{ isUrgent: true }, [255, 1]],
  [{ isWished: true }, [3]],
  [{ from: '2026-03-02', to: '2026-03-04' }, [2, 4, 3]],
  [{ sizes: [32_768, 524_288] }, [2, 4]],
  [{ id: '00ff' }, [255]],
  [{ id: ' FF ' }, [255]],
  [{ order: 'day' }, [1, 2, 3, 4, 255]],
  [{ order: 'day', isDescending: false }, [255, 4, 3, 2, 1]],
  [{ order: 'activity' }, [255, 4, 3, 2, 1]],
  [{ order: 'size' }, [4, 2, 255, 3, 1]],
] as const)('%j shows %j', (filter, expected) => {
  expect(shown(filter)).toEqual(expected)
})

const DUE = [
  caseWith(1, { due: '2026-03-17' }),
  caseWith(2, { due: '2026-03-18' }),
  caseWith(3, { due: '2026-03-09' }),
  caseWith(4, { due: null }),
  caseWith(5, { due: '2026-06-01', standing: ['proposed'] }),
  caseWith(6, { due: null, standing: ['holder', 'invited'] }),
]

test.each([
  [{ order: 'due' }, [5, 6, 3, 1, 2, 4]],
  [{ order: 'due', due: 'soon' }, [3, 1]],
  [{ order: 'due', due: 'overdue' }, [3]],
  [{ order: 'due', isDescending: false }, [4, 2, 1, 3, 6, 5]],
] as const)('by due day, what waits for an answer first: %j shows %j', (filter, expected) => {
  const found = filterCases(DUE, { ...EVERYTHING, ...filter }, TODAY)
  expect(found.map(({ order }) => order)).toEqual(expected)
})

test('an offer stands above what is only new, and below what somebody must be woken for', () => {
  const cases = [
    caseWith(1, { urgent: true }),
    caseWith(2),
    caseWith(3, { standing: ['proposed'], state: 'new' }),
  ]
  expect(filterCases(cases, EVERYTHING, TODAY).map(({ order }) => order)).toEqual([1, 3, 2])
})

test('a setting comes back out of the address as it went in', () => {
  const filter: CaseFilter = {
    ...EVERYTHING,
    states: ['new', 'withdrawn'],
    isUrgent: true,
    isWished: true,
    due: 'soon',
    from: '2026-01-01',
    to: '2026-12-31',
    sizes: [8192, 524_288],
    order: 'day',
    isDescending: false,
  }
  expect(decodeFilter(`#${encodeFilter(filter)}`)).toEqual(filter)
  expect(decodeFilter('')).toEqual(EVERYTHING)
  expect(encodeFilter(EVERYTHING)).toBe('')
})

test('no id stands in the address', () => {
  expect(encodeFilter({ ...EVERYTHING, id: '00ff' })).toBe('')
})

test.each([
  '#state=nothing&urgent=2&due=later&from=yesterday&size=7&order=name',
  '#<script>',
  '#from=2026-03-01x&to=%00',
  '#state=__proto__&order=constructor',
])('what it does not know is passed over: %s', hash => {
  expect(decodeFilter(hash)).toEqual(EVERYTHING)
})
