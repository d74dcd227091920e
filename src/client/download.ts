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

/** Chunks asked for at once, when the line bears them: some 2 MiB. */
const CHUNKS_AT_ONCE = 32

/** How fast a line is, from how long a range took. */
export interface Pace {
  /** Milliseconds: after a range that took less, twice as much is asked for. */
  readonly quickMs: number
  /** After one that took more, half as much; and only one range at once. */
  readonly slowMs: number
}

const PACE: Pace = { quickMs: 5_000, slowMs: 20_000 }

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
  readonly pace?: Pace
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
  options: ReadFileOptions,
): AsyncGenerator<Uint8Array> {
  const header = await read(place.offset, place.offset + STREAM_HEADER_LENGTH, options.signal)
  const opener = openOr(() => createFileOpener(key, place.position, header, options.cipher))
  const count = Math.max(1, Math.ceil(file.size / CHUNK_SIZE))
  try {
    let at = 0
    for await (const sealed of rangesOf(read, place, count, options)) {
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

/**
 * Whole sealed chunks, many at a time; the next are on their way while those before are opened. Begins with one, as a
 * line may bear no more in the time that there is.
 */
async function* rangesOf(
  read: ReadRange,
  place: FilePlace,
  count: number,
  { signal, pace }: ReadFileOptions,
): AsyncGenerator<Uint8Array> {
  const start = place.offset + STREAM_HEADER_LENGTH
  const end = place.offset + place.length
  const size = createRangeSize(pace ?? PACE)
  const fetch = async (first: number, chunks: number): Promise<Uint8Array> => {
    const from = start + first * SEALED_CHUNK_LENGTH
    const to = Math.min(end, from + chunks * SEALED_CHUNK_LENGTH)
    const begun = performance.now()
    const sealed = await read(from, to, signal)
    if (sealed.length !== to - from) throw new VerificationFailed('file')
    size.came(chunks, performance.now() - begun)
    return sealed
  }
  const fetchAll = async (first: number, wanted: number): Promise<Uint8Array[]> => {
    const found: Uint8Array[] = []
    for (let at = 0; at < wanted; ) {
      const chunks = Math.min(size.chunks(), wanted - at)
      try {
        found.push(await fetch(first + at, chunks))
        at += chunks
      } catch (error) {
        if (!(error instanceof Unreachable) || chunks === 1) throw error
        size.failed(chunks)
      }
    }
    return found
  }
  const coming: Promise<Uint8Array[]>[] = []
  let asked = 0
  const ask = () => {
    while (coming.length < size.ranges() && asked < count) {
      const chunks = Math.min(size.chunks(), count - asked)
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

/** How much to ask for. */
function createRangeSize({ quickMs, slowMs }: Pace) {
  let chunks = 1
  let most = CHUNKS_AT_ONCE
  let isSlow = true
  const bear = (wanted: number) => {
    chunks = Math.max(1, Math.min(most, wanted))
  }
  return {
    chunks: () => chunks,
    /** One is asked for while another comes, so that the service has something to do meanwhile: where a line has room. */
    ranges: () => (isSlow ? 1 : 2),
    came(wanted: number, milliseconds: number) {
      isSlow = milliseconds > slowMs
      if (isSlow) bear(Math.min(chunks, Math.ceil(wanted / 2)))
      else if (milliseconds < quickMs) bear(Math.max(chunks, wanted * 2))
    },
    /** So many are not asked for again. */
    failed(wanted: number) {
      most = Math.min(most, Math.ceil(wanted / 2))
      bear(chunks)
    },
  }
}

function openOr<T>(open: () => T): T {
  try {
    return open()
  } catch (error) {
    throw new VerificationFailed('file', error)
  }
}
