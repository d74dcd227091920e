// What uploads and downloads read and write. A blob is named by a random id inside, by its capability, its message or
// its reader outside.
import { PART_SIZE } from '../../protocol/blob.ts'
import type { Database, Queries, Statement } from '../database.ts'
import type { Copy } from '../database-bytes.ts'
import { PIECE_LENGTH, type Pieces } from './pieces.ts'

export interface BlobRow {
  blob_id: Uint8Array
  state: 'open' | 'claimed' | 'doomed'
  kind: BlobKind
  length: number
  parts: number
  expires: number | null
  transfer: string | null
  moved: number
}

export type BlobKind = 'message' | 'reply'

// A length is below 2^53: as a number, not as the text that pg makes of a bigint.
const COLUMNS = 'blob_id, state, kind, length::float8 as length, parts, expires, transfer, moved'

const one = async (
  queries: Queries,
  statement: Statement,
  values: unknown[],
  copy?: Copy,
): Promise<BlobRow | null> => {
  const [row] = await queries.query<BlobRow & Record<string, unknown>>(statement, values, copy)
  return row ?? null
}

// One at a time: two that count at once would each find room for themselves.
const LOCK_ROOM = { name: 'blobs-room', text: 'select pg_advisory_xact_lock(1651469927, 3)' }
const COUNT = {
  name: 'blobs-count',
  text: `select count(*) filter (where state = 'open')::int as open,
    coalesce(sum(length) filter (where state = 'open'), 0)::float8 as open_bytes,
    coalesce(sum(length) filter (where kind = 'reply'), 0)::float8 as reply_bytes,
    coalesce(sum(length), 0)::float8 as bytes from blobs`,
}

export interface RoomTaken {
  readonly open: number
  readonly open_bytes: number
  readonly reply_bytes: number
  readonly bytes: number
}

/** What is taken, doomed blobs included; nobody else counts before this transaction ends. */
export async function countBlobs(queries: Queries): Promise<RoomTaken> {
  await queries.query(LOCK_ROOM)
  const [row] = await queries.query<RoomTaken & Record<string, unknown>>(COUNT)
  return row ?? { open: 0, open_bytes: 0, reply_bytes: 0, bytes: 0 }
}

const INSERT = {
  name: 'blobs-insert',
  text: `insert into blobs (blob_id, capability, state, kind, length, expires) values ($1, $2, 'open', $3, $4, $5)`,
}

export async function insertBlob(
  queries: Queries,
  blob: { id: Uint8Array; capability: Uint8Array; kind: BlobKind; length: number; expires: number },
): Promise<void> {
  await queries.query(INSERT, [blob.id, blob.capability, blob.kind, blob.length, blob.expires])
}

const FIND_UPLOAD = {
  name: 'blobs-find-upload',
  text: `select ${COLUMNS} from blobs where capability = $1 and state = 'open' and expires > $2`,
}

/** Of uploads that may still be written to; `hour` is now. */
export const findUpload = (queries: Queries, capability: Uint8Array, hour: number): Promise<BlobRow | null> =>
  one(queries, FIND_UPLOAD, [capability, hour])

const FIND = { name: 'blobs-find', text: `select ${COLUMNS} from blobs where blob_id = $1` }

/** Whatever became of it. */
export const findBlob = (queries: Queries, blobId: Uint8Array): Promise<BlobRow | null> =>
  one(queries, FIND, [blobId])

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

const CLAIM_MESSAGE = {
  name: 'blobs-claim-message',
  text: `update blobs set state = 'claimed', capability = null, expires = null, report_id = $2, index = $3
    where blob_id = $1 and state = 'open' and kind = 'message' returning 1 as claimed`,
}
const CLAIM_REPLY = {
  name: 'blobs-claim-reply',
  text: `update blobs set state = 'claimed', capability = null, expires = $3, reader = $2
    where blob_id = $1 and state = 'open' and kind = 'reply' returning 1 as claimed`,
}

export async function claimForMessage(
  queries: Queries,
  blobId: Uint8Array,
  message: { readonly reportId: Uint8Array; readonly index: number },
): Promise<boolean> {
  return (await queries.query(CLAIM_MESSAGE, [blobId, message.reportId, message.index])).length === 1
}

export async function claimForReader(
  queries: Queries,
  blobId: Uint8Array,
  reader: Uint8Array,
  expires: number,
): Promise<boolean> {
  return (await queries.query(CLAIM_REPLY, [blobId, reader, expires])).length === 1
}

const OF_MESSAGE = {
  name: 'blobs-of-message',
  text: `select ${COLUMNS} from blobs where report_id = $1 and index = $2 and state = 'claimed'`,
}
const OF_READER = {
  name: 'blobs-of-reader',
  text: `select ${COLUMNS} from blobs where reader = $1 and state = 'claimed' and expires > $2`,
}

export const findOfMessage = (queries: Queries, reportId: Uint8Array, index: number) =>
  one(queries, OF_MESSAGE, [reportId, index])

export const findOfReader = (queries: Queries, reader: Uint8Array, hour: number) =>
  one(queries, OF_READER, [reader, hour])

// What names a doomed blob goes at once; the bytes go with the next clean-up.
const DOOMED = `state = 'doomed', capability = null, reader = null, report_id = null, index = null, expires = 0`
const DOOM_UPLOAD = {
  name: 'blobs-doom-upload',
  text: `update blobs set ${DOOMED} where blob_id = $1 and state = 'open' returning 1 as doomed`,
}
const DOOM_LOST = {
  name: 'blobs-doom-lost',
  text: `update blobs set ${DOOMED} where blob_id = $1 and state = 'open' and transfer = $2 and moved = $3
    returning 1 as doomed`,
}
const DOOM_REPORT = { name: 'blobs-doom-report', text: `update blobs set ${DOOMED} where report_id = $1` }
const DOOM_READER = { name: 'blobs-doom-reader', text: `update blobs set ${DOOMED} where reader = $1` }
const DOOM_EXPIRED = {
  name: 'blobs-doom-expired',
  text: `update blobs set ${DOOMED} where expires <= $1 and state <> 'doomed'`,
}

export async function doomUpload(queries: Queries, blobId: Uint8Array): Promise<boolean> {
  return (await queries.query(DOOM_UPLOAD, [blobId])).length === 1
}

/** Where it is as far as it was found, and no further. */
export async function doomLost(queries: Queries, { blob_id, transfer, moved }: BlobRow): Promise<boolean> {
  return (await queries.query(DOOM_LOST, [blob_id, transfer, moved])).length === 1
}

export async function doomReport(queries: Queries, reportId: Uint8Array): Promise<void> {
  await queries.query(DOOM_REPORT, [reportId])
}

export async function doomReader(queries: Queries, reader: Uint8Array): Promise<void> {
  await queries.query(DOOM_READER, [reader])
}

export async function doomExpired(queries: Queries, hour: number): Promise<void> {
  await queries.query(DOOM_EXPIRED, [hour])
}

const LIST_DOOMED = {
  name: 'blobs-doomed',
  text: `select ${COLUMNS} from blobs where state = 'doomed' limit 100`,
}

export function doomedBlobs(queries: Queries): Promise<BlobRow[]> {
  return queries.query<BlobRow & Record<string, unknown>>(LIST_DOOMED)
}

/** Each part has 130 pieces: few enough for a statement's time. */
const PARTS_AT_ONCE = 128
const DELETE_PARTS = {
  name: 'blobs-delete-parts',
  text: `with gone as (
    delete from blob_parts where blob_id = $1
      and index = any (array(select index from blob_parts where blob_id = $1 limit ${PARTS_AT_ONCE}))
    returning part
  ), pieces as (delete from blob_pieces where part = any (array(select part from gone)))
  select count(*)::int as count from gone`,
}
const DELETE = {
  name: 'blobs-delete',
  text: `delete from blobs where blob_id = $1 and state = 'doomed'
    and not exists (select from blob_parts where blob_id = $1)`,
}

/** Where another server deletes the same, one of them ends it. */
export async function deleteBlob(queries: Queries, blobId: Uint8Array): Promise<void> {
  for (let count = PARTS_AT_ONCE; count === PARTS_AT_ONCE; ) {
    const [row] = await queries.query<{ count: number }>(DELETE_PARTS, [blobId])
    count = row?.count ?? 0
  }
  await queries.query(DELETE, [blobId])
}

/** `length` bytes from `start` on, of part `index`. */
export interface PartPiece {
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
  { index, start, length }: PartPiece,
): Promise<Uint8Array | null> {
  const [first, last] = [Math.floor(start / PIECE_LENGTH), Math.floor((start + length - 1) / PIECE_LENGTH)]
  const rows = await database.bytes(READ_PIECES, [blobId, index, first, last])
  if (rows.length === 0) return null
  const from = start - first * PIECE_LENGTH
  return Buffer.concat(rows.flatMap(([piece]) => piece ?? [])).subarray(from, from + length)
}
