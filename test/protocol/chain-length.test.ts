// The end of a chain is kept for ending the case.
import { expect, test } from 'vitest'
import { hasRoomFor, MAX_EVENTS, RESERVED_EVENTS } from '../../src/protocol/chain-length.ts'
import { ACTIONS, type Action, rowIn } from '../../src/protocol/lifecycle.ts'
import { STATES, type State } from '../../src/protocol/lifecycle-phases.ts'

const RESERVE = MAX_EVENTS - RESERVED_EVENTS
const NAMES = Object.keys(STATES) as State[]

test('before the reserve everything has room, and at the end nothing', () => {
  for (const state of NAMES) {
    for (const action of ACTIONS) {
      expect(hasRoomFor(action, state, RESERVE - 1)).toBe(true)
      expect(hasRoomFor(action, state, MAX_EVENTS)).toBe(false)
    }
  }
})

test('the reserve takes no note, no offer, no question, no objection, no keys handed on, and nothing that begins anew', () => {
  for (const action of [
    'noted',
    'agency-invited',
    'hand-over-proposed',
    'information-requested',
    'objected',
  ] as const) {
    for (const state of NAMES) expect([action, hasRoomFor(action, state, RESERVE)]).toEqual([action, false])
  }
  for (const state of NAMES) {
    expect(hasRoomFor('acknowledged', state, RESERVE)).toBe(rowIn('acknowledged', state)?.again === undefined)
  }
  expect(hasRoomFor('reopened', 'closed', RESERVE)).toBe(false)
  expect(hasRoomFor('reopened', 'objected', RESERVE)).toBe(true)
  expect(hasRoomFor('unopenable', 'unopenable', RESERVE)).toBe(false)
})

/** As many detours as there is room for, and then straight on. */
function walk(steps: readonly (readonly [Action, State])[], count: number): number {
  let at = count
  for (const [action, state] of steps) {
    expect([action, at, hasRoomFor(action, state, at)]).toEqual([action, at, true])
    at++
  }
  return at
}

test('from every state a case can be ended in the reserve, with a request and an offer open', () => {
  const decided = [
    ['out-of-scope', 'assessing'],
    ['confirmed', 'assessing'],
  ] as const
  const settled = (state: State) =>
    [
      ['information-lapsed', state],
      ['hand-over-withdrawn', state],
    ] as const
  const closed = [
    ['outcome-reported', 'addressing'],
    ['closed', 'concluded'],
  ] as const
  const assessed = [
    ['acknowledged', 'unopenable'],
    ['assessment-started', 'acknowledged'],
    ...settled('assessing'),
    ...decided,
  ] as const
  walk([['unopenable', 'new'], ...assessed], RESERVE)
  walk([...settled('assessing'), ['accepted', 'assessing'], ...closed], RESERVE)
  const returned = [
    ['investigation-finished', 'addressing'],
    ['result-returned', 'addressing'],
  ] as const
  walk([...settled('addressing'), ...returned, ...closed], RESERVE)
  walk([['reopened', 'objected'], ['accepted', 'assessing'], ...closed], RESERVE)
  walk([['taken-over', 'assessing'], ...decided], RESERVE)
})

test('decisions that are dropped again and again leave room for one that is confirmed', () => {
  let count = RESERVE
  for (let pending = false; ; pending = !pending) {
    if (!hasRoomFor(pending ? 'declined' : 'out-of-scope', 'assessing', count)) {
      if (!pending) count = walk([['out-of-scope', 'assessing']], count)
      break
    }
    count++
  }
  expect(walk([['confirmed', 'assessing']], count)).toBeLessThanOrEqual(MAX_EVENTS)
})
