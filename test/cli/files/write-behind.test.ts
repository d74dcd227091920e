import { randomBytes } from 'node:crypto'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeBehind } from '../../../src/cli/files/write-behind.ts'

const MIB = 1024 * 1024

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bongsu-test-write-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Each chunk lies in one buffer, which the next one overwrites. */
async function* reusing(chunks: readonly Buffer[], thenFail = false): AsyncGenerator<Uint8Array> {
  const place = Buffer.alloc(Math.max(1, ...chunks.map(chunk => chunk.length)))
  for (const chunk of chunks) {
    place.fill(0)
    chunk.copy(place)
    yield place.subarray(0, chunk.length)
  }
  if (thenFail) throw new Error('not the file')
}

async function written(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const path = join(folder, randomBytes(8).toString('hex'))
  const handle = await open(path, 'wx')
  try {
    await writeBehind(handle, chunks)
  } finally {
    await handle.close()
  }
  return readFile(path)
}

test.each([
  ['none', []],
  ['an empty one', [0]],
  ['less than a mebibyte', [65_536, 17]],
  ['exactly one', [MIB]],
  ['many, across its borders', Array.from({ length: 81 }, () => 65_519)],
  ['larger than it', [2 * MIB + 5, 3 * MIB]],
])('chunks are all there, in order, though each overwrites the one before: %s', async (_, lengths) => {
  const chunks = lengths.map(length => randomBytes(length))
  expect((await written(reusing(chunks))).equals(Buffer.concat(chunks))).toBe(true)
})

test('what fails while chunks come, or while they are written, is told; nothing is under way any more', async () => {
  const chunks = Array.from({ length: 40 }, () => randomBytes(65_536))
  await expect(written(reusing(chunks, true))).rejects.toThrow('not the file')
  const path = join(folder, 'read-only')
  await (await open(path, 'wx')).close()
  const handle = await open(path, 'r')
  await expect(writeBehind(handle, reusing(chunks))).rejects.toMatchObject({ code: 'EBADF' })
  await handle.close()
})
