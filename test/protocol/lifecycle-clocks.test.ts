// Requests for information, what clocks hear, what a reporter is told.
import { expect, test } from 'vitest'
import { caseClocks, datedEvents } from '../../src/protocol/case-clocks.ts'
import { clockStates } from '../../src/protocol/clock-state.ts'
import type { ClockPolicy } from '../../src/protocol/clocks.ts'
import { DEFAULT_CLOCKS } from '../../src/protocol/default-clocks.ts'
import { KOREAN_HOLIDAYS } from '../../src/protocol/holidays.ts'
import { ACTIONS, type Row, TRANSITIONS } from '../../src/protocol/lifecycle.ts'
import { clocksMovedBy } from '../../src/protocol/lifecycle-clocks.ts'
import { tellsReporter, whatHappens } from '../../src/protocol/lifecycle-guards.ts'
import { newCase } from '../../src/protocol/lifecycle-state.ts'
import {
  ADDRESSING,
  ASSESSING,
  after,
  attempt,
  CLOSED,
  did,
  nis,
  OPENING,
  obstacle,
  police,
} from './lifecycle-people.ts'

const ROWS: readonly Row[] = TRANSITIONS

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

/** What starts or stops a clock and is no event of an agency's chain. */
const NOT_EVENTS = ['received', 'outcome-read']

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
  for (const kind of OPENING) {
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
    'investigation-finished',
    'noted',
    'recused',
    'result-returned',
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

test('a petition’s clock begins where an agency registers one, and can be met', () => {
  const registered = [...ASSESSING, did(nis.intake, 'petition-registered')]
  expect(obstacle(ASSESSING, nis.supervisor, 'petition-extended')).toBe('no-petition')
  expect(obstacle(registered, nis.intake, 'petition-registered')).toBe('petition-open')
  expect(obstacle(registered, nis.intake, 'petition-extended')).toBe('role')
  const ended = [
    ...registered,
    did(nis.supervisor, 'petition-extended', { code: 'complexity' }),
    did(nis.investigator, 'accepted'),
    did(nis.investigator, 'outcome-reported', { code: 'prevented' }),
  ]
  const days = ['2026-09-17', '2026-09-17', '2026-09-21', '2026-09-28', '2026-10-01', '2026-10-12']
  const runsAfter = (events: typeof ended, on: string) =>
    caseClocks(
      DEFAULT_CLOCKS,
      datedEvents(
        newCase('nis'),
        '2026-09-17',
        events.map((event, at) => ({ ...event, day: days[at] ?? '' })),
      ),
      on,
      KOREAN_HOLIDAYS,
    ).flatMap(({ policy, state }) => (policy.id === 'kr-petition' ? [state] : []))
  expect(runsAfter(ASSESSING, '2026-10-12')).toEqual([])
  expect(runsAfter(registered, '2026-09-28')).toMatchObject([
    { condition: 'running', started: '2026-09-21', due: { day: '2026-10-01' } },
  ])
  expect(runsAfter(ended, '2026-10-12')).toMatchObject([
    { condition: 'met', extended: 1, stopped: '2026-10-12', due: { day: '2026-10-14' } },
  ])
  // Reopened, it may be registered again.
  expect(after(...CLOSED, did(nis.deputy, 'reopened', { code: 'mistake' })).petition).toBe(false)
})

test('who took a case over owes a result once the investigation is finished, until it is returned', () => {
  const takenOver = [
    ...ADDRESSING,
    did(nis.investigator, 'hand-over-proposed', { agency: 'police', code: 'power-needed' }),
    did(police.intake, 'hand-over-accepted'),
    did(police.intake, 'taken-over'),
    did(police.investigator, 'accepted'),
  ]
  const finished = [...takenOver, did(police.investigator, 'investigation-finished')]
  const returned = [...finished, did(police.investigator, 'result-returned')]
  expect(obstacle(ADDRESSING, nis.investigator, 'investigation-finished')).toBe('no-referral')
  expect(obstacle(takenOver, police.investigator, 'result-returned')).toBe('no-result-due')
  expect(obstacle(finished, police.investigator, 'investigation-finished')).toBe('no-referral')
  expect(obstacle(returned, police.investigator, 'result-returned')).toBe('no-result-due')
  const clockAfter = (events: typeof returned, on: string) =>
    caseClocks(
      DEFAULT_CLOCKS,
      datedEvents(
        newCase('nis'),
        '2025-09-01',
        events.map(event => ({
          ...event,
          day: event.action === 'result-returned' ? '2025-10-10' : '2025-09-23',
        })),
      ),
      on,
      KOREAN_HOLIDAYS,
    ).flatMap(({ policy, state }) => (policy.id === 'kr-referral-result' ? [state] : []))
  expect(clockAfter(takenOver, '2025-10-10')).toEqual([])
  // The tenth day is the last of a week of holidays, and then a Friday that is none.
  expect(clockAfter(finished, '2025-10-10')).toMatchObject([
    { condition: 'running', started: '2025-09-23', due: { day: '2025-10-10' } },
  ])
  expect(clockAfter(returned, '2025-10-10')).toMatchObject([{ condition: 'met', stopped: '2025-10-10' }])
  // Reopened, another result is owed.
  const closed = [
    ...returned,
    did(police.investigator, 'outcome-reported', { code: 'prevented' }),
    did(police.supervisor, 'closed'),
    did(police.deputy, 'reopened', { code: 'mistake' }),
  ]
  expect(after(...closed).referral).toBe('taken-over')
})
