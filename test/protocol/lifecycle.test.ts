import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { buildLifecycleDocument } from '../../scripts/lifecycle-document.ts'
import { clockStates } from '../../src/protocol/clock-state.ts'
import type { ClockPolicy } from '../../src/protocol/clocks.ts'
import { DEFAULT_CLOCKS } from '../../src/protocol/default-clocks.ts'
import { EVENT_KINDS } from '../../src/protocol/event.ts'
import { KOREAN_HOLIDAYS } from '../../src/protocol/holidays.ts'
import { ACTIONS, type Row, rowIn, TRANSITIONS } from '../../src/protocol/lifecycle.ts'
import { clocksMovedBy } from '../../src/protocol/lifecycle-clocks.ts'
import { allowedActions, tellsReporter, whatHappens } from '../../src/protocol/lifecycle-guards.ts'
import { STATES, type State } from '../../src/protocol/lifecycle-phases.ts'
import { type Actor, applyEvent, newCase, statesAfter } from '../../src/protocol/lifecycle-state.ts'
import { CODES } from '../../src/protocol/outcome-codes.ts'
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
  OUT_OF_SCOPE,
  obstacle,
  police,
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

test('the kinds of event that there are already are actions, open wherever they were', () => {
  for (const kind of EVENT_KINDS) {
    expect(ACTIONS).toContain(kind)
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
    for (const kind of EVENT_KINDS) expect(obstacle([...events, declared], nis.intake, kind)).toBeNull()
  }
  expect(obstacle([...ASSESSING.slice(0, 1), declared], nis.intake, 'assessment-started')).toBe('conflict')
})

test('a supervisor finds that there is no conflict: another one than who declared it', () => {
  const declared = [...ADDRESSING, did(nis.supervisor, 'conflict-declared', { code: 'other' })]
  const clear = (by: Actor) => did(by, 'conflict-cleared', { device: nis.supervisor.device })
  expect(attempt(declared, clear(nis.supervisor))).toBe('bad-chain')
  expect(attempt(declared, clear(nis.investigator))).toBe('bad-chain')
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

/** A clock such as an agency may have for itself, which a request pauses. */
const INVESTIGATION: ClockPolicy = {
  id: 'investigation',
  names: { ko: '조사', en: 'Investigation' },
  basis: '자체 목표',
  force: 'target',
  duty: 'agency',
  starts: ['accepted'],
  stops: ['outcome-reported'],
  period: { length: 60, unit: 'days', rule: 'calendar' },
  extension: null,
  pause: {
    from: 'information-requested',
    until: ['information-received', 'information-lapsed'],
    days: 30,
    times: 2,
  },
  escalation: [],
}

test('a request for information pauses the clock that pauses, and the answer lets it go on', () => {
  const requested = [...ADDRESSING, did(nis.intake, 'information-requested')]
  const answered = [...requested, did(nis.intake, 'information-received', { message: 3 })]
  const kinds = answered.map(({ action }) => action)
  const days = ['2026-03-02', '2026-03-02', '2026-03-02', '2026-03-05', '2026-03-09']
  const events = kinds.map((kind, at) => ({ kind, day: days[at] ?? '' }))
  const stateOn = (day: string) => clockStates(INVESTIGATION, events, day, KOREAN_HOLIDAYS)[0]
  expect(after(...requested).request).toBe(true)
  expect(stateOn('2026-03-08')?.condition).toBe('paused')
  expect(after(...answered)).toMatchObject({ request: false, lastMessage: 3 })
  expect(stateOn('2026-03-09')).toMatchObject({ condition: 'running', due: { day: '2026-05-06' } })
})

test('which clocks an action moves is what their policies say', () => {
  const none = { starts: [], stops: [], extends: [], pauses: [], resumes: [] }
  expect(clocksMovedBy('accepted', [INVESTIGATION])).toEqual({ ...none, starts: ['investigation'] })
  expect(clocksMovedBy('information-requested', [INVESTIGATION])).toEqual({
    ...none,
    pauses: ['investigation'],
  })
  expect(clocksMovedBy('information-lapsed', [INVESTIGATION])).toEqual({
    ...none,
    resumes: ['investigation'],
  })
  expect(clocksMovedBy('noted', DEFAULT_CLOCKS)).toEqual(none)
  expect(clocksMovedBy('assessment-extended', DEFAULT_CLOCKS)).toEqual({
    ...none,
    extends: ['kr-assessment'],
  })
})

/** What starts or stops a clock and is no event of an agency's chain, or not yet one. */
const NOT_EVENTS = [
  'received',
  'outcome-read',
  'petition-registered',
  'petition-extended',
  'investigation-finished',
  'result-returned',
]

test('the kinds that clocks go by are actions, but for what no chain records', () => {
  const kinds = DEFAULT_CLOCKS.flatMap(({ starts, stops, extension, pause }) => [
    ...starts,
    ...stops,
    ...(extension ? [extension.on] : []),
    ...(pause ? [pause.from, ...pause.until] : []),
  ])
  const unknown = kinds.filter(kind => !ACTIONS.some(action => action === kind))
  expect([...new Set(unknown)].sort()).toEqual([...NOT_EVENTS].sort())
})

test('who hands on keys starts no clock anew, and the reporter is told all the same', () => {
  expect(whatHappens(newCase('nis'), 'acknowledged')).toBe('acknowledged')
  for (const kind of EVENT_KINDS) {
    expect(whatHappens(after(...ADDRESSING), kind)).toBeNull()
    expect(tellsReporter(after(...ADDRESSING), kind)).toBe(true)
  }
})

test('a reporter is told of everything but what an agency does with itself', () => {
  const silent = ROWS.filter(({ tells, to }) => !tells && to !== 'as-proposed').map(({ action }) => action)
  expect(silent.sort()).toEqual([
    'assessment-started',
    'conflict-cleared',
    'conflict-declared',
    'declined',
    'noted',
    'recused',
  ])
})

test('nothing is answered, withdrawn or ended that is not there', () => {
  expect(obstacle(ASSESSING, nis.supervisor, 'confirmed')).toBe('nothing-pending')
  expect(obstacle(ASSESSING, nis.supervisor, 'declined')).toBe('nothing-pending')
  expect(obstacle(ASSESSING, nis.intake, 'information-received')).toBe('no-request')
  expect(obstacle(ASSESSING, nis.intake, 'information-lapsed')).toBe('no-request')
  expect(obstacle(ASSESSING, nis.supervisor, 'hand-over-withdrawn')).toBe('no-hand-over')
  expect(obstacle(ASSESSING, nis.supervisor, 'invitation-withdrawn')).toBe('no-invitation')
  expect(obstacle(ASSESSING, nis.supervisor, 'joint-ended')).toBe('nobody-joined')
  expect(obstacle(ASSESSING, nis.supervisor, 'conflict-cleared')).toBe('no-conflict')
})

test('a supervisor takes more time, with a reason', () => {
  expect(obstacle(ASSESSING, nis.investigator, 'assessment-extended')).toBe('role')
  for (const action of ['assessment-extended', 'feedback-extended'] as const) {
    expect(attempt(ASSESSING, did(nis.supervisor, action))).toBe('bad-chain')
    expect(attempt(ASSESSING, did(nis.supervisor, action, { code: 'complexity' }))).toBe('accepted')
  }
})

test('nothing is decided while a request for information is open, and one is open at a time', () => {
  const asked = did(nis.intake, 'information-requested')
  for (const action of [
    'accepted',
    'out-of-scope',
    'redirected',
    'hand-over-proposed',
    'information-requested',
  ] as const)
    expect(obstacle([...ASSESSING, asked], nis.supervisor, action)).toBe('request-open')
  expect(obstacle([...ADDRESSING, asked], nis.investigator, 'outcome-reported')).toBe('request-open')
})

test('a case ends for want of an answer after two requests in a row without one', () => {
  const unanswered = [did(nis.intake, 'information-requested'), did(nis.intake, 'information-lapsed')]
  const answered = [
    did(nis.intake, 'information-requested'),
    did(nis.intake, 'information-received', { message: 1 }),
  ]
  const end = did(nis.investigator, 'outcome-reported', { code: 'unanswered' })
  expect(attempt([...ADDRESSING, ...unanswered], end)).toBe('bad-chain')
  expect(attempt([...ADDRESSING, ...unanswered, ...answered, ...unanswered], end)).toBe('bad-chain')
  expect(attempt([...ADDRESSING, ...unanswered, ...unanswered], end)).toBe('accepted')
})

test('a follow-up answers, or objects, once', () => {
  const asked = did(nis.intake, 'information-requested')
  const answer = (message: number) => did(nis.intake, 'information-received', { message })
  const answered = [...ADDRESSING, asked, answer(2), asked]
  for (const message of [0, -1, 1, 2, 2.5, Number.NaN, Number.POSITIVE_INFINITY])
    expect(attempt(answered, answer(message))).toBe('bad-chain')
  expect(attempt(answered, answer(3))).toBe('accepted')
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
