// A receipt code that is wrong: where, in both languages, and without showing what was typed unseen.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { cryptoReady } from '../../src/protocol/crypto.ts'
import {
  formatReceiptCode,
  parseReceiptCode,
  type ReceiptCode,
  receiptCodeToWords,
} from '../../src/protocol/receipt-code.ts'
import { createWorld, type World } from '../support/world.ts'
import { atTerminal, bongsu } from './run.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 })

/** One of those of which words in another order are no code: of sixteen, one such order is another code. */
const CODE = 'V5TD-3AGM-KGKC-MGDD-B0B4-ZFPV-N44K'

let world: World
let code: ReceiptCode
beforeAll(async () => {
  await cryptoReady
  world = await createWorld()
  code = parseReceiptCode(CODE)
})
afterAll(() => world.stop())

const typed = (input: string, ...more: string[]) =>
  bongsu(['status', '--server', world.reporterUrl, ...more], { input })

/** The first two change places; what is equal there would change nothing. */
const swapped = ([first = '', second = '', ...rest]: readonly string[]) => [second, first, ...rest]

/** What comes of the letters on a keyboard with two sets, left in Korean. */
const KOREAN_KEYS = Object.fromEntries(
  Array.from('QWERTYUIOPASDFGHJKLZXCVBNM', (key, i) => [
    key,
    Array.from('ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ')[i],
  ]),
)

function wrongCodes(): Record<string, readonly [input: string, english: string, korean: string]> {
  const groups = formatReceiptCode(code).split('-')
  const [english, korean] = [
    receiptCodeToWords(code, 'en').split(' '),
    receiptCodeToWords(code, 'ko').split(' '),
  ]
  return {
    nothing: [' \n', 'Nothing came in.', '입력된 것이 없습니다.'],
    'a group too few': [
      groups.slice(1).join('-'),
      '28 letters and digits; here are 24.',
      '28자인데 24자입니다.',
    ],
    'a symbol that none has': [groups.with(2, 'AB*D').join('-'), 'Group 3 has', '3번째 묶음에'],
    'a symbol for another': [
      groups.with(6, groups[6] === 'AAAA' ? 'BBBB' : 'AAAA').join('-'),
      'The length is right',
      '길이는 맞지만',
    ],
    'words in another order': [swapped(english).join(' '), 'Is the order right', '순서가 맞는지'],
    'Korean words in another order': [swapped(korean).join(' '), 'Is the order right', '순서가 맞는지'],
    'a word too few': [english.slice(1).join(' '), '12 words; here are 11.', '12개인데 11개입니다.'],
    'a word that is none': [korean.with(3, '없는낱말').join(' '), 'Word 4 is in no list.', '4번째 낱말이'],
    'two languages': [[...english.slice(0, 6), ...korean.slice(6)].join(' '), 'are mixed', '섞여 있습니다'],
    'groups on a Korean keyboard': [
      Array.from(CODE, key => KOREAN_KEYS[key] ?? key).join(''),
      'the keyboard is set to Korean',
      '자판이 한글 상태',
    ],
  }
}

test('a wrong code is told apart by what is wrong with it, and not repeated', async () => {
  for (const [what, [input, english, korean]] of Object.entries(wrongCodes())) {
    const [en, ko] = await Promise.all([typed(input), typed(input, '--lang', 'ko')])
    expect([what, en.code, en.err]).toEqual([what, 2, expect.stringContaining(english)])
    expect([what, ko.code, ko.err]).toEqual([what, 2, expect.stringContaining(korean)])
    const said = `${en.out}${en.err}${ko.out}${ko.err}`
    const parts = input
      .trim()
      .split(/[\s-]+/)
      .filter(part => part.length > 3)
    expect([what, parts.filter(part => said.includes(part))]).toEqual([what, []])
  }
})

test('programs get the same, under one kind', async () => {
  const { json } = await typed('ABCD-EFGH', '--json')
  expect(json).toEqual({
    error: { kind: 'bad-receipt-code', detail: 'A code has 28 letters and digits; here are 8.', exit: 2 },
  })
})

test('a code in small or full-width letters, with spaces for hyphens and around it, is the code', async () => {
  const text = formatReceiptCode(code)
  const wide = text.replace(/[!-~]/g, symbol => String.fromCharCode(symbol.charCodeAt(0) + 0xfee0))
  const words = receiptCodeToWords(code, 'ko')
  for (const input of [
    text.toLowerCase(),
    ` ${text.replaceAll('-', ' ')} \r\n`,
    wide,
    words.replaceAll(' ', '　'),
  ]) {
    // Nothing was sent under it: that is found out only with a code.
    expect((await typed(input, '--json')).json).toMatchObject({ error: { kind: 'not-found' } })
  }
})

test('a code under which nothing was sent here is told in words for whoever holds it', async () => {
  const en = await typed(formatReceiptCode(code))
  const ko = await typed(formatReceiptCode(code), '--lang', 'ko')
  expect([en.code, en.err]).toEqual([
    1,
    expect.stringContaining('Check the code or the case, and the address'),
  ])
  expect([ko.code, ko.err]).toEqual([1, expect.stringContaining('코드나 사건 번호, 서비스 주소를 확인해')])
})

test('twelve words that are pasted in several lines are one code, none of which is shown or left to the shell', async () => {
  const words = receiptCodeToWords(code, 'en').split(' ')
  const lines = [words.slice(0, 6).join(' '), words.slice(6).join(' ')].join('\n')
  const { said, code: exit } = await atTerminal(
    ['status', '--server', world.reporterUrl],
    lines,
    'while you type',
  )
  expect([exit, said]).toEqual([1, expect.stringContaining('There is nothing here for you.')])
  expect(words.filter(word => said.includes(word) && word !== 'report')).toEqual([])
})

test('who gives a code as an argument is told that it is in the history of the shell now', async () => {
  const groups = formatReceiptCode(code)
  const inWords = receiptCodeToWords(code, 'ko').split(' ')
  for (const given of [
    [groups],
    groups.toLowerCase().split('-'),
    inWords,
    ['--code-file', 'x', groups],
    ['--code-file', groups],
  ]) {
    const [en, ko] = await Promise.all(['en', 'ko'].map(lang => bongsu(['status', ...given, '--lang', lang])))
    expect([given, en?.code, en?.err]).toEqual([
      given,
      2,
      expect.stringContaining('keeps what was typed there'),
    ])
    expect([given, ko?.code, ko?.err]).toEqual([given, 2, expect.stringContaining('명령 기록에 남았습니다')])
    expect(`${en?.err}${ko?.err}`).not.toContain(given.at(-1))
  }
  expect((await bongsu(['status', 'nonsense'])).err).not.toContain('keeps what was typed there')
})
