import { expect, test } from 'vitest'
import { reportContent } from '../../../src/contract/content.ts'
import { ANSWER_IDS, answersOf } from '../../../src/web/console/reading.ts'

const CONTENT = {
  version: 1,
  language: 'ko',
  what: '<b>도면</b>\u202e 을 가져갔습니다.\n\n끝 ',
  urgency: 'U1',
  kind: 'K02',
  field: 'F03',
  fear: '· 밝혀질까 봐',
} as const

const NAMES = new Map([['nis', { ko: '국가정보원', en: 'National Intelligence Service' }]])

test('answers by code are read in the reader’s language, whatever the report’s', () => {
  const read = (language: 'ko' | 'en') =>
    answersOf(CONTENT, language, NAMES).map(({ id, choice }) =>
      choice ? [id, choice.code, choice.label] : [id],
    )
  expect(read('en')).toEqual([
    ['what'],
    ['urgency', 'U1', 'within three days: departure, shipment, contract, deletion'],
    ['kind', 'K02', 'current insider taking or giving'],
    ['field', 'F03', 'secondary battery'],
    ['fear'],
  ])
  expect(read('ko')[2]).toEqual(['kind', 'K02', '재직자의 무단 반출·제공'])
})

test('what was written is passed on as it is', () => {
  expect(answersOf(CONTENT, 'en', NAMES)[0]).toMatchObject({ label: 'What happened', text: CONTENT.what })
})

test('agencies that must not get it are named as the directory names them, or by their id', () => {
  const excluded = { ...CONTENT, notFor: ['nis', 'gone'] }
  const read = answersOf(excluded, 'ko', NAMES).find(({ id }) => id === 'notFor')
  expect(read).toMatchObject({ label: '넘겨서는 안 되는 기관', text: '국가정보원\ngone' })
})

test('a code that this version does not know is shown as it is', () => {
  const [, kind] = answersOf({ version: 1, language: 'ko', what: '.', kind: 'K77' }, 'en', NAMES)
  expect(kind?.choice).toEqual({ code: 'K77', label: null })
  const [, odd] = answersOf({ version: 1, language: 'ko', what: '.', kind: 'toString' }, 'en', NAMES)
  expect(odd?.choice?.label).toBeNull()
})

test('every answer that a report may hold has a place', () => {
  const known = Object.keys(reportContent.shape).filter(name => name !== 'version' && name !== 'language')
  expect([...ANSWER_IDS].sort()).toEqual(known.sort())
})
