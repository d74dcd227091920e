// Files of one reply on their way to the service: sealed, sent in parts, then kept for whoever reads the reply.
import {
  type Device,
  type FileList,
  giveUpUpload,
  InvalidInput,
  keepReplyFiles,
  type OpenedCase,
  RequestProblem,
  replyUploaderOf,
  splitReply,
  type UploadState,
  uploadFiles,
} from '../../client/index.ts'
import { blobKeyOf } from '../../protocol/crypto.ts'
import { createFileHasher } from '../page/file-hasher.ts'
import type { ReadableFile } from '../page/file-source.ts'

export interface UploadWork {
  /** Bytes that the service has, the fill included. */
  readonly sent: number
  readonly length: number
  readonly isPaused: boolean
  /** The service could not be reached; it is tried again by itself. */
  readonly isBroken: boolean
}

export interface LetterFiles {
  readonly sources: readonly ReadableFile[]
  /** The list that the reply names, once they are kept. */
  kept(): FileList | null
  pause(): void
  goOn(): void
  /** Goes on where it stopped. */
  send(device: Device, signal: AbortSignal): Promise<FileList>
  /** Tells the service, which would forget them by itself a day later. */
  giveUp(device: Device): Promise<void>
}

export function letterFiles(
  sources: readonly ReadableFile[],
  onChange: (work: Partial<UploadWork>) => void,
): LetterFiles {
  let state: UploadState | null = null
  let list: FileList | null = null
  const gate = createGate(isPaused => onChange({ isPaused }))

  const attempt = (device: Device, signal: AbortSignal) =>
    uploadFiles(replyUploaderOf(device), sources, [], {
      createHasher: createFileHasher,
      onProgress: ({ sent, length }) => onChange({ sent, length, isBroken: false }),
      onBreak: () => onChange({ isBroken: true }),
      gate: () => gate.passed(signal),
      resume: state,
      onState: next => {
        state = next
      },
      signal,
    })

  return {
    sources,
    kept: () => list,
    pause: gate.close,
    goOn: gate.open,
    async send(device, signal) {
      if (list) return list
      const isResumed = state !== null
      const uploaded = await attempt(device, signal).catch((error: unknown) => {
        const isForgotten = error instanceof RequestProblem && error.kind === 'not-found'
        // One key seals one content: what goes on after this begins anew.
        if (isForgotten || error instanceof InvalidInput) state = null
        if (!(isResumed && isForgotten)) throw error
        return attempt(device, signal)
      })
      if ('upload' in uploaded) await keepReplyFiles(device, uploaded, signal)
      list = uploaded.list
      return list
    },
    async giveUp(device) {
      const upload = state?.upload
      state = null
      if (upload !== undefined) await giveUpUpload(device.service, upload, AbortSignal.timeout(10_000))
    },
  }
}

/** Whether the names of the files leave room for a text: known before anything is sent. */
export function hasRoom(
  device: Device,
  opened: OpenedCase,
  text: string,
  sources: readonly ReadableFile[],
): boolean {
  const files = sources.map(({ name, type, size }) => ({
    name,
    type,
    size,
    sha256: new Uint8Array(32),
    attached: true,
  }))
  try {
    splitReply(device, opened, text, { blobKey: blobKeyOf(new Uint8Array(32)), files })
    return true
  } catch (error) {
    if (error instanceof InvalidInput) return false
    throw error
  }
}

function createGate(onChange: (isClosed: boolean) => void) {
  let isClosed = false
  let waiting: (() => void)[] = []
  return {
    close() {
      isClosed = true
      onChange(true)
    },
    open() {
      isClosed = false
      for (const goOn of waiting) goOn()
      waiting = []
      onChange(false)
    },
    /** Rejects where `signal` is aborted meanwhile. */
    passed: (signal: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        if (!isClosed) return resolve()
        waiting.push(resolve)
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      }),
  }
}
