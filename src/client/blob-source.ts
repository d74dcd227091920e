// Files of somebody's as the parts of a blob, one after another: nothing is held but the part that is being made.
import {
  blobLengthFor,
  CHUNK_SIZE,
  type ChunkCipher,
  createFileSealer,
  fillBlob,
  PART_SIZE,
  placeFiles,
} from '../protocol/blob.ts'
import type { BlobKey } from '../protocol/crypto.ts'
import type { ListedFile } from '../protocol/file-list.ts'
import { InvalidInput } from './failure.ts'

/** A file as it lies with its owner. */
export interface FileSource {
  readonly name: string
  /** A media type, or empty. */
  readonly type: string
  /** Bytes. */
  readonly size: number
  /** From the beginning, in pieces of any length, each good until the next; called once for each attempt. */
  read(): AsyncIterable<Uint8Array>
}

/** SHA-256, a piece at a time: WebCrypto's takes a file only as a whole. */
export interface Hasher {
  update(bytes: Uint8Array): void
  digest(): Uint8Array
}

export type CreateHasher = () => Hasher

/** What files are worked with: where nothing quicker is given, by what is the same everywhere. */
export interface FileTools {
  readonly createHasher: CreateHasher
  /** SHA-256 of what is there as a whole. */
  readonly hash?: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array | Promise<Uint8Array>
  readonly cipher?: ChunkCipher
}

/** Throws `ProtocolError` `too-long` where they are more than one message can have. */
export const lengthOfBlob = (files: readonly FileSource[]): number =>
  blobLengthFor(files.map(({ size }) => ({ size, attached: true })))

/** Each is good until the next. Throws `InvalidInput` where a file is not as long as it was. */
async function* chunksOf({ name, size, read }: FileSource): AsyncGenerator<Uint8Array> {
  const held = new Uint8Array(CHUNK_SIZE)
  let filled = 0
  let left = size
  for await (const piece of read()) {
    left -= piece.length
    if (left < 0) break
    for (let at = 0; at < piece.length; ) {
      const taken = Math.min(CHUNK_SIZE - filled, piece.length - at)
      const bytes = piece.subarray(at, at + taken)
      at += taken
      // A whole chunk is not copied.
      if (taken === CHUNK_SIZE) {
        yield bytes
        continue
      }
      held.set(bytes, filled)
      filled += taken
      if (filled < CHUNK_SIZE) continue
      yield held
      filled = 0
    }
  }
  if (left !== 0) throw new InvalidInput(`${name} changed while it was read`, 'file-changed', name)
  if (filled > 0 || size === 0) yield held.subarray(0, filled)
}

async function* sealedPieces(
  key: BlobKey,
  files: readonly FileSource[],
  onHashed: (hash: Uint8Array) => void,
  { createHasher, cipher }: FileTools,
): AsyncGenerator<Uint8Array> {
  for (const [position, file] of files.entries()) {
    const sealer = createFileSealer(key, position, cipher)
    const hasher = createHasher()
    let read = 0
    try {
      for await (const chunk of chunksOf(file)) {
        hasher.update(chunk)
        read += chunk.length
        yield sealer.seal(chunk, read === file.size)
      }
    } finally {
      sealer.free()
    }
    onHashed(hasher.digest())
  }
  const places = placeFiles(files.map(({ size }) => ({ size, attached: true })))
  const used = places.reduce((sum, place) => sum + (place?.length ?? 0), 0)
  yield* fillBlob(key, files.length, lengthOfBlob(files) - used, cipher)
}

const BUFFERS = 4

/**
 * The blob in parts of 1 MiB, the last shorter; the same bytes each time for the same key and files. A part is good
 * until the fourth after it is asked for: four buffers do for a blob of any length. The generator returns the
 * files' hashes. Throws `InvalidInput` where a file changed its length.
 */
export async function* blobParts(
  key: BlobKey,
  files: readonly FileSource[],
  tools: FileTools,
): AsyncGenerator<Uint8Array<ArrayBuffer>, ListedFile[]> {
  const hashes: Uint8Array[] = []
  const others = Array.from({ length: BUFFERS - 1 }, () => new Uint8Array(PART_SIZE))
  let part = new Uint8Array(PART_SIZE)
  let filled = 0
  for await (const piece of sealedPieces(key, files, hash => hashes.push(hash), tools)) {
    for (let at = 0; at < piece.length; ) {
      const taken = Math.min(PART_SIZE - filled, piece.length - at)
      part.set(piece.subarray(at, at + taken), filled)
      filled += taken
      at += taken
      if (filled < PART_SIZE) continue
      yield part
      others.push(part)
      part = others.shift() ?? part
      filled = 0
    }
  }
  if (filled > 0) yield part.slice(0, filled)
  return files.map(({ name, type, size }, i) => ({
    name,
    type,
    size,
    sha256: hashes[i] ?? new Uint8Array(32),
    attached: true,
  }))
}
