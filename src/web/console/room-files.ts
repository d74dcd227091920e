// Files of a case on their way here: to be looked at or saved, one by one, checked whole before anything is kept.
import { eitherSignal } from '../../client/either-signal.ts'
import { caseFiles, type FileList, readFile } from '../../client/index.ts'
import { createFileHasher } from '../page/file-hasher.ts'
import type { Destination } from '../page/save-file.ts'
import { type FilePlace, keyOfFile } from './file-lines.ts'
import { DiskFailed, type FileTrouble, fileTrouble } from './file-trouble.ts'
import { MAX_PREVIEW, type Preview, previewOf } from './preview.ts'
import type { Session } from './session.ts'

export interface FileWork {
  readonly doing: 'saving' | 'reading' | null
  /** Bytes of the file that came. */
  readonly read: number
  readonly isSaved: boolean
  /** Kept until it is closed, or the case is left. */
  readonly preview: Preview | null
  readonly trouble: FileTrouble | null
}

export const NO_WORK: FileWork = { doing: null, read: 0, isSaved: false, preview: null, trouble: null }

/** By `FileLine.key`. */
export type FileWorks = ReadonlyMap<string, FileWork>

export interface RoomFiles {
  /** Only a file that was found right is finished there; of any other nothing is left. */
  save(file: FilePlace, destination: Destination): Promise<void>
  look(file: FilePlace): Promise<void>
  closePreview(file: FilePlace): void
  cancel(file: FilePlace): void
  /** Stops and forgets all of them. */
  leave(): void
}

interface Files {
  readonly session: Session
  readonly caseId: string
  /** Of the message, as it was opened. */
  readonly listOf: (message: number) => FileList | null
  readonly signal: AbortSignal
  readonly onChange: (works: FileWorks) => void
}

export function openRoomFiles({ session, caseId, listOf, signal, onChange }: Files): RoomFiles {
  const works = new Map<string, FileWork>()
  const cancels = new Map<string, AbortController>()
  const change = (key: string, next: Partial<FileWork>) => {
    if (signal.aborted) return
    works.set(key, { ...(works.get(key) ?? NO_WORK), ...next })
    onChange(new Map(works))
  }

  async function* chunksOf(place: FilePlace, during: AbortSignal): AsyncGenerator<Uint8Array> {
    const list = listOf(place.message)
    if (!list) return
    const read = caseFiles(await session.device(), caseId, place.message)
    const onProgress = (bytes: number) => {
      if (!during.aborted) change(keyOfFile(place), { read: bytes })
    }
    yield* readFile(read, list, place.at, { createHasher: createFileHasher, onProgress, signal: during })
  }

  async function during(
    place: FilePlace,
    doing: 'saving' | 'reading',
    act: (chunks: AsyncGenerator<Uint8Array>, during: AbortSignal) => Promise<Partial<FileWork>>,
  ): Promise<void> {
    const key = keyOfFile(place)
    if (works.get(key)?.doing) return
    const cancel = new AbortController()
    cancels.set(key, cancel)
    const both = eitherSignal(signal, cancel.signal)
    change(key, { ...NO_WORK, isSaved: works.get(key)?.isSaved ?? false, doing })
    try {
      const outcome = await act(chunksOf(place, both), both)
      if (!both.aborted) change(key, { ...outcome, doing: null })
    } catch (error) {
      if (!both.aborted) change(key, { doing: null, trouble: fileTrouble(error) })
    } finally {
      if (cancels.get(key) === cancel) cancels.delete(key)
    }
  }

  const cancel = (key: string) => {
    cancels.get(key)?.abort()
    cancels.delete(key)
  }
  return {
    save: (place, destination) =>
      during(place, 'saving', async (chunks, signal) => {
        await writeAll(chunks, destination, signal)
        return { isSaved: true }
      }),
    look: place => during(place, 'reading', async chunks => ({ preview: previewOf(await bytesOf(chunks)) })),
    closePreview: place => change(keyOfFile(place), { preview: null }),
    cancel: place => {
      cancel(keyOfFile(place))
      change(keyOfFile(place), { doing: null })
    },
    leave: () => {
      for (const key of [...cancels.keys()]) cancel(key)
      works.clear()
      if (!signal.aborted) onChange(new Map())
    },
  }
}

async function writeAll(
  chunks: AsyncGenerator<Uint8Array>,
  destination: Destination,
  signal: AbortSignal,
): Promise<void> {
  const onDisk = <T>(action: Promise<T>) =>
    action.catch((error: unknown) => {
      throw new DiskFailed(error)
    })
  try {
    for await (const chunk of chunks) await onDisk(destination.write(chunk))
    signal.throwIfAborted()
  } catch (error) {
    await destination.discard().catch(() => undefined)
    throw error
  }
  await onDisk(destination.finish())
}

/** Of one that is small enough to be shown. */
async function bytesOf(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    length += chunk.length
    if (length > MAX_PREVIEW) throw new Error('too long to be shown')
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
