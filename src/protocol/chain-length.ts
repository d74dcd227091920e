// How long a chain may get, and for what its last places are kept: a case that is full could not be ended any more.
import { type Action, rowIn } from './lifecycle.ts'
import type { State } from './lifecycle-phases.ts'

/** Of one agency at one case: with texts as long as may be, they alone do not fill what a reporter's client reads. */
export const MAX_EVENTS = 1000
export const RESERVED_EVENTS = 10

/**
 * What is taken there: what ends a case or leads straight to an end, and what settles what is open: a request, an offer, joint
 * work. With each, how many more events it takes to end the case afterwards, where that is known. An objection is none of it:
 * there would be no room left to uphold it.
 */
const ENDING: Readonly<Partial<Record<Action, number>>> = {
  acknowledged: 3,
  unopenable: 4,
  'assessment-started': 2,
  accepted: 3,
  'out-of-scope': 1,
  redirected: 1,
  confirmed: 0,
  declined: 2,
  'outcome-reported': 1,
  closed: 0,
  'objection-rejected': 0,
  reopened: 2,
  'taken-over': 2,
  'information-received': 4,
  'information-lapsed': 4,
  'investigation-finished': 4,
  'result-returned': 4,
  'hand-over-withdrawn': 4,
  'hand-over-accepted': 4,
  'hand-over-refused': 4,
  'invitation-refused': 4,
  'invitation-withdrawn': 4,
  'joint-left': 4,
  'joint-ended': 4,
}

/** These lead on from one state only; from another they begin anew, or say the same again. */
const ONLY_FROM: Readonly<Partial<Record<Action, State>>> = { reopened: 'objected', unopenable: 'new' }

/** Whether a chain with so many events takes one more of this kind. */
export function hasRoomFor(action: Action, state: State, count: number): boolean {
  if (count < MAX_EVENTS - RESERVED_EVENTS) return true
  const after = ENDING[action]
  if (after === undefined || rowIn(action, state)?.again) return false
  return (ONLY_FROM[action] ?? state) === state && count + 1 + after <= MAX_EVENTS
}
