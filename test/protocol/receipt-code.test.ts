import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as korean } from '@scure/bip39/wordlists/korean.js'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { cryptoReady } from '../../src/protocol/crypto.ts'
import {
  formatReceiptCode,
  generateReceiptCode,
  parseReceiptCode,
  receiptCode,
  receiptCodeToWords,
} from '../../src/protocol/receipt-code.ts'
import { processorMs } from '../support/processor-time.ts'
import { filled, hex, refusal } from './support.ts'

beforeAll(() => cryptoReady)

const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const code = receiptCode(hex('7f1b8e0a2c4d96f35a7710e4c3b2a190'))
const anyCode = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(receiptCode)

test('a code comes back from its groups and from its words in both languages', () => {
  fc.assert(
    fc.property(anyCode, given => {
      expect(parseReceiptCode(formatReceiptCode(given))).toEqual(given)
      expect(parseReceiptCode(receiptCodeToWords(given, 'ko'))).toEqual(given)
      expect(parseReceiptCode(receiptCodeToWords(given, 'en'))).toEqual(given)
    }),
  )
})

test('a code is seven groups of four symbols, or twelve words', () => {
  const group = '[0-9A-HJKMNP-TV-Z]{4}'
  expect(formatReceiptCode(code)).toMatch(new RegExp(`^${group}(-${group}){6}$`))
  expect(receiptCodeToWords(code, 'ko').split(' ')).toHaveLength(12)
  expect(receiptCodeToWords(code, 'en').split(' ')).toHaveLength(12)
})

test('case, spaces, dashes, O for 0 and I or L for 1 are forgiven', () => {
  const tricky = receiptCode(hex('00000000000842108421000000000000'))
  const text = formatReceiptCode(tricky)
  expect(text).toMatch(/0.*1/)
  const spellings = [
    text.toLowerCase(),
    text.replaceAll('-', ''),
    text.replaceAll('-', ' '),
    text.replaceAll('-', '\n'),
    text.replaceAll('-', ' – '),
    text.replaceAll('-', '\u2011'),
    text.replaceAll('-', '－'),
    text.replaceAll('-', '\u200b'),
    text.replaceAll('-', '\u00ad'),
    text.replaceAll('0', 'O').replaceAll('1', 'I'),
    text.replaceAll('0', 'o').replaceAll('1', 'l'),
    ` \t${text}\r\n`,
    `\ufeff${text}`,
  ]
  for (const spelling of spellings) expect(parseReceiptCode(spelling)).toEqual(tricky)
})

test('full-width letters and digits, as Korean keyboards write them, are forgiven', () => {
  const wide = (text: string) =>
    text.replace(/[!-~]/g, character => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
  expect(parseReceiptCode(wide(formatReceiptCode(code)))).toEqual(code)
  expect(parseReceiptCode(wide(receiptCodeToWords(code, 'en')).replaceAll(' ', '\u3000'))).toEqual(code)
})

test('words are read in capitals, composed or decomposed, with commas and spare spaces', () => {
  const [ko, en] = [receiptCodeToWords(code, 'ko'), receiptCodeToWords(code, 'en')]
  expect(ko).toBe(ko.normalize('NFC'))
  expect(ko.normalize('NFD')).not.toBe(ko)
  const spellings = [
    ko.normalize('NFD'),
    ko.normalize('NFKD'),
    ko.replaceAll(' ', '  '),
    ko.replaceAll(' ', '\n'),
    ko.replaceAll(' ', ', '),
    ko.replaceAll(' ', '、'),
    en.toUpperCase(),
    en.replaceAll(' ', ','),
    ` ${en}\n`,
    `\ufeff${en}`,
    en.replaceAll(' ', ' \u200b'),
  ]
  for (const spelling of spellings) expect(parseReceiptCode(spelling)).toEqual(code)
})

test('every word of both lists is its own, so no twelve words can be read twice', () => {
  const nfc = korean.map(word => word.normalize('NFC'))
  expect(new Set([...nfc, ...english]).size).toBe(4096)
})

test('twelve words can never be the symbols of a code', () => {
  const shortest = (list: readonly string[]) => Math.min(...list.map(word => word.length))
  expect(12 * shortest(english)).toBeGreaterThan(28)
  expect(12 * shortest(korean)).toBeGreaterThan(28)
})

test('any one mistyped symbol is noticed, but for one in a thousand', () => {
  const text = formatReceiptCode(code).replaceAll('-', '')
  let [missed, tried] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    for (const symbol of SYMBOLS) {
      if (symbol === text[at]) continue
      tried++
      if (refusal(() => parseReceiptCode(text.slice(0, at) + symbol + text.slice(at + 1))) === 'accepted')
        missed++
    }
  }
  expect(tried).toBe(28 * 31)
  expect(missed).toBeLessThan(5)
})

test('each code has one text: spare bits and the wrong checksum are refused', () => {
  const text = formatReceiptCode(code)
  const last = SYMBOLS.indexOf(text.replaceAll('-', '')[25] ?? '')
  expect(last % 4).toBe(0)
  for (const spare of [1, 2, 3]) {
    const changed = text.slice(0, 31) + SYMBOLS[last + spare] + text.slice(32)
    expect(refusal(() => parseReceiptCode(changed))).toBe('bad-receipt-code')
  }
})

test('what is no code is refused with one error', () => {
  const text = formatReceiptCode(code)
  const en = receiptCodeToWords(code, 'en').split(' ')
  const ko = receiptCodeToWords(code, 'ko').split(' ')
  const refused = [
    '',
    '-',
    text.slice(0, -1),
    `${text}0`,
    text.replace(/^./, 'U'),
    text.replace(/^./, '!'),
    text.replace(/^./, '가'),
    text.replace(/^./, '😀'),
    en.slice(0, 11).join(' '),
    [...en, en[0]].join(' '),
    [...en.slice(0, 11), ko[11]].join(' '),
    [en[1], en[0], ...en.slice(2)].join(' '),
    [...ko.slice(0, 11), ko[11] === '가격' ? '가끔' : '가격'].join(' '),
    [...en.slice(0, 11), 'bongsu'].join(' '),
    en.join(''),
    'constructor '.repeat(12),
  ]
  for (const [index, wrong] of refused.entries()) {
    expect(`${index} ${refusal(() => parseReceiptCode(wrong))}`).toBe(`${index} bad-receipt-code`)
  }
})

test('a pasted book is refused at once', () => {
  const book = '가나다 '.repeat(3_000_000)
  const parse = () => expect(refusal(() => parseReceiptCode(book))).toBe('bad-receipt-code')
  // To normalise it alone would take seconds.
  expect(processorMs(parse)).toBeLessThan(100)
})

test('a code has sixteen bytes, all of chance', () => {
  expect(generateReceiptCode(length => filled(length, 5))).toEqual(filled(16, 5))
  expect(refusal(() => receiptCode(filled(15, 0)))).toBe('bad-length')
})
