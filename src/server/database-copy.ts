// Bytes as PostgreSQL has them: a query's result would be text, twice as long and four times as slow.
import type pg from 'pg'
import { to } from 'pg-copy-streams'

/** Signature, flags and extension length of the format; then each row's number of columns and each column's length. */
const FILE_HEADER = 19
const ROW_HEADER = 2
const LENGTH = 4

/** The one value of a query for one column of at most one row; null where there is no row, or no value. */
export async function copyBytes(client: pg.ClientBase, query: string): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  for await (const chunk of client.query(to(`copy (${query}) to stdout (format binary)`))) chunks.push(chunk)
  const data = Buffer.concat(chunks)
  if (data.readInt16BE(FILE_HEADER) !== 1) return null
  const length = data.readInt32BE(FILE_HEADER + ROW_HEADER)
  const start = FILE_HEADER + ROW_HEADER + LENGTH
  return length < 0 ? null : data.subarray(start, start + length)
}
