// A file of this machine's, hashed where it lies.
import { toHex } from '../../protocol/encoding.ts'
import { createFileHasher } from '../page/file-hasher.ts'
import { sourceOf } from '../page/file-source.ts'

interface Watching {
  readonly onProgress: (read: number) => void
  readonly signal: AbortSignal
}

/** SHA-256, hexadecimal. */
export async function fingerprintOf(file: File, { onProgress, signal }: Watching): Promise<string> {
  const hasher = createFileHasher()
  let read = 0
  for await (const piece of sourceOf(file).read()) {
    signal.throwIfAborted()
    hasher.update(piece)
    read += piece.length
    onProgress(read)
  }
  if (read !== file.size) throw new Error('not read to its end')
  return toHex(hasher.digest())
}
