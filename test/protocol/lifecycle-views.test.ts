// An agency that has a case by itself and was asked into another's case of the same report.
import { expect, test } from 'vitest'
import { caseAfter, followEvent, newCase } from '../../src/protocol/lifecycle-state.ts'
import { choicesIn, viewFor, viewsOf, type Work } from '../../src/protocol/lifecycle-views.ts'
import { ADDRESSING, after, CLOSED, did, nis } from './lifecycle-people.ts'

const work = (more: Partial<Work> = {}): Work => ({
  agency: 'nis',
  holds: true,
  asked: [],
  offer: null,
  ...more,
})
const ASKED = { lead: 'police', standing: ['proposed'], colleagues: [] } as const

const openTo = (own: ReturnType<typeof newCase>, of: Work, who = nis.supervisor) =>
  choicesIn(viewsOf(own, of), who).flatMap(({ action, obstacle }) => (obstacle === null ? [action] : []))

test('whoever is asked can answer and go on with a case of its own, which it has not even opened', () => {
  const open = openTo(newCase('nis'), work({ offer: ASKED }))
  expect(open).toEqual(expect.arrayContaining(['acknowledged', 'hand-over-accepted', 'hand-over-refused']))
  expect(open).not.toContain('hand-over-withdrawn')
  expect(openTo(newCase('nis'), work({ holds: false, offer: ASKED }))).not.toContain('acknowledged')
})

test('what the own case has come to bars no answer, and who takes over begins to assess', () => {
  const closed = after(...CLOSED)
  expect(openTo(closed, work({ offer: ASKED }))).toContain('hand-over-accepted')
  const accepted = { ...ASKED, standing: ['taking-over'] } as const
  expect(openTo(closed, work({ offer: accepted }))).toContain('taken-over')
  expect(followEvent(closed, did(nis.supervisor, 'taken-over'))).toMatchObject({
    state: 'assessing',
    decision: null,
  })
})

test('a decision of its own that waits for a second person bars no answer to another agency', () => {
  const pending = caseAfter(newCase('nis'), [
    did(nis.intake, 'acknowledged'),
    did(nis.intake, 'assessment-started'),
    did(nis.intake, 'out-of-scope', { code: 'too-vague' }),
  ])
  expect(openTo(pending, work({ offer: ASKED }))).toEqual(
    expect.arrayContaining(['confirmed', 'hand-over-refused']),
  )
})

test('what the agency asked of others belongs to its own case, not to the one it was asked into', () => {
  const asked = [{ agency: 'sme-office', standing: ['invited'] }] as const
  const [own, other] = viewsOf(after(...ADDRESSING), work({ asked, offer: ASKED }))
  expect(own).toMatchObject({ holder: 'nis', invited: 'sme-office', proposed: null })
  expect(other).toMatchObject({
    holder: 'police',
    invited: null,
    proposed: { agency: 'nis', accepted: false },
  })
})

test('whoever left has nothing to do there, and of two obstacles the one that says more is told', () => {
  expect(openTo(after(...ADDRESSING), work({ holds: false }))).toEqual([])
  const views = viewsOf(after(...ADDRESSING), work({ offer: ASKED }))
  expect(viewFor(views, nis.investigator, 'taken-over').obstacle).toBe('standing')
  const declared = after(...ADDRESSING, did(nis.investigator, 'conflict-declared', { code: 'kin' }))
  expect(
    viewFor(viewsOf(declared, work({ offer: ASKED })), nis.investigator, 'hand-over-refused').obstacle,
  ).toBe('conflict')
})
