// Blobs in an S3-compatible store. Parts arrive in the database and are moved on in groups, one multipart upload a
// blob; what was done is written down after it was done, so that any server can do the next step, or the last again.
import { Problem } from '../../contract/problems.ts'
import { PART_SIZE, partCountOf } from '../../protocol/blob.ts'
import { H } from '../../protocol/crypto.ts'
import { toHex } from '../../protocol/encoding.ts'
import type { Database } from '../database.ts'
import type { Logger } from '../http/log.ts'
import { readPart } from './parts.ts'
import { type ObjectStore, openObjectStore, type Transfer } from './s3-client.ts'
import type { ObjectStoreOptions } from './s3-requests.ts'
import { createSlots } from './slots.ts'
import { createDatabaseStorage, type FileStorage, rangesOf, readAhead } from './storage.ts'
import * as store from './store.ts'
import * as transfers from './transfers.ts'

/** 5 MiB: S3 takes smaller ones only as the last. */
export const GROUP_PARTS = 5
const SLOTS = { atOnce: 2, waiting: 32, waitMs: 10_000 }
/** Nobody waits for longer; what was moved by then stays moved. */
const SETTLE_MS = 25_000

/** Says nothing by itself, and is found again from the blob alone. */
export const objectKey = (blobId: Uint8Array): string => toHex(H('object', blobId))

type Step = 'nothing' | 'begin' | 'complete' | transfers.Group

/** What is to be done next for a blob as the database has it. */
export function nextStep({ state, parts, length, moved, transfer }: store.BlobRow): Step {
  const total = partCountOf(length)
  if (state !== 'open' || (moved === total && transfer === null)) return 'nothing'
  if (moved === total) return 'complete'
  const ready = parts === total ? total : parts - (parts % GROUP_PARTS)
  if (moved >= ready) return 'nothing'
  return transfer === null ? 'begin' : { from: moved, to: Math.min(moved + GROUP_PARTS, ready) }
}

/** With what was found of the bucket: `away`, or the status with which it was refused, if it is not `ready`. */
export async function openS3Storage(database: Database, options: ObjectStoreOptions, log: Logger) {
  const objects = openObjectStore(options, log)
  const found = await objects.look()
  if (typeof found === 'number') objects.close()
  return { storage: createS3Storage(database, objects, log), found }
}

function createS3Storage(database: Database, objects: ObjectStore, log: Logger): FileStorage {
  const inDatabase = createDatabaseStorage(database)
  const steps = createSteps(database, objects, log)
  return {
    async settle(blob) {
      if (nextStep(blob) === 'nothing') return
      const late = AbortSignal.timeout(SETTLE_MS)
      for (let row = blob; ; ) {
        const step = nextStep(row)
        if (step === 'nothing') return
        if (late.aborted) throw new Problem('unavailable')
        await steps[typeof step === 'string' ? step : 'move'](row)
        const after = await freshRow(database, row)
        if (isSame(row, after)) throw new Error('a step of a transfer changed nothing')
        row = after
      }
    },
    // A blob that was complete before there was an object store stays where it is.
    read: (blob, from, to) =>
      blob.moved === 0 ? inDatabase.read(blob, from, to) : readAhead(piecesIn(objects, blob, from, to)),
    remove: ({ blob_id }) => remove(objects, objectKey(blob_id)),
    close: objects.close,
  }
}

/** Throws `unavailable` where it is gone: whoever asks again is told so. */
async function freshRow(database: Database, { blob_id }: store.BlobRow): Promise<store.BlobRow> {
  const row = await store.findBlob(database, blob_id)
  if (!row || row.state === 'doomed') throw new Problem('unavailable')
  return row
}

const isSame = (before: store.BlobRow, after: store.BlobRow) =>
  (['state', 'parts', 'moved', 'transfer'] as const).every(name => before[name] === after[name])

const transferOf = ({ blob_id, transfer }: store.BlobRow): Transfer => ({
  key: objectKey(blob_id),
  id: transfer ?? '',
})

function createSteps(database: Database, objects: ObjectStore, log: Logger) {
  const inSlot = createSlots(SLOTS)

  /** The store has lost what was moved: the upload ends, and whoever sends it begins another. */
  const giveUp = async (row: store.BlobRow) => {
    // Unless another server has just made an object of it, or removed it.
    if (!(await store.doomLost(database, row))) return
    log.error('the object store lost an upload under way: it has to be sent again')
    throw new Problem('unavailable')
  }

  return {
    async begin({ blob_id }: store.BlobRow): Promise<void> {
      const transfer = await objects.begin(objectKey(blob_id))
      if (await transfers.beginTransfer(database, blob_id, transfer.id)) return
      // Another was first, or the upload is over. What stays behind here goes when the blob is removed.
      await objects.abort(transfer).catch(() => undefined)
    },

    /** The next group: one in memory for each that moves. */
    move: (waiting: store.BlobRow): Promise<void> =>
      inSlot(async () => {
        // While this one waited for its turn, another may have moved the group.
        const row = await freshRow(database, waiting)
        const step = nextStep(row)
        const bytes = typeof step === 'string' ? null : await readGroup(database, row, step)
        if (typeof step === 'string' || !bytes) return
        const etag = await objects.put(transferOf(row), step.from / GROUP_PARTS + 1, bytes)
        if (etag === null) await giveUp(row)
        else await transfers.recordMoved(database, row, step, etag)
      }),

    async complete(row: store.BlobRow): Promise<void> {
      const transfer = transferOf(row)
      const outcome = await completeAny(objects, transfer, await transfers.groupEtags(database, row.blob_id))
      // Without a transfer too: another may have made the object, and not have written it down.
      const length = await objects.lengthOf(transfer.key)
      if (length !== row.length) {
        if (outcome !== 'complete') await giveUp(row)
        throw new Problem('unavailable')
      }
      const ended = await transfers.endTransfer(database, row)
      // The upload may have ended meanwhile, and the object have been removed before it was there.
      if (!ended && (await isGone(database, row))) await remove(objects, transfer.key)
    },
  }
}

/** Of a part that was sent twice the store has the later one, and some give the same bytes another etag. */
async function completeAny(objects: ObjectStore, transfer: Transfer, etags: readonly string[]) {
  const outcome = await objects.complete(transfer, etags)
  if (outcome !== 'other parts') return outcome
  const found = await objects.etags(transfer)
  return found.length === etags.length ? objects.complete(transfer, found) : outcome
}

async function isGone(database: Database, { blob_id }: store.BlobRow): Promise<boolean> {
  const row = await store.findBlob(database, blob_id)
  return row === null || row.state === 'doomed'
}

async function readGroup(
  database: Database,
  { blob_id, length }: store.BlobRow,
  { from, to }: transfers.Group,
): Promise<Uint8Array | null> {
  const start = from * PART_SIZE
  const bytes = Buffer.allocUnsafe(Math.min(to * PART_SIZE, length) - start)
  for (let index = from; index < to; index++) {
    const part = await readPart(database, blob_id, { index, start: 0, length: PART_SIZE })
    if (!part) return null
    if (part.length !== Math.min(PART_SIZE, length - index * PART_SIZE))
      throw new Error('a part is not whole')
    bytes.set(part, index * PART_SIZE - start)
  }
  return bytes
}

/** Transfers first: none of them makes an object any more once it is deleted. */
async function remove(objects: ObjectStore, key: string): Promise<void> {
  await objects.abandon(key)
  await objects.remove(key)
}

function* piecesIn(objects: ObjectStore, { blob_id }: store.BlobRow, from: number, to: number) {
  const key = objectKey(blob_id)
  for (const { index, start, length } of rangesOf(from, to))
    yield () => objects.get(key, index * PART_SIZE + start, length)
}
