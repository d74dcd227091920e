// Vectors of clocks and holidays: what a directory says, and what each clock shows after events, on a day.
import { clockStates, type DatedEvent } from '../src/protocol/clock-state.ts'
import { type ClockPolicy, clockEntry } from '../src/protocol/clocks.ts'
import { DEFAULT_CLOCKS } from '../src/protocol/default-clocks.ts'
import { type HolidayTable, KOREAN_HOLIDAYS } from '../src/protocol/holidays.ts'
import type { CalendarRule, PeriodUnit } from '../src/protocol/periods.ts'

const HOLIDAYS: HolidayTable = {
  ...KOREAN_HOLIDAYS,
  until: '2027-12-31',
  days: KOREAN_HOLIDAYS.days.filter(day => day <= '2027-12-31'),
}

const [PETITION] = DEFAULT_CLOCKS.filter(({ id }) => id === 'kr-petition')
if (!PETITION) throw new Error('no such clock')
const OF_DIRECTORY = DEFAULT_CLOCKS.filter(({ id }) =>
  ['eu-feedback', 'kr-assessment', 'kr-petition', 'assessment-start'].includes(id),
)

/** Each rule with each unit, from an event to another. */
const plain = (length: number, unit: PeriodUnit, rule: CalendarRule): ClockPolicy => ({
  id: `${rule}-${length}-${unit}`,
  names: { ko: `${length}`, en: `${length} ${unit}` },
  basis: rule,
  force: 'target',
  duty: 'agency',
  starts: ['received'],
  stops: ['closed'],
  period: { length, unit, rule },
  extension: null,
  pause: null,
  escalation: [
    { after: 0, to: 'handler' },
    { after: 3, to: 'auditor' },
  ],
})

const PLAIN = [
  plain(10, 'days', 'calendar'),
  plain(1, 'months', 'calendar'),
  plain(10, 'days', 'kr-civil'),
  plain(2, 'weeks', 'kr-civil'),
  plain(1, 'months', 'kr-civil'),
  plain(1, 'years', 'kr-civil'),
  plain(5, 'days', 'kr-working'),
  plain(5, 'days', 'kr-petition'),
  plain(6, 'days', 'kr-petition'),
  plain(1, 'months', 'kr-petition'),
]

interface Asked {
  readonly clock: string
  readonly events: readonly DatedEvent[]
  readonly on: string
}

const happened = (text: string): DatedEvent[] =>
  text.split(', ').map(entry => {
    const [day = '', kind = ''] = entry.split(' ')
    return { kind, day }
  })

const REGISTERED = '2026-09-17 received, 2026-09-18 acknowledged, 2026-09-21 petition-registered'
const ASKED: readonly Asked[] = [
  ...PLAIN.flatMap(({ id }) =>
    ['2026-01-29', '2026-01-31', '2026-09-18', '2027-12-20'].map(day => ({
      clock: id,
      events: [{ kind: 'received', day }],
      on: day < '2027' ? '2026-10-12' : '2028-03-01',
    })),
  ),
  ...[
    REGISTERED,
    `${REGISTERED}, 2026-09-28 petition-extended`,
    `${REGISTERED}, 2026-10-12 petition-extended`,
    `${REGISTERED}, 2026-09-22 information-requested`,
    `${REGISTERED}, 2026-09-22 information-requested, 2026-09-30 information-received`,
    `${REGISTERED}, 2026-09-22 information-requested, 2026-09-30 information-received, 2026-10-01 outcome-reported`,
    `${REGISTERED}, 2026-10-14 outcome-reported`,
  ].flatMap(text =>
    ['2026-09-30', '2026-10-30'].map(on => ({ clock: 'kr-petition', events: happened(text), on })),
  ),
  {
    clock: 'kr-assessment',
    events: happened('2026-07-01 received, 2026-07-02 acknowledged'),
    on: '2026-08-29',
  },
  {
    clock: 'kr-assessment',
    events: happened('2026-07-01 received, 2026-08-20 assessment-extended, 2026-08-28 assessment-extended'),
    on: '2026-10-10',
  },
  {
    clock: 'eu-feedback',
    events: happened('2026-11-30 received, 2027-02-20 feedback-given, 2027-03-01 outcome-reported'),
    on: '2027-03-02',
  },
  {
    clock: 'assessment-start',
    events: happened('2026-09-23 received, 2026-09-23 acknowledged, 2026-10-02 assessment-started'),
    on: '2026-10-12',
  },
]

export function clockVectors() {
  const policies = [...OF_DIRECTORY, ...PLAIN]
  const [sample] = PLAIN
  if (!sample) throw new Error('no clock')
  const entry = clockEntry(sample)
  return {
    clocks: policies.map(clockEntry),
    holidays: HOLIDAYS,
    runs: ASKED.map(({ clock, events, on }) => ({
      clock,
      events,
      on,
      states: policies
        .filter(({ id }) => id === clock)
        .flatMap(policy => clockStates(policy, events, on, HOLIDAYS))
        .map(({ clock: _, ...state }) => state),
    })),
    refused: refusedClocks(entry),
    holidaysRefused: refusedTables(),
  }
}

const refusedClocks = (entry: object) =>
  [
    { why: 'an id with a space', clock: { ...entry, id: 'a b' } },
    { why: 'an id of 65 characters', clock: { ...entry, id: 'a'.repeat(65) } },
    { why: 'no Korean name', clock: { ...entry, names: { en: 'a' } } },
    { why: 'an unknown force', clock: { ...entry, force: 'custom' } },
    { why: 'nothing that starts it', clock: { ...entry, starts: [] } },
    { why: 'a kind twice', clock: { ...entry, stops: ['closed', 'closed'] } },
    { why: 'working weeks', clock: { ...entry, period: { length: 1, unit: 'weeks', rule: 'kr-working' } } },
    { why: 'a length of none', clock: { ...entry, period: { length: 0, unit: 'days', rule: 'calendar' } } },
    { why: '11 years', clock: { ...entry, period: { length: 11, unit: 'years', rule: 'calendar' } } },
    { why: '13 extensions', clock: { ...entry, extension: { on: 'longer', length: 1, times: 13 } } },
    { why: 'an extension that is null', clock: { ...entry, extension: null } },
    {
      why: 'a pause of 367 days',
      clock: { ...entry, pause: { from: 'a', until: ['b'], days: 367, times: 1 } },
    },
    {
      why: 'steps out of order',
      clock: {
        ...entry,
        escalation: [
          { after: 0, to: 'auditor' },
          { after: 3, to: 'handler' },
        ],
      },
    },
  ].map(refused => ({ ...refused, error: 'bad-document' }))

const refusedTables = () =>
  [
    { why: 'days out of order', holidays: { ...HOLIDAYS, days: ['2026-05-05', '2026-05-01'] } },
    { why: 'a day twice', holidays: { ...HOLIDAYS, days: ['2026-05-05', '2026-05-05'] } },
    { why: 'a day behind its end', holidays: { ...HOLIDAYS, days: ['2028-01-01'] } },
    { why: 'no day', holidays: { ...HOLIDAYS, days: ['2026-02-30'] } },
    { why: 'an end before its begin', holidays: { ...HOLIDAYS, until: '2024-12-31', days: [] } },
  ].map(refused => ({ ...refused, error: 'bad-document' }))
