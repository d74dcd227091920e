// Bytes as PostgreSQL has them: a query's result would be text, twice as long and four times as slow.
import type pg from 'pg'
import { to } from 'pg-copy-streams'

/** Signature, flags and extension length of the format; then each row's number of columns and each column's length. */
const FILE_HEADER = 19
const ROW_HEADER = 2
const LENGTH = 4

/** pg sets a timer for every query, and ends it by what is called when the query is over: a stream does not call it. */
interface Watched {
  readonly callback?: (error: Error | null) => void
}

/** The one value of a query for one column of at most one row; null where there is no row, or no value. */
export async function copyBytes(client: pg.ClientBase, query: string): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  const copy = client.query(to(`copy (${query}) to stdout (format binary)`))
  try {
    for await (const chunk of copy) chunks.push(chunk)
  } finally {
    const { callback } = copy as Watched
    callback?.(null)
  }
  const data = Buffer.concat(chunks)
  if (data.readInt16BE(FILE_HEADER) !== 1) return null
  const length = data.readInt32BE(FILE_HEADER + ROW_HEADER)
  const start = FILE_HEADER + ROW_HEADER + LENGTH
  return length < 0 ? null : data.subarray(start, start + length)
}
