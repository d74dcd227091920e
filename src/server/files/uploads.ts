// Uploads: room for them, their parts, whether they are whole, and whose they become.
import { createHash, randomBytes } from 'node:crypto'
import { Problem } from '../../contract/problems.ts'
import { BLOB_LENGTHS, blobRoot, contentOfLength, PART_SIZE, partCountOf } from '../../protocol/blob.ts'
import { uploadBits } from '../../protocol/challenge.ts'
import { H } from '../../protocol/crypto.ts'
import { equalBytes, fromBase64url } from '../../protocol/encoding.ts'
import { type Database, type Queries, sqlState } from '../database.ts'
import { spendNonce } from '../http/nonces.ts'
import type { CallingDevice } from '../http/serve.ts'
import type { Signer } from '../http/signed-request.ts'
import { requireWork } from '../http/work.ts'
import * as parts from './parts.ts'
import { createCutter } from './pieces.ts'
import type { FileStorage } from './storage.ts'
import * as store from './store.ts'
import { createTurns, type Turn } from './turns.ts'

export const HOUR_MS = 3_600_000
/** Of an upload that nobody claims. The last has begun already: it is never more than a day. */
const UPLOAD_HOURS = 24
/** Of the files of a reply: a year, in whole days. */
const REPLY_HOURS = 366 * 24
/** Unclaimed uploads at once. */
const MAX_OPEN = 1_000
/** Unclaimed uploads may take this part of the room; files of replies may take two of them. */
const SHARES = 4
/** Longest that a part waits for the one before it. */
const TURN_MS = 2_000
/** The one before it may come to another server. */
const LOOK_MS = 50
const UNIQUE_VIOLATION = '23505'

export interface FileLimits {
  /** Bytes of one message, as its owner counts them: without seals and fill; 0: no files are taken. */
  readonly perMessage: number
  /** Bytes of all together. */
  readonly room: number
}

export interface FilesOptions {
  readonly database: Database
  readonly storage: FileStorage
  readonly limits: FileLimits
  readonly now: () => number
}

/** An upload as somebody named it: what is left is to say whose it is. */
export interface CheckedUpload {
  /** Null where it is not what was named: not whole, another root, over. */
  readonly blobId: Uint8Array | null
}

/** What a message says of its files. */
export interface NamedFiles {
  readonly root: Uint8Array
  readonly partCount: number
}

export interface Part {
  readonly offset: number
  /** SHA-256. */
  readonly hash: Uint8Array
  readonly bytes: Uint8Array
}

/** Only whoever made the upload knows its address; the database has its hash. */
const capabilityOf = (upload: string): Uint8Array => H('upload', fromBase64url(upload))
export const readerOf = (key: Uint8Array): Uint8Array => H('file-reader', key)

export function createUploads(options: FilesOptions) {
  return { ...creating(options), ...arriving(options), ...claiming(options) }
}

/** What of an upload never changes. */
interface NamedBlob extends Pick<store.BlobRow, 'blob_id' | 'length'> {
  readonly upload: string
}

const hourOf = (now: number) => Math.floor(now / HOUR_MS)

function findOpen({ database, now }: FilesOptions, upload: string): Promise<store.BlobRow | null> {
  return store.findUpload(database, capabilityOf(upload), hourOf(now()))
}

/** Throws `not-found`, the same for an upload that never was, that is over and that was claimed. */
async function find(options: FilesOptions, upload: string): Promise<store.BlobRow> {
  const blob = await findOpen(options, upload)
  if (!blob) throw new Problem('not-found')
  return blob
}

function creating({ database, limits, now }: FilesOptions) {
  async function create(signer: Signer, kind: store.BlobKind, length: number) {
    if (contentOfLength(length) > limits.perMessage) throw new Problem('files-too-large')
    if (!BLOB_LENGTHS.includes(length)) throw new Problem('malformed-request')
    const upload = randomBytes(32).toString('base64url')
    const expires = hourOf(now()) + UPLOAD_HOURS
    const blob = { id: randomBytes(16), capability: capabilityOf(upload), kind, length, expires }
    await database.transaction(async queries => {
      await spendNonce(queries, signer.challenge)
      const taken = await store.countBlobs(queries)
      if (!hasRoom(taken, { kind, length }, limits.room)) throw new Problem('storage-full')
      await store.insertBlob(queries, blob)
    })
    return { upload, expires: new Date(expires * HOUR_MS) }
  }
  return {
    /** The work grows with the length: room costs what it is worth. */
    createForMessage(signer: Signer, work: string | null, length: number) {
      const contentHash = createHash('sha256').update(String(length)).digest()
      requireWork(signer, work, { contentHash, extraBits: uploadBits(length) })
      return create(signer, 'message', length)
    },

    createForReply(signer: Signer, device: CallingDevice, length: number) {
      if (!device.scopes.includes('cases')) throw new Problem('scope-missing')
      return create(signer, 'reply', length)
    },
  }
}

function arriving(options: FilesOptions) {
  const { database, storage, now } = options
  const turns = createTurns()
  const cutter = createCutter()

  /** The upload with this part counted. Waits a little for those before it. */
  async function keepInTurn(
    { upload, blob_id, length }: NamedBlob,
    { offset, hash, bytes }: Part,
    turn: Turn,
  ) {
    requireDue(length, offset, bytes)
    const end = performance.now() + TURN_MS
    // The same place twice at once, as from somebody who broke off: the first has become what it becomes before the
    // second is stored.
    if (turn.before) {
      if (!(await turn.before(TURN_MS))) throw new Problem('offset-conflict')
      requireNear(await find(options, upload), offset)
    }
    const part = { index: Math.floor(offset / PART_SIZE), hash, bytes }
    const address = { capability: capabilityOf(upload), hour: hourOf(now()) }
    const keep = () => cutter.cut(bytes, pieces => parts.keepPart(database, address, part, pieces))
    const count = () => parts.countPart(database, blob_id, part)
    const forget = () => parts.forgetPart(database, blob_id, part.index)
    /** The upload as it was seen last; null where it has to be looked up. */
    let seen = await keep()
    while (!seen || seen.parts <= part.index) {
      if (!seen) {
        seen = await find(options, upload)
        requireNear(seen, offset)
      }
      const isNext: boolean = seen.parts === part.index
      const counted = isNext ? await count() : null
      if (counted) return counted
      if (isNext || performance.now() >= end) await forget()
      if (performance.now() >= end) throw new Problem('offset-conflict')
      // Another was kept in its place, and not counted: somebody broke off, and goes on with other bytes.
      if (isNext) seen = await keep()
      else seen = (await turn.come(LOOK_MS)) ? await count() : null
    }
    return seen
  }

  return {
    async look(upload: string) {
      return progressOf(await find(options, upload))
    },

    /** Before a part is read at all: whether it is one that could be taken, now or after those before it. */
    async admit(upload: string, offset: number): Promise<store.BlobRow> {
      const blob = await find(options, upload)
      requireNear(blob, offset)
      // What should have been moved on by now goes first: no more than a little waits in the database.
      await storage.settle(blob)
      return blob
    },

    /** Kept, and counted, when it returns. `blob` is the upload as it was admitted. */
    async append(upload: string, { blob_id, length }: store.BlobRow, part: Part) {
      const turn = turns.expect(upload, part.offset)
      try {
        const after = await keepInTurn({ upload, blob_id, length }, part, turn)
        turns.reached(upload, part.offset + part.bytes.length)
        await storage.settle(after)
        return progressOf(after)
      } finally {
        turn.end()
      }
    },

    async terminate(upload: string): Promise<void> {
      const { blob_id } = await find(options, upload)
      if (!(await store.doomUpload(database, blob_id))) throw new Problem('not-found')
    },
  }
}

function claiming(options: FilesOptions) {
  const { database, storage, now } = options
  const hour = () => hourOf(now())

  /** Refuses nothing: where the message is there already, its upload is none any more. */
  async function check(upload: string, { root, partCount }: NamedFiles): Promise<CheckedUpload> {
    const blob = await findOpen(options, upload)
    const isWhole = blob && blob.parts === partCountOf(blob.length) && blob.parts === partCount
    if (!isWhole || !(await hasRoot(database, blob, root))) return { blobId: null }
    await storage.settle(blob)
    return { blobId: blob.blob_id }
  }

  /** Whether these files, and no others, were kept for the reader before. */
  async function isKept(queries: Queries, reader: Uint8Array, { root, partCount }: NamedFiles) {
    const kept = await store.findOfReader(queries, reader, hour())
    return kept !== null && kept.parts === partCount && (await hasRoot(queries, kept, root))
  }

  return {
    check,

    /** In the transaction that stores the message. Throws `files-incomplete`, also where another was first. */
    async claim(
      queries: Queries,
      { blobId }: CheckedUpload,
      message: { readonly reportId: Uint8Array; readonly index: number },
    ): Promise<void> {
      const isClaimed = blobId !== null && (await store.claimForMessage(queries, blobId, message))
      if (!isClaimed) throw new Problem('files-incomplete')
    },

    /** Keeps the files of a reply for whoever has the key. The same again changes nothing. */
    async keepForReader(
      signer: Signer,
      device: CallingDevice,
      { upload, reader, ...named }: NamedFiles & { readonly upload: string; readonly reader: Uint8Array },
    ): Promise<void> {
      if (!device.scopes.includes('cases')) throw new Problem('scope-missing')
      const hash = readerOf(reader)
      const { blobId } = await check(upload, named)
      const expires = Math.ceil((hour() + REPLY_HOURS) / 24) * 24
      const keep = database.transaction(async queries => {
        await spendNonce(queries, signer.challenge)
        const isClaimed = blobId !== null && (await store.claimForReader(queries, blobId, hash, expires))
        if (!isClaimed && !(await isKept(queries, hash, named))) throw new Problem('files-incomplete')
      })
      // A key has the files of one reply.
      await keep.catch(error => {
        throw sqlState(error) === UNIQUE_VIOLATION ? new Problem('files-incomplete') : error
      })
    },
  }
}

async function hasRoot(queries: Queries, { blob_id }: store.BlobRow, root: Uint8Array): Promise<boolean> {
  return equalBytes(await blobRoot(await parts.partHashes(queries, blob_id)), root)
}

function hasRoom(
  taken: store.RoomTaken,
  { kind, length }: { readonly kind: store.BlobKind; readonly length: number },
  room: number,
): boolean {
  const share = room / SHARES
  return (
    taken.open < MAX_OPEN &&
    taken.open_bytes + length <= share &&
    taken.bytes + length <= room &&
    (kind !== 'reply' || taken.reply_bytes + length <= 2 * share)
  )
}

/** Throws `offset-conflict` where a part at `offset` is neither next nor soon. */
function requireNear(blob: store.BlobRow, offset: number): void {
  const next = progressOf(blob).offset
  const ahead = (offset - next) / PART_SIZE
  const isSoon = Number.isInteger(ahead) && ahead > 0 && ahead <= parts.PARTS_AHEAD && offset < blob.length
  if (offset !== next && !isSoon) throw new Problem('offset-conflict')
}

/** Throws `malformed-request`; behind the last part none is due, not even an empty one. */
function requireDue(length: number, offset: number, bytes: Uint8Array): void {
  const due = Math.min(PART_SIZE, length - offset)
  if (due === 0 || bytes.length !== due) throw new Problem('malformed-request')
}

function progressOf({ parts, length, expires }: store.BlobRow) {
  return {
    offset: Math.min(parts * PART_SIZE, length),
    length,
    expires: new Date((expires ?? 0) * HOUR_MS),
  }
}
