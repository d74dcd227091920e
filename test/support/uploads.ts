// Files as bytes on the wire: uploads by tus, whole or in part, and the messages that name them.
import { createHash, randomBytes } from 'node:crypto'
import { lengthOfClass, PART_SIZE } from '../../src/protocol/blob.ts'
import { uploadBits } from '../../src/protocol/challenge.ts'
import { H } from '../../src/protocol/crypto.ts'
import { fromBase64url, toBase64url } from '../../src/protocol/encoding.ts'
import { merkleTreeHash } from '../../src/protocol/merkle.ts'
import { type ArrivedPart, keepPart } from '../../src/server/files/parts.ts'
import { createCutter } from '../../src/server/files/pieces.ts'
import { createFiles } from '../../src/server/files/service.ts'
import { createDatabaseStorage } from '../../src/server/files/storage.ts'
import { type BlobRow, findUpload } from '../../src/server/files/store.ts'
import { type Call, type Caller, callAs, newPair } from './caller.ts'
import type { TestDevice } from './device.ts'
import { type Answer, ask, json } from './http.ts'
import type { World } from './world.ts'

/** The smallest length that a blob can have. */
export const SMALL = lengthOfClass(64 * 1024)
/** Of a blob of the size class of so many MiB of content. */
export const ofMib = (content: number): number => lengthOfClass(content * 1024 * 1024)
export const TUS = { 'tus-resumable': '1.0.0' } as const
export const PART_TYPE = 'application/offset+octet-stream'

export const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest()

/** Under a key that is made for this. */
export const stranger = ({ reporterUrl, deploymentId }: World, origin = reporterUrl): Caller => ({
  origin,
  pair: newPair(),
  role: 'reporter',
  deploymentId,
})

export const creation = (length: number | string): Call => ({
  method: 'POST',
  path: '/v1/uploads',
  headers: { ...TUS, 'upload-length': String(length) },
  workFor: { contentHash: sha256(String(length)), extraBits: uploadBits(Number(length)) || 0 },
})

export const replyCreation = (length: number | string): Call => ({
  method: 'POST',
  path: '/v1/reply-uploads',
  headers: { ...TUS, 'upload-length': String(length) },
})

/** Where the service is too busy to answer, as clients do. */
async function create(caller: Caller, call: Call): Promise<string> {
  for (let attempts = 0; ; attempts++) {
    const { status, headers, body } = await callAs(caller, call)
    if (status === 201 && headers.location) return headers.location
    if (status !== 503 || attempts === 5) throw new Error(`no upload: ${status} ${body}`)
  }
}

/** The path of a new upload. */
export const newUpload = (world: World, length = SMALL, origin = world.reporterUrl): Promise<string> =>
  create(stranger(world, origin), creation(length))

export const newReplyUpload = (device: TestDevice, length = SMALL): Promise<string> =>
  create(device.caller, replyCreation(length))

type Fields = Readonly<Record<string, string>>

export const look = (origin: string, path: string, fields: Fields = TUS): Promise<Answer> =>
  ask(origin, { method: 'HEAD', path, headers: fields })

export const terminate = (origin: string, path: string, fields: Fields = TUS): Promise<Answer> =>
  ask(origin, { method: 'DELETE', path, headers: fields })

export const partFields = (offset: number, more: Fields = {}): Fields => ({
  ...TUS,
  'content-type': PART_TYPE,
  'upload-offset': String(offset),
  ...more,
})

export const patch = (
  origin: string,
  path: string,
  offset: number,
  bytes: Uint8Array,
  more: Fields = {},
): Promise<Answer> => ask(origin, { method: 'PATCH', path, headers: partFields(offset, more), body: bytes })

/** What an upload holds, and what a message says of it. */
export interface Blob {
  readonly bytes: Buffer
  readonly root: Uint8Array
  readonly partCount: number
}

export const partsOf = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / PART_SIZE) }, (_, i) =>
    bytes.subarray(i * PART_SIZE, (i + 1) * PART_SIZE),
  )

/** Chance of that length. */
export async function newBlob(length = SMALL): Promise<Blob> {
  const bytes = randomBytes(length)
  const parts = partsOf(bytes)
  return { bytes, root: await merkleTreeHash(parts.map(sha256)), partCount: parts.length }
}

/** Sends what an upload lacks, from the part at `from`. */
export async function sendParts(origin: string, path: string, { bytes }: Blob, from = 0): Promise<void> {
  for (const [index, part] of partsOf(bytes).entries()) {
    if (index < from) continue
    const answer = await patch(origin, path, index * PART_SIZE, part)
    if (answer.status !== 204) throw new Error(`part ${index}: ${answer.status} ${answer.body}`)
  }
}

export interface Uploaded extends Blob {
  readonly path: string
  /** The last of the path: what a message names. */
  readonly upload: string
}

export const lastOf = (path: string): string => path.split('/').at(-1) ?? ''

export async function uploadBlob(world: World, length = SMALL): Promise<Uploaded> {
  const [blob, path] = [await newBlob(length), await newUpload(world, length)]
  await sendParts(world.reporterUrl, path, blob)
  return { ...blob, path, upload: lastOf(path) }
}

export async function uploadReplyBlob(device: TestDevice, length = SMALL): Promise<Uploaded> {
  const [blob, path] = [await newBlob(length), await newReplyUpload(device, length)]
  await sendParts(device.caller.origin, path, blob)
  return { ...blob, path, upload: lastOf(path) }
}

export const keepForReader = (
  device: TestDevice,
  { upload, root, partCount }: Pick<Uploaded, 'upload' | 'root' | 'partCount'>,
  reader: Uint8Array,
): Promise<Answer> =>
  callAs(device.caller, {
    method: 'POST',
    path: '/v1/reply-files',
    body: json({ upload, root: toBase64url(root), parts: partCount, reader: toBase64url(reader) }),
  })

/** Files of a reply that whoever has the returned key can read. */
export async function keptReplyFiles(world: World, device: TestDevice) {
  const blob = await uploadReplyBlob(device)
  const reader = stranger(world)
  const answer = await keepForReader(device, blob, reader.pair.publicKey)
  if (answer.status !== 204) throw new Error(`not kept: ${answer.status} ${answer.body}`)
  return { ...blob, reader }
}

export const readReplyFiles = (reader: Caller, headers: Fields = {}): Promise<Answer> =>
  callAs(reader, { method: 'GET', path: '/v1/reply-files', headers })

export const deleteReplyFiles = (reader: Caller): Promise<Answer> =>
  callAs(reader, { method: 'DELETE', path: '/v1/reply-files' })

export const readCaseFiles = (
  device: TestDevice,
  caseId: string,
  index = 0,
  headers: Fields = {},
): Promise<Answer> =>
  callAs(device.caller, { method: 'GET', path: `/v1/cases/${caseId}/messages/${index}/files`, headers })

/** What the tables call an upload, for as long as nobody has it. */
export async function blobIdOf({ database }: World, path: string): Promise<Uint8Array> {
  const text = 'select blob_id as id from blobs where capability = $1'
  const capability = H('upload', fromBase64url(lastOf(path)))
  const [row] = await database.query<{ id: Uint8Array }>({ name: 'test-upload', text }, [capability])
  if (!row) throw new Error('there is no such upload')
  return row.id
}

/** As if its day were over. */
export async function makeOld(world: World, path: string): Promise<void> {
  const text = 'update blobs set expires = $2 where blob_id = $1'
  const hour = Math.floor(world.now() / 3_600_000)
  await world.database.query({ name: 'test-make-old', text }, [await blobIdOf(world, path), hour])
}

/** The service's own clean-up, whenever a test wants it. */
export const cleanUp = ({ database, now }: World): Promise<void> =>
  createFiles({
    database,
    storage: createDatabaseStorage(database),
    limits: { perMessage: 0, room: 0 },
    now,
  }).cleanUp()

const capabilityOf = (path: string) => H('upload', fromBase64url(lastOf(path)))
const cutter = createCutter()

/** Past the service: not counted where its turn has not come, and nobody waits for it. */
export const keepDirectly = (world: World, path: string, part: ArrivedPart): Promise<BlobRow | null> =>
  cutter.cut(part.bytes, pieces =>
    keepPart(world.database, { capability: capabilityOf(path), hour: 0 }, part, pieces),
  )

/** An upload that may still be written to, as the database has it. */
export async function openBlobOf(world: World, path: string): Promise<BlobRow> {
  const row = await findUpload(world.database, capabilityOf(path), 0)
  if (!row) throw new Error('no such upload')
  return row
}
