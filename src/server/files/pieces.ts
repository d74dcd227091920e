// How the bytes of a part lie in the database: cut into pieces, of which each fills a page, as rows for COPY.
import { randomBytes } from 'node:crypto'
import { PART_SIZE } from '../../protocol/blob.ts'
import type { Copy } from '../database.ts'

/** Of PostgreSQL's pages of 8 KiB: 130 pieces, and as many pages, make a part. */
export const PIECE_LENGTH = 8_066

const TEXT = 'copy blob_pieces (part, n, bytes) from stdin (format binary)'

// https://www.postgresql.org/docs/current/sql-copy.html, “Binary Format”
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
/** Signature, flags, and no extension. */
const FILE_HEADER = SIGNATURE.length + 4 + 4
const KEY = 16
/** The number of fields; the lengths of three, the first two themselves. */
const ROW_HEADER = 2 + (4 + KEY) + (4 + 2) + 4
const TRAILER = 2
const ROOM = FILE_HEADER + Math.ceil(PART_SIZE / PIECE_LENGTH) * ROW_HEADER + PART_SIZE + TRAILER

/** More are made when more parts are stored at once, and let go again. */
const KEPT = 8

export interface Pieces {
  /** What they are stored under: chance, as hexadecimal digits. */
  readonly part: string
  readonly copy: Copy
}

/** Cuts parts into buffers that are used again. */
export function createCutter() {
  const free: Buffer[] = []
  return {
    /** `store` has the pieces until it resolves. After a failure a connection that hangs might still send them. */
    async cut<T>(bytes: Uint8Array, store: (pieces: Pieces) => Promise<T>): Promise<T> {
      const buffer = free.pop() ?? Buffer.allocUnsafeSlow(ROOM)
      const key = randomBytes(KEY)
      const stored = await store({
        part: key.toString('hex'),
        copy: { text: TEXT, rows: writeRows(buffer, key, bytes) },
      })
      if (free.length < KEPT) free.push(buffer)
      return stored
    },
  }
}

function writeRows(buffer: Buffer, key: Uint8Array, bytes: Uint8Array): Buffer {
  buffer.fill(0, SIGNATURE.copy(buffer), FILE_HEADER)
  let at = FILE_HEADER
  for (let n = 0; n * PIECE_LENGTH < bytes.length; n++) {
    const piece = bytes.subarray(n * PIECE_LENGTH, (n + 1) * PIECE_LENGTH)
    at = buffer.writeInt16BE(3, at)
    at = buffer.writeInt32BE(KEY, at)
    buffer.set(key, at)
    at = buffer.writeInt32BE(2, at + KEY)
    at = buffer.writeInt16BE(n, at)
    at = buffer.writeInt32BE(piece.length, at)
    buffer.set(piece, at)
    at += piece.length
  }
  return buffer.subarray(0, buffer.writeInt16BE(-1, at))
}
