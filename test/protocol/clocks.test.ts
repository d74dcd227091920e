import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayAt, dayNumber } from '../../src/protocol/calendar.ts'
import { type ClockState, clockStates, type DatedEvent } from '../../src/protocol/clock-state.ts'
import { type ClockPolicy, clockEntry, parseClocks } from '../../src/protocol/clocks.ts'
import { DEFAULT_CLOCKS } from '../../src/protocol/default-clocks.ts'
import { KOREAN_HOLIDAYS } from '../../src/protocol/holidays.ts'
import { refusal } from './support.ts'

function clock(id: string): ClockPolicy {
  const found = DEFAULT_CLOCKS.find(policy => policy.id === id)
  if (!found) throw new Error(id)
  return found
}

/** `received 2026-11-23, acknowledged 2026-11-25` */
const story = (text: string): DatedEvent[] =>
  text.split(', ').map(event => {
    const [kind = '', day = ''] = event.split(' ')
    return { kind, day }
  })

const statesOf = (id: string, text: string, on: string) =>
  clockStates(clock(id), story(text), on, KOREAN_HOLIDAYS)

function stateOf(id: string, text: string, on: string): ClockState {
  const [state, ...more] = statesOf(id, text, on)
  if (!state || more.length > 0) throw new Error(`${more.length} more`)
  return state
}

const dueOf = ({ due }: ClockState) => (due.known ? due.day : `not before ${due.notBefore}`)

test.each([
  // The acknowledgement: seven days by the calendar.
  ['eu-acknowledgement', 'received 2026-11-23', '2026-11-23', 'running', '2026-11-30', 7],
  ['eu-acknowledgement', 'received 2026-11-23', '2026-11-30', 'running', '2026-11-30', 0],
  ['eu-acknowledgement', 'received 2026-11-23', '2026-12-01', 'missed', '2026-11-30', -1],
  [
    'eu-acknowledgement',
    'received 2026-11-23, acknowledged 2026-11-30',
    '2027-06-01',
    'met',
    '2026-11-30',
    null,
  ],
  [
    'eu-acknowledgement',
    'received 2026-11-23, acknowledged 2026-12-01',
    '2026-12-01',
    'missed',
    '2026-11-30',
    null,
  ],
  // What comes later than the day asked about is not known on it.
  [
    'eu-acknowledgement',
    'received 2026-11-23, acknowledged 2026-11-25',
    '2026-11-24',
    'running',
    '2026-11-30',
    6,
  ],
  // Three months, and six.
  ['eu-feedback', 'received 2026-11-30', '2026-11-30', 'running', '2027-02-28', 90],
  [
    'eu-feedback',
    'received 2026-11-30, feedback-extended 2027-02-28',
    '2027-03-01',
    'running',
    '2027-05-30',
    90,
  ],
  [
    'eu-feedback',
    'received 2026-11-30, feedback-extended 2027-03-01',
    '2027-03-01',
    'missed',
    '2027-02-28',
    -1,
  ],
  // Sixty days and thirty more by the Civil Act.
  ['kr-assessment', 'received 2026-06-18', '2026-08-17', 'running', '2026-08-18', 1],
  ['kr-assessment', 'received 2026-06-18, accepted 2026-08-18', '2026-08-18', 'met', '2026-08-18', null],
  [
    'kr-assessment',
    'received 2026-06-18, assessment-extended 2026-08-18',
    '2026-08-18',
    'running',
    '2026-09-16',
    29,
  ],
  [
    'kr-assessment',
    'received 2026-06-18, assessment-extended 2026-08-19',
    '2026-08-19',
    'missed',
    '2026-08-18',
    -1,
  ],
  // 90 days end on Chuseok's eve; and what asks for information does not pause an outer bound.
  [
    'kr-assessment',
    'received 2026-06-26, assessment-extended 2026-07-01',
    '2026-07-01',
    'running',
    '2026-09-28',
    89,
  ],
  [
    'kr-assessment',
    'received 2026-06-18, information-requested 2026-07-01',
    '2026-07-02',
    'running',
    '2026-08-18',
    47,
  ],
  // Ten days over seven days of rest.
  ['kr-referral-result', 'investigation-finished 2025-09-23', '2025-10-02', 'running', '2025-10-10', 8],
  ['kr-objection', 'outcome-read 2027-01-30', '2027-02-06', 'running', '2027-02-10', 4],
  ['kr-objection-answer', 'objected 2027-10-26', '2027-12-24', 'running', '2027-12-28', 4],
  ['kr-petition', 'petition-registered 2026-11-23', '2026-11-23', 'running', '2026-12-01', 8],
  ['assessment-start', 'acknowledged 2026-11-26', '2026-11-26', 'running', '2026-12-01', 5],
])('%s: %s; on %s it is %s, due %s', (id, text, on, condition, due, left) => {
  const state = stateOf(id, text, on)
  expect([state.condition, dueOf(state), state.daysLeft]).toEqual([condition, due, left])
})

const REQUESTED = 'petition-registered 2026-11-23, information-requested 2026-11-25'

test.each([
  // Counted: 23, 24; left out: 25 to the answer, both included; five more working days.
  [REQUESTED, '2026-11-25', 'paused', '2026-12-02'],
  [REQUESTED, '2026-11-30', 'paused', '2026-12-07'],
  [`${REQUESTED}, information-received 2026-11-27`, '2026-11-27', 'running', '2026-12-04'],
  [`${REQUESTED}, information-received 2026-11-25`, '2026-11-25', 'running', '2026-12-02'],
  // Unanswered, the pause ends after 30 days by itself: 26 December, then 28 to 31 and 4 January.
  [REQUESTED, '2026-12-25', 'paused', '2027-01-04'],
  [REQUESTED, '2026-12-26', 'running', '2027-01-04'],
  [REQUESTED, '2027-01-05', 'missed', '2027-01-04'],
  // A request on the due day still pauses; one after it does not.
  ['petition-registered 2026-11-23, information-requested 2026-12-01', '2026-12-01', 'paused', '2026-12-02'],
  ['petition-registered 2026-11-23, information-requested 2026-12-02', '2026-12-02', 'missed', '2026-12-01'],
  // Only two requests count.
  [
    'petition-registered 2026-11-23, information-requested 2026-11-24, information-received 2026-11-24, information-requested 2026-11-25, information-received 2026-11-25, information-requested 2026-11-26',
    '2026-11-26',
    'running',
    '2026-12-03',
  ],
  [`${REQUESTED}, information-lapsed 2026-11-27`, '2026-11-27', 'running', '2026-12-04'],
  [`${REQUESTED}, outcome-reported 2026-12-01`, '2026-12-03', 'met', '2026-12-08'],
])('with a pause, %s: on %s it is %s, due %s', (text, on, condition, due) => {
  const state = stateOf('kr-petition', text, on)
  expect([state.condition, dueOf(state)]).toEqual([condition, due])
})

test('an extension counts once, and only until the due day', () => {
  const text = 'received 2026-06-18, assessment-extended 2026-07-01, assessment-extended 2026-07-02'
  expect(stateOf('kr-assessment', text, '2026-07-02')).toMatchObject({ extended: 1 })
  expect(stateOf('kr-assessment', 'received 2026-06-18', '2026-07-02')).toMatchObject({ extended: 0 })
})

test('a longer period is counted as the period was set: three days and three more stay in hours', () => {
  const policy = {
    ...clock('kr-petition'),
    period: { length: 3, unit: 'days', rule: 'kr-petition' },
    extension: { on: 'petition-extended', length: 3, times: 1 },
  } as const
  const events = story('petition-registered 2026-11-23, petition-extended 2026-11-24')
  const [state] = clockStates(policy, events, '2026-11-24', KOREAN_HOLIDAYS)
  expect(state && dueOf(state)).toBe('2026-12-01')
})

test('each start runs by itself, and the next stop ends it', () => {
  const text =
    'information-requested 2026-01-05, information-received 2026-01-05, information-requested 2026-01-05'
  const [first, second] = statesOf('supplement', text, '2026-02-05')
  expect(first).toMatchObject({ condition: 'met', stopped: '2026-01-05' })
  expect(second).toMatchObject({ condition: 'missed', stopped: null, escalated: [] })
  expect(statesOf('supplement', 'received 2026-01-05', '2026-02-05')).toEqual([])
})

test('a clock that is missed climbs, and an action ends the climb', () => {
  const escalated = (on: string, more = '') =>
    stateOf('eu-acknowledgement', `received 2026-11-23${more}`, on).escalated
  expect(escalated('2026-11-30')).toEqual([])
  expect(escalated('2026-12-01')).toEqual(['handler', 'supervisor'])
  expect(escalated('2026-12-07')).toEqual(['handler', 'supervisor'])
  expect(escalated('2026-12-08')).toEqual(['handler', 'supervisor', 'auditor'])
  expect(escalated('2026-12-31')).toEqual(['handler', 'supervisor', 'auditor', 'yearly-figure'])
  expect(escalated('2026-12-31', ', acknowledged 2026-12-30')).toEqual([])
})

test('beyond the holiday table a clock says that it does not know', () => {
  const text = 'investigation-finished 2028-12-25'
  const running = stateOf('kr-referral-result', text, '2029-01-04')
  expect(running).toMatchObject({ condition: 'running', daysLeft: null })
  expect(dueOf(running)).toBe('not before 2029-01-04')
  expect(stateOf('kr-referral-result', text, '2029-01-05')).toMatchObject({
    condition: 'unknown',
    escalated: [],
  })
  const stopped = (day: string) =>
    stateOf('kr-referral-result', `${text}, result-returned ${day}`, '2029-02-01')
  expect(stopped('2029-01-04').condition).toBe('met')
  expect(stopped('2029-01-05').condition).toBe('unknown')
})

const kindsOf = ({ starts, stops, extension, pause }: ClockPolicy) => [
  ...starts,
  ...stops,
  ...(extension ? [extension.on] : []),
  ...(pause ? [pause.from, ...pause.until] : []),
]
// A few months, so that what happens falls within periods.
const day = fc.integer({ min: dayNumber('2026-08-01'), max: dayNumber('2027-03-01') }).map(dayAt)
const inOrder = (list: readonly DatedEvent[]) => [...list].sort((a, b) => dayNumber(a.day) - dayNumber(b.day))
const eventsOf = (kinds: readonly string[]) =>
  fc.array(fc.record({ kind: fc.constantFrom(...kinds), day }), { maxLength: 12 }).map(inOrder)
/** A clock, and a story of its own kinds of event. */
const told = fc
  .constantFrom(...DEFAULT_CLOCKS)
  .chain(given => fc.tuple(fc.constant(given), eventsOf(kindsOf(given))))
const anything = eventsOf([...new Set(DEFAULT_CLOCKS.flatMap(kindsOf))])
const show = (given: ClockPolicy, list: readonly DatedEvent[], on: string) =>
  clockStates(given, list, on, KOREAN_HOLIDAYS)

test('what a clock does not name cannot change what it shows', () => {
  fc.assert(
    fc.property(told, anything, day, ([given, list], others, on) => {
      const named = kindsOf(given)
      const foreign = others.filter(event => !named.includes(event.kind))
      const mixed = inOrder([...list, ...foreign])
      expect(show(given, mixed, on)).toEqual(show(given, list, on))
    }),
  )
})

test('as days pass, a due day never moves back, and what was met or missed stays so', () => {
  fc.assert(
    fc.property(told, day, fc.integer({ min: 0, max: 60 }), ([given, list], on, later) => {
      const before = show(given, list, on)
      const after = show(given, list, dayAt(dayNumber(on) + later))
      before.forEach((state, i) => {
        const next = after[i]
        if (!next) throw new Error('a run is gone')
        expect(dueOf(next) >= dueOf(state)).toBe(true)
        if (state.condition === 'met' || state.condition === 'missed')
          expect(next.condition).toBe(state.condition)
      })
    }),
  )
})

test('a condition fits its due day', () => {
  fc.assert(
    fc.property(told, day, ([given, list], on) => {
      for (const { condition, stopped, due, daysLeft, escalated } of show(given, list, on)) {
        if (!due.known) throw new Error('the table reaches this far')
        expect((stopped ?? on) > due.day).toBe(condition === 'missed')
        expect(daysLeft === null).toBe(stopped !== null)
        if (condition !== 'missed') expect(escalated).toEqual([])
        if (condition === 'paused') expect(given.pause).not.toBe(null)
      }
    }),
  )
})

test('clocks are read as they were written', () => {
  const document = JSON.parse(JSON.stringify({ clocks: DEFAULT_CLOCKS.map(clockEntry) }))
  expect(parseClocks(document)).toEqual(DEFAULT_CLOCKS)
  expect(parseClocks({ clocks: [] })).toEqual([])
})

test('no other shape is read', () => {
  const whole = JSON.parse(JSON.stringify(clockEntry(clock('kr-petition'))))
  expect(refusal(() => parseClocks({ clocks: [whole] }))).toBe('accepted')
  const period = (change: object) => ({ ...whole, period: { ...whole.period, ...change } })
  const pause = (change: object) => ({ ...whole, pause: { ...whole.pause, ...change } })
  const extension = (change: object) => ({ ...whole, extension: { ...whole.extension, ...change } })
  const wrong = [
    ...Object.keys(whole)
      .filter(member => member !== 'pause' && member !== 'extension')
      .map(member => ({ ...whole, [member]: undefined })),
    { ...whole, id: 'Kr Petition' },
    { ...whole, names: { ko: '고충민원' } },
    { ...whole, force: 'custom' },
    { ...whole, duty: 'operator' },
    { ...whole, starts: [] },
    { ...whole, stops: ['closed', 'closed'] },
    { ...whole, starts: ['a'.repeat(65)] },
    { ...whole, extension: null },
    period({ rule: 'lunar' }),
    period({ rule: 'kr-working', unit: 'months' }),
    period({ unit: 'hours' }),
    period({ length: 0 }),
    period({ length: 1.5 }),
    period({ length: 3661 }),
    period({ length: 11, unit: 'years' }),
    extension({ times: 13 }),
    extension({ length: 0 }),
    extension({ on: '' }),
    pause({ days: 367 }),
    pause({ times: 0 }),
    pause({ until: 'closed' }),
    pause({ until: ['Answered'] }),
    { ...whole, escalation: [{ after: -1, to: 'handler' }] },
    { ...whole, escalation: [{ after: 0, to: 'minister' }] },
    {
      ...whole,
      escalation: [
        { after: 3, to: 'handler' },
        { after: 0, to: 'supervisor' },
      ],
    },
    {
      ...whole,
      escalation: [
        { after: 0, to: 'auditor' },
        { after: 3, to: 'handler' },
      ],
    },
  ]
  for (const content of wrong)
    expect([content, refusal(() => parseClocks({ clocks: [content] }))]).toEqual([content, 'bad-document'])
  expect(refusal(() => parseClocks({ clocks: [whole, whole] }))).toBe('bad-document')
  expect(refusal(() => parseClocks({}))).toBe('bad-document')
})
