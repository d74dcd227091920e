// What is wrong with a receipt code that does not parse, so that whoever typed it can find the place.
import { ProtocolError } from './error.ts'
import {
  CODE_SYMBOLS,
  GROUP,
  isWord,
  parseReceiptCode,
  plainSymbols,
  plainWords,
  SYMBOLS,
  WORDLISTS,
  WORDS,
} from './receipt-code.ts'

export type ReceiptCodeMistake =
  | { readonly kind: 'empty' }
  /** A symbol that no code has; groups count from 1. */
  | { readonly kind: 'symbol'; readonly symbol: string; readonly group: number }
  | { readonly kind: 'symbol-count'; readonly found: number; readonly expected: number }
  /** A word that is in no list; `near` is the one that was probably meant. Positions count from 1. */
  | { readonly kind: 'word'; readonly word: string; readonly position: number; readonly near: string | null }
  | { readonly kind: 'word-count'; readonly found: number; readonly expected: number }
  /** Letters of Hangul that make no words: groups, typed on a keyboard that is set to Korean. */
  | { readonly kind: 'keyboard' }
  /** Korean and English words in one code. */
  | { readonly kind: 'languages' }
  /** Everything looks right, and the checksum does not fit: something was taken for something else. */
  | { readonly kind: 'checksum'; readonly form: 'groups' | 'words' }

/** Null for a code that parses. Nothing is asked of anybody to find that out. */
export function receiptCodeMistake(text: string): ReceiptCodeMistake | null {
  try {
    parseReceiptCode(text)
    return null
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const words = plainWords(text)
    if (words.length === 0) return { kind: 'empty' }
    return looksLikeWords(words) ? mistakeInWords(words) : mistakeInSymbols(plainSymbols(text))
  }
}

// Groups of four letters may happen to be words, but hardly half of them; and no group is Korean.
function looksLikeWords(words: readonly string[]): boolean {
  const known = words.filter(isWord).length
  return words.some(word => /\p{Script=Hangul}/u.test(word)) || (known >= 2 && known * 2 >= words.length)
}

// Two sets of Korean keys make letters without a syllable, and leave digits as they are; no word has either.
const isOfKeys = (word: string) =>
  /\p{Script=Hangul}/u.test(word) && /[\d\u1100-\u11ff]/.test(word.normalize('NFC'))

function mistakeInWords(words: readonly string[]): ReceiptCodeMistake {
  if (words.some(isOfKeys) && !words.some(isWord)) return { kind: 'keyboard' }
  const wrong = words.findIndex(word => !isWord(word))
  const word = words[wrong]
  if (word !== undefined) {
    return { kind: 'word', word: word.normalize('NFC'), position: wrong + 1, near: nearest(word) }
  }
  if (words.length !== WORDS) return { kind: 'word-count', found: words.length, expected: WORDS }
  const oneLanguage = Object.values(WORDLISTS).some(list => words.every(entry => list.includes(entry)))
  return oneLanguage ? { kind: 'checksum', form: 'words' } : { kind: 'languages' }
}

function mistakeInSymbols(symbols: string): ReceiptCodeMistake {
  const list = Array.from(symbols)
  const wrong = list.findIndex(symbol => !SYMBOLS.includes(symbol))
  const symbol = list[wrong]
  if (symbol !== undefined) return { kind: 'symbol', symbol, group: Math.floor(wrong / GROUP) + 1 }
  return list.length === CODE_SYMBOLS
    ? { kind: 'checksum', form: 'groups' }
    : { kind: 'symbol-count', found: list.length, expected: CODE_SYMBOLS }
}

/** Letters that may differ: one Hangul syllable is up to three. */
const MAX_DISTANCE = 2

function nearest(word: string): string | null {
  let best: string | null = null
  let distance = MAX_DISTANCE + 1
  for (const candidate of [...WORDLISTS.ko, ...WORDLISTS.en]) {
    if (Math.abs(candidate.length - word.length) >= distance) continue
    const found = editDistance(word, candidate)
    if (found >= distance) continue
    best = candidate
    distance = found
  }
  return best?.normalize('NFC') ?? null
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1]
    for (const [j, other] of Array.from(b).entries()) {
      const kept = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(kept, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
