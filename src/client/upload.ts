// Sends files to a service in parts, goes on where it was broken off, and says what the message needs to name them.
import {
  createReplyUpload,
  createUpload,
  deleteUpload,
  headUpload,
  patchUpload,
  postReplyFiles,
} from '../contract/files.ts'
import { blobRoot, deriveReaderPair, PART_SIZE } from '../protocol/blob.ts'
import { uploadBits } from '../protocol/challenge.ts'
import {
  type BlobKey,
  blobKeyOf,
  deriveSigningPair,
  type RandomBytes,
  randomBytes,
  sha256,
  signingSeed,
  textToBytes,
} from '../protocol/crypto.ts'
import { equalBytes, toBase64, toBase64url } from '../protocol/encoding.ts'
import type { ListedFile, MessageFiles } from '../protocol/file-list.ts'
import { blobParts, type FileSource, type FileTools, lengthOfBlob } from './blob-source.ts'
import type { Device } from './device.ts'
import { InvalidInput, RequestProblem, UnexpectedAnswer } from './failure.ts'
import { type CallStep, call, isUnclear, type Service, secondsAsked, sleep } from './http.ts'
import { createPatience } from './patience.ts'
import { createSigner } from './signer.ts'
import type { Trust } from './trust.ts'

/** Milliseconds between attempts to go on, while the service cannot be reached. */
const PAUSES = [250, 1_500, 1_500, 3_000, 3_000, 10_000, 30_000] as const
/** So many times without a part in between, then the upload is given up for now. */
const MAX_BREAKS = 24
/**
 * So many parts are on their way at once after one that was there in so many milliseconds. On a slower line those
 * behind would be there too long before their turn.
 */
const AT_ONCE = [
  { within: 1_000, parts: 3 },
  { within: 5_000, parts: 2 },
] as const

/** What going on takes after a restart. Who has it and the files' ciphertext can read them. */
export interface UploadState {
  readonly blobKey: BlobKey
  /** The last of the upload's path. */
  readonly upload: string
  readonly length: number
  /** Of each part that may have been sent: a file that changed since is found out, and nothing is sent twice over. */
  readonly partHashes: readonly Uint8Array[]
}

export interface UploadProgress {
  /** Bytes of the blob that the service has. */
  readonly sent: number
  readonly length: number
}

export interface UploadOptions extends FileTools {
  readonly onProgress?: (progress: UploadProgress) => void
  readonly onStep?: (step: CallStep) => void
  /** Told of a break, perhaps several times; it goes on by itself. */
  readonly onBreak?: () => void
  /** Awaited before each part: a promise that is kept later is a pause. */
  readonly gate?: () => Promise<void>
  /** Where an earlier attempt stopped. */
  readonly resume?: UploadState | null
  /** Before a part is sent for the first time. */
  readonly onState?: (state: UploadState) => Promise<void> | void
  readonly random?: RandomBytes
  readonly signal?: AbortSignal | undefined
}

/** An upload that the service has whole, and waits a day for its message. */
export interface UploadedFiles extends MessageFiles {
  readonly upload: string
}

/** What the body of a message says of its upload. */
export const uploadOf = (files: MessageFiles | UploadedFiles | null | undefined): string | null =>
  files && 'upload' in files ? files.upload : null

/** Where room for files is asked for. */
export interface Uploader {
  readonly service: Service
  create(length: number, options: Pick<UploadOptions, 'signal' | 'onStep'>): Promise<string>
}

/** A reporter's: under a key that is made for this and forgotten. */
export function uploaderOf(service: Service, trust: Trust, random: RandomBytes = randomBytes): Uploader {
  const pair = deriveSigningPair(signingSeed(random(32)))
  const signer = createSigner(pair, 'reporter', trust.deploymentId)
  return {
    service,
    create: async (length, { signal, onStep }) => {
      const work = { contentHash: await sha256(textToBytes(String(length))), extraBits: uploadBits(length) }
      const fields = { 'upload-length': String(length) }
      const { reply } = await call(service, createUpload, { signer, fields, work, signal, onStep })
      return lastOf(reply.location)
    },
  }
}

export function replyUploaderOf({ service, signer }: Device): Uploader {
  return {
    service,
    create: async (length, { signal, onStep }) => {
      const fields = { 'upload-length': String(length) }
      const { reply } = await call(service, createReplyUpload, { signer, fields, signal, onStep })
      return lastOf(reply.location)
    },
  }
}

function lastOf(location: string): string {
  const [, upload] = /\/v1\/uploads\/([\w-]{43})$/.exec(location) ?? []
  if (upload === undefined) throw new UnexpectedAnswer('createUpload: location')
  return upload
}

/**
 * Seals and sends; what comes back goes into the message. `kept` files stay: only their hashes are listed. Throws
 * `InvalidInput` where a file changed, `RequestProblem`, `Unreachable` after many attempts.
 */
export async function uploadFiles(
  uploader: Uploader,
  attached: readonly FileSource[],
  kept: readonly ListedFile[],
  options: UploadOptions,
): Promise<UploadedFiles | MessageFiles> {
  const { random = randomBytes, resume = null, hash: hashOf = sha256, signal } = options
  const key = resume?.blobKey ?? blobKeyOf(random(32))
  if (attached.length === 0) {
    return { list: { blobKey: key, files: kept }, root: new Uint8Array(32), partCount: 0 }
  }
  const length = lengthOfBlob(attached)
  if (resume && resume.length !== length)
    throw new InvalidInput('the files are not those of the upload', 'file-changed-since')
  const upload = resume?.upload ?? (await uploader.create(length, options))
  const sending = createSending(uploader.service, upload, { ...options, length })
  await sending.begin(resume !== null)
  const hashes: Uint8Array[] = []
  const known = resume?.partHashes ?? []
  const parts = blobParts(key, attached, options)
  try {
    for (let offset = 0; ; offset += PART_SIZE) {
      // While a part is on its way, the next is sealed.
      const { value, done } = await parts.next()
      if (done) {
        await sending.finish()
        const list = { blobKey: key, files: [...value, ...kept] }
        return { list, root: await blobRoot(hashes), partCount: hashes.length, upload }
      }
      const hash = await hashOf(value)
      const before = known[hashes.length]
      // Two ciphertexts of one place under one key would tell of both: better no upload.
      if (before && !equalBytes(before, hash)) {
        throw new InvalidInput('a file changed since the upload began', 'file-changed-since')
      }
      hashes.push(hash)
      if (!before) await options.onState?.({ blobKey: key, upload, length, partHashes: hashes })
      await sending.send({ offset, bytes: value, hash })
      signal?.throwIfAborted()
    }
  } finally {
    await sending.settle()
    await parts.return([])
  }
}

interface Part {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly hash: Uint8Array
}

interface SendingOptions extends UploadOptions {
  readonly length: number
}

/**
 * Sends part after part. The newest is still on its way when `send` returns; on a quick line, to a service that takes
 * them, those before it, too.
 */
function createSending(service: Service, upload: string, options: SendingOptions) {
  const { length, signal, onProgress } = options
  const params = { upload }
  const onStep = (step: CallStep) => {
    if (step === 'waiting') options.onBreak?.()
  }
  const patience = createPatience(service)
  let arrived = 0
  let atOnce = 1
  /** The oldest first. */
  const underWay: Promise<void>[] = []

  const arriveAt = (field: string) => {
    const offset = Number(field)
    if (offset !== length && offset % PART_SIZE !== 0) throw new UnexpectedAnswer('upload-offset')
    if (offset <= arrived) return
    arrived = offset
    onProgress?.({ sent: arrived, length })
  }
  const look = async () => {
    const had = arrived
    const { reply } = await call(service, headUpload, { params, fields: {}, signal, onStep })
    if (Number(reply['upload-length']) !== length) throw new UnexpectedAnswer('headUpload: another upload')
    if (Number(reply['upload-offset']) < had) throw new UnexpectedAnswer('headUpload: less than it had')
    arriveAt(reply['upload-offset'])
  }
  const patch = async ({ offset, bytes, hash }: Part) => {
    const begun = performance.now()
    const fields = { 'upload-offset': String(offset), 'upload-checksum': `sha256 ${toBase64(hash)}` }
    const input = { params, fields, body: bytes, looksAfter: true, patience, signal, onStep }
    const { reply } = await call(service, patchUpload, input)
    const took = performance.now() - begun
    atOnce = AT_ONCE.find(({ within }) => took < within)?.parts ?? 1
    arriveAt(reply['upload-offset'])
  }
  const deliver = async (part: Part, before: Promise<void>) => {
    await options.gate?.()
    for (let breaks = 0; arrived < part.offset + part.bytes.length; ) {
      try {
        if (breaks > 0) await look()
        if (arrived > part.offset) continue
        await patch(part)
      } catch (error) {
        atOnce = 1
        if (!isBreak(error) || ++breaks > MAX_BREAKS) throw error
        if (isUnclear(error)) {
          options.onBreak?.()
          const pause = PAUSES[Math.min(breaks, PAUSES.length) - 1] ?? 0
          await sleep(Math.max(pause, secondsAsked(error) * 1000), signal)
        }
        // Whatever was between the two, the one before goes first.
        await before
      }
    }
  }
  return {
    begin: async (resumed: boolean) => {
      if (resumed) await look()
      if (arrived === 0) onProgress?.({ sent: 0, length })
    },
    async send(part: Part): Promise<void> {
      while (underWay.length >= atOnce) await underWay.shift()
      const sent = deliver(part, underWay.at(-1) ?? Promise.resolve())
      // Looked at by a send after it, or by finish.
      sent.catch(() => undefined)
      underWay.push(sent)
    },
    finish: () => Promise.all(underWay),
    settle: () => Promise.allSettled(underWay),
  }
}

// What has arrived is asked for again after each of these.
const isBreak = (error: unknown) =>
  isUnclear(error) ||
  (error instanceof RequestProblem && ['offset-conflict', 'checksum-mismatch'].includes(error.kind))

/** Gives an upload up. One that is gone already is no failure. */
export async function giveUpUpload(service: Service, upload: string, signal?: AbortSignal): Promise<void> {
  try {
    await call(service, deleteUpload, { params: { upload }, fields: {}, signal })
  } catch (error) {
    if (!(error instanceof RequestProblem && error.kind === 'not-found')) throw error
  }
}

/** Hands the files of a reply over to whoever will read the reply. Before the reply itself is sent. */
export async function keepReplyFiles(
  { service, signer }: Device,
  { upload, root, partCount, list }: UploadedFiles,
  signal?: AbortSignal,
): Promise<void> {
  const reader = toBase64url(deriveReaderPair(list.blobKey).publicKey)
  const body = { upload, root: toBase64url(root), parts: partCount, reader }
  await call(service, postReplyFiles, { signer, body, signal })
}
