// Reads sealed files by ranges, opens them chunk by chunk, and checks each against what its message says of it.
import { deleteReplyFiles, getCaseFiles, getReplyFiles } from '../contract/files.ts'
import {
  CHUNK_SIZE,
  createFileOpener,
  deriveReaderPair,
  type FilePlace,
  placeFiles,
  SEALED_CHUNK_LENGTH,
  STREAM_HEADER_LENGTH,
} from '../protocol/blob.ts'
import type { BlobKey } from '../protocol/crypto.ts'
import { equalBytes } from '../protocol/encoding.ts'
import type { FileList, ListedFile } from '../protocol/file-list.ts'
import type { FileTools } from './blob-source.ts'
import type { Device } from './device.ts'
import { InvalidInput, Unreachable, VerificationFailed } from './failure.ts'
import { call, type Service } from './http.ts'
import type { Reporter } from './reporter.ts'
import { createSigner } from './signer.ts'

/** Chunks asked for at once: some 2 MiB. Halved where they do not come in time. */
const CHUNKS_AT_ONCE = 32
/** One is asked for while another comes: the service has something to do meanwhile. */
const RANGES_AT_ONCE = 2

/** Bytes `from` to `to` (not included) of a blob. */
export type ReadRange = (from: number, to: number, signal?: AbortSignal) => Promise<Uint8Array>

const rangeFields = (from: number, to: number) => ({ range: `bytes=${from}-${to - 1}` })

/** Of a message of a case. */
export function caseFiles({ service, signer }: Device, caseId: string, index: number): ReadRange {
  const params = { case: caseId, index: String(index) }
  return async (from, to, signal) => {
    const fields = rangeFields(from, to)
    return (await call(service, getCaseFiles, { params, fields, signer, signal })).reply
  }
}

/** Of a reply, for whoever read it. */
export function replyFiles({ service, trust }: Reporter, key: BlobKey): ReadRange {
  const signer = createSigner(deriveReaderPair(key), 'reporter', trust.deploymentId)
  return async (from, to, signal) => {
    const fields = rangeFields(from, to)
    return (await call(service, getReplyFiles, { fields, signer, signal })).reply
  }
}

/** For good; says nothing of whether they were still there. */
export async function deleteFilesOfReply(
  { service, trust }: { service: Service; trust: Reporter['trust'] },
  key: BlobKey,
  signal?: AbortSignal,
): Promise<void> {
  const signer = createSigner(deriveReaderPair(key), 'reporter', trust.deploymentId)
  await call(service, deleteReplyFiles, { signer, signal })
}

export interface ReadFileOptions extends FileTools {
  /** Bytes of the file so far. */
  readonly onProgress?: (read: number) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * The file at `index` of a list, in chunks. Throws `VerificationFailed` where what comes is not the file that the
 * message lists: what was yielded before that is not to be used. Only when it ends without an error is it whole.
 */
export async function* readFile(
  read: ReadRange,
  list: FileList,
  index: number,
  options: ReadFileOptions,
): AsyncGenerator<Uint8Array> {
  const file = list.files[index]
  const place = placeFiles(list.files)[index]
  if (!file || !place) throw new InvalidInput('no such file is attached')
  const hasher = options.createHasher()
  let total = 0
  for await (const chunk of openedChunks(read, list.blobKey, { file, place }, options)) {
    hasher.update(chunk)
    total += chunk.length
    yield chunk
    options.onProgress?.(total)
  }
  if (total !== file.size || !equalBytes(hasher.digest(), file.sha256)) throw new VerificationFailed('file')
}

async function* openedChunks(
  read: ReadRange,
  key: BlobKey,
  { file, place }: { file: ListedFile; place: FilePlace },
  { cipher, signal }: ReadFileOptions,
): AsyncGenerator<Uint8Array> {
  const header = await read(place.offset, place.offset + STREAM_HEADER_LENGTH, signal)
  const opener = openOr(() => createFileOpener(key, place.position, header, cipher))
  const count = Math.max(1, Math.ceil(file.size / CHUNK_SIZE))
  try {
    let at = 0
    for await (const sealed of rangesOf(read, place, count, signal)) {
      for (let start = 0; start < sealed.length; start += SEALED_CHUNK_LENGTH) {
        at += 1
        const chunk = sealed.subarray(start, start + SEALED_CHUNK_LENGTH)
        yield openOr(() => opener.open(chunk, at === count))
      }
    }
  } finally {
    opener.free()
  }
}

/** Whole sealed chunks, many at a time; the next are on their way while those before are opened. */
async function* rangesOf(
  read: ReadRange,
  place: FilePlace,
  count: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const start = place.offset + STREAM_HEADER_LENGTH
  const end = place.offset + place.length
  let atOnce = CHUNKS_AT_ONCE
  const fetch = async (first: number, chunks: number): Promise<Uint8Array> => {
    const from = start + first * SEALED_CHUNK_LENGTH
    const to = Math.min(end, from + chunks * SEALED_CHUNK_LENGTH)
    const sealed = await read(from, to, signal)
    if (sealed.length !== to - from) throw new VerificationFailed('file')
    return sealed
  }
  const fetchAll = async (first: number, wanted: number): Promise<Uint8Array[]> => {
    const found: Uint8Array[] = []
    for (let at = 0; at < wanted; ) {
      const chunks = Math.min(atOnce, wanted - at)
      try {
        found.push(await fetch(first + at, chunks))
        at += chunks
      } catch (error) {
        if (!(error instanceof Unreachable) || chunks === 1) throw error
        atOnce = Math.min(atOnce, Math.ceil(chunks / 2))
      }
    }
    return found
  }
  const coming: Promise<Uint8Array[]>[] = []
  let asked = 0
  const ask = () => {
    while (coming.length < RANGES_AT_ONCE && asked < count) {
      const chunks = Math.min(atOnce, count - asked)
      const ranges = fetchAll(asked, chunks)
      // Looked at in its turn.
      ranges.catch(() => undefined)
      coming.push(ranges)
      asked += chunks
    }
  }
  ask()
  for (let next = coming.shift(); next; next = coming.shift()) {
    const sealed = await next
    ask()
    yield* sealed
  }
}

function openOr<T>(open: () => T): T {
  try {
    return open()
  } catch (error) {
    throw new VerificationFailed('file', error)
  }
}
