// Vectors that others published; test/vectors/public says whose they are.
import { readFileSync } from 'node:fs'
import { KDF_SHAKE256 } from '@panva/hpke-noble'
import { CipherSuite, KDF_HKDF_SHA256, type KDFFactory } from 'hpke'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import {
  cryptoReady,
  decapsulate,
  deriveSealingPair,
  encapsulate,
  sealingKey,
  sealingSeed,
} from '../../src/protocol/crypto.ts'
import { concat } from '../../src/protocol/encoding.ts'
import { chacha20poly1305, hpkeOpen, xwing } from '../../src/protocol/hpke.ts'
import { parseReceiptCode, receiptCode, receiptCodeToWords } from '../../src/protocol/receipt-code.ts'
import { hex, refusalOf } from './support.ts'

beforeAll(() => cryptoReady)

const published = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../vectors/public/${path}`, import.meta.url), 'utf8'))

const bytes = z.string().transform(hex)

const xwingVectors = z
  .array(z.object({ seed: bytes, eseed: bytes, ss: bytes, sk: bytes, pk: bytes, ct: bytes }))
  .parse(published('xwing/test-vectors.json'))

test('X-Wing: key generation, encapsulation and decapsulation give the published bytes', () => {
  expect(xwingVectors).toHaveLength(3)
  for (const { seed, eseed, ss, sk, pk, ct } of xwingVectors) {
    expect(sk).toEqual(seed)
    expect(deriveSealingPair(sealingSeed(seed)).publicKey).toEqual(pk)
    expect(encapsulate(sealingKey(pk), eseed)).toEqual({ ciphertext: ct, secret: ss })
    expect(decapsulate(sealingSeed(seed), ct)).toEqual(ss)
  }
})

const hpkeVectors = z
  .array(
    z.object({
      mode: z.literal(0),
      kem_id: z.literal(0x647a),
      kdf_id: z.int(),
      aead_id: z.literal(3),
      info: bytes,
      ikmE: bytes,
      skRm: bytes,
      pkRm: bytes,
      enc: bytes,
      shared_secret: bytes,
      encryptions: z.array(z.object({ aad: bytes, ct: bytes, nonce: bytes, pt: bytes })),
      exports: z.array(z.object({ exporter_context: bytes, L: z.int(), exported_value: bytes })),
    }),
  )
  .parse(published('hpke/vectors-pq-647a.json'))

const KDFS: Record<number, KDFFactory> = { 1: KDF_HKDF_SHA256, 17: KDF_SHAKE256 }

test('HPKE with KEM 0x647a: our KEM gives the published encapsulation and secret', () => {
  expect(hpkeVectors.map(vector => vector.kdf_id)).toEqual([1, 0x11])
  for (const vector of hpkeVectors) {
    const pair = deriveSealingPair(sealingSeed(vector.skRm))
    expect(pair.publicKey).toEqual(vector.pkRm)
    expect(encapsulate(pair.publicKey, vector.ikmE)).toEqual({
      ciphertext: vector.enc,
      secret: vector.shared_secret,
    })
    expect(decapsulate(pair.seed, vector.enc)).toEqual(vector.shared_secret)
  }
})

test('HPKE with KEM 0x647a: our KEM and AEAD open and seal every published message', async () => {
  for (const vector of hpkeVectors) {
    const kdf = KDFS[vector.kdf_id]
    if (!kdf) throw new Error('KDF')
    const suite = new CipherSuite(
      () => xwing(() => vector.ikmE),
      kdf,
      () => chacha20poly1305,
    )
    const publicKey = await suite.DeserializePublicKey(vector.pkRm)
    const privateKey = await suite.DeserializePrivateKey(vector.skRm, true)
    const sender = await suite.SetupSender(publicKey, { info: vector.info })
    const recipient = await suite.SetupRecipient(privateKey, vector.enc, { info: vector.info })
    expect(sender.encapsulatedSecret).toEqual(vector.enc)
    expect(vector.encryptions).toHaveLength(10)
    for (const { aad, ct, pt } of vector.encryptions) {
      expect(await sender.ctx.Seal(pt, aad)).toEqual(ct)
      expect(await recipient.Open(ct, aad)).toEqual(pt)
    }
    for (const { exporter_context, L, exported_value } of vector.exports) {
      expect(await recipient.Export(exporter_context, L)).toEqual(exported_value)
    }
  }
})

test('what hpkeOpen takes is bound to its info: a published message with associated data does not open', async () => {
  const [vector] = hpkeVectors
  const [message] = vector?.encryptions ?? []
  if (!vector || !message) throw new Error('a vector')
  const pair = deriveSealingPair(sealingSeed(vector.skRm))
  expect(await refusalOf(hpkeOpen(pair, vector.info, concat(vector.enc, message.ct)))).toBe('open-failed')
})

const entry = z.tuple([z.string(), z.string(), z.string(), z.string()])
const bip39 = z
  .object({ english: z.array(entry), korean: z.array(entry) })
  .parse(published('bip39/vectors.json'))

test('BIP39: the published entropies of 128 bits have the published words', () => {
  for (const [language, list] of [
    ['en', bip39.english],
    ['ko', bip39.korean],
  ] as const) {
    const short = list.filter(([entropy]) => entropy.length === 32)
    expect(short).toHaveLength(8)
    for (const [entropy, words] of short) {
      const code = receiptCode(hex(entropy))
      expect(receiptCodeToWords(code, language)).toBe(words.normalize('NFC'))
      expect(parseReceiptCode(words)).toEqual(code)
    }
  }
})
