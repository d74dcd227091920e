import fc from 'fast-check'
import sodium from 'libsodium-wrappers'
import { beforeAll, expect, test } from 'vitest'
import {
  attachedContent,
  attachedLength,
  BLOB_LENGTHS,
  blobLengthFor,
  CHUNK_SIZE,
  contentOfLength,
  createFileOpener,
  createFileSealer,
  deriveReaderPair,
  fillBlob,
  lengthOfClass,
  MAX_BLOB_LENGTH,
  MAX_CONTENT,
  PART_SIZE,
  partCountOf,
  placeFiles,
  SEALED_CHUNK_LENGTH,
  STREAM_HEADER_LENGTH,
  sealedFileLength,
} from '../../src/protocol/blob.ts'
import { type BlobKey, blobKeyOf, cryptoReady, sign, verifySignature } from '../../src/protocol/crypto.ts'
import { concat } from '../../src/protocol/encoding.ts'
import { rounds } from '../support/rounds.ts'
import * as second from '../support/second-files.ts'
import { changedAt, filled, refusal, tampered } from './support.ts'
import { fixedRandom } from './world.ts'

beforeAll(() => cryptoReady)

const key = blobKeyOf(filled(32, 1))
const otherKey = blobKeyOf(filled(32, 2))
const cut = (bytes: Uint8Array, size: number) =>
  Array.from({ length: Math.max(1, Math.ceil(bytes.length / size)) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  )

/** Header and sealed chunks. */
function sealed(file: Uint8Array, position = 0, by: BlobKey = key) {
  const sealer = createFileSealer(by, position)
  const chunks = cut(file, CHUNK_SIZE)
  const [first = filled(0, 0), ...rest] = chunks.map((chunk, i) =>
    sealer.seal(chunk, i === chunks.length - 1),
  )
  sealer.free()
  return {
    header: first.subarray(0, STREAM_HEADER_LENGTH),
    chunks: [first.subarray(STREAM_HEADER_LENGTH), ...rest],
  }
}

function opened(header: Uint8Array, chunks: readonly Uint8Array[], position = 0, by: BlobKey = key) {
  const opener = createFileOpener(by, position, header)
  try {
    return concat(...chunks.map((chunk, i) => opener.open(chunk, i === chunks.length - 1)))
  } finally {
    opener.free()
  }
}

const chance = fixedRandom('files')(3 * CHUNK_SIZE + 5)
const sizes = fc.oneof(
  fc.constantFrom(0, 1, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE, chance.length),
  fc.nat({ max: chance.length }),
)

test('a file of any size comes back, and takes the length that was foretold', () => {
  fc.assert(
    fc.property(sizes, fc.nat({ max: 31 }), (size, position) => {
      const file = chance.subarray(0, size)
      const { header, chunks } = sealed(file, position)
      expect(opened(header, chunks, position)).toEqual(file)
      expect(concat(header, ...chunks)).toHaveLength(sealedFileLength(size))
    }),
    { numRuns: rounds(30, 500) },
  )
})

/** Sealed from a source that gives pieces of any length. */
function sealedFrom(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const sealer = createFileSealer(key, 0)
  const out: Uint8Array[] = []
  let waiting = filled(0, 0)
  let taken = 0
  for (const piece of pieces) {
    waiting = concat(waiting, piece)
    while (waiting.length >= CHUNK_SIZE && taken + CHUNK_SIZE < size) {
      out.push(sealer.seal(waiting.subarray(0, CHUNK_SIZE), false))
      waiting = waiting.subarray(CHUNK_SIZE)
      taken += CHUNK_SIZE
    }
  }
  out.push(sealer.seal(waiting, true))
  sealer.free()
  return concat(...out)
}

test('a source’s own pieces do not show: the same file is the same bytes', () => {
  fc.assert(
    fc.property(sizes, fc.array(fc.nat({ max: chance.length }), { maxLength: 6 }), (size, cuts) => {
      const file = chance.subarray(0, size)
      const edges = [0, ...cuts.filter(at => at < size).sort((a, b) => a - b), size]
      const pieces = edges.slice(1).map((to, i) => file.subarray(edges[i], to))
      const { header, chunks } = sealed(file)
      expect(sealedFrom(pieces, size)).toEqual(concat(header, ...chunks))
    }),
    { numRuns: rounds(30, 500) },
  )
})

test('an upload that was interrupted goes on with the same bytes', () => {
  const file = chance.subarray(0, 2 * CHUNK_SIZE + 9)
  const whole = sealed(file)
  const bytes = concat(whole.header, ...whole.chunks)
  for (const at of [0, 10, STREAM_HEADER_LENGTH + 1, SEALED_CHUNK_LENGTH, bytes.length - 1]) {
    const before = createFileSealer(key, 0)
    const sent = before.seal(file.subarray(0, CHUNK_SIZE), false).subarray(0, at)
    before.free()
    const again = sealed(file)
    const rest = concat(again.header, ...again.chunks).subarray(sent.length)
    expect(concat(sent, rest)).toEqual(bytes)
  }
})

test('every chunk of a stream of three, in every other order and number, is refused', () => {
  const file = chance.subarray(0, 2 * CHUNK_SIZE + 9)
  const { header, chunks } = sealed(file)
  const orders = [0, 1, 2].flatMap(a => [
    [a],
    ...[0, 1, 2].flatMap(b => [
      [a, b],
      ...[0, 1, 2].flatMap(c => [[a, b, c], ...[0, 1, 2].map(d => [a, b, c, d])]),
    ]),
  ])
  expect(orders).toHaveLength(3 + 9 + 27 + 81)
  for (const order of orders) {
    const taken = order.map(at => chunks[at] ?? filled(0, 0))
    const code = refusal(() => opened(header, taken))
    expect(`${order} ${code}`).toBe(`${order} ${order.join() === '0,1,2' ? 'accepted' : 'open-failed'}`)
  }
})

test('a chunk of another place, file or blob is refused in every place', () => {
  const file = chance.subarray(0, 2 * CHUNK_SIZE + 9)
  const own = sealed(file)
  const others = [sealed(file, 1), sealed(file, 0, otherKey), sealed(chance.subarray(9, 2 * CHUNK_SIZE + 18))]
  for (const other of others) {
    for (const [at, chunk] of other.chunks.entries()) {
      expect(refusal(() => opened(own.header, own.chunks.with(at, chunk)))).toBe('open-failed')
    }
  }
  for (const { header } of others.slice(0, 2))
    expect(refusal(() => opened(header, own.chunks))).toBe('open-failed')
  expect(refusal(() => opened(own.header, own.chunks, 1))).toBe('open-failed')
  expect(refusal(() => opened(own.header, own.chunks, 0, otherKey))).toBe('open-failed')
})

test('any byte changed, cut off or added is refused, in the header too', () => {
  const { header, chunks } = sealed(chance.subarray(0, CHUNK_SIZE + 9))
  const [first = filled(0, 0), last = filled(0, 0)] = chunks
  for (const changed of tampered(header)) expect(refusal(() => opened(changed, chunks))).toBe('open-failed')
  for (const changed of tampered(first, 40))
    expect(refusal(() => opened(header, [changed, last]))).toBe('open-failed')
  for (const changed of tampered(last))
    expect(refusal(() => opened(header, [first, changed]))).toBe('open-failed')
  for (let length = 0; length < last.length; length++)
    expect(refusal(() => opened(header, [first, last.subarray(0, length)]))).toBe('open-failed')
  for (const longer of [concat(last, filled(1, 0)), concat(last, last), chance])
    expect(refusal(() => opened(header, [first, longer]))).toBe('open-failed')
  for (const other of [header.subarray(1), concat(header, filled(1, 0)), filled(0, 0)])
    expect(refusal(() => opened(other, chunks))).toBe('open-failed')
})

test('a chunk that failed can be fetched again, and the stream goes on', () => {
  const file = chance.subarray(0, CHUNK_SIZE + 9)
  const { header, chunks } = sealed(file)
  const [first = filled(0, 0), last = filled(0, 0)] = chunks
  const opener = createFileOpener(key, 0, header)
  expect(refusal(() => opener.open(changedAt(first, 9), false))).toBe('open-failed')
  const parts = [opener.open(first, false)]
  expect(refusal(() => opener.open(first, false))).toBe('open-failed')
  parts.push(opener.open(last, true))
  opener.free()
  expect(concat(...parts)).toEqual(file)
})

test('behind the last chunk nothing is sealed or opened, even by who holds the key', () => {
  const sealer = createFileSealer(key, 0)
  sealer.seal(filled(3, 1), true)
  expect(refusal(() => sealer.seal(filled(3, 1), true))).toBe('bad-length')
  sealer.free()
  const [header = filled(0, 0), ...chunks] = byHand([filled(3, 1), 3], [filled(3, 1), 3])
  const opener = createFileOpener(key, 0, header)
  expect(opener.open(chunks[0] ?? header, true)).toEqual(filled(3, 1))
  expect(refusal(() => opener.open(chunks[1] ?? header, true))).toBe('open-failed')
  opener.free()
})

const byHand = (...chunks: (readonly [Uint8Array, number])[]) =>
  second.sealChunks(second.fileKey(key, 0), second.streamHeader(key, 0), chunks)

test('a stream has one spelling: its chunks are whole, and libsodium’s other tags are refused', () => {
  const whole = chance.subarray(0, CHUNK_SIZE)
  const open = (...chunks: (readonly [Uint8Array, number])[]) => {
    const [header = filled(0, 0), ...parts] = byHand(...chunks)
    return refusal(() => opened(header, parts))
  }
  expect(open([whole, 0], [filled(1, 1), 3])).toBe('accepted')
  for (const tag of [1, 2, 3, 4, 255]) expect(open([whole, tag], [filled(1, 1), 3])).toBe('open-failed')
  for (const tag of [0, 1, 2, 4, 7]) expect(open([whole, 0], [filled(1, 1), tag])).toBe('open-failed')
  expect(open([whole.subarray(1), 0], [filled(1, 1), 3])).toBe('open-failed')
  expect(open([chance.subarray(0, CHUNK_SIZE + 1), 0], [filled(1, 1), 3])).toBe('open-failed')
  expect(open([chance.subarray(0, CHUNK_SIZE + 1), 3])).toBe('open-failed')
})

test('a sealer takes whole chunks and one last', () => {
  const sealer = createFileSealer(key, 0)
  for (const length of [0, 1, CHUNK_SIZE - 1, CHUNK_SIZE + 1])
    expect(refusal(() => sealer.seal(filled(length, 0), false))).toBe('bad-length')
  expect(refusal(() => sealer.seal(filled(CHUNK_SIZE + 1, 0), true))).toBe('bad-length')
  expect(sealer.seal(filled(0, 0), true)).toHaveLength(sealedFileLength(0))
  sealer.free()
})

test('our streams and those of a second implementation are the same bytes, and each opens the other’s', () => {
  for (const size of [0, 1, 15, 16, 17, 63, 64, 1000, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE + 5]) {
    const file = chance.subarray(0, size)
    const { header, chunks } = sealed(file, 3)
    const stream = concat(header, ...chunks)
    expect(second.sealFile(key, 3, file)).toEqual(stream)
    expect(second.openFile(key, 3, stream)).toEqual(file)
  }
})

const filesOf = (...list: (number | null)[]) =>
  list.map(size => ({ size: size ?? 99, attached: size !== null }))
const anyFiles = fc
  .array(fc.option(fc.nat({ max: 2 ** 26 })), { maxLength: 32 })
  .map(list => filesOf(...list))

test('streams lie one behind the other, in the order of the list, and kept files nowhere', () => {
  fc.assert(
    fc.property(anyFiles, files => {
      const places = placeFiles(files)
      let at = 0
      let position = 0
      for (const [i, { size, attached }] of files.entries()) {
        const length = sealedFileLength(size)
        expect(places[i]).toEqual(attached ? { position: position++, offset: at, length } : null)
        if (attached) at += length
      }
      expect(attachedLength(files)).toBe(at)
    }),
    { numRuns: rounds(200, 5000) },
  )
})

test('a blob has the smallest length that holds its files, and a third of it at most is fill', () => {
  fc.assert(
    fc.property(anyFiles, files => {
      const needed = attachedLength(files)
      fc.pre(attachedContent(files) <= MAX_CONTENT)
      const length = blobLengthFor(files)
      expect(length === 0).toBe(needed === 0)
      if (needed === 0) return
      expect(BLOB_LENGTHS).toContain(length)
      expect(length).toBeGreaterThanOrEqual(needed)
      const at = BLOB_LENGTHS.indexOf(length)
      if (at > 0) expect(BLOB_LENGTHS[at - 1]).toBeLessThan(needed)
      if (at > 0) expect((length - needed) / length).toBeLessThan(1 / 3)
    }),
    { numRuns: rounds(200, 5000) },
  )
  expect(blobLengthFor(filesOf(null, null))).toBe(0)
})

test('31 lengths for 64 KiB to 2 GiB of content, a thousandth longer, each a whole number of bytes', () => {
  const classes = BLOB_LENGTHS.map(contentOfLength)
  expect(classes).toHaveLength(31)
  expect(classes.slice(0, 4)).toEqual([64, 96, 128, 192].map(size => size * 1024))
  expect(classes.at(-1)).toBe(2 ** 31)
  expect(classes.slice(2).map((content, i) => content / (classes[i] ?? 0))).toEqual(Array(29).fill(2))
  expect(classes.map(lengthOfClass)).toEqual(BLOB_LENGTHS)
  expect(BLOB_LENGTHS.every(Number.isSafeInteger)).toBe(true)
  expect(BLOB_LENGTHS.at(-1)).toBe(2 ** 31 + 2 ** 21)
  expect(MAX_BLOB_LENGTH).toBe(2 ** 31 + 2 ** 21)
  expect([0, 1, PART_SIZE, PART_SIZE + 1, MAX_BLOB_LENGTH].map(partCountOf)).toEqual([0, 1, 1, 2, 2050])
})

test('one file of as much content as a class has fits it, and so do 31 that share it from 2 MiB on', () => {
  for (const length of BLOB_LENGTHS) {
    const content = contentOfLength(length)
    expect([content, blobLengthFor(filesOf(content))]).toEqual([content, length])
    if (content < 2 * 1024 * 1024) continue
    const sizes = Array.from({ length: 31 }, () => Math.floor(content / 31))
    expect([content, blobLengthFor(filesOf(...sizes))]).toEqual([content, length])
  }
})

test('files whose seals take more than a class has room for go to the next', () => {
  const next = (content: number) => BLOB_LENGTHS[BLOB_LENGTHS.indexOf(lengthOfClass(content)) + 1]
  const KIB = 1024
  // 64 bytes are room for one file, not for two; 1,024 for one of 16 chunks and 17 more, not for 31 more.
  expect(blobLengthFor(filesOf(32 * KIB, 32 * KIB))).toBe(next(64 * KIB))
  expect(blobLengthFor(filesOf(32 * KIB, 32 * KIB - 18))).toBe(lengthOfClass(64 * KIB))
  expect(blobLengthFor(filesOf(32 * KIB, 32 * KIB - 17))).toBe(next(64 * KIB))
  const many = (count: number, content: number) =>
    filesOf(...Array.from({ length: count }, (_, i) => (i === 0 ? content - count + 1 : 1)))
  expect(blobLengthFor(many(18, KIB * KIB))).toBe(lengthOfClass(KIB * KIB))
  expect(blobLengthFor(many(32, KIB * KIB))).toBe(next(KIB * KIB))
})

test('2 GiB fit one message, in one file or in 32, and a byte more does not', () => {
  const [most, in32] = [2 ** 31, Array.from({ length: 32 }, () => 2 ** 26)]
  for (const sizes of [[most], in32, [most, 0, null]]) {
    expect(blobLengthFor(filesOf(...sizes))).toBe(MAX_BLOB_LENGTH)
  }
  for (const sizes of [[most + 1], [...in32.slice(1), 2 ** 26 + 1], [most, 1], [2 ** 50]]) {
    expect(refusal(() => blobLengthFor(filesOf(...sizes)))).toBe('too-long')
  }
})

test('a fill has exactly the length that is asked for, and a shorter one is the beginning of a longer', () => {
  const longest = concat(...fillBlob(key, 2, 2 * SEALED_CHUNK_LENGTH + 99))
  expect(longest).toHaveLength(2 * SEALED_CHUNK_LENGTH + 99)
  const edges = [
    0,
    1,
    23,
    24,
    25,
    41,
    SEALED_CHUNK_LENGTH + 23,
    SEALED_CHUNK_LENGTH + 24,
    SEALED_CHUNK_LENGTH + 25,
  ]
  for (const length of edges) {
    const fill = concat(...fillBlob(key, 2, length))
    expect(fill).toEqual(longest.subarray(0, length))
    expect(second.fill(key, 2, length)).toEqual(fill)
  }
  expect(concat(...fillBlob(key, 3, 99))).not.toEqual(longest.subarray(0, 99))
  expect(concat(...fillBlob(otherKey, 2, 99))).not.toEqual(longest.subarray(0, 99))
})

test('a fill is no file, and gives away nothing of a file at any place', () => {
  const fill = concat(...fillBlob(key, 1, STREAM_HEADER_LENGTH + SEALED_CHUNK_LENGTH))
  const chunk = fill.subarray(STREAM_HEADER_LENGTH)
  const file = chance.subarray(0, CHUNK_SIZE)
  for (const position of [0, 1, 2]) {
    const header = fill.subarray(0, STREAM_HEADER_LENGTH)
    expect(refusal(() => opened(header, [chunk], position))).toBe('open-failed')
    // A fill of zeros is its key's stream: under a file's key it would open the file at that place.
    const [sealedChunk = filled(0, 0)] = sealed(file, position).chunks
    const guessed = sealedChunk.slice(1, 1 + CHUNK_SIZE).map((byte, i) => byte ^ (chunk[i + 1] ?? 0))
    expect(guessed.subarray(0, 64)).not.toEqual(file.subarray(0, 64))
  }
})

test('the reader’s key follows from the blob key alone', () => {
  const pair = deriveReaderPair(key)
  expect(deriveReaderPair(key)).toEqual(pair)
  expect(deriveReaderPair(otherKey).publicKey).not.toEqual(pair.publicKey)
  expect(second.readerKey(key)).toEqual(pair.publicKey)
  expect(verifySignature(pair.publicKey, filled(9, 1), sign(pair, filled(9, 1)))).toBe(true)
})

interface Memory {
  readonly HEAPU8: Uint8Array
  _malloc(length: number): number
  _free(at: number): void
}

/** How large libsodium's memory is, and where it is free: a large piece lies behind all small ones. */
function memory() {
  const { HEAPU8, _malloc, _free } = (sodium as unknown as { libsodium: Memory }).libsodium
  const behind = _malloc(1024 * 1024)
  _free(behind)
  return { length: HEAPU8.length, behind }
}

test('streams that are freed leave no memory behind, however they ended', () => {
  const { header, chunks } = sealed(filled(9, 1))
  const [chunk = filled(0, 0)] = chunks
  const round = () => {
    const sealer = createFileSealer(key, 0)
    sealer.free()
    sealer.free()
    const opener = createFileOpener(key, 0, header)
    refusal(() => opener.open(header, true))
    opener.open(chunk, true)
    opener.free()
    for (const _ of fillBlob(key, 1, 99)) break
  }
  for (let i = 0; i < 100; i++) round()
  const before = memory()
  for (let i = 0; i < 33_334; i++) round()
  expect(memory()).toEqual(before)
})

test('a stream that was freed is used by nobody', () => {
  const { header, chunks } = sealed(filled(9, 1))
  const sealer = createFileSealer(key, 0)
  sealer.free()
  expect(refusal(() => sealer.seal(filled(9, 1), true))).toBe('bad-length')
  const opener = createFileOpener(key, 0, header)
  opener.free()
  expect(refusal(() => opener.open(chunks[0] ?? header, true))).toBe('open-failed')
})
