// Saving a file that comes in pieces: to the disk as it comes where the browser can, else once it is whole.
// docs/decisions/0029 says why there is a limit for the second.

/** Bytes that a page may hold before it hands them to the browser. */
export const MOST_HELD = 256 * 1024 * 1024

/** Where a file goes. Nothing that is not finished is left behind. */
export interface Destination {
  write(bytes: Uint8Array): Promise<void>
  finish(): Promise<void>
  discard(): Promise<void>
}

interface PickerOptions {
  readonly suggestedName: string
}

/** As the dialog gives it: it has made the file, and not every browser can take it away again. */
interface NewFile extends FileSystemFileHandle {
  remove?(): Promise<void>
}

declare global {
  // Chromium on a desktop; absent elsewhere.
  var showSaveFilePicker: ((options: PickerOptions) => Promise<NewFile>) | undefined
}

export const canSave = (size: number): boolean =>
  globalThis.showSaveFilePicker !== undefined || size <= MOST_HELD

/** Call it while the touch that asked for it still counts. Null: the person thought better of it. */
export async function askDestination(name: string): Promise<Destination | null> {
  const pick = globalThis.showSaveFilePicker
  if (!pick) return heldFile(name)
  try {
    const handle = await pick({ suggestedName: name })
    return streamed(handle, await handle.createWritable())
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null
    throw error
  }
}

/** The browser writes beside the file, and puts it in its place at the end. */
const streamed = (handle: NewFile, stream: FileSystemWritableFileStream): Destination => ({
  write: bytes => stream.write(new Uint8Array(bytes)),
  finish: () => stream.close(),
  async discard() {
    await stream.abort()
    // The dialog leaves an empty file; one that was there before keeps what it had.
    if ((await handle.getFile()).size === 0) await handle.remove?.()
  },
})

function heldFile(name: string): Destination {
  let pieces: Uint8Array<ArrayBuffer>[] = []
  return {
    write: async bytes => void pieces.push(new Uint8Array(bytes)),
    async finish() {
      // Of no type: nothing opens it by itself.
      offer(name, new Blob(pieces, { type: 'application/octet-stream' }))
      pieces = []
    },
    async discard() {
      pieces = []
    },
  }
}

/** Hands a blob to whoever saves files on this device. */
export function offer(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Not at once: some browsers begin to read a moment later.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
