// The files of a message as they are stored: one opaque blob, a sealed stream for each file, then a fill.
import { type BlobKey, deriveSigningPair, M, type SigningPair, signingSeed } from './crypto.ts'
import { concat, u32 } from './encoding.ts'
import { ProtocolError } from './error.ts'
import { merkleTreeHash } from './merkle.ts'
import { type ChunkCipher, createStreamOpener, createStreamSealer } from './secretstream.ts'

export type { ChunkCipher } from './secretstream.ts'

/** Plaintext of one chunk, bytes; only a file's last chunk is shorter. */
export const CHUNK_SIZE = 64 * 1024
/** What sealing adds to each chunk. */
export const CHUNK_OVERHEAD = 17
const STREAM_HEADER = 24
/** A blob is uploaded in parts of this many bytes; only the last is shorter. */
export const PART_SIZE = 1024 * 1024
/** Bytes that the attached files of one message have together, at most. */
export const MAX_CONTENT = 2 * 1024 * 1024 * 1024
/**
 * What a blob of the size class of so much content is long: with room for what sealing adds, so that a file of exactly
 * that size does not fall into the next class.
 */
export const lengthOfClass = (content: number): number => content + content / 1024
/** Undoes `lengthOfClass`. */
export const contentOfLength = (length: number): number => (length / 1025) * 1024
export const MAX_BLOB_LENGTH = lengthOfClass(MAX_CONTENT)
/** What a blob's length can be, in order: classes of 64 KiB × {1, 1.5} × 2^k of content, up to 2 GiB. */
export const BLOB_LENGTHS: readonly number[] = Array.from({ length: 16 }, (_, k) => CHUNK_SIZE * 2 ** k)
  .flatMap(content => [content, content * 1.5])
  .filter(content => content <= MAX_CONTENT)
  .map(lengthOfClass)

/** As a file list has it. */
interface Attachable {
  readonly size: number
  readonly attached: boolean
}

/** Bytes that a file of `size` bytes takes in a blob. */
export function sealedFileLength(size: number): number {
  return STREAM_HEADER + size + CHUNK_OVERHEAD * Math.max(1, Math.ceil(size / CHUNK_SIZE))
}

/** Bytes that the streams of the attached files take, without the fill. */
export function attachedLength(files: readonly Attachable[]): number {
  return files.reduce((sum, { attached, size }) => sum + (attached ? sealedFileLength(size) : 0), 0)
}

/** Bytes of the attached files themselves. */
export function attachedContent(files: readonly Attachable[]): number {
  return files.reduce((sum, { attached, size }) => sum + (attached ? size : 0), 0)
}

/** The smallest length that a blob of these files can have; 0 where none is attached. Throws `too-long`. */
export function blobLengthFor(files: readonly Attachable[]): number {
  const needed = attachedLength(files)
  if (needed === 0) return 0
  // The largest class has room for a little more; what is promised is a round number, for every reader the same.
  if (attachedContent(files) > MAX_CONTENT) throw new ProtocolError('too-long')
  const length = BLOB_LENGTHS.find(candidate => candidate >= needed)
  if (length === undefined) throw new ProtocolError('too-long')
  return length
}

/** Where in the blob a file's stream is. */
export interface FilePlace {
  /** Among the attached ones: 0, 1, … */
  readonly position: number
  readonly offset: number
  readonly length: number
}

/** Of each file of the list; null for one that was kept. */
export function placeFiles(files: readonly Attachable[]): (FilePlace | null)[] {
  let position = 0
  let offset = 0
  return files.map(({ attached, size }) => {
    if (!attached) return null
    const place = { position, offset, length: sealedFileLength(size) }
    position += 1
    offset += place.length
    return place
  })
}

const fileKey = (key: BlobKey, position: number) => M(key, 'file', u32(position))
// Derived, not chance: a program that was interrupted makes the same bytes again. So a blob key seals one set of
// files, once: two contents at one position would give each other away.
const streamHeader = (key: BlobKey, position: number) =>
  M(key, 'file-header', u32(position)).slice(0, STREAM_HEADER)

export interface FileSealer {
  /**
   * `CHUNK_SIZE` bytes, or fewer in the last; the first comes with the stream's header before it. What it returns is
   * good until the next.
   */
  seal(chunk: Uint8Array, isLast: boolean): Uint8Array
  /** Call once, however it ended. */
  free(): void
}

/** Seals the attached file at `position` of a blob, chunk by chunk. An empty file is one empty last chunk. */
export function createFileSealer(key: BlobKey, position: number, cipher?: ChunkCipher): FileSealer {
  const header = streamHeader(key, position)
  const stream = createStreamSealer(fileKey(key, position), header, cipher)
  let begun = false
  let ended = false
  return {
    seal(chunk, isLast) {
      if (ended || chunk.length > CHUNK_SIZE || (!isLast && chunk.length < CHUNK_SIZE)) {
        throw new ProtocolError('bad-length', 'chunk')
      }
      const sealed = stream.push(chunk, isLast)
      ended = isLast
      if (begun) return sealed
      begun = true
      return concat(header, sealed)
    },
    free: stream.free,
  }
}

export interface FileOpener {
  /**
   * Opens the next chunk, as it lies in the blob. Throws `open-failed` on anything that is not the next one, on
   * a last one too early and on whatever comes behind it.
   */
  open(sealed: Uint8Array, isLast: boolean): Uint8Array
  /** Call once, however it ended. */
  free(): void
}

/** Bytes of a stream before its first chunk. */
export const STREAM_HEADER_LENGTH = STREAM_HEADER
export const SEALED_CHUNK_LENGTH = CHUNK_SIZE + CHUNK_OVERHEAD

/** Opens the stream at `position`, whose first 24 bytes are `header`. Throws `open-failed`. */
export function createFileOpener(
  key: BlobKey,
  position: number,
  header: Uint8Array,
  cipher?: ChunkCipher,
): FileOpener {
  if (header.length !== STREAM_HEADER) throw new ProtocolError('open-failed')
  const stream = createStreamOpener(fileKey(key, position), header, cipher)
  let ended = false
  return {
    open(sealed, isLast) {
      if (ended || sealed.length > SEALED_CHUNK_LENGTH) throw new ProtocolError('open-failed')
      const { chunk, final } = stream.pull(sealed)
      ended = final
      if (final !== isLast || (!isLast && chunk.length !== CHUNK_SIZE)) throw new ProtocolError('open-failed')
      return chunk
    },
    free: stream.free,
  }
}

/**
 * What fills a blob behind its files: the beginning of a stream of zeros. To whoever has no key it is chance like
 * the rest, and it can be made again. No file has its key: the key's stream lies open in it.
 */
export function* fillBlob(
  key: BlobKey,
  fileCount: number,
  length: number,
  cipher?: ChunkCipher,
): Generator<Uint8Array> {
  if (length === 0) return
  const header = M(key, 'fill-header', u32(fileCount)).slice(0, STREAM_HEADER)
  const stream = createStreamSealer(M(key, 'fill', u32(fileCount)), header, cipher)
  const zeros = new Uint8Array(CHUNK_SIZE)
  try {
    yield header.subarray(0, length)
    for (let left = length - header.length; left > 0; left -= SEALED_CHUNK_LENGTH) {
      yield stream.push(zeros, false).subarray(0, left)
    }
  } finally {
    stream.free()
  }
}

/**
 * Merkle tree hash (RFC 6962 section 2.1) whose entries are the parts' SHA-256 hashes; 32 bytes. Of no parts it
 * is 32 zero bytes, as the header of a message without files has it.
 */
export async function blobRoot(partHashes: readonly Uint8Array[]): Promise<Uint8Array> {
  return partHashes.length === 0 ? new Uint8Array(32) : merkleTreeHash(partHashes)
}

export const partCountOf = (blobLength: number): number => Math.ceil(blobLength / PART_SIZE)

/** Signs requests for the blob of a reply: whoever read the reply can, and nobody else. */
export const deriveReaderPair = (key: BlobKey): SigningPair =>
  deriveSigningPair(signingSeed(M(key, 'file-reader')))
