// The server's quick reader of base64url and the protocol's are one.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase64url, toBase64url } from '../../src/protocol/encoding.ts'
import { bytesOf } from '../../src/server/http/base64url.ts'

function outcomeOf(read: (text: string) => Uint8Array, text: string): string {
  try {
    return Buffer.from(read(text)).toString('hex')
  } catch (error) {
    return `refused ${error instanceof Error && 'code' in error ? error.code : ''}`
  }
}

const letters = 'ABCDQZabcgkwz0459-_'
const nearly = fc.string({
  unit: fc.constantFrom(...letters, '+', '/', '=', ' ', '\n', '\u0000', 'é', '\ud800'),
  maxLength: 24,
})

test('it takes what the protocol takes, and refuses what it refuses', () => {
  const texts = fc.oneof(
    nearly,
    fc.string({ unit: fc.constantFrom(...letters), maxLength: 24 }),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.uint8Array({ maxLength: 9000 }).map(toBase64url),
  )
  fc.assert(
    fc.property(texts, text => {
      expect(outcomeOf(bytesOf, text)).toBe(outcomeOf(fromBase64url, text))
    }),
    { numRuns: 3000 },
  )
})

test('every text of up to three characters has one meaning for both', () => {
  const all = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', '=', '+']
  for (const a of all)
    for (const b of ['', ...all])
      for (const c of b === '' ? [''] : ['', 'A', 'B', 'E', 'Q', 'g', '_', '=']) {
        const text = a + b + c
        if (outcomeOf(bytesOf, text) !== outcomeOf(fromBase64url, text)) expect.fail(text)
      }
})
