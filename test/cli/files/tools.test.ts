// Sealing by OpenSSL, as the command does it: the same bytes as libsodium's, and the same refusals.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import sodium from 'libsodium-wrappers'
import { beforeAll, expect, test } from 'vitest'
import { fileTools } from '../../../src/cli/files/tools.ts'
import { cryptoReady, sha256 } from '../../../src/protocol/crypto.ts'
import { createStreamOpener, createStreamSealer } from '../../../src/protocol/secretstream.ts'
import { rounds } from '../../support/rounds.ts'

beforeAll(() => cryptoReady)

const { cipher } = fileTools
const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
const header = fc.uint8Array({ minLength: 24, maxLength: 24 })
/** Lengths in whole blocks, which OpenSSL seals, and others, which are left to libsodium. */
const length = fc.oneof(
  fc.integer({ min: 0, max: 200 }),
  fc.integer({ min: 0, max: 12 }).map(blocks => blocks * 16),
  fc.constant(65_536),
)
const chunks = fc.array(
  length.map(bytes => new Uint8Array(randomBytes(bytes))),
  { minLength: 1, maxLength: 6 },
)

type Cipher = typeof cipher | undefined

function sealBy(by: Cipher, [k, h]: readonly [Uint8Array, Uint8Array], parts: readonly Uint8Array[]) {
  const stream = createStreamSealer(k, h, by)
  const sealed = parts.map((part, i) => Uint8Array.from(stream.push(part, i === parts.length - 1)))
  stream.free()
  return sealed
}

function openBy(by: Cipher, [k, h]: readonly [Uint8Array, Uint8Array], sealed: readonly Uint8Array[]) {
  const stream = createStreamOpener(k, h, by)
  try {
    return sealed.map(part => stream.pull(part))
  } finally {
    stream.free()
  }
}

test('seals what libsodium seals, byte for byte, and each opens what the other sealed', () => {
  fc.assert(
    fc.property(fc.tuple(key, header), chunks, (by, parts) => {
      const sealed = sealBy(cipher, by, parts)
      expect(sealed).toEqual(sealBy(undefined, by, parts))
      const opened = parts.map((chunk, i) => ({ chunk, final: i === parts.length - 1 }))
      for (const opener of [cipher, undefined]) {
        const found = openBy(opener, by, sealed)
        expect(found.map(({ chunk, final }) => ({ chunk: Uint8Array.from(chunk), final }))).toEqual(opened)
      }
    }),
    { numRuns: rounds(100, 5_000) },
  )
})

test('opens nothing that was changed, cut, moved or sealed with another tag', () => {
  const by = [randomBytes(32), randomBytes(24)] as const
  const parts = [randomBytes(64), randomBytes(64)]
  const [first = new Uint8Array(), second = new Uint8Array()] = sealBy(cipher, by, parts)
  for (let at = 0; at < first.length; at++) {
    const changed = Uint8Array.from(first)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => openBy(cipher, by, [changed])).toThrow('open-failed')
  }
  for (const wrong of [first.subarray(16), first.subarray(0, -16), second, new Uint8Array(0)]) {
    expect(() => openBy(cipher, by, [wrong])).toThrow('open-failed')
  }
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(by[1], by[0])
  const tagged = sodium.crypto_secretstream_xchacha20poly1305_push(state, randomBytes(64), null, 1)
  expect(() => openBy(cipher, by, [tagged])).toThrow('open-failed')
  expect(() => openBy(cipher, by, [first, first])).toThrow('open-failed')
  expect(() => openBy(cipher, [by[0], randomBytes(24)], [first])).toThrow('open-failed')
})

test('hashes as the protocol does', async () => {
  const bytes = new Uint8Array(randomBytes(1000))
  expect(Uint8Array.from(await fileTools.hash(bytes))).toEqual(await sha256(bytes))
})
