import type { FileHandle } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'

const PIECE = 1024 * 1024

/** All of it in order, a mebibyte at a time: while one is written, the next comes. Nothing is under way any more when it ends. */
export async function writeBehind(handle: FileHandle, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  let filling = Buffer.allocUnsafeSlow(PIECE)
  let other = Buffer.allocUnsafeSlow(PIECE)
  let filled = 0
  let writing: Promise<void> = Promise.resolve()
  const write = async () => {
    await writing
    writing = handle.writeFile(filling.subarray(0, filled))
    // Looked at by the next one, or at the end.
    writing.catch(() => undefined)
    ;[filling, other] = [other, filling]
    filled = 0
  }
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) {
        const taken = Math.min(PIECE - filled, chunk.length - at)
        filling.set(chunk.subarray(at, at + taken), filled)
        filled += taken
        at += taken
        if (filled === PIECE) await write()
      }
      // Whatever else is under way gets its turn: what is to be opened next comes in meanwhile.
      await nextTurn()
    }
    await write()
  } finally {
    await writing
  }
}
