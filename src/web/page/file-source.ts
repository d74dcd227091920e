// A chosen file as it is sealed or hashed: a stream from the device, a piece at a time, never the whole.
import { createBreath } from './breathing.ts'
import { bytesOf, shortened } from './safe-name.ts'

/** Small enough that a page without JIT answers between two. */
const PIECE = 64 * 1024
/** Bytes of UTF-8, as a file list takes them. */
const MAX_NAME = 255
const MAX_TYPE = 127

/** What the SDK takes for a file. */
export interface ReadableFile {
  readonly name: string
  readonly type: string
  readonly size: number
  read(): AsyncGenerator<Uint8Array>
}

/** Nothing is read before `read`, which fails by a `NotReadableError`. `onReading` is told then. */
export function sourceOf(file: File, onReading: () => void = () => undefined): ReadableFile {
  return {
    name: sentName(file.name),
    type: bytesOf(file.type) > MAX_TYPE ? '' : file.type,
    size: file.size,
    async *read() {
      onReading()
      const breathe = createBreath()
      // Not every browser can iterate a stream by itself.
      const reader = file.stream().getReader()
      try {
        for (;;) {
          const { done, value } = await reader.read().catch(unreadable)
          if (done) return
          for (let at = 0; at < value.length; at += PIECE) {
            yield value.subarray(at, at + PIECE)
            await breathe()
          }
        }
      } finally {
        await reader.cancel().catch(() => undefined)
      }
    },
  }
}

/** One name for it: of a file that changed since it was chosen, browsers say different things. */
function unreadable(): never {
  throw new DOMException('the file is not there as it was', 'NotReadableError')
}

/** A file list takes UTF-8 of a certain length; some systems write Hangul in three times the bytes. */
export const sentName = (name: string): string =>
  shortened(name.normalize('NFC').replace(/\p{Surrogate}/gu, '\ufffd'), MAX_NAME) || '-'
