import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as korean } from '@scure/bip39/wordlists/korean.js'
import { type Branded, H, type RandomBytes } from './crypto.ts'
import { expectLength } from './encoding.ts'
import { ProtocolError } from './error.ts'

/** 16 random bytes, made on the reporter's device and never sent. */
export type ReceiptCode = Branded<'receipt code'>

export type WordLanguage = 'ko' | 'en'

// Crockford's base32: no I, L, O, U.
export const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const DATA_SYMBOLS = 26
const CHECK_SYMBOLS = 2
export const GROUP = 4
export const WORDS = 12
export const CODE_SYMBOLS = DATA_SYMBOLS + CHECK_SYMBOLS
/** Far more than either form takes: a longer text was pasted by mistake. */
const MAX_TEXT = 1024
/** What copying from a page can leave: soft hyphens, zero-width characters, direction marks. */
const INVISIBLE = /\u00ad|[\u200b-\u200f]|\u2060|\ufeff/g
export const WORDLISTS: Readonly<Record<WordLanguage, string[]>> = { ko: korean, en: english }

export function receiptCode(bytes: Uint8Array): ReceiptCode {
  expectLength(bytes, 16)
  return bytes as ReceiptCode
}

export function generateReceiptCode(random: RandomBytes): ReceiptCode {
  return receiptCode(random(16))
}

/** Seven groups of four: 26 symbols of code (two spare bits zero), 2 of checksum. */
export function formatReceiptCode(code: ReceiptCode): string {
  const text = symbols(code, DATA_SYMBOLS) + checksum(code)
  return (text.match(new RegExp(`.{${GROUP}}`, 'g')) ?? []).join('-')
}

/** 12 BIP39 words; NFC, as people type and print them. */
export function receiptCodeToWords(code: ReceiptCode, language: WordLanguage): string {
  return entropyToMnemonic(code, WORDLISTS[language]).normalize('NFC')
}

/**
 * Reads either form. Case, spaces, hyphens and O/0, I/L/1 are forgiven in groups; case, commas, extra spaces
 * and decomposed Hangul in words; full-width characters and invisible ones in both. Throws
 * `bad-receipt-code`: nothing is sent to find that out.
 */
export function parseReceiptCode(text: string): ReceiptCode {
  if (text.length > MAX_TEXT) throw new ProtocolError('bad-receipt-code')
  const words = plainWords(text)
  return words.length === WORDS && words.every(isWord) ? fromWords(words) : fromSymbols(text)
}

/** Decomposed and in lower case, as the word lists have them. */
export function plainWords(text: string): string[] {
  return text
    .replace(INVISIBLE, '')
    .normalize('NFKD')
    .toLowerCase()
    .split(/[\s,、]+/)
    .filter(Boolean)
}

/** What is left of a code in groups once everything that is forgiven is taken away. */
export function plainSymbols(text: string): string {
  return text
    .replace(INVISIBLE, '')
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-\u2010-\u2015\u2212]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
}

// No text is both: twelve words have at least 36 letters, a code has 28 symbols.
export const isWord = (word: string) => WORDLISTS.ko.includes(word) || WORDLISTS.en.includes(word)

function fromWords(words: readonly string[]): ReceiptCode {
  for (const list of Object.values(WORDLISTS)) {
    if (!words.every(word => list.includes(word))) continue
    try {
      return receiptCode(mnemonicToEntropy(words.join(' '), list))
    } catch {
      break
    }
  }
  throw new ProtocolError('bad-receipt-code')
}

function fromSymbols(text: string): ReceiptCode {
  const plain = plainSymbols(text)
  const values = Array.from(plain, symbol => SYMBOLS.indexOf(symbol))
  if (values.length !== CODE_SYMBOLS || values.includes(-1)) {
    throw new ProtocolError('bad-receipt-code')
  }
  const bits = values
    .slice(0, DATA_SYMBOLS)
    .map(value => value.toString(2).padStart(5, '0'))
    .join('')
  if (!bits.endsWith('00')) throw new ProtocolError('bad-receipt-code')
  const code = receiptCode(
    Uint8Array.from({ length: 16 }, (_, i) => parseInt(bits.slice(8 * i, 8 * i + 8), 2)),
  )
  if (checksum(code) !== plain.slice(DATA_SYMBOLS)) throw new ProtocolError('bad-receipt-code')
  return code
}

function checksum(code: ReceiptCode): string {
  return symbols(H('code-check', code), CHECK_SYMBOLS)
}

/** The first `count` groups of five bits; zeros follow the last byte. */
function symbols(bytes: Uint8Array, count: number): string {
  const bits = Array.from(bytes, byte => byte.toString(2).padStart(8, '0'))
    .join('')
    .padEnd(count * 5, '0')
  return Array.from({ length: count }, (_, i) => SYMBOLS[parseInt(bits.slice(5 * i, 5 * i + 5), 2)]).join('')
}
