// What the database knows of blobs on their way into an object store. Each change says what it was made from, and
// changes nothing where another server was first.
import type { Queries } from '../database.ts'
import type { BlobRow } from './store.ts'

const BEGIN = {
  name: 'transfers-begin',
  text: `update blobs set transfer = $2
    where blob_id = $1 and state = 'open' and transfer is null and moved = 0 returning 1 as begun`,
}

export async function beginTransfer(
  queries: Queries,
  blobId: Uint8Array,
  transfer: string,
): Promise<boolean> {
  return (await queries.query(BEGIN, [blobId, transfer])).length === 1
}

/** Parts `from` to `to` (not included) of a blob. */
export interface Group {
  readonly from: number
  readonly to: number
}

// The bytes go in the statement that says where they are now.
const MOVE = {
  name: 'transfers-move',
  isPlannedAnew: true,
  text: `with upload as (
    update blobs set moved = $4
    where blob_id = $1 and state = 'open' and transfer = $2 and moved = $3
    returning blob_id
  ), pieces as (
    delete from blob_pieces where part = any (array(
      select part from blob_parts join upload using (blob_id) where index >= $3 and index < $4
    ))
  )
  update blob_parts set part = null, etag = case when index = $4 - 1 then $5 end
  from upload where blob_parts.blob_id = upload.blob_id and index >= $3 and index < $4`,
}

export async function recordMoved(
  queries: Queries,
  { blob_id, transfer }: BlobRow,
  { from, to }: Group,
  etag: string,
): Promise<void> {
  await queries.query(MOVE, [blob_id, transfer, from, to, etag])
}

const ETAGS = {
  name: 'transfers-etags',
  text: 'select etag from blob_parts where blob_id = $1 and etag is not null order by index',
}

/** Of all groups, in their order. */
export async function groupEtags(queries: Queries, blobId: Uint8Array): Promise<string[]> {
  const rows = await queries.query<{ etag: string }>(ETAGS, [blobId])
  return rows.map(({ etag }) => etag)
}

const END = {
  name: 'transfers-end',
  text: `update blobs set transfer = null
    where blob_id = $1 and state = 'open' and transfer = $2 returning 1 as ended`,
}

/** The object is there: false where nobody may have it any more, or another server said so first. */
export async function endTransfer(queries: Queries, { blob_id, transfer }: BlobRow): Promise<boolean> {
  return (await queries.query(END, [blob_id, transfer])).length === 1
}

const ANY_MOVED = {
  name: 'transfers-any',
  text: 'select exists (select 1 from blobs where moved > 0 or transfer is not null) as found',
}

/** Whether bytes of any blob lie outside the database. */
export async function haveMoved(queries: Queries): Promise<boolean> {
  const [row] = await queries.query<{ found: boolean }>(ANY_MOVED)
  return row?.found === true
}
