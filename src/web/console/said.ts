// What a code is called, and whether a text is short enough to be said.
import type { Names } from '../../protocol/directory.ts'
import { type Action, codeWords, isTold, rowsOf } from '../../protocol/lifecycle.ts'

/** The code itself where this version does not know it. */
export const codeNames = (action: Action, code: string): Names =>
  codeWords(action, code) ?? { ko: code, en: code }

/** Who can read what is said with it. `between`: this agency and the other one, of which one asked and one says no. */
export const readersOf = (action: Action): 'told' | 'inside' | 'between' => {
  if (isTold(action)) return 'told'
  return rowsOf(action).some(({ saysInside }) => saysInside) ? 'between' : 'inside'
}

/** Bytes of the text as it is written down, so that code and names have room beside it. */
export const MAX_TEXT_BYTES = 8000

export const fitsText = (text: string): boolean =>
  new TextEncoder().encode(JSON.stringify(text)).length <= MAX_TEXT_BYTES
