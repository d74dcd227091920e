// A file that is read by ranges, over a line that is sometimes too slow for them.
import { createHash, randomBytes } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { fileTools } from '../../src/cli/files/tools.ts'
import { blobParts } from '../../src/client/blob-source.ts'
import { type Pace, type ReadRange, readFile } from '../../src/client/download.ts'
import { Unreachable, VerificationFailed } from '../../src/client/failure.ts'
import { SEALED_CHUNK_LENGTH } from '../../src/protocol/blob.ts'
import { blobKeyOf, cryptoReady } from '../../src/protocol/crypto.ts'
import type { FileList } from '../../src/protocol/file-list.ts'

const bytes = randomBytes(7_000_001)
let blob: Buffer
let list: FileList

beforeAll(async () => {
  await cryptoReady
  const blobKey = blobKeyOf(randomBytes(32))
  const source = {
    name: 'a',
    type: '',
    size: bytes.length,
    read: async function* () {
      yield bytes
    },
  }
  const parts = blobParts(blobKey, [source], fileTools)
  const kept: Buffer[] = []
  for (;;) {
    const { value, done } = await parts.next()
    if (done) {
      list = { blobKey, files: value }
      break
    }
    kept.push(Buffer.from(value))
  }
  blob = Buffer.concat(kept)
})

const chunksIn = (from: number, to: number) => Math.ceil((to - from) / SEALED_CHUNK_LENGTH)

/** Ranges of more than `most` chunks do not come in time. */
function slowly(most: number): { read: ReadRange; asked: number[] } {
  const asked: number[] = []
  const read: ReadRange = async (from, to) => {
    asked.push(chunksIn(from, to))
    // Those behind may be there first.
    await new Promise(resolve => setTimeout(resolve, asked.length % 3))
    if (chunksIn(from, to) > most) throw new Unreachable('no answer in time')
    return new Uint8Array(blob.subarray(from, to))
  }
  return { read, asked }
}

async function all(read: ReadRange, pace?: Pace): Promise<Buffer> {
  const chunks: Buffer[] = []
  const options = { ...fileTools, ...(pace && { pace }) }
  for await (const chunk of readFile(read, list, 0, options)) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

test.each([1000, 20, 5, 1])(
  'comes whole and in order where no more than %i chunks come at once',
  async most => {
    const { read, asked } = slowly(most)
    expect(sha256(await all(read))).toBe(sha256(bytes))
    // Once it is known, no more is asked for: of two that are under way, the other may be.
    const inVain = asked.filter(count => count > most)
    for (const count of inVain) expect(inVain.filter(other => other === count).length).toBeLessThanOrEqual(2)
  },
)

test.each([
  { pace: { quickMs: 60_000, slowMs: 60_000 }, most: 32, atOnce: 2, name: 'as much as there is time for' },
  {
    pace: { quickMs: 0, slowMs: 60_000 },
    most: 1,
    atOnce: 2,
    name: 'no more than before where it is not quick',
  },
  { pace: { quickMs: 0, slowMs: 0 }, most: 1, atOnce: 1, name: 'one chunk at a time where the line is slow' },
])('begins with one chunk, and asks for $name', async ({ pace, most, atOnce }) => {
  const { read, asked } = slowly(1000)
  let underWay = 0
  let together = 0
  const counting: ReadRange = async (from, to) => {
    underWay += 1
    together = Math.max(together, underWay)
    return read(from, to).finally(() => {
      underWay -= 1
    })
  }
  expect(sha256(await all(counting, pace))).toBe(sha256(bytes))
  // The first is the file's header.
  expect(asked.slice(0, 2)).toEqual([1, 1])
  expect(Math.max(...asked)).toBe(most)
  expect(together).toBe(atOnce)
})

test('is refused where the line gives less than was asked for, and where no chunk comes at all', async () => {
  const short: ReadRange = async (from, to) => new Uint8Array(blob.subarray(from, Math.max(from, to - 1)))
  await expect(all(short)).rejects.toThrow(VerificationFailed)
  await expect(all(slowly(0).read)).rejects.toThrow(Unreachable)
})
