// Where the bytes of blobs lie for good. Parts always arrive in the database; once they are counted there, a storage
// may move them on.
import { Problem } from '../../contract/problems.ts'
import { PART_SIZE } from '../../protocol/blob.ts'
import type { Database } from '../database.ts'
import { type PartRange, readPart } from './parts.ts'
import type { BlobRow } from './store.ts'

export interface FileStorage {
  /**
   * Called after a part has arrived, and before a complete upload is claimed: moves on what is to be moved. Can be
   * repeated at any time, on any server; once it has returned for a complete upload, all of it can be read.
   */
  settle(blob: BlobRow): Promise<void>
  /** Bytes `from` to `to` (not included), in pieces of at most a part. */
  read(blob: BlobRow, from: number, to: number): AsyncGenerator<Uint8Array>
  /** Deletes what lies outside the database; repeated until it succeeds. */
  remove(blob: BlobRow): Promise<void>
  /** Lets go of what is under way: the service stops. */
  close(): void
}

/** Everything stays in the database. */
export const createDatabaseStorage = (database: Database): FileStorage => ({
  settle: async blob => requireHere(blob),
  read: (blob, from, to) => {
    requireHere(blob)
    return readAhead(piecesIn(database, blob, from, to))
  },
  remove: async blob => requireHere(blob),
  close: () => undefined,
})

/** Another server of the deployment has an object store, and this one should. */
function requireHere({ moved, transfer }: BlobRow): void {
  if (moved > 0 || transfer !== null) throw new Problem('unavailable')
}

function* piecesIn(database: Database, { blob_id }: BlobRow, from: number, to: number) {
  for (const range of rangesOf(from, to))
    yield async () => {
      const bytes = await readPart(database, blob_id, range)
      // With a piece missing what follows would be somewhere else.
      return bytes?.length === range.length ? bytes : null
    }
}

/** A range of bytes of a blob, part by part. */
export function* rangesOf(from: number, to: number): Generator<PartRange> {
  for (let at = from; at < to; ) {
    const index = Math.floor(at / PART_SIZE)
    const start = at - index * PART_SIZE
    const length = Math.min(PART_SIZE - start, to - at)
    yield { index, start, length }
    at += length
  }
}

/** While one piece is sent, the next is fetched, and no more. */
export async function* readAhead(
  pieces: Iterable<() => Promise<Uint8Array | null>>,
): AsyncGenerator<Uint8Array> {
  let next: Promise<Uint8Array | null> | null = null
  for (const fetch of pieces) {
    const fetched = fetch()
    // Whoever stops reading leaves it behind.
    fetched.catch(() => undefined)
    if (next) yield present(await next)
    next = fetched
  }
  if (next) yield present(await next)
}

function present(piece: Uint8Array | null): Uint8Array {
  if (!piece) throw new Error('a part is not where it was')
  return piece
}
