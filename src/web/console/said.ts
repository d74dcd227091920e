// What a code is called, and whether a text is short enough to be said.
import type { Names } from '../../protocol/directory.ts'
import { type Action, rowsOf } from '../../protocol/lifecycle.ts'
import { CODES } from '../../protocol/outcome-codes.ts'

/** The code itself where this version does not know it. */
export function codeNames(action: Action, code: string): Names {
  const set = rowsOf(action).find(row => row.code)?.code
  const codes: Readonly<Record<string, Names>> = set ? CODES[set] : {}
  const names = Object.hasOwn(codes, code) ? codes[code] : undefined
  return names ?? { ko: code, en: code }
}

/** The reporter can read what is said with it, also where a second person has yet to confirm. */
export const isTold = (action: Action): boolean => rowsOf(action).some(({ tells }) => tells)

/** Bytes of the text as it is written down, so that code and names have room beside it. */
export const MAX_TEXT_BYTES = 8000

export const fitsText = (text: string): boolean =>
  new TextEncoder().encode(JSON.stringify(text)).length <= MAX_TEXT_BYTES
