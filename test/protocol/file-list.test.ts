import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { blobKeyOf, cryptoReady } from '../../src/protocol/crypto.ts'
import { concat, dec, enc, u64 } from '../../src/protocol/encoding.ts'
import {
  encodeFileList,
  type FileList,
  type ListedFile,
  MAX_FILES,
  parseFileList,
} from '../../src/protocol/file-list.ts'
import { rounds } from '../support/rounds.ts'
import { readFileList } from '../support/second-implementation.ts'
import { filled, refusal, tampered } from './support.ts'

beforeAll(() => cryptoReady)

const blobKey = blobKeyOf(filled(32, 1))
const file = (change: Partial<ListedFile> = {}): ListedFile => ({
  ...{ name: '도면.pdf', type: 'application/pdf', size: 12, sha256: filled(32, 7), attached: true },
  ...change,
})
const list = (...files: ListedFile[]): FileList => ({ blobKey, files })
const encoding = (...files: ListedFile[]) => refusal(() => encodeFileList(list(...files)))

const utf8Length = (text: string) => Buffer.byteLength(text)
const text = (most: number) =>
  fc.string({ unit: 'grapheme', maxLength: most }).filter(name => utf8Length(name) <= most)
const anyFile = fc.record({
  name: text(255).filter(name => name.length > 0),
  type: text(127),
  size: fc.oneof(fc.nat({ max: 2 ** 25 }), fc.constant(0)),
  sha256: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  attached: fc.boolean(),
})
const anyList = fc.record({
  blobKey: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(blobKeyOf),
  files: fc.array(anyFile, { minLength: 1, maxLength: MAX_FILES }),
})

test('a list says what it was given, in its order, and a second reader agrees', () => {
  fc.assert(
    fc.property(anyList, value => {
      const bytes = encodeFileList(value)
      expect(parseFileList(bytes)).toEqual(value)
      expect(readFileList(bytes)).toEqual(value)
    }),
    { numRuns: rounds(100, 5000) },
  )
})

test('no files are no bytes', () => {
  expect(encodeFileList(null)).toHaveLength(0)
  expect(parseFileList(new Uint8Array(0))).toBe(null)
  expect(encoding()).toBe('bad-encoding')
})

test('a list has one spelling: whatever is read is written back as it was', () => {
  const whole = encodeFileList(list(file(), file({ attached: false, size: 2 ** 40 })))
  let read = 0
  for (const changed of tampered(whole, whole.length)) {
    if (refusal(() => parseFileList(changed)) !== 'accepted') continue
    read += 1
    expect(encodeFileList(parseFileList(changed))).toEqual(changed)
  }
  expect(read).toBeGreaterThan(64)
})

test('a list cut anywhere or with a byte behind it is refused', () => {
  const whole = encodeFileList(list(file(), file()))
  const one = encodeFileList(list(file()))
  for (let length = 1; length < whole.length; length++) {
    const cut = refusal(() => parseFileList(whole.subarray(0, length)))
    // Behind the first entry it is a list of one: what holds the list says how long it is.
    expect(cut).toBe(length === one.length ? 'accepted' : 'bad-encoding')
  }
  expect(refusal(() => parseFileList(concat(whole, filled(1, 0))))).toBe('bad-encoding')
  expect(refusal(() => parseFileList(concat(filled(1, 0), whole)))).toBe('bad-encoding')
})

test('names keep every character that UTF-8 can say, and are counted in bytes', () => {
  for (const name of [
    '../../etc/passwd',
    'a\u0000b',
    '\u202egpj.exe',
    '한글',
    '한글'.normalize('NFD'),
    '\ufeffa',
  ]) {
    expect(parseFileList(encodeFileList(list(file({ name }))))?.files[0]?.name).toBe(name)
  }
  expect(encoding(file({ name: '가'.repeat(85) }))).toBe('accepted')
  for (const name of ['', '가'.repeat(86), 'x'.repeat(256), '\ud800'])
    expect(encoding(file({ name }))).toBe('bad-encoding')
})

test('a type is up to 127 bytes, and may be none', () => {
  for (const type of ['', 'x'.repeat(127)]) expect(encoding(file({ type }))).toBe('accepted')
  for (const type of ['x'.repeat(128), '\udc00']) expect(encoding(file({ type }))).toBe('bad-encoding')
})

test('a kept file may be as large as a number can say exactly', () => {
  for (const size of [0, 2 ** 32, 2 ** 53 - 1]) {
    const kept = file({ size, attached: false })
    expect(parseFileList(encodeFileList(list(kept)))?.files).toEqual([kept])
  }
  for (const size of [-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])
    expect(encoding(file({ size, attached: false }))).toBe('bad-encoding')
})

test('the attached files of a list have at most 2 GiB together', () => {
  const most = 2 ** 31
  expect(encoding(file({ size: most }))).toBe('accepted')
  expect(encoding(file({ size: most }), file({ size: 2 ** 50, attached: false }))).toBe('accepted')
  expect(encoding(file({ size: most + 1 }))).toBe('bad-encoding')
  expect(encoding(file({ size: most }), file({ size: 0 }))).toBe('accepted')
  expect(encoding(file({ size: most }), file({ size: 1 }))).toBe('bad-encoding')
  expect(encoding(...Array.from({ length: 32 }, () => file({ size: 2 ** 53 - 1 })))).toBe('bad-encoding')
})

test('one to 32 files, and hashes and keys of 32 bytes', () => {
  const files = Array.from({ length: 33 }, (_, i) => file({ name: `${i}` }))
  expect(encoding(...files.slice(1))).toBe('accepted')
  expect(encoding(...files)).toBe('bad-encoding')
  expect(encoding(file({ sha256: filled(31, 0) }))).toBe('bad-encoding')
  const [, entry = filled(0, 0)] = dec('files', encodeFileList(list(file())))
  expect(refusal(() => parseFileList(enc('files', filled(31, 1), entry)))).toBe('bad-encoding')
  expect(refusal(() => parseFileList(enc('files', filled(33, 1), entry)))).toBe('bad-encoding')
})

test('the largest number that eight bytes say is refused, not rounded', () => {
  expect(refusal(() => u64(2 ** 53))).toBe('bad-encoding')
  const kept = enc('kept-file', filled(1, 0x61), filled(0, 0), filled(8, 0xff), filled(32, 0))
  expect(refusal(() => parseFileList(enc('files', blobKey, kept)))).toBe('bad-encoding')
})
