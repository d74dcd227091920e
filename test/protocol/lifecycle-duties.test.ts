// Separation of duties: who may not do what, with whom, and after what.
import { expect, test } from 'vitest'
import { allowedActions, tellsReporter, whatHappens } from '../../src/protocol/lifecycle-guards.ts'
import { type Actor, applyEvent } from '../../src/protocol/lifecycle-state.ts'
import {
  ADDRESSING,
  ASSESSING,
  after,
  attempt,
  CLOSED,
  CONCLUDED,
  did,
  nis,
  OBJECTED,
  OPENING,
  OUT_OF_SCOPE,
  obstacle,
  police,
} from './lifecycle-people.ts'

test('an auditor acts nowhere', () => {
  for (const events of [[], ASSESSING, ADDRESSING, CONCLUDED, CLOSED, OBJECTED]) {
    const open = allowedActions(after(...events), nis.auditor).filter(choice => !choice.obstacle)
    expect(open).toEqual([])
  }
})

test('an agency that does not hold the case acts nowhere in it', () => {
  for (const who of Object.values(police)) {
    const open = allowedActions(after(...ADDRESSING), who).filter(choice => !choice.obstacle)
    expect(open).toEqual([])
  }
})

for (const [action, says] of [
  ['out-of-scope', { code: 'private-dispute' }],
  ['redirected', { code: 'no-power', agency: 'police' }],
] as const) {
  test(`«${action}» happens when a second person confirms, not before`, () => {
    const proposed = after(...ASSESSING, did(nis.investigator, action, says))
    expect(proposed).toMatchObject({ state: 'assessing', pending: { action }, decision: null })
    expect(whatHappens(after(...ASSESSING), action)).toBeNull()
    expect(tellsReporter(after(...ASSESSING), action)).toBe(false)
    expect(tellsReporter(proposed, 'confirmed')).toBe(true)
    const confirmed = applyEvent(proposed, did(nis.colleague, 'confirmed'))
    expect(confirmed).toMatchObject({ state: action, pending: null })
    expect(whatHappens(proposed, 'confirmed')).toBe(action)
    expect(confirmed.decision).toMatchObject({
      ...says,
      by: [{ device: nis.investigator.device }, { device: nis.colleague.device }],
    })
  })

  test(`whoever proposed «${action}» does not confirm it, nor does intake`, () => {
    const proposed = [...ASSESSING, did(nis.supervisor, action, says)]
    expect(obstacle(proposed, nis.supervisor, 'confirmed')).toBe('own-proposal')
    expect(obstacle(proposed, nis.intake, 'confirmed')).toBe('role')
    expect(obstacle(proposed, nis.deputy, 'confirmed')).toBeNull()
  })

  test(`while «${action}» waits for its second person nothing else is decided; dropped, all is as before`, () => {
    const proposed = [...ASSESSING, did(nis.intake, action, says)]
    for (const other of [
      'accepted',
      'out-of-scope',
      'redirected',
      'hand-over-proposed',
      'information-requested',
    ] as const)
      expect(obstacle(proposed, nis.supervisor, other)).toBe('pending')
    expect(after(...proposed, did(nis.intake, 'declined'))).toEqual(after(...ASSESSING))
  })
}

test('while a decision waits, one can confirm or drop it, step aside, write a note, hand on keys, and no more', () => {
  const state = after(
    ...ASSESSING,
    did(nis.supervisor, 'agency-invited', { agency: 'police', code: 'power-needed' }),
    did(police.supervisor, 'invitation-accepted'),
    did(nis.colleague, 'conflict-declared', { code: 'kin' }),
    did(nis.intake, 'out-of-scope', { code: 'private-dispute' }),
  )
  const openTo = (who: Actor) =>
    allowedActions(state, who)
      .flatMap(({ action, obstacle: why }) => (why ? [] : [action]))
      .sort()
  const aside = ['acknowledged', 'conflict-declared', 'noted', 'recused', 'unopenable'] as const
  expect(openTo(nis.deputy)).toEqual(
    [...aside, 'confirmed', 'declined', 'conflict-cleared', 'joint-ended'].sort(),
  )
  expect(openTo(police.supervisor)).toEqual([...aside, 'joint-left'].sort())
})

test('a supervisor closes, and one who did not report the outcome', () => {
  for (const who of [nis.intake, nis.investigator, nis.auditor, nis.machine])
    expect(obstacle(CONCLUDED, who, 'closed')).toBe('role')
  const own = [...ADDRESSING, did(nis.supervisor, 'outcome-reported', { code: 'prevented' })]
  expect(obstacle(own, nis.supervisor, 'closed')).toBe('own-decision')
  expect(after(...own, did(nis.deputy, 'closed')).state).toBe('closed')
})

test('intake neither reports an outcome nor proposes a hand-over', () => {
  for (const action of ['outcome-reported', 'hand-over-proposed', 'agency-invited'] as const)
    expect(obstacle(ADDRESSING, nis.intake, action)).toBe('role')
})

test('a declared conflict of interest bars acting, in this case and for this device only', () => {
  const declared = [...ADDRESSING, did(nis.investigator, 'conflict-declared', { code: 'kin' })]
  for (const { action, obstacle: why } of allowedActions(after(...declared), nis.investigator)) {
    const isFact = action === 'acknowledged' || action === 'unopenable'
    expect(`${action}: ${why === null}`).toBe(`${action}: ${isFact}`)
  }
  expect(obstacle(declared, nis.investigator, 'outcome-reported')).toBe('conflict')
  expect(obstacle(declared, nis.colleague, 'outcome-reported')).toBeNull()
})

test('what happened to a report can be said in spite of a conflict, before it was opened and after', () => {
  const declared = did(nis.intake, 'conflict-declared', { code: 'kin' })
  for (const events of [[], ADDRESSING]) {
    for (const kind of OPENING) expect(obstacle([...events, declared], nis.intake, kind)).toBeNull()
  }
  expect(obstacle([...ASSESSING.slice(0, 1), declared], nis.intake, 'assessment-started')).toBe('conflict')
})

test('a supervisor finds that there is no conflict: another one than who declared it', () => {
  const declared = [...ADDRESSING, did(nis.supervisor, 'conflict-declared', { code: 'other' })]
  const clear = (by: Actor) => did(by, 'conflict-cleared', { device: nis.supervisor.device })
  expect(attempt(declared, clear(nis.supervisor))).toBe('bad-chain')
  expect(attempt(declared, clear(nis.investigator))).toBe('bad-chain')
  const notDeclared = did(nis.deputy, 'conflict-cleared', { device: nis.intake.device })
  expect(attempt(declared, notDeclared)).toBe('bad-chain')
  expect(after(...declared, clear(nis.deputy))).toEqual(after(...ADDRESSING))
})

test('a device that is taken off the case does not act in it again', () => {
  const recusal = did(nis.supervisor, 'recused', { device: nis.investigator.device, code: 'challenged' })
  const recused = [...ADDRESSING, recusal]
  expect(obstacle(recused, nis.investigator, 'outcome-reported')).toBe('recused')
  expect(obstacle(recused, nis.investigator, 'noted')).toBe('recused')
  expect(obstacle(recused, nis.colleague, 'outcome-reported')).toBeNull()
  expect(attempt(recused, recusal)).toBe('bad-chain')
  expect(attempt(recused, did(nis.deputy, 'conflict-cleared', { device: nis.investigator.device }))).toBe(
    'bad-chain',
  )
})

test('a supervisor takes others off the case, not themselves and nobody of another agency', () => {
  const own = did(nis.supervisor, 'recused', { device: nis.supervisor.device, code: 'kin' })
  expect(attempt(ADDRESSING, own)).toBe('bad-chain')
  const joint = [
    ...ADDRESSING,
    did(nis.supervisor, 'agency-invited', { agency: 'police', code: 'power-needed' }),
    did(police.intake, 'invitation-accepted'),
    did(police.supervisor, 'recused', { device: nis.investigator.device, code: 'other' }),
  ]
  expect(obstacle(joint, nis.investigator, 'outcome-reported')).toBeNull()
})

test('what a person proposed falls when they turn out to be barred', () => {
  const proposed = [...ASSESSING, did(nis.investigator, 'out-of-scope', { code: 'too-vague' })]
  const declared = did(nis.investigator, 'conflict-declared', { code: 'party' })
  const recused = did(nis.supervisor, 'recused', { device: nis.investigator.device, code: 'party' })
  for (const barred of [declared, recused]) expect(after(...proposed, barred).pending).toBeNull()
  const other = did(nis.colleague, 'conflict-declared', { code: 'party' })
  expect(after(...proposed, other).pending).not.toBeNull()
})

test('an objection is decided by a supervisor who had no part in the decision', () => {
  const rejected = (by: Actor) => did(by, 'objection-rejected', { code: 'unfounded' })
  const reopened = (by: Actor) => did(by, 'reopened', { code: 'objection-upheld' })
  const objected = [...OUT_OF_SCOPE, did(nis.intake, 'objected', { message: 1 })]
  expect(after(...objected)).toMatchObject({ state: 'objected', objected: true })
  for (const decide of [rejected, reopened]) {
    expect(attempt(objected, decide(nis.supervisor))).toBe('bad-chain')
    expect(attempt(objected, decide(nis.investigator))).toBe('bad-chain')
    expect(attempt(objected, decide(nis.deputy))).toBe('accepted')
  }
  expect(after(...objected, rejected(nis.deputy))).toMatchObject({ state: 'closed' })
})
