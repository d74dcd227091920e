import { ed25519 } from '@noble/curves/ed25519.js'
import { beforeAll, expect, test } from 'vitest'
import {
  bytesToText,
  cryptoReady,
  deriveSealingPair,
  deriveSigningPair,
  encapsulate,
  equalSecrets,
  M,
  pad,
  randomBytes,
  sealingKey,
  sealingSeed,
  sign,
  signingKey,
  signingSeed,
  textToBytes,
  unpad,
  verifySignature,
  xchachaOpen,
  xchachaSeal,
} from '../../src/protocol/crypto.ts'
import { ascii, concat } from '../../src/protocol/encoding.ts'
import { filled, hex, refusal } from './support.ts'

beforeAll(() => cryptoReady)

const FIELD_PRIME = 2n ** 255n - 19n

const littleEndian = (value: bigint) =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))

const withSign = (bytes: Uint8Array) => {
  const copy = bytes.slice()
  copy[31] = (copy[31] ?? 0) | 0x80
  return copy
}

const ORDER_8 = [
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]

/** All points of order 1, 2, 4 and 8, in canonical and other spellings, with either sign. */
const smallOrderKeys = [
  ...[0n, 1n, FIELD_PRIME - 1n, FIELD_PRIME, FIELD_PRIME + 1n].map(littleEndian),
  ...ORDER_8.map(hex),
].flatMap(bytes => [bytes, withSign(bytes)])

test('a key of small order is refused in each of its fourteen spellings', () => {
  expect(smallOrderKeys).toHaveLength(14)
  for (const key of smallOrderKeys) expect(refusal(() => signingKey(key))).toBe('bad-key')
})

test('a key whose y is not below 2^255 − 19 is refused', () => {
  for (let excess = 0n; excess < 19n; excess++) {
    const key = littleEndian(FIELD_PRIME + excess)
    expect(refusal(() => signingKey(key))).toBe('bad-key')
    expect(refusal(() => signingKey(withSign(key)))).toBe('bad-key')
  }
})

test('a key outside the prime-order group, or not on the curve, is refused', () => {
  // An honest key plus the point of order two: (x, y) becomes (−x, −y).
  const honest = deriveSigningPair(signingSeed(filled(32, 1))).publicKey
  const y = honest.reduceRight((value, byte, i) => (value << 8n) | BigInt(i === 31 ? byte & 0x7f : byte), 0n)
  const mixed = littleEndian(FIELD_PRIME - y)
  const flipped = (honest[31] ?? 0) & 0x80 ? mixed : withSign(mixed)
  expect(refusal(() => signingKey(flipped))).toBe('bad-key')
  expect(refusal(() => signingKey(littleEndian(2n)))).toBe('bad-key')
})

test('keys that seeds give are accepted', () => {
  for (let i = 0; i < 64; i++) {
    const { publicKey } = deriveSigningPair(signingSeed(filled(32, i)))
    expect(signingKey(publicKey)).toEqual(publicKey)
  }
})

// node:crypto takes these with OpenSSL 3.0 (Node 20), not with 3.5; the loose rule of ZIP 215 always does.
test('the forgeries under key 01 00…, which hold for any message, are refused', () => {
  const key = littleEndian(1n)
  const base = concat(hex('58'), filled(31, 0x66))
  for (const forged of [concat(key, new Uint8Array(32)), concat(base, littleEndian(1n))]) {
    expect(ed25519.verify(forged, ascii('anything at all'), key, { zip215: true })).toBe(true)
    expect(verifySignature(key, ascii('anything at all'), forged)).toBe(false)
  }
})

test('a signature is refused under every small-order key, and with every small-order R', () => {
  const message = ascii('m')
  const honest = deriveSigningPair(signingSeed(filled(32, 1)))
  for (const point of smallOrderKeys) {
    for (const scalar of [new Uint8Array(32), littleEndian(1n)]) {
      expect(verifySignature(point, message, concat(point, scalar))).toBe(false)
      expect(verifySignature(point, message, concat(littleEndian(1n), scalar))).toBe(false)
      expect(verifySignature(honest.publicKey, message, concat(point, scalar))).toBe(false)
    }
  }
})

test('a signature whose scalar was raised by the group order is refused', () => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const pair = deriveSigningPair(signingSeed(filled(32, 2)))
  const signature = sign(pair, ascii('m'))
  const scalar = signature.subarray(32).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
  const raised = concat(signature.subarray(0, 32), littleEndian(scalar + order))
  expect(verifySignature(pair.publicKey, ascii('m'), signature)).toBe(true)
  expect(verifySignature(pair.publicKey, ascii('m'), raised)).toBe(false)
})

test('a signature with any bit changed, of another length or under another key is refused', () => {
  const pair = deriveSigningPair(signingSeed(filled(32, 3)))
  const signature = sign(pair, ascii('message'))
  for (let bit = 0; bit < 512; bit++) {
    const changed = signature.slice()
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(verifySignature(pair.publicKey, ascii('message'), changed)).toBe(false)
  }
  expect(verifySignature(pair.publicKey, ascii('message'), signature.subarray(0, 63))).toBe(false)
  expect(verifySignature(pair.publicKey.subarray(0, 31), ascii('message'), signature)).toBe(false)
  const other = deriveSigningPair(signingSeed(filled(32, 4)))
  expect(verifySignature(other.publicKey, ascii('message'), signature)).toBe(false)
})

test('RFC 8032 section 7.1: tests 1 to 3', () => {
  const cases = [
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ] as const
  for (const [seed, publicKey, message, signature] of cases) {
    const pair = deriveSigningPair(signingSeed(hex(seed)))
    expect(pair.publicKey).toEqual(hex(publicKey))
    expect(sign(pair, hex(message))).toEqual(hex(signature))
    expect(verifySignature(pair.publicKey, hex(message), hex(signature))).toBe(true)
  }
})

test('text that UTF-8 cannot say is refused, not replaced', () => {
  expect(refusal(() => textToBytes('a\ud800b'))).toBe('bad-encoding')
  expect(refusal(() => textToBytes('\udc00'))).toBe('bad-encoding')
  expect(textToBytes('한글 😀')).toEqual(new Uint8Array(Buffer.from('한글 😀')))
})

test('bytes that are not UTF-8 are refused, and a byte order mark is kept', () => {
  for (const bytes of ['ff', 'c080', 'eda080', 'f4908080', 'e2']) {
    expect(refusal(() => bytesToText(hex(bytes)))).toBe('bad-encoding')
  }
  for (const text of ['\ufeffa', '\ufeff\ufeff', '한글', ''])
    expect(bytesToText(textToBytes(text))).toBe(text)
})

test('a long text survives', () => {
  const text = '봉수'.repeat(90_000)
  expect(bytesToText(textToBytes(text))).toBe(text)
})

test('padding comes off exactly, whatever the text ends in', () => {
  for (const text of ['', '80', '8000', '0000', 'ff8000']) {
    expect(unpad(pad(hex(text), 16))).toEqual(hex(text))
  }
  expect(unpad(pad(filled(15, 9), 16))).toEqual(filled(15, 9))
})

test('a text that fills its padding, or more, is too long', () => {
  expect(refusal(() => pad(filled(16, 1), 16))).toBe('too-long')
  expect(refusal(() => pad(filled(17, 1), 16))).toBe('too-long')
})

test('what was not padded is refused', () => {
  for (const padded of ['', '00', '0000', '01', '800001', '81']) {
    expect(refusal(() => unpad(hex(padded)))).toBe('open-failed')
  }
})

test('a sealed text opens with its key, its associated data and whole only', () => {
  const [key, aad, text] = [filled(32, 1), ascii('aad'), ascii('text')]
  const sealed = xchachaSeal(key, filled(24, 2), aad, text)
  expect(xchachaOpen(key, aad, sealed)).toEqual(text)
  expect(refusal(() => xchachaOpen(filled(32, 3), aad, sealed))).toBe('open-failed')
  expect(refusal(() => xchachaOpen(key, ascii('add'), sealed))).toBe('open-failed')
  for (let length = 0; length < sealed.length; length++) {
    expect(refusal(() => xchachaOpen(key, aad, sealed.subarray(0, length)))).toBe('open-failed')
  }
})

test('secrets of different length are unequal, without an error', () => {
  expect(equalSecrets(filled(32, 1), filled(32, 1))).toBe(true)
  expect(equalSecrets(filled(32, 1), filled(32, 2))).toBe(false)
  expect(equalSecrets(filled(32, 1), filled(31, 1))).toBe(false)
})

test('a MAC key has 32 bytes', () => {
  expect(refusal(() => M(filled(16, 1), 'x'))).toBe('bad-length')
})

test('nothing is sealed to a key that is no X-Wing public key', () => {
  const { publicKey } = deriveSealingPair(sealingSeed(filled(32, 1)))
  const outOfRange = publicKey.slice()
  outOfRange.fill(0xff, 0, 300)
  const zeroShare = publicKey.slice()
  zeroShare.fill(0, 1184)
  for (const key of [outOfRange, zeroShare]) {
    expect(refusal(() => encapsulate(sealingKey(key), filled(64, 1)))).toBe('bad-key')
  }
  expect(refusal(() => sealingKey(publicKey.subarray(1)))).toBe('bad-length')
})

test.each([0, 1, 65_536, 65_537, 200_000])('%i bytes of chance are chance to the last', length => {
  const [one, other] = [randomBytes(length), randomBytes(length)]
  expect([one.length, other.length]).toEqual([length, length])
  // So many zeros in a row, or the same bytes twice, do not come by chance.
  const zeros = Buffer.alloc(32)
  const isChance = (at: number) => {
    const stretch = one.subarray(at, at + 32)
    return Buffer.compare(stretch, zeros) !== 0 && Buffer.compare(stretch, other.subarray(at, at + 32)) !== 0
  }
  const places = Array.from({ length: Math.floor(length / 32) }, (_, i) => length - 32 * (i + 1))
  expect(places.filter(at => !isChance(at))).toEqual([])
})
