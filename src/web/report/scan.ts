// Looks, on this device only, for what in a text could say who wrote it. Marks and suggests; blocks nothing.
import { type FindingKind, PATTERNS, type Pattern, partOfDay } from './scan-patterns.ts'

export type { FindingKind }

export interface Finding {
  readonly kind: FindingKind
  readonly start: number
  readonly end: number
  readonly text: string
  /** Softer words for just this place, or null. */
  readonly replacement: string | null
}

/** More than that helps nobody, and a page stays quick. */
const MAX_FINDINGS = 200
const HANGUL = /[가-힣]/

/** In the order of the text; no two overlap. */
export function scan(text: string): Finding[] {
  const found: Finding[] = []
  const taken = new Uint8Array(text.length)
  for (const pattern of PATTERNS) {
    pattern.pattern.lastIndex = 0
    for (const match of text.matchAll(pattern.pattern)) {
      if (found.length >= MAX_FINDINGS) return inOrder(found)
      const start = match.index
      const end = start + match[0].length
      if (taken.subarray(start, end).includes(1) || pattern.accept?.(match) === false) continue
      taken.fill(1, start, end)
      found.push({
        kind: pattern.kind,
        start,
        end,
        text: match[0],
        replacement: softened(pattern, match, text),
      })
    }
  }
  return inOrder(found)
}

const inOrder = (found: Finding[]) => found.sort((a, b) => a.start - b.start)

function softened({ kind, soften }: Pattern, match: RegExpExecArray, text: string): string | null {
  if (soften) return soften(match)
  // A bare 15:27 is written in both languages.
  return kind === 'exact-time' ? partOfDay(match, HANGUL.test(text) ? 'ko' : 'en') : null
}

/** The text with one finding said more softly. */
export function soften(text: string, { start, end, replacement, text: found }: Finding): string {
  if (replacement === null || text.slice(start, end) !== found) return text
  return text.slice(0, start) + replacement + text.slice(end)
}

export interface Piece {
  readonly text: string
  readonly finding: Finding | null
}

/** The whole text, cut where findings begin and end. */
export function pieces(text: string, findings: readonly Finding[]): Piece[] {
  const cut: Piece[] = []
  let at = 0
  for (const finding of findings) {
    if (finding.start > at) cut.push({ text: text.slice(at, finding.start), finding: null })
    cut.push({ text: finding.text, finding })
    at = finding.end
  }
  if (at < text.length) cut.push({ text: text.slice(at), finding: null })
  return cut
}
