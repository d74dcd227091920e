// One passphrase for a command that opens and seals more than once.

import { readPassphrase } from './input.ts'
import type { Words } from './words/index.ts'

/** Asks when it is first needed, and never again. */
export function askedOnce(words: Words, passphraseFile: string | undefined): () => Promise<string> {
  let known: Promise<string> | null = null
  return () => {
    known ??= readPassphrase(words, { passphraseFile })
    return known
  }
}
