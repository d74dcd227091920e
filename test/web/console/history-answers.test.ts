import { expect, test } from 'vitest'
import type { EventKind } from '../../../src/protocol/event.ts'
import { answersInPlace } from '../../../src/web/console/history-answers.ts'

const entry = (index: number, kind: EventKind, day: string, agency: string | null = null) => ({
  index,
  kind,
  day,
  subject: agency === null ? null : { kind: 'agency', id: agency },
})

const answer = (kind: EventKind | null, day: string, agency = 'nis') => ({
  agency: { id: agency, names: null },
  kind,
  day,
})

const ENTRIES = [
  entry(0, 'acknowledged', '2026-03-01'),
  entry(1, 'agency-invited', '2026-03-02', 'nis'),
  entry(2, 'noted', '2026-03-02'),
  entry(3, 'noted', '2026-03-05'),
  entry(4, 'hand-over-proposed', '2026-03-06', 'nis'),
]

test.each([
  ['invitation-accepted', '2026-03-02', 1],
  ['invitation-accepted', '2026-03-03', 2],
  ['hand-over-accepted', '2026-03-06', 4],
  // The clock of the other agency's device goes before.
  ['hand-over-accepted', '2026-03-05', 4],
  ['joint-left', '2026-03-09', 4],
  [null, '2026-03-01', 4],
] as const)('an answer %s of %s stands behind entry %i', (kind, day, after) => {
  expect(answersInPlace(ENTRIES, [answer(kind, day)])).toMatchObject([{ after }])
})

test('an answer that nobody asked for stands by its day', () => {
  expect(answersInPlace(ENTRIES, [answer('joint-left', '2026-03-01', 'police')])).toMatchObject([
    { after: -1 },
  ])
})

test('refusals of one day stand each behind the offer that it refuses, those that were withdrawn apart', () => {
  const day = '2026-03-06'
  const entries = [
    entry(0, 'hand-over-proposed', day, 'nis'),
    entry(1, 'hand-over-proposed', day, 'nis'),
    entry(2, 'hand-over-withdrawn', day),
    entry(3, 'hand-over-proposed', day, 'police'),
    entry(4, 'hand-over-proposed', day, 'nis'),
    entry(5, 'agency-invited', day, 'nis'),
    entry(6, 'joint-ended', day, 'nis'),
    entry(7, 'agency-invited', day, 'nis'),
  ]
  const answers = [
    answer('hand-over-refused', day),
    answer('hand-over-refused', day, 'police'),
    answer('hand-over-refused', day),
    answer('invitation-refused', day),
  ]
  expect(answersInPlace(entries, answers).map(({ after }) => after)).toEqual([0, 3, 4, 7])
})
