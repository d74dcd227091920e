import { expect, test } from 'vitest'
import type { EventKind } from '../../../src/protocol/event.ts'
import { type Answered, answersInPlace } from '../../../src/web/console/history-answers.ts'

const entry = (index: number, kind: EventKind, day: string, agency: string | null = null) => ({
  index,
  kind,
  day,
  subject: agency === null ? null : { kind: 'agency', id: agency },
})

const answer = (kind: EventKind | null, day: string, agency = 'nis'): Answered => ({
  agency: { id: agency, names: null },
  kind,
  what: kind === null ? 'forged' : 'step',
  label: null,
  day,
  device: null,
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
