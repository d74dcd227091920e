// Templates that ask for nobody's name, and the check that warns where a reply does.
import { describe, expect, test } from 'vitest'
import { REPLY_TEMPLATES } from '../../../src/web/console/asking.ts'
import { identifyingPassages } from '../../../src/web/console/identifying.ts'
import { processorMs } from '../../support/processor-time.ts'

const found = (text: string) =>
  identifyingPassages(text).map(({ kind, weight, start, end }) => [kind, weight, text.slice(start, end)])
const kinds = (text: string) => [...new Set(identifyingPassages(text).map(({ kind }) => kind))]

describe.each(['ko', 'en'] as const)('templates in %s', language => {
  test.each(REPLY_TEMPLATES.map(({ id, text }) => [id, text[language]]))(
    '%s asks nobody who they are',
    (_id, text) => {
      expect(found(text)).toEqual([])
      expect(text.length).toBeGreaterThan(80)
    },
  )
})

test.each([
  ['성함을 알려 주세요.', 'name'],
  ['실명이 어떻게 되시나요?', 'name'],
  ['연락처를 남겨 주시면 전화드리겠습니다.', 'contact'],
  ['휴대폰 번호나 이메일이 있으신가요?', 'contact'],
  ['어느 부서에서 근무하시는지 궁금합니다.', 'workplace'],
  ['소속이 어디이신가요?', 'workplace'],
  ['직급을 적어 주십시오.', 'position'],
  ['입사하신 지 얼마나 되셨나요?', 'position'],
  ['사번을 확인해 주세요.', 'number'],
  ['주민등록번호 앞자리를 보내 주세요.', 'number'],
  ['누구신지 말씀해 주시겠습니까?', 'who'],
  ['신원을 확인해야 합니다.', 'who'],
  ['생년월일이 필요합니다.', 'person'],
  ['사시는 곳이 어디인가요?', 'address'],
  ['한번 만나 뵐 수 있을까요?', 'meeting'],
  ['Who are you?', 'who'],
  ['Please tell us your full name.', 'name'],
  ['What is your phone number?', 'contact'],
  ['Could you give us an e-mail address?', 'contact'],
  ['Which department do you work in?', 'workplace'],
  ['Where do you work?', 'workplace'],
  ['What is your job title?', 'position'],
  ['Please send your employee number.', 'number'],
  ['We need your date of birth.', 'person'],
  ['Where do you live?', 'address'],
  ['Could we meet in person?', 'meeting'],
] as const)('%s → %s', (text, kind) => {
  expect(kinds(text)).toContain(kind)
  expect(identifyingPassages(text).every(({ weight }) => weight === 'asks')).toBe(true)
})

test.each([
  '성함이나 연락처는 적지 마세요.',
  '누구이신지 밝히지 않으셔도 됩니다.',
  '사번은 필요 없습니다.',
  'Please do not write your name or phone number.',
  'There is no need to say who you are.',
  '어떤 자료가 언제쯤 나갔는지 대략 적어 주세요.',
  'Roughly when did the material leave?',
  '파일의 종류와 대략의 크기를 알려 주세요.',
])('nothing in: %s', text => {
  expect(found(text)).toEqual([])
})

test('what is not asked for is only mentioned', () => {
  expect(found('그 부서의 서버를 살펴보았습니다.')).toEqual([['workplace', 'mentions', '부서']])
})

test('one sentence that forbids does not excuse the next', () => {
  expect(kinds('이름은 적지 마세요. 연락처를 알려 주세요.')).toEqual(['contact'])
})

test('places are those of the text, in order', () => {
  const text = '안녕하세요.\n성함과 사번을 알려 주세요.'
  expect(found(text)).toEqual([
    ['name', 'asks', '성함'],
    ['number', 'asks', '사번'],
  ])
})

test('512 KiB are read through at once', () => {
  const readAll = () => {
    for (const unit of ['가', 'a ', '성함 ', 'who ', '몇 ', '.'])
      identifyingPassages(unit.repeat(Math.ceil((512 * 1024) / unit.length)))
  }
  expect(processorMs(readAll)).toBeLessThan(10_000)
})
