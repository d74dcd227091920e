import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { buildLifecycleDocument } from '../../scripts/lifecycle-document.ts'
import { ACTIONS, type Row, rowIn, rowsOf, TRANSITIONS } from '../../src/protocol/lifecycle.ts'
import { STATES, type State } from '../../src/protocol/lifecycle-phases.ts'
import { newCase, statesAfter } from '../../src/protocol/lifecycle-state.ts'
import { TOLD } from '../../src/protocol/lifecycle-words.ts'
import { CODES } from '../../src/protocol/outcome-codes.ts'
import {
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
} from './lifecycle-people.ts'

const ROWS: readonly Row[] = TRANSITIONS
const STATE_NAMES = Object.keys(STATES) as State[]

test('the document and its diagram are what the table says (node scripts/lifecycle.ts writes them)', () => {
  const stored = readFileSync(new URL('../../docs/lifecycle.md', import.meta.url), 'utf8')
  expect(stored).toBe(buildLifecycleDocument())
})

test('the table has one row at most for an action in a state', () => {
  const places = ROWS.flatMap(({ action, from }) => from.map(state => `${action} in ${state}`))
  expect(places.filter((place, at) => places.indexOf(place) !== at)).toEqual([])
})

test('what opening a report comes to can be said in every state', () => {
  for (const kind of OPENING) {
    for (const state of STATE_NAMES)
      expect(rowIn(kind, state)?.by).toEqual(expect.arrayContaining(['intake']))
  }
  const twice = after(
    did(nis.intake, 'unopenable'),
    did(nis.machine, 'acknowledged'),
    did(nis.intake, 'unopenable'),
  )
  expect(twice.state).toBe('acknowledged')
})

const nextStates = (state: State) =>
  ROWS.filter(({ from }) => from.includes(state)).flatMap(({ to }) =>
    to === 'same' || to === 'as-proposed' || to === state ? [] : [to],
  )

function reachableFrom(start: State): Set<State> {
  const reached = new Set<State>([start])
  for (const state of reached) for (const next of nextStates(state)) reached.add(next)
  return reached
}

test('every state is reached from a new case', () => {
  expect([...reachableFrom('new')].sort()).toEqual([...STATE_NAMES].sort())
})

test('no state is a dead end: from each a case can come to its end', () => {
  for (const state of STATE_NAMES) {
    const ends = [...reachableFrom(state)].filter(one => STATES[one].ended)
    expect(`${state}: ${ends.length > 0}`).toBe(`${state}: true`)
    if (!STATES[state].ended) expect(nextStates(state)).not.toEqual([])
  }
})

test('what is for two people can be confirmed and dropped wherever it can be proposed', () => {
  const proposed = ROWS.filter(({ twoPeople }) => twoPeople)
  expect(proposed.map(({ action }) => action).sort()).toEqual(['out-of-scope', 'redirected'])
  for (const { from } of proposed) {
    for (const state of from)
      for (const action of ['confirmed', 'declined'] as const) expect(rowIn(action, state)).not.toBeNull()
  }
})

test('phases follow one another: receive, assess, address, conclude', () => {
  const phases = statesAfter(newCase('nis'), CLOSED).map(({ state }) => STATES[state].phase)
  expect(phases).toEqual(['receive', 'assess', 'address', 'conclude', 'conclude'])
})

test('an objection can be made to every decision, and once to each', () => {
  const objection = (message: number) => did(nis.intake, 'objected', { message })
  for (const events of [CONCLUDED, CLOSED, OUT_OF_SCOPE])
    expect(attempt(events, objection(1))).toBe('accepted')
  const rejected = [...OBJECTED, did(nis.supervisor, 'objection-rejected', { code: 'nothing-new' })]
  expect(obstacle(rejected, nis.intake, 'objected')).toBe('objected-before')
  const again = [
    ...OBJECTED,
    did(nis.supervisor, 'reopened', { code: 'objection-upheld' }),
    did(nis.investigator, 'accepted'),
    did(nis.investigator, 'outcome-reported', { code: 'sanction' }),
  ]
  expect(attempt(again, objection(2))).toBe('accepted')
})

test('a case that is reopened is assessed anew, as if nothing had been decided', () => {
  const reopened = after(...CLOSED, did(nis.supervisor, 'reopened', { code: 'new-evidence' }))
  expect(reopened).toEqual(after(...ASSESSING))
})

test('every reason and every outcome has words in both languages', () => {
  for (const [set, codes] of Object.entries(CODES))
    for (const [code, { ko, en }] of Object.entries(codes)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
      expect(`${set} ${code}: ${/[가-힣]/.test(ko)} ${/[a-z]/.test(en)}`).toBe(`${set} ${code}: true true`)
    }
})

test('whatever the reporter is told has words to the reporter, and nothing else has', () => {
  // That the report was opened, or could not be, every client says in a place of its own; a confirmation as what it confirms.
  const elsewhere = ['acknowledged', 'unopenable', 'confirmed']
  const told = ACTIONS.filter(action => rowsOf(action).some(({ tells }) => tells))
  expect(Object.keys(TOLD).sort()).toEqual(told.filter(action => !elsewhere.includes(action)).sort())
})
