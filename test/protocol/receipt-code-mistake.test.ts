import { expect, test } from 'vitest'
import { cryptoReady } from '../../src/protocol/crypto.ts'
import { formatReceiptCode, receiptCode, receiptCodeToWords } from '../../src/protocol/receipt-code.ts'
import { receiptCodeMistake } from '../../src/protocol/receipt-code-mistake.ts'

await cryptoReady
const code = receiptCode(Uint8Array.from({ length: 16 }, (_, i) => i * 11))
const groups = formatReceiptCode(code)
const korean = receiptCodeToWords(code, 'ko').split(' ')
const english = receiptCodeToWords(code, 'en').split(' ')

test('a code that parses has no mistake, in any form', () => {
  for (const form of [
    groups,
    groups.toLowerCase().replaceAll('-', ' '),
    korean.join(' '),
    english.join(', '),
  ])
    expect(receiptCodeMistake(form)).toBeNull()
})

test('nothing at all', () => {
  expect(receiptCodeMistake(' \u200b\n')).toEqual({ kind: 'empty' })
})

test('a symbol that no code has is found in its group', () => {
  const typed = `${groups.slice(0, 10)}U${groups.slice(11)}`
  expect(receiptCodeMistake(typed)).toEqual({ kind: 'symbol', symbol: 'U', group: 3 })
})

test('symbols too few or too many are counted', () => {
  expect(receiptCodeMistake(groups.slice(0, -1))).toEqual({ kind: 'symbol-count', found: 27, expected: 28 })
  expect(receiptCodeMistake(`${groups}0`)).toEqual({ kind: 'symbol-count', found: 29, expected: 28 })
})

test('one symbol taken for another is a checksum', () => {
  const other = groups.startsWith('0') ? '1' : '0'
  expect(receiptCodeMistake(other + groups.slice(1))).toEqual({ kind: 'checksum', form: 'groups' })
})

test('a mistyped word is named, with the word that was meant', () => {
  const word = english[4] ?? ''
  const typed = english.with(4, `${word}x`).join(' ')
  expect(receiptCodeMistake(typed)).toEqual({ kind: 'word', word: `${word}x`, position: 5, near: word })
  const syllables = korean[2] ?? ''
  const mistyped = korean.with(2, `${syllables}뷁`).join(' ')
  expect(receiptCodeMistake(mistyped)).toMatchObject({ kind: 'word', position: 3, word: `${syllables}뷁` })
})

test('words missing, of two languages, or in another order', () => {
  expect(receiptCodeMistake(korean.slice(1).join(' '))).toEqual({
    kind: 'word-count',
    found: 11,
    expected: 12,
  })
  expect(receiptCodeMistake([...korean.slice(0, 6), ...english.slice(6)].join(' '))).toEqual({
    kind: 'languages',
  })
  expect(receiptCodeMistake(english.toReversed().join(' '))).toEqual({ kind: 'checksum', form: 'words' })
})

test('groups that were typed on a keyboard left in Korean are no words', () => {
  for (const typed of ['ㅍ5쎄-3몀-ㅏㅎㅏㅊ', '01냐', 'ㅁㅠㅊㅇ']) {
    expect([typed, receiptCodeMistake(typed)]).toEqual([typed, { kind: 'keyboard' }])
  }
  // Among words that exist it is one that was mistyped.
  expect(receiptCodeMistake(korean.with(1, 'ㅂ다').join(' '))).toMatchObject({ kind: 'word', position: 2 })
})
