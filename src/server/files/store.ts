// What is known of blobs: each is named by a random id inside, by its capability, its message or its reader outside.
import type { Copy, Queries, Statement } from '../database.ts'

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
export const COLUMNS = 'blob_id, state, kind, length::float8 as length, parts, expires, transfer, moved'

/** The blob that the statement returns, if it does. */
export const one = async (
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

const DELETE = {
  name: 'blobs-delete',
  text: `delete from blobs where blob_id = $1 and state = 'doomed'
    and not exists (select from blob_parts where blob_id = $1)`,
}

/** Once its parts are deleted. Where another server deletes the same, one of them ends it. */
export async function deleteBlob(queries: Queries, blobId: Uint8Array): Promise<void> {
  await queries.query(DELETE, [blobId])
}
