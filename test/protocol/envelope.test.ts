import { beforeAll, expect, test } from 'vitest'
import { contentKey, cryptoReady, deploymentIdOf, M, pad, xchachaSeal } from '../../src/protocol/crypto.ts'
import { concat, enc, u16, u32 } from '../../src/protocol/encoding.ts'
import {
  BODY_OVERHEAD,
  bucketFor,
  type Envelope,
  encodeHeader,
  NO_BLOB,
  openEnvelope,
  parseHeader,
  reportDigest,
  SIZE_BUCKETS,
  sealEnvelope,
} from '../../src/protocol/envelope.ts'
import { changedAt, filled, refusal, tampered } from './support.ts'
import { fixedRandom } from './world.ts'

beforeAll(() => cryptoReady)

const key = contentKey(filled(32, 1))
const noFiles = { blobRoot: NO_BLOB, partCount: 0 }
const about = {
  ...{ deploymentId: deploymentIdOf(filled(32, 2)), reportId: filled(16, 3), threadIndex: 0 },
  ...noFiles,
}
const seal = (text: Uint8Array, label = 'envelope') => sealEnvelope(key, about, text, fixedRandom(label))

test('a text opens with its key, at the edges of every bucket', () => {
  let smallest = 0
  for (const bucket of SIZE_BUCKETS) {
    for (const length of [smallest, bucket - 1]) {
      const envelope = seal(filled(length, 0x41))
      expect(parseHeader(envelope.header).bucket).toBe(bucket)
      expect(envelope.body).toHaveLength(bucket + BODY_OVERHEAD)
      expect(openEnvelope(envelope, key)).toEqual(filled(length, 0x41))
    }
    smallest = bucket
  }
})

test('texts of one bucket have one length on the wire', () => {
  const lengths = ['', 'a', 'a'.repeat(8191)].map(text => seal(new Uint8Array(Buffer.from(text))).body.length)
  expect(new Set(lengths)).toEqual(new Set([8192 + 40]))
})

test('a text for which there is no bucket is too long', () => {
  expect(refusal(() => bucketFor(512 * 1024))).toBe('too-long')
  expect(refusal(() => seal(filled(512 * 1024, 0)))).toBe('too-long')
})

test('another key opens nothing', () => {
  const other = contentKey(filled(32, 9))
  expect(refusal(() => openEnvelope(seal(filled(9, 9)), other))).toBe('open-failed')
})

test('any byte changed in header, commitment or body is refused, with one failure', () => {
  const envelope = seal(filled(100, 0x41))
  for (const part of ['header', 'commitment', 'body'] as const) {
    for (const changed of tampered(envelope[part], part === 'body' ? 300 : 1000)) {
      expect(refusal(() => openEnvelope({ ...envelope, [part]: changed }, key))).toBe('open-failed')
    }
    for (const cut of [envelope[part].subarray(1), envelope[part].subarray(0, -1), new Uint8Array(0)]) {
      expect(refusal(() => openEnvelope({ ...envelope, [part]: cut }, key))).toBe('open-failed')
    }
  }
})

test('the body of another envelope under the same key is refused', () => {
  const [one, two] = [
    seal(filled(9, 1), 'one'),
    sealEnvelope(key, { ...about, threadIndex: 1 }, filled(9, 1), fixedRandom('two')),
  ]
  expect(refusal(() => openEnvelope({ ...one, body: two.body }, key))).toBe('open-failed')
  expect(refusal(() => openEnvelope({ ...one, header: two.header }, key))).toBe('open-failed')
  expect(refusal(() => openEnvelope({ ...two, header: one.header, commitment: one.commitment }, key))).toBe(
    'open-failed',
  )
})

test('a body that is not of the size that its header names is refused, even by who made it', () => {
  const header = encodeHeader({ ...about, bucket: 8192 })
  const larger = encodeHeader({ ...about, bucket: 32_768 })
  const lying = sealWithHeader(larger)
  expect(refusal(() => openEnvelope(lying, key))).toBe('open-failed')
  expect(refusal(() => openEnvelope(sealWithHeader(header), key))).toBe('accepted')
  expect(refusal(() => openEnvelope(sealWithHeader(filled(139, 1)), key))).toBe('open-failed')
})

test('a commitment to another key is refused, even where the body was sealed with it', () => {
  const header = encodeHeader({ ...about, bucket: 8192 })
  const other = M(filled(32, 9), 'commit', header)
  expect(refusal(() => openEnvelope(sealWithHeader(header, other), key))).toBe('open-failed')
})

function sealWithHeader(header: Uint8Array, commitment = M(key, 'commit', header)): Envelope {
  const body = xchachaSeal(M(key, 'body'), filled(24, 4), concat(header, commitment), pad(filled(9, 1), 8192))
  return { header, commitment, body }
}

test('the digest follows from every byte of header, commitment and body', () => {
  const envelope = seal(filled(9, 1))
  const digest = reportDigest(envelope)
  for (const part of ['header', 'commitment', 'body'] as const) {
    for (const changed of tampered(envelope[part])) {
      expect(reportDigest({ ...envelope, [part]: changed })).not.toEqual(digest)
    }
  }
})

test('a header is 139 bytes and gives back what it says', () => {
  const header = { ...about, bucket: 8192 }
  expect(encodeHeader(header)).toHaveLength(139)
  expect(parseHeader(encodeHeader(header))).toEqual(header)
})

test('a header of another suite, width or bucket is refused', () => {
  const fields = [u16(1), filled(32, 2), filled(16, 3), u32(0), u32(8192), filled(32, 0), u32(0)]
  const refused = (at: number, field: Uint8Array) => {
    const header = enc('header', ...fields.map((old, i) => (i === at ? field : old)))
    expect(refusal(() => parseHeader(header))).toBe('bad-encoding')
  }
  expect(refusal(() => parseHeader(enc('header', ...fields)))).toBe('accepted')
  refused(0, u16(2))
  refused(0, u32(1))
  refused(1, filled(31, 2))
  refused(2, filled(17, 3))
  refused(3, u16(0))
  for (const bucket of [0, 8191, 16_384, 2 ** 32 - 1]) refused(4, u32(bucket))
  refused(5, filled(0, 0))
  refused(6, filled(5, 0))
  expect(refusal(() => parseHeader(enc('header', ...fields, u32(0))))).toBe('bad-encoding')
  expect(refusal(() => parseHeader(enc('heador', ...fields)))).toBe('bad-encoding')
  expect(refusal(() => parseHeader(changedAt(enc('header', ...fields), 0)))).toBe('bad-encoding')
})
