import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ascii,
  compareBytes,
  concat,
  dec,
  decExactly,
  enc,
  equalBytes,
  fromAscii,
  fromBase64,
  fromBase64url,
  readU16,
  readU32,
  toBase64,
  toBase64url,
  toHex,
  u16,
  u32,
} from '../../src/protocol/encoding.ts'
import { filled, hex, refusal } from './support.ts'

const bytes = fc.uint8Array({ maxLength: 64 })
const fields = fc.array(bytes, { maxLength: 8 })

test('an encoding gives back its fields', () => {
  fc.assert(
    fc.property(fields, given => {
      expect(dec('t', enc('t', ...given))).toEqual(given)
    }),
  )
})

test('two encodings are equal only where tag and fields are', () => {
  fc.assert(
    fc.property(fields, fields, (a, b) => {
      const same = a.length === b.length && a.every((field, i) => equalBytes(field, b[i] ?? filled(1, 0)))
      expect(equalBytes(enc('t', ...a), enc('t', ...b))).toBe(same)
      expect(equalBytes(enc('t', ...a), enc('u', ...a))).toBe(false)
    }),
  )
})

test('the encoding of a tag and two fields, byte by byte', () => {
  expect(toHex(enc('t', hex('aabb'), hex('')))).toBe(`0b${toHex(ascii('bongsu/v1/t'))}00000002aabb00000000`)
})

test('another tag, a cut encoding and junk behind it are refused', () => {
  const encoded = enc('tag', hex('0102'), hex('03'))
  expect(refusal(() => dec('tah', encoded))).toBe('bad-encoding')
  expect(refusal(() => dec('ta', encoded))).toBe('bad-encoding')
  const boundaries = [14, 20, encoded.length]
  for (let length = 0; length <= encoded.length; length++) {
    const result = refusal(() => dec('tag', encoded.subarray(0, length)))
    expect(result).toBe(boundaries.includes(length) ? 'accepted' : 'bad-encoding')
  }
  expect(refusal(() => dec('tag', concat(encoded, filled(1, 0))))).toBe('bad-encoding')
  expect(refusal(() => decExactly('tag', 1, encoded))).toBe('bad-encoding')
  expect(refusal(() => decExactly('tag', 3, encoded))).toBe('bad-encoding')
})

test('a field length beyond the end is refused, however large', () => {
  for (const length of ['00000003', '7fffffff', '80000000', 'ffffffff']) {
    expect(refusal(() => dec('t', concat(enc('t'), hex(length), hex('0102'))))).toBe('bad-encoding')
  }
})

test('half a megabyte of empty fields is refused without building them', () => {
  const flood = concat(enc('t'), filled(512 * 1024, 0))
  expect(refusal(() => dec('t', flood))).toBe('bad-encoding')
  expect(refusal(() => decExactly('t', 2, flood))).toBe('bad-encoding')
})

test('whole numbers keep their value, and nothing else is a whole number', () => {
  for (const value of [0, 1, 255, 256, 65_535]) expect(readU16(u16(value))).toBe(value)
  for (const value of [0, 1, 65_536, 2 ** 31, 2 ** 32 - 1]) expect(readU32(u32(value))).toBe(value)
  for (const value of [-1, 0.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(refusal(() => u32(value))).toBe('bad-encoding')
    expect(refusal(() => u16(value))).toBe('bad-encoding')
  }
  expect(refusal(() => u16(65_536))).toBe('bad-encoding')
  for (const width of [0, 1, 3, 5]) {
    expect(refusal(() => readU16(filled(width, 0)))).toBe('bad-encoding')
    expect(refusal(() => readU32(filled(width, 0)))).toBe('bad-encoding')
  }
})

test('ASCII is read and written at any length, and nothing else is', () => {
  const long = 'a'.repeat(600_000)
  expect(fromAscii(ascii(long))).toBe(long)
  expect(refusal(() => ascii('é'))).toBe('bad-encoding')
  expect(refusal(() => ascii('\u0141'))).toBe('bad-encoding')
  expect(refusal(() => fromAscii(hex('6180')))).toBe('bad-encoding')
})

test('base64url gives back any bytes, as the platform writes them', () => {
  fc.assert(
    fc.property(bytes, given => {
      expect(toBase64url(given)).toBe(Buffer.from(given).toString('base64url'))
      expect(fromBase64url(toBase64url(given))).toEqual(given)
      expect(toBase64(given)).toBe(Buffer.from(given).toString('base64'))
      expect(fromBase64(toBase64(given))).toEqual(given)
      expect(toHex(given)).toBe(Buffer.from(given).toString('hex'))
    }),
  )
  const large = filled(525_000, 0xfb)
  expect(fromBase64url(toBase64url(large))).toEqual(large)
})

test('each value has one base64url spelling: whatever is accepted is written back the same', () => {
  const loose = fc.string({ unit: fc.constantFrom(...'AQgw09-_+/= \n.', 'é', '\u0100'), maxLength: 9 })
  fc.assert(
    fc.property(loose, text => {
      if (refusal(() => fromBase64url(text)) === 'accepted')
        expect(toBase64url(fromBase64url(text))).toBe(text)
      else expect(refusal(() => fromBase64url(text))).toBe('bad-encoding')
      if (refusal(() => fromBase64(text)) === 'accepted') expect(toBase64(fromBase64(text))).toBe(text)
      else expect(refusal(() => fromBase64(text))).toBe('bad-encoding')
    }),
    { numRuns: 2000 },
  )
})

test('loose base64url is refused: padding, spare bits, other alphabets, white space', () => {
  for (const text of ['A', 'AB', 'AAB', 'AA==', 'AAA=', 'AA+A', 'AA/A', ' AAAA', 'AAAA\n', 'AA A', 'ＡAAA']) {
    expect(refusal(() => fromBase64url(text))).toBe('bad-encoding')
  }
  for (const text of ['AA', 'AAA', 'AB==', 'AAB=', 'A===', '====', 'AAAA====', 'AA-A', 'AA_A', 'AA=A']) {
    expect(refusal(() => fromBase64(text))).toBe('bad-encoding')
  }
})

test('byte strings are ordered as unsigned bytes, the shorter first', () => {
  const sorted = ['', '00', '0000', '01', '7f', '80', 'ff'].map(hex)
  expect([...sorted].reverse().sort(compareBytes)).toEqual(sorted)
})
