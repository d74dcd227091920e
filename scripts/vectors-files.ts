// Vectors of files: lists, sealed streams, fill, lengths and roots of blobs.
import {
  attachedLength,
  BLOB_LENGTHS,
  blobLengthFor,
  blobRoot,
  CHUNK_SIZE,
  createFileSealer,
  deriveReaderPair,
  fillBlob,
  PART_SIZE,
  partCountOf,
  placeFiles,
  STREAM_HEADER_LENGTH,
} from '../src/protocol/blob.ts'
import { type BlobKey, blobKeyOf, M, sha256, textToBytes } from '../src/protocol/crypto.ts'
import { concat, enc, toHex, u32, u64 } from '../src/protocol/encoding.ts'
import { encodeFileList, type ListedFile, type MessageFiles } from '../src/protocol/file-list.ts'
import { createStreamSealer } from '../src/protocol/secretstream.ts'

const counted = (from: number) => blobKeyOf(Uint8Array.from({ length: 32 }, (_, i) => from + i))
const key = counted(0x20)
const otherKey = counted(0x40)

/** What every file of the vectors holds: byte i is i mod 251. */
const content = (size: number) => Uint8Array.from({ length: size }, (_, i) => i % 251)

const hexOf = async (bytes: Uint8Array) =>
  bytes.length > 1000 ? { sha256: toHex(await sha256(bytes)) } : { hex: toHex(bytes) }

/** A whole stream: header, then the sealed chunks. */
function sealedFile(size: number, position: number, by = key): Uint8Array {
  const sealer = createFileSealer(by, position)
  const file = content(size)
  const count = Math.max(1, Math.ceil(size / CHUNK_SIZE))
  const sealed = Array.from({ length: count }, (_, i) =>
    sealer.seal(file.subarray(i * CHUNK_SIZE, (i + 1) * CHUNK_SIZE), i === count - 1),
  )
  sealer.free()
  return concat(...sealed)
}

async function listed(name: string, type: string, size: number, attached: boolean): Promise<ListedFile> {
  return { name, type, size, sha256: await sha256(content(attached ? size : 0)), attached }
}

/** The list and the blob that the messages of the other files have. */
export async function exampleFiles(): Promise<MessageFiles & { readonly blob: Uint8Array }> {
  const files = [
    await listed('도면 3차.pdf', 'application/pdf', 65_537, true),
    await listed('server-logs.tar.zst', '', 5_000_000_000, false),
    await listed('사진.jpg', 'image/jpeg', 1, true),
  ]
  const blob = blobOf(files, key)
  const parts = await partHashes(blob)
  return { list: { blobKey: key, files }, root: await blobRoot(parts), partCount: parts.length, blob }
}

function blobOf(files: readonly ListedFile[], by: BlobKey): Uint8Array {
  const attached = files.filter(file => file.attached)
  const streams = attached.map(({ size }, position) => sealedFile(size, position, by))
  const fill = fillBlob(by, attached.length, blobLengthFor(files) - attachedLength(files))
  return concat(...streams, ...fill)
}

async function partHashes(blob: Uint8Array): Promise<Uint8Array[]> {
  const count = partCountOf(blob.length)
  const parts = Array.from({ length: count }, (_, i) => blob.subarray(i * PART_SIZE, (i + 1) * PART_SIZE))
  return Promise.all(parts.map(sha256))
}

const fileEntry = ({ sha256: hash, ...file }: ListedFile) => ({ ...file, sha256: toHex(hash) })

export async function fileListVectors() {
  const { list } = await exampleFiles()
  const kept = await listed(`${'가'.repeat(85)}`, 'x'.repeat(127), 2 ** 53 - 1, false)
  const odd = await listed('../a\u0000b/🔥\u202e.exe', 'text/plain;charset=utf-8', 0, true)
  const most = Array.from({ length: 32 }, (_, i) => ({ ...kept, name: `${i}`, type: '', size: i }))
  const lists = [list.files, [kept], [odd], most]
  return {
    cases: lists.map(files => ({
      blobKey: toHex(key),
      files: files.map(fileEntry),
      places: placeFiles(files),
      attachedLength: attachedLength(files),
      blobLength: blobLengthFor(files),
      encoded: toHex(encodeFileList({ blobKey: key, files })),
    })),
    refused: refusedLists(),
  }
}

const NONE = new Uint8Array(0)

/** Well encoded lists that no reader takes. */
function refusedLists() {
  const fields = { name: textToBytes('a'), type: NONE, size: u64(1), hash: new Uint8Array(32) }
  const file = (change: Partial<typeof fields> = {}, tag = 'file') => {
    const { name, type, size, hash } = { ...fields, ...change }
    return enc(tag, name, type, size, hash)
  }
  const whole = (...entries: Uint8Array[]) => enc('files', key, ...entries)
  const zeros = (length: number) => new Uint8Array(length)
  const letters = (length: number) => zeros(length).fill(0x61)
  const good = whole(file())
  return [
    { why: 'bytes behind it', encoded: concat(good, zeros(1)) },
    { why: 'an empty field behind it', encoded: concat(good, zeros(4)) },
    { why: 'cut', encoded: good.subarray(0, -1) },
    { why: 'another tag', encoded: enc('file-list', key, file()) },
    { why: 'no file', encoded: enc('files', key) },
    { why: 'no key', encoded: enc('files') },
    { why: 'a key of 31 bytes', encoded: enc('files', key.subarray(1), file()) },
    { why: '33 files', encoded: whole(...Array.from({ length: 33 }, () => file({}, 'kept-file'))) },
    { why: 'an entry of another tag', encoded: whole(file({}, 'lost-file')) },
    { why: 'bytes behind an entry', encoded: whole(concat(file(), zeros(1))) },
    { why: 'an entry without its hash', encoded: whole(enc('file', fields.name, NONE, fields.size)) },
    { why: 'an entry with a fifth field', encoded: whole(concat(file(), zeros(4))) },
    { why: 'a name of 256 bytes', encoded: whole(file({ name: letters(256) })) },
    { why: 'no name', encoded: whole(file({ name: NONE })) },
    { why: 'a name that is not UTF-8', encoded: whole(file({ name: Uint8Array.of(0xff) })) },
    { why: 'a type of 128 bytes', encoded: whole(file({ type: letters(128) })) },
    { why: 'a type that is not UTF-8', encoded: whole(file({ type: Uint8Array.of(0xc3) })) },
    { why: 'a size of 2^53', encoded: whole(file({ size: concat(u32(2 ** 21), u32(0)) }, 'kept-file')) },
    { why: 'a size of 4 bytes', encoded: whole(file({ size: u32(1) })) },
    { why: 'a hash of 31 bytes', encoded: whole(file({ hash: zeros(31) })) },
    { why: 'more than a message has', encoded: whole(file({ size: u64(2 ** 31 + 1) })) },
    {
      why: 'two that together are more',
      encoded: whole(...[0, 1].map(i => file({ size: u64(2 ** 30 + i) }))),
    },
  ].map(({ why, encoded }) => ({ why, encoded: toHex(encoded), error: 'bad-encoding' }))
}

/** About the edges of classes: those of 64 and 96 KiB, of 1 MiB with many files, and of 1 and 2 GiB. */
const SIZES = [
  [],
  [0],
  [1, 1, 1],
  [65_536],
  [65_542],
  [65_543],
  [32_768, 32_750],
  [32_768, 32_751],
  [98_342],
  [98_343],
  [1_048_576],
  Array.from({ length: 32 }, () => 32_768),
  [2 ** 30],
  [2 ** 30 + 1],
  [2 ** 31],
  Array.from({ length: 32 }, () => 2 ** 26),
]

export async function blobVectors() {
  const sizes = [0, 1, CHUNK_SIZE, CHUNK_SIZE + 1]
  const { list, blob, root } = await exampleFiles()
  return {
    key: toHex(key),
    readerSeed: toHex(M(key, 'file-reader')),
    readerKey: toHex(deriveReaderPair(key).publicKey),
    // Byte i of every file is i mod 251.
    streams: await Promise.all(sizes.map(streamEntry)),
    blob: {
      sizes: list.files.filter(({ attached }) => attached).map(({ size }) => size),
      length: blob.length,
      fillAt: attachedLength(list.files),
      fillBegins: toHex(blob.subarray(attachedLength(list.files)).subarray(0, 64)),
      sha256: toHex(await sha256(blob)),
      partHashes: (await partHashes(blob)).map(toHex),
      root: toHex(root),
    },
    lengths: BLOB_LENGTHS,
    lengthsFor: SIZES.map(sizes => ({
      sizes,
      length: blobLengthFor(sizes.map(size => ({ size, attached: true }))),
    })),
    tooLong: [[2 ** 31 + 1], [2 ** 31, 1], [2 ** 50]].map(sizes => ({ sizes, error: 'too-long' })),
    // Hash i (from 0) is SHA-256 of the one byte i.
    roots: await Promise.all([0, 1, 2, 3, 5, 8].map(rootEntry)),
    ...refusedStreams(),
  }
}

async function streamEntry(size: number, position: number) {
  const sealed = sealedFile(size, position)
  return {
    position,
    size,
    fileKey: toHex(M(key, 'file', u32(position))),
    header: toHex(sealed.subarray(0, STREAM_HEADER_LENGTH)),
    length: sealed.length,
    sealed: await hexOf(sealed),
  }
}

async function rootEntry(count: number) {
  const parts = await Promise.all(Array.from({ length: count }, (_, i) => sha256(Uint8Array.of(i))))
  return { count, root: toHex(await blobRoot(parts)) }
}

// Read as `as` says, behind the header of stream `header`: `chunks` one after another, each [stream, chunk], the
// last of them as the last. Only the first entry opens.
function refusedStreams() {
  const three = 2 * CHUNK_SIZE + 10
  const sources = [
    { key, position: 0, size: three },
    { key, position: 1, size: three },
    { key: otherKey, position: 0, size: three },
    { key, position: 0, size: CHUNK_SIZE },
  ]
  const refuse = (why: string, chunks: number[][], header = 0, as = 0) => ({ why, as, header, chunks })
  const all = [0, 1, 2].map(chunk => [0, chunk])
  const with1 = (place: number[]) => [[0, 0], place, [0, 2]]
  return {
    sources: sources.map(source => ({ ...source, key: toHex(source.key) })),
    chunksOpen: all,
    chunksRefused: [
      refuse('the last chunk missing', all.slice(0, 2)),
      refuse('the first chunk missing', all.slice(1)),
      refuse('a chunk in the middle missing', with1([0, 1]).toSpliced(1, 1)),
      refuse('two chunks swapped', [
        [0, 1],
        [0, 0],
        [0, 2],
      ]),
      refuse('a chunk twice', [
        [0, 0],
        [0, 0],
        [0, 1],
        [0, 2],
      ]),
      refuse('the last chunk twice', [...all, [0, 2]]),
      refuse('a chunk of another position', with1([1, 1])),
      refuse('a chunk of another blob', with1([2, 1])),
      refuse('a last chunk where more follow', [
        [3, 0],
        [0, 1],
        [0, 2],
      ]),
      refuse('another position', all, 0, 1),
      refuse('another blob key', all, 0, 2),
      refuse('the header of another position', all, 1),
      refuse('the header of another blob', all, 2),
    ].map(entry => ({ ...entry, error: 'open-failed' })),
    // Each changes one byte (xor 01) of the stream of a file of one byte at position 0.
    changesRefused: [0, 15, 16, 23, 24, 25, 26, 41].map(at => ({ at, error: 'open-failed' })),
    sealedRefused: refusedSealed(),
  }
}

/** Well sealed by who holds the key, and still no file. Cut at `cuts`, and the last chunk read as the last. */
function refusedSealed() {
  const header = M(key, 'file-header', u32(0)).slice(0, STREAM_HEADER_LENGTH)
  const seal = (...chunks: readonly (readonly [length: number, final: boolean])[]) => {
    const stream = createStreamSealer(M(key, 'file', u32(0)), header)
    const sealed = chunks.map(([length, final]) => stream.push(content(length), final))
    stream.free()
    return { sealed: toHex(concat(header, ...sealed)), chunks: sealed.map(({ length }) => length) }
  }
  return [
    { why: 'no chunk is the last', ...seal([1, false]) },
    { why: 'a short chunk before the last', ...seal([1, false], [1, true]) },
    { why: 'a chunk behind the last', ...seal([1, true], [1, true]) },
    { why: 'a chunk without its tag', sealed: toHex(concat(header, new Uint8Array(16))), chunks: [16] },
  ].map(entry => ({ ...entry, error: 'open-failed' }))
}
