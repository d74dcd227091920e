import { afterAll, beforeAll, expect, test } from 'vitest'
import { prepareReport } from '../../src/client/index.ts'
import { reportContent } from '../../src/contract/content.ts'
import { SIZE_BUCKETS } from '../../src/protocol/envelope.ts'
import { LEAK_KINDS, TECHNOLOGY_FIELDS } from '../../src/protocol/taxonomy.ts'
import {
  chosenAgencies,
  contentOf,
  type Draft,
  EMPTY_DRAFT,
  excessBytes,
  isStarted,
  MAX_CONTENT_BYTES,
  QUESTION_IDS,
  withAnswer,
} from '../../src/web/report/answers.ts'
import { QUESTIONS } from '../../src/web/report/questions.ts'
import { typedOrigin } from '../../src/web/report/typed-origin.ts'
import { english } from '../../src/web/report/words/en.ts'
import { korean } from '../../src/web/report/words/ko.ts'
import { trustIn } from '../journeys/people.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const label = (id: string, code: string) => `${id}.${code}`

test('an unanswered question leaves nothing behind', () => {
  const draft = withAnswer(EMPTY_DRAFT, 'what', { text: '  무슨 일  ' })
  expect(contentOf(draft, 'ko', label)).toEqual({ version: 1, language: 'ko', what: '무슨 일' })
  expect(isStarted(EMPTY_DRAFT)).toBe(false)
  expect(isStarted(draft)).toBe(true)
})

test('choices without a code of the contract are written as lines, before the own words', () => {
  let draft = withAnswer(EMPTY_DRAFT, 'what', { text: 'x' })
  draft = withAnswer(draft, 'when', { codes: ['U1'], text: 'soon' })
  draft = withAnswer(draft, 'source', { codes: ['saw', 'told'], text: 'twice' })
  draft = { ...withAnswer(draft, 'excluded', { text: 'his cousin' }), refused: ['nis'] }
  expect(contentOf(draft, 'en', label)).toMatchObject({
    urgency: 'U1',
    when: 'soon',
    source: '· source.saw\n· source.told\ntwice',
    excluded: 'his cousin',
    notFor: ['nis'],
  })
})

test('every choice together with the longest text fits the contract', () => {
  for (const words of [korean, english]) {
    const draft = QUESTIONS.reduce<Draft>(
      (filled, { id, codes, choose, room }) =>
        withAnswer(filled, id, {
          codes: choose === 'one' ? codes.slice(0, 1) : codes,
          text: '가'.repeat(Math.min(room, 100_000)),
        }),
      { ...EMPTY_DRAFT, refused: Array.from({ length: 32 }, () => 'a'.repeat(32)) },
    )
    const choice = (id: (typeof QUESTION_IDS)[number], code: string) => {
      const choices: Readonly<Record<string, string>> = words.questions[id].choices
      return choices[code] ?? code
    }
    const content = contentOf(draft, 'ko', choice)
    expect(reportContent.safeParse(content).error).toBeUndefined()
  }
})

test('questions are asked once each, with codes of the taxonomy and words for every code', () => {
  expect(QUESTIONS.map(({ id }) => id)).toEqual(QUESTION_IDS)
  for (const { id, codes } of QUESTIONS) {
    if (id === 'field') expect(Object.keys(TECHNOLOGY_FIELDS)).toEqual(expect.arrayContaining([...codes]))
    else expect(Object.keys(english.questions[id].choices)).toEqual(codes)
  }
  expect(Object.keys(LEAK_KINDS)).toEqual(expect.arrayContaining(Object.keys(english.questions.kind.choices)))
})

test('what the form takes can be sealed, to the last byte', async () => {
  const trust = await trustIn(world)
  const content = { version: 1, language: 'ko', what: '' } as const
  const length = MAX_CONTENT_BYTES - JSON.stringify(content).length
  // Letters of one byte are stopped by their number before: two bytes each.
  const what = 'é'.repeat(Math.floor(length / 2))
  expect(excessBytes({ ...content, what })).toBe(0)
  expect(excessBytes({ ...content, what: `${what}é` })).toBeGreaterThan(0)
  const agencies = ['nis', 'police', 'sme-office', 'ip-police']
  const { submission } = await prepareReport(trust, { content: { ...content, what }, agencies })
  expect(submission.body.length).toBeGreaterThan(Math.max(...SIZE_BUCKETS))
})

test('four agencies at most, and none that was refused', () => {
  const recommended = ['a', 'b', 'c']
  expect(chosenAgencies(EMPTY_DRAFT, recommended)).toEqual(recommended)
  expect(chosenAgencies({ ...EMPTY_DRAFT, refused: ['b'] }, recommended)).toEqual(['a', 'c'])
  const many = { ...EMPTY_DRAFT, agencies: ['1', '2', '3', '4', '5'] }
  expect(chosenAgencies(many, recommended)).toEqual(['1', '2', '3', '4'])
})

test.each([
  ['https://report.example.kr', 'https://report.example.kr'],
  [' report.example.kr ', 'https://report.example.kr'],
  ['http://127.0.0.1:4080/', 'http://127.0.0.1:4080'],
  ['abcdef.onion', 'http://abcdef.onion'],
  ['https://report.example.kr/path', null],
  ['javascript:alert(1)', null],
  ['file:///etc/passwd', null],
  ['', null],
])('address %s', (text, origin) => {
  expect(typedOrigin(text)).toBe(origin)
})
