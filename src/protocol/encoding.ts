import { ProtocolError } from './error.ts'

const TAG_PREFIX = 'bongsu/v1/'
/** More than any format has: hostile bytes cannot make a reader build more. */
const MAX_FIELDS = 64
const CHUNK = 0x8000

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}

/** ASCII only: tags, ids, days. Text of people goes through `textToBytes`. */
export function ascii(text: string): Uint8Array {
  const out = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) throw new ProtocolError('bad-encoding', 'not ASCII')
    out[i] = code
  }
  return out
}

export function fromAscii(bytes: Uint8Array): string {
  for (const byte of bytes) if (byte > 0x7f) throw new ProtocolError('bad-encoding', 'not ASCII')
  return textOfCodes(bytes)
}

// In chunks: an engine's stack bounds the number of arguments.
function textOfCodes(codes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < codes.length; i += CHUNK)
    text += Reflect.apply(String.fromCharCode, null, codes.subarray(i, i + CHUNK))
  return text
}

/** False for text with a lone surrogate, which UTF-8 cannot say. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

/** Big-endian, like every number here. Throws `bad-encoding` on what is no whole number of that width. */
export function u8(value: number): Uint8Array {
  expectWhole(value, 2 ** 8)
  return Uint8Array.of(value)
}

export function u16(value: number): Uint8Array {
  expectWhole(value, 2 ** 16)
  return Uint8Array.of(value >>> 8, value & 0xff)
}

export function u32(value: number): Uint8Array {
  expectWhole(value, 2 ** 32)
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff)
}

/** Up to 2^53 − 1. */
export function u64(value: number): Uint8Array {
  expectWhole(value, 2 ** 53)
  return concat(u32(Math.floor(value / 2 ** 32)), u32(value % 2 ** 32))
}

function expectWhole(value: number, limit: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= limit)
    throw new ProtocolError('bad-encoding', 'number')
}

/** Throws `bad-encoding` on another width. */
export function readU16(bytes: Uint8Array): number {
  if (bytes.length !== 2) throw new ProtocolError('bad-encoding', 'number')
  return new DataView(bytes.buffer, bytes.byteOffset).getUint16(0)
}

export function readU32(bytes: Uint8Array): number {
  if (bytes.length !== 4) throw new ProtocolError('bad-encoding', 'number')
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
}

export function readU64(bytes: Uint8Array): number {
  if (bytes.length !== 8) throw new ProtocolError('bad-encoding', 'number')
  const value = readU32(bytes.subarray(0, 4)) * 2 ** 32 + readU32(bytes.subarray(4))
  if (!Number.isSafeInteger(value)) throw new ProtocolError('bad-encoding', 'number')
  return value
}

export function expectLength(bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new ProtocolError('bad-length', `${bytes.length}, not ${length}`)
}

/** For values that are public: the time taken depends on them. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** Orders byte strings as unsigned bytes, shorter first where one is the other's beginning. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/**
 * enc(tag, f1 … fn) = len8(tag) ‖ tag ‖ (len32be(f) ‖ f)…, the tag prefixed `bongsu/v1/`.
 * Everything that is hashed, signed or used as HPKE info is such an encoding: no two of them are equal
 * unless tag and fields are.
 */
export function enc(tag: string, ...fields: readonly Uint8Array[]): Uint8Array {
  const full = ascii(TAG_PREFIX + tag)
  const out = new Uint8Array(fields.reduce((sum, field) => sum + 4 + field.length, 1 + full.length))
  out[0] = full.length
  out.set(full, 1)
  let offset = 1 + full.length
  for (const field of fields) {
    const { length } = field
    out[offset] = length >>> 24
    out[offset + 1] = length >>> 16
    out[offset + 2] = length >>> 8
    out[offset + 3] = length
    out.set(field, offset + 4)
    offset += 4 + length
  }
  return out
}

/** Undoes `enc`: the fields, which are views into `bytes`. Throws `bad-encoding` on another tag or junk. */
export function dec(tag: string, bytes: Uint8Array): Uint8Array[] {
  const full = ascii(TAG_PREFIX + tag)
  const start = 1 + full.length
  if (bytes[0] !== full.length || !equalBytes(bytes.subarray(1, start), full)) {
    throw new ProtocolError('bad-encoding', 'tag')
  }
  const fields: Uint8Array[] = []
  let offset = start
  while (offset < bytes.length) {
    if (offset + 4 > bytes.length || fields.length === MAX_FIELDS) {
      throw new ProtocolError('bad-encoding', 'field length')
    }
    const length = readU32(bytes.subarray(offset, offset + 4))
    offset += 4
    if (offset + length > bytes.length) throw new ProtocolError('bad-encoding', 'field')
    fields.push(bytes.subarray(offset, offset + length))
    offset += length
  }
  return fields
}

/** `dec` for an encoding whose number of fields is fixed. */
export function decExactly(tag: string, count: number, bytes: Uint8Array): Uint8Array[] {
  const fields = dec(tag, bytes)
  if (fields.length !== count) throw new ProtocolError('bad-encoding', 'number of fields')
  return fields
}

interface Alphabet {
  readonly codes: Uint8Array
  /** By code; -1 for what is not in the alphabet. */
  readonly values: Int8Array
}

function alphabet(last: string): Alphabet {
  const codes = ascii(`ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${last}`)
  const values = new Int8Array(128).fill(-1)
  for (const [value, code] of codes.entries()) values[code] = value
  return { codes, values }
}

const STANDARD = alphabet('+/')
const URL_SAFE = alphabet('-_')

function encode(bytes: Uint8Array, { codes }: Alphabet): string {
  const out = new Uint8Array(Math.ceil((bytes.length * 4) / 3))
  let offset = 0
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    for (let shift = 18; shift >= 0 && offset < out.length; shift -= 6) {
      out[offset++] = codes[(group >>> shift) & 63] ?? 0
    }
  }
  return textOfCodes(out)
}

/** Strict: no other characters, spare bits zero. */
function decode(text: string, { values }: Alphabet): Uint8Array {
  if (text.length % 4 === 1) throw new ProtocolError('bad-encoding', 'base64 length')
  const out = new Uint8Array(Math.floor((text.length * 3) / 4))
  let offset = 0
  let buffer = 0
  let bits = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const value = code < 128 ? (values[code] ?? -1) : -1
    if (value < 0) throw new ProtocolError('bad-encoding', 'base64 character')
    buffer = ((buffer << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      out[offset++] = (buffer >>> bits) & 0xff
    }
  }
  if ((buffer & ((1 << bits) - 1)) !== 0) throw new ProtocolError('bad-encoding', 'base64 spare bits')
  return out
}

/** base64url without padding (RFC 4648 section 5). */
export const toBase64url = (bytes: Uint8Array): string => encode(bytes, URL_SAFE)

/** Strict: no padding, no other characters, spare bits zero, so each value has one spelling. */
export const fromBase64url = (text: string): Uint8Array => decode(text, URL_SAFE)

/** Standard base64 with padding, as signed notes and HTTP's Signature and Content-Digest fields have it. */
export function toBase64(bytes: Uint8Array): string {
  const text = encode(bytes, STANDARD)
  return text + '='.repeat((4 - (text.length % 4)) % 4)
}

export function fromBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw new ProtocolError('bad-encoding', 'base64')
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return decode(text.slice(0, text.length - padding), STANDARD)
}

/** Lower-case hexadecimal, for people and file names. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
