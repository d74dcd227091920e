// A case among several agencies: hand-over and joint work.
import { expect, test } from 'vitest'
import { allowedActions, obstacleTo } from '../../src/protocol/lifecycle-guards.ts'
import {
  caseAfter,
  invitingCase,
  newCase,
  proposedCase,
  statesAfter,
} from '../../src/protocol/lifecycle-state.ts'
import { ADDRESSING, after, attempt, did, nis, obstacle, police, sme } from './lifecycle-people.ts'

const HANDED_OVER = [
  did(nis.investigator, 'hand-over-proposed', { agency: 'police', code: 'power-needed' }),
  did(police.intake, 'hand-over-accepted'),
  did(police.intake, 'acknowledged'),
  did(police.intake, 'taken-over'),
]

test('a hand-over is proposed, accepted, taken over: then the other agency holds the case', () => {
  const states = statesAfter(newCase('nis'), [...ADDRESSING, ...HANDED_OVER])
  expect(states.slice(-4).map(({ holder, state }) => `${holder} ${state}`)).toEqual([
    'nis addressing',
    'nis addressing',
    'nis addressing',
    'police assessing',
  ])
  const end = after(...ADDRESSING, ...HANDED_OVER)
  expect(obstacleTo(end, nis.supervisor, 'acknowledged')).toBe('standing')
  expect(obstacleTo(end, police.investigator, 'accepted')).toBeNull()
})

test('a hand-over is refused with a reason, and the case stays where it was', () => {
  const proposed = [...ADDRESSING, ...HANDED_OVER.slice(0, 1)]
  expect(attempt(proposed, did(police.intake, 'hand-over-refused'))).toBe('bad-chain')
  expect(after(...proposed, did(police.intake, 'hand-over-refused', { code: 'no-power' }))).toEqual(
    after(...ADDRESSING),
  )
  expect(after(...proposed, did(nis.supervisor, 'hand-over-withdrawn'))).toEqual(after(...ADDRESSING))
})

test('only the agency that was proposed answers, nothing is taken over before, and nothing is decided meanwhile', () => {
  const proposed = [...ADDRESSING, ...HANDED_OVER.slice(0, 1)]
  for (const action of ['hand-over-accepted', 'hand-over-refused', 'taken-over'] as const) {
    expect(obstacle(proposed, nis.supervisor, action)).toBe('standing')
    expect(obstacle(proposed, sme.supervisor, action)).toBe('standing')
  }
  expect(obstacle(proposed, police.supervisor, 'taken-over')).toBe('standing')
  expect(obstacle(proposed, police.supervisor, 'acknowledged')).toBe('standing')
  for (const action of [
    'outcome-reported',
    'agency-invited',
    'hand-over-proposed',
    'information-requested',
  ] as const)
    expect(obstacle(proposed, nis.investigator, action)).toBe('hand-over-open')
})

test('the chain of the agency that takes over begins with the proposal, and needs nothing of the other’s', () => {
  const own = caseAfter(proposedCase('nis', 'police'), HANDED_OVER.slice(1))
  expect(own).toEqual(after(...ADDRESSING, ...HANDED_OVER))
})

const JOINT = [
  did(nis.investigator, 'agency-invited', { agency: 'police', code: 'reporter-agreed' }),
  did(police.supervisor, 'invitation-accepted'),
]

test('an agency that joins reads, notes and steps aside; one agency leads', () => {
  const joint = [...ADDRESSING, ...JOINT]
  expect(after(...joint)).toMatchObject({ holder: 'nis', joined: ['police'], invited: null })
  const open = allowedActions(after(...joint), police.supervisor)
  expect(open.flatMap(({ action, obstacle: why }) => (why ? [] : [action])).sort()).toEqual(
    ['acknowledged', 'conflict-declared', 'joint-left', 'noted', 'recused', 'unopenable'].sort(),
  )
  expect(caseAfter(invitingCase('nis', 'police'), JOINT.slice(1)).joined).toEqual(['police'])
})

test('nothing is decided, and nobody else invited, while an invited agency has not answered', () => {
  const invited = [...ADDRESSING, ...JOINT.slice(0, 1)]
  for (const action of ['outcome-reported', 'hand-over-proposed', 'agency-invited'] as const)
    expect(obstacle(invited, nis.investigator, action)).toBe('invitation-open')
  expect(obstacle(invited, sme.supervisor, 'invitation-accepted')).toBe('standing')
})

test('joint work ends for an agency that leaves, is let go, refuses, or is no longer invited', () => {
  for (const end of [
    [...JOINT, did(police.supervisor, 'joint-left')],
    [...JOINT, did(nis.supervisor, 'joint-ended', { agency: 'police' })],
    [...JOINT.slice(0, 1), did(police.intake, 'invitation-refused', { code: 'no-capacity' })],
    [...JOINT.slice(0, 1), did(nis.supervisor, 'invitation-withdrawn')],
  ]) {
    const state = after(...ADDRESSING, ...end)
    expect(state).toEqual(after(...ADDRESSING))
    expect(obstacleTo(state, police.supervisor, 'noted')).toBe('standing')
  }
})

test('who joined can take over the lead, and then leads', () => {
  const led = after(...ADDRESSING, ...JOINT, ...HANDED_OVER)
  expect(led).toMatchObject({ holder: 'police', joined: [] })
})

test('nobody invites, or hands over to, who is there already, or what is no agency’s id', () => {
  const invite = (agency: string) => did(nis.investigator, 'agency-invited', { agency, code: 'legal-duty' })
  const handOver = (agency: string) =>
    did(nis.investigator, 'hand-over-proposed', { agency, code: 'legal-duty' })
  for (const agency of ['nis', 'police', '', 'Police'])
    expect(attempt([...ADDRESSING, ...JOINT], invite(agency))).toBe('bad-chain')
  for (const agency of ['nis', '', 'Police']) expect(attempt(ADDRESSING, handOver(agency))).toBe('bad-chain')
  expect(
    attempt([...ADDRESSING, ...JOINT], did(nis.supervisor, 'joint-ended', { agency: 'sme-office' })),
  ).toBe('bad-chain')
})
