// The parts of blobs, and the pieces that their bytes lie in: kept, counted, taken out, read and deleted.
import { PART_SIZE } from '../../protocol/blob.ts'
import type { Database, Queries } from '../database.ts'
import { PIECE_LENGTH, type Pieces } from './pieces.ts'
import { type BlobRow, COLUMNS, one } from './store.ts'

/** So many parts may come before the one that is next. */
export const PARTS_AHEAD = 2

// Whoever reads a row first marks in its page that it was committed, and the page is written and logged once more. Of a
// part that is counted for certain that is done while its pages are in memory, to be written anyway.
const MARK = `select count(*) from blob_pieces
    where part = (select part from blob_parts where blob_id = (select blob_id from part) and index = $3 - ${PARTS_AHEAD + 1})`

// First the bytes, which takes long, then the row's lock: parts of one upload are stored side by side and counted in
// their order. Where the one before is not counted yet, this one is kept and not counted. The pieces were copied before;
// where the part is none to be kept, they go again in the same statement.
const KEEP = {
  name: 'blobs-keep-part',
  text: `with part as (
    insert into blob_parts (blob_id, index, hash, part)
    select blob_id, $3, $4, $6 from blobs
    where capability = $1 and state = 'open' and expires > $2 and $3::int between parts and parts + ${PARTS_AHEAD}
      and $5::int = least(${PART_SIZE}, length - $3::bigint * ${PART_SIZE})
    on conflict do nothing returning blob_id
  ), refused as (delete from blob_pieces where part = $6 and not exists (select from part))
  update blobs set parts = case when parts = $3 then parts + 1 else parts end
  where blob_id = (select blob_id from part) and state = 'open' and (${MARK}) is not null returning ${COLUMNS}`,
}
// Upload, then part, as below: the part that is counted is still there once the upload's row is held.
const COUNT_PART = {
  name: 'blobs-count-part',
  text: `with upload as (select blob_id from blobs where blob_id = $1 and state = 'open' and parts = $2 for update),
    part as (
      select blob_id from upload join blob_parts using (blob_id) where index = $2 and hash = $3
      for key share of blob_parts
    )
    update blobs set parts = parts + 1 where blob_id = (select blob_id from part) returning ${COLUMNS}`,
}
const FORGET_PART = {
  name: 'blobs-forget-part',
  text: `with upload as (select parts from blobs where blob_id = $1 and state = 'open' for update),
    part as (delete from blob_parts using upload where blob_id = $1 and index = $2 and index >= parts returning part)
    delete from blob_pieces where part = (select part from part)`,
}

export interface ArrivedPart {
  readonly index: number
  /** SHA-256. */
  readonly hash: Uint8Array
  readonly bytes: Uint8Array
}

/**
 * The upload as it is then: with this part among its `parts`, or not yet. Null where the part is there already, is
 * not of the right size or place, or the upload takes none any more.
 */
export function keepPart(
  queries: Queries,
  { capability, hour }: { readonly capability: Uint8Array; readonly hour: number },
  { index, hash, bytes }: ArrivedPart,
  { part, copy }: Pieces,
): Promise<BlobRow | null> {
  return one(queries, KEEP, [capability, hour, index, hash, bytes.length, part], copy)
}

/** One that was kept, and whose turn has come. Null where it is not that, or another was kept in its place. */
export const countPart = (queries: Queries, blobId: Uint8Array, { index, hash }: ArrivedPart) =>
  one(queries, COUNT_PART, [blobId, index, hash])

/** One that was kept and not counted; who counts waits for this, and this for who counts. */
export async function forgetPart(queries: Queries, blobId: Uint8Array, index: number): Promise<void> {
  await queries.query(FORGET_PART, [blobId, index])
}

const HASHES = { name: 'blobs-hashes', text: 'select hash from blob_parts where blob_id = $1 order by index' }

export async function partHashes(queries: Queries, blobId: Uint8Array): Promise<Uint8Array[]> {
  const rows = await queries.query<{ hash: Uint8Array }>(HASHES, [blobId])
  return rows.map(({ hash }) => hash)
}

/** Each part has 130 pieces: few enough for a statement's time. */
const PARTS_AT_ONCE = 128
// A plan made while there were few pieces would go through all of them, however many there are by then.
const DELETE_PARTS = {
  name: 'blobs-delete-parts',
  isPlannedAnew: true,
  text: `with gone as (
    delete from blob_parts where blob_id = $1
      and index = any (array(select index from blob_parts where blob_id = $1 limit ${PARTS_AT_ONCE}))
    returning part
  ), pieces as (delete from blob_pieces where part = any (array(select part from gone)))
  select count(*)::int as count from gone`,
}

export async function deleteParts(queries: Queries, blobId: Uint8Array): Promise<void> {
  for (let count = PARTS_AT_ONCE; count === PARTS_AT_ONCE; ) {
    const [row] = await queries.query<{ count: number }>(DELETE_PARTS, [blobId])
    count = row?.count ?? 0
  }
}

/** `length` bytes from `start` on, of part `index`. */
export interface PartRange {
  readonly index: number
  readonly start: number
  readonly length: number
}

const READ_PIECES = {
  name: 'blobs-read-pieces',
  text: `select bytes from blob_pieces
    where part = (select part from blob_parts where blob_id = $1 and index = $2) and n between $3 and $4 order by n`,
}

/** Null where the part does not lie in the database. */
export async function readPart(
  database: Pick<Database, 'bytes'>,
  blobId: Uint8Array,
  { index, start, length }: PartRange,
): Promise<Uint8Array | null> {
  const [first, last] = [Math.floor(start / PIECE_LENGTH), Math.floor((start + length - 1) / PIECE_LENGTH)]
  const rows = await database.bytes(READ_PIECES, [blobId, index, first, last])
  if (rows.length === 0) return null
  const from = start - first * PIECE_LENGTH
  return Buffer.concat(rows.flatMap(([piece]) => piece ?? [])).subarray(from, from + length)
}
