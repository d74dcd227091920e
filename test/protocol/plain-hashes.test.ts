// What stands in for WebCrypto gives what WebCrypto gives.
import fc from 'fast-check'
import { KDF_HKDF_SHA256 } from 'hpke'
import { expect, test } from 'vitest'
import { plainHkdfSha256 } from '../../src/protocol/hpke.ts'
import { plainSha256 } from '../../src/protocol/plain-hashes.ts'

const bytes = (maxLength: number) => fc.uint8Array({ maxLength })
const native = KDF_HKDF_SHA256()
const plain = plainHkdfSha256()

test('SHA-256', async () => {
  await fc.assert(
    fc.asyncProperty(bytes(300), async data => {
      expect(plainSha256(data)).toEqual(new Uint8Array(await crypto.subtle.digest('SHA-256', data)))
    }),
  )
})

test('HKDF-SHA256, both stages', async () => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 64 })
  await fc.assert(
    fc.asyncProperty(
      bytes(80),
      key,
      bytes(80),
      fc.integer({ min: 1, max: 300 }),
      async (salt, secret, info, length) => {
        expect(await plain.Extract(salt, secret)).toEqual(await native.Extract(salt, secret))
        expect(await plain.Expand(secret, info, length)).toEqual(await native.Expand(secret, info, length))
      },
    ),
  )
})

test('it says of itself what the other one says', () => {
  for (const name of ['id', 'type', 'name', 'Nh', 'stages'] as const) expect(plain[name]).toBe(native[name])
})
