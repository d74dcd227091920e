// Signatures get the same verdict here and on a thread.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  cryptoReady,
  deriveSigningPair,
  sign,
  signingSeed,
  verifySignature,
} from '../../src/protocol/crypto.ts'
import { createSignatureVerifier } from '../../src/server/http/signatures.ts'

// A clock that stands still: everything happens in one second, which is then a busy one.
const verifier = createSignatureVerifier(() => 0)

beforeAll(() => cryptoReady)
afterAll(() => verifier.stop())

type Case = readonly [key: Uint8Array, message: Uint8Array, signature: Uint8Array]

const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000080',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]

function cases(): Case[] {
  const pair = deriveSigningPair(signingSeed(randomBytes(32)))
  const message = randomBytes(400)
  const signature = sign(pair, message)
  const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
  const forged = Uint8Array.from({ length: 64 }, (_, i) => (i === 0 ? 1 : 0))
  return [
    [pair.publicKey, message, signature],
    [pair.publicKey, new Uint8Array(0), sign(pair, new Uint8Array(0))],
    [pair.publicKey, flipped(message, 399), signature],
    [pair.publicKey, message, flipped(signature, 0)],
    [flipped(pair.publicKey, 5), message, signature],
    [pair.publicKey, message, signature.subarray(0, 63)],
    [pair.publicKey.subarray(1), message, signature],
    ...SMALL_ORDER.map((key): Case => [Buffer.from(key, 'hex'), message, forged]),
  ]
}

async function expectSameVerdicts(): Promise<void> {
  const all = Array.from({ length: 20 }, cases).flat()
  const verdicts = await Promise.all(all.map(one => verifier.verify(...one)))
  expect(verdicts).toEqual(all.map(([key, message, signature]) => verifySignature(key, message, signature)))
  expect(verdicts.slice(0, 11)).toEqual([true, true, ...Array(9).fill(false)])
}

test('while little is asked there is no thread', async () => {
  await verifier.verify(randomBytes(32), randomBytes(10), randomBytes(64))
  expect(verifier.threads()).toBe(0)
})

test('once much is asked a thread answers, with the same verdicts', async () => {
  await expectSameVerdicts()
  while (verifier.threads() === 0) await sleep(10)
  await expectSameVerdicts()
})

test('when its threads are gone, nothing is left without a verdict', async () => {
  const asked = expectSameVerdicts()
  await verifier.stop()
  await asked
  expect(verifier.threads()).toBe(0)
  await expectSameVerdicts()
})
