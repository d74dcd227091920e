// Files on this disk, read a mebibyte at a time, and refused where they change meanwhile.
import { open, stat } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FileSource, ListedFile } from '../../client/index.ts'
import { WrongInput } from '../exit.ts'
import { neutraliseName } from '../terminal.ts'
import { mediaTypeOf } from './media-types.ts'
import { listedName } from './names.ts'
import { fileTools } from './tools.ts'

const PIECE = 1024 * 1024
const TURN = 64 * 1024

interface Looks {
  readonly size: bigint
  readonly mtimeNs: bigint
}

/** As it is now: reading throws `InvalidInput` where it is no longer that. */
export async function fileOnDisk(path: string): Promise<FileSource> {
  const seen = await stat(path, { bigint: true })
  if (!seen.isFile()) throw new WrongInput('not-a-file', neutraliseName(path))
  const name = listedName(path)
  return { name, type: mediaTypeOf(name), size: Number(seen.size), read: () => readUnchanged(path, seen) }
}

async function* readUnchanged(path: string, seen: Looks): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r')
  const expectUnchanged = async () => {
    const { size, mtimeNs } = await handle.stat({ bigint: true })
    if (size === seen.size && mtimeNs === seen.mtimeNs) return
    throw new WrongInput('file-changed', neutraliseName(path))
  }
  try {
    await expectUnchanged()
    const piece = new Uint8Array(PIECE)
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, PIECE, null)
      if (bytesRead === 0) break
      for (let at = 0; at < bytesRead; at += TURN) {
        yield piece.subarray(at, Math.min(at + TURN, bytesRead))
        // Whatever else is under way gets its turn: what was sealed before goes out meanwhile.
        await nextTurn()
      }
    }
    // The sender of the pieces is still waiting for the end: nothing names what was read before.
    await expectUnchanged()
  } finally {
    await handle.close()
  }
}

/** `onRead` is told how many bytes came. */
export async function hashOf(file: FileSource, onRead: (bytes: number) => void): Promise<Uint8Array> {
  const hasher = fileTools.createHasher()
  for await (const piece of file.read()) {
    hasher.update(piece)
    onRead(piece.length)
  }
  return hasher.digest()
}

/** A file that stays here, known again by its hash. */
export async function keptFile(file: FileSource, onRead: (bytes: number) => void): Promise<ListedFile> {
  const { name, type, size } = file
  return { name, type, size, sha256: await hashOf(file, onRead), attached: false }
}
