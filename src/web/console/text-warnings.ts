// What is odd in a text that a stranger wrote: what may mislead a reader, or harm who follows it. Places are UTF-16
// offsets into the text as it came.
import { neutralise } from '../page/untrusted-text.ts'

export type WarningKind =
  /** Do not follow it from this machine: whoever made it learns who looked, and when. */
  | 'link'
  /** Turns the reading direction: what is shown is not what is written. */
  | 'direction'
  | 'control'
  /** Cannot be seen. */
  | 'invisible'
  /** One word in letters of two scripts that look alike. */
  | 'look-alike'
  /** Marks piled upon a letter, over the lines around it. */
  | 'piled-marks'
  | 'long-line'

export interface TextWarning {
  readonly kind: WarningKind
  readonly start: number
  /** Behind the last character. */
  readonly end: number
}

export interface TextWarnings {
  readonly warnings: readonly TextWarning[]
  /** How many more there are than are listed. */
  readonly more: number
}

/** More than anybody reads, less than a page is slow with. */
const MAX_WARNINGS = 500
const LONG_LINE = 2000

// Every repetition has a bound: half a mebibyte of anything takes no longer than another half.
const PATTERNS: readonly (readonly [WarningKind, RegExp])[] = [
  ['direction', /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu],
  ['control', /(?![\t\n\r])[\p{Cc}\p{Cs}\u2028\u2029]+|\r(?!\n)/gu],
  [
    'invisible',
    /(?:\u034f|[\u00ad\u115f\u1160\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e007f}])+/gu,
  ],
  ['piled-marks', /\p{M}{4,}/gu],
  ['link', /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s<>"'）)]{1,2000}/giu],
  ['link', /\b(?:javascript|data|mailto|tel|file|vbscript):[^\s<>"']{1,2000}/giu],
  ['link', /\bwww\.[^\s<>"'）)]{1,2000}/giu],
  [
    'link',
    /(?<![\p{L}\p{N}.@/-])[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,6}\.[a-z]{2,18}\/[^\s<>"']{0,2000}/giu,
  ],
  ['link', /(?<![\p{L}\p{N}.+-])[\p{L}\p{N}._+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6}/gu],
]

const WORD = /[\p{L}\p{M}\p{N}]+/gu
const LATIN = /\p{Script=Latin}/u
const CYRILLIC = /\p{Script=Cyrillic}/u
/** The Greek letters that pass for Latin ones; others beside Latin are units and formulas. */
const GREEK_ALIKE = /[ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοινκρυϲϳ]/u
/** Latin letters of mathematics, in styles of their own. */
const STYLED = /[\u{1d400}-\u{1d7ff}]/u

export function warningsIn(text: string): TextWarnings {
  const found = [...matchesIn(text), ...lookAlikes(text), ...longLines(text)]
  const sorted = found.sort((a, b) => a.start - b.start || b.end - a.end)
  const warnings = sorted.filter(({ kind, start, end }, at) => {
    // Two patterns find the same link.
    const before = sorted[at - 1]
    return !(before && before.kind === kind && before.start <= start && before.end >= end)
  })
  return { warnings: warnings.slice(0, MAX_WARNINGS), more: Math.max(0, warnings.length - MAX_WARNINGS) }
}

function matchesIn(text: string): TextWarning[] {
  return PATTERNS.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map(match => ({
      kind,
      start: match.index,
      end: match.index + match[0].length,
    })),
  )
}

function lookAlikes(text: string): TextWarning[] {
  return [...text.matchAll(WORD)].flatMap(match => {
    const [word] = match
    const isMixed = LATIN.test(word) && (CYRILLIC.test(word) || GREEK_ALIKE.test(word))
    if (!isMixed && !STYLED.test(word)) return []
    return [{ kind: 'look-alike' as const, start: match.index, end: match.index + word.length }]
  })
}

function longLines(text: string): TextWarning[] {
  const lines: TextWarning[] = []
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    if (end - start > LONG_LINE) lines.push({ kind: 'long-line', start, end })
    start = end + 1
  }
  return lines
}

export interface ShownPart {
  /** Nothing in it acts: unseen characters stand as ‹U+…›. */
  readonly text: string
  /** Null: nothing is odd here. Long lines are not marked: only told of. */
  readonly kind: Exclude<WarningKind, 'long-line'> | null
}

/** The text in parts, to be shown one after the other. */
export function shownParts(text: string, { warnings }: TextWarnings): ShownPart[] {
  const parts: ShownPart[] = []
  let at = 0
  const add = (end: number, kind: ShownPart['kind']) => {
    if (end > at) parts.push({ text: neutralise(text.slice(at, end)), kind })
    at = Math.max(at, end)
  }
  for (const { kind, start, end } of warnings) {
    if (kind === 'long-line') continue
    add(start, null)
    add(end, kind)
  }
  add(text.length, null)
  return parts
}
