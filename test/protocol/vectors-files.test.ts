// The vectors of files: our code and the second implementation take and refuse what they say.
import { beforeAll, expect, test } from 'vitest'
import {
  attachedLength,
  BLOB_LENGTHS,
  blobLengthFor,
  blobRoot,
  CHUNK_SIZE,
  createFileOpener,
  createFileSealer,
  deriveReaderPair,
  fillBlob,
  PART_SIZE,
  placeFiles,
  SEALED_CHUNK_LENGTH,
  STREAM_HEADER_LENGTH,
} from '../../src/protocol/blob.ts'
import { blobKeyOf, cryptoReady, sha256 } from '../../src/protocol/crypto.ts'
import { concat } from '../../src/protocol/encoding.ts'
import { encodeFileList, parseFileList } from '../../src/protocol/file-list.ts'
import * as second from '../support/second-files.ts'
import { blobLength, Refused, readFileList } from '../support/second-implementation.ts'
import { changedAt, filled, refusal } from './support.ts'
import { readVectors } from './vectors.ts'

beforeAll(() => cryptoReady)

const content = (size: number) => Uint8Array.from({ length: size }, (_, i) => i % 251)
const cut = (bytes: Uint8Array, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))

/** A whole stream, sealed by our code. */
function sealed({ key, position, size }: { key: Uint8Array; position: number; size: number }) {
  const sealer = createFileSealer(blobKeyOf(key), position)
  const chunks = size === 0 ? [filled(0, 0)] : cut(content(size), CHUNK_SIZE)
  const stream = concat(...chunks.map((chunk, i) => sealer.seal(chunk, i === chunks.length - 1)))
  sealer.free()
  return stream
}

interface Reading {
  readonly key: Uint8Array
  readonly position: number
  readonly header: Uint8Array
  readonly chunks: readonly Uint8Array[]
}

function open({ key, position, header, chunks }: Reading): Uint8Array {
  const opener = createFileOpener(blobKeyOf(key), position, header)
  try {
    return concat(...chunks.map((chunk, i) => opener.open(chunk, i === chunks.length - 1)))
  } finally {
    opener.free()
  }
}

/** Both readers refuse it. */
function refused(why: string, reading: Reading, error: string) {
  expect(`${why}: ${refusal(() => open(reading))}`).toBe(`${why}: ${error}`)
  const { key, position, header, chunks } = reading
  expect(() => second.openChunks(key, position, header, chunks), why).toThrow(Refused)
}

test('lists of files', () => {
  const vectors = readVectors('file-lists')
  for (const { blobKey, files, encoded, places, ...lengths } of vectors.cases) {
    expect(encodeFileList({ blobKey: blobKeyOf(blobKey), files })).toEqual(encoded)
    expect(parseFileList(encoded)).toEqual({ blobKey, files })
    expect(readFileList(encoded)).toEqual({ blobKey, files })
    expect(placeFiles(files)).toEqual(places)
    expect({ attachedLength: attachedLength(files), blobLength: blobLengthFor(files) }).toEqual(lengths)
  }
  expect(vectors.refused).toHaveLength(22)
  for (const { why, encoded, error } of vectors.refused) {
    expect(`${why}: ${refusal(() => parseFileList(encoded))}`).toBe(`${why}: ${error}`)
    expect(() => readFileList(encoded), why).toThrow()
  }
})

test('streams of small files', async () => {
  const { key, streams } = readVectors('blobs')
  for (const { position, size, fileKey, header, length, sealed: stated } of streams) {
    const stream = sealed({ key, position, size })
    expect(second.sealFile(key, position, content(size))).toEqual(stream)
    expect(second.openFile(key, position, stream)).toEqual(content(size))
    expect(second.fileKey(key, position)).toEqual(fileKey)
    expect(stream.subarray(0, STREAM_HEADER_LENGTH)).toEqual(header)
    expect(stream).toHaveLength(length)
    if ('hex' in stated) expect(stream).toEqual(stated.hex)
    else expect(await sha256(stream)).toEqual(stated.sha256)
    const chunks = cut(stream.subarray(STREAM_HEADER_LENGTH), SEALED_CHUNK_LENGTH)
    expect(open({ key, position, header, chunks })).toEqual(content(size))
  }
})

test('a blob of two files and its fill, and the root of its parts', async () => {
  const { key, blob } = readVectors('blobs')
  const streams = blob.sizes.map((size, position) => sealed({ key, position, size }))
  const fillLength = blob.length - blob.fillAt
  const whole = concat(...streams, ...fillBlob(blobKeyOf(key), blob.sizes.length, fillLength))
  expect(whole).toHaveLength(blob.length)
  expect(whole.subarray(blob.fillAt, blob.fillAt + blob.fillBegins.length)).toEqual(blob.fillBegins)
  expect(second.fill(key, blob.sizes.length, fillLength)).toEqual(whole.subarray(blob.fillAt))
  expect(await sha256(whole)).toEqual(blob.sha256)
  expect(await Promise.all(cut(whole, PART_SIZE).map(sha256))).toEqual(blob.partHashes)
  expect(await blobRoot(blob.partHashes)).toEqual(blob.root)
  expect(second.rootOf(blob.partHashes)).toEqual(blob.root)
})

test('lengths, roots and the reader’s key', async () => {
  const vectors = readVectors('blobs')
  const attached = (sizes: readonly number[]) => sizes.map(size => ({ size, attached: true }))
  expect(BLOB_LENGTHS).toEqual(vectors.lengths)
  for (const { sizes, length } of vectors.lengthsFor) {
    expect(blobLengthFor(attached(sizes))).toBe(length)
    expect(blobLength(sizes)).toBe(length)
  }
  for (const { sizes, error } of vectors.tooLong) {
    expect(refusal(() => blobLengthFor(attached(sizes)))).toBe(error)
    expect(() => blobLength(sizes)).toThrow(Refused)
  }
  expect(vectors.roots.map(({ count }) => count)).toEqual([0, 1, 2, 3, 5, 8])
  for (const { count, root } of vectors.roots) {
    const parts = await Promise.all(Array.from({ length: count }, (_, i) => sha256(Uint8Array.of(i))))
    expect(await blobRoot(parts)).toEqual(root)
    expect(second.rootOf(parts)).toEqual(root)
  }
  const { seed, publicKey } = deriveReaderPair(blobKeyOf(vectors.key))
  expect([seed, publicKey]).toEqual([vectors.readerSeed, vectors.readerKey])
  expect(second.readerKey(vectors.key)).toEqual(publicKey)
})

test('chunks that are not the next ones', () => {
  const vectors = readVectors('blobs')
  const sources = vectors.sources.map(source => {
    const stream = sealed(source)
    const chunks = cut(stream.subarray(STREAM_HEADER_LENGTH), SEALED_CHUNK_LENGTH)
    return { ...source, header: stream.subarray(0, STREAM_HEADER_LENGTH), chunks }
  })
  const read = (as: number, header: number, places: readonly (readonly [number, number])[]): Reading => ({
    key: sources[as]?.key ?? filled(0, 0),
    position: sources[as]?.position ?? 0,
    header: sources[header]?.header ?? filled(0, 0),
    chunks: places.map(([of, at]) => sources[of]?.chunks[at] ?? filled(0, 0)),
  })
  expect(open(read(0, 0, vectors.chunksOpen))).toEqual(content(sources[0]?.size ?? 0))
  for (const { why, as, header, chunks, error } of vectors.chunksRefused)
    refused(why, read(as, header, chunks), error)
})

test('streams that were changed, or sealed otherwise', () => {
  const { key, changesRefused, sealedRefused } = readVectors('blobs')
  const stream = sealed({ key, position: 0, size: 1 })
  const read = (bytes: Uint8Array, lengths: readonly number[]): Reading => {
    let at = STREAM_HEADER_LENGTH
    const chunks = lengths.map(length => {
      at += length
      return bytes.subarray(at - length, at)
    })
    return { key, position: 0, header: bytes.subarray(0, STREAM_HEADER_LENGTH), chunks }
  }
  expect(open(read(stream, [18]))).toEqual(content(1))
  for (const { at, error } of changesRefused) refused(`byte ${at}`, read(changedAt(stream, at), [18]), error)
  for (const { why, sealed: bytes, chunks, error } of sealedRefused) refused(why, read(bytes, chunks), error)
})
