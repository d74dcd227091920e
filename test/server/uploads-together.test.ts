// Parts of one upload that come while the one before them is still on its way.
import { once } from 'node:events'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemIn } from '../support/http.ts'
import { submit } from '../support/reporter.ts'
import { lastOf, look, newBlob, newUpload, ofMib, partFields, patch } from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
const LENGTH = ofMib(4)
/** Long enough for a refusal to come. */
const WHILE_MS = 300

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

/** Sends half of a part; the other half, and the wait for the answer, is what comes back. */
async function beginPart(path: string, offset: number, bytes: Uint8Array): Promise<() => Promise<number>> {
  const headers = { ...partFields(offset), 'content-length': String(bytes.length) }
  const part = request(world.reporterUrl + path, { method: 'PATCH', headers })
  const answered = once(part, 'response')
  part.write(bytes.subarray(0, bytes.length / 2))
  await sleep(WHILE_MS)
  return async () => {
    part.end(bytes.subarray(bytes.length / 2))
    const [answer] = await answered
    answer.resume()
    return answer.statusCode
  }
}

const offsetOf = async (path: string) => (await look(world.reporterUrl, path)).headers['upload-offset']

test('a part that is there before the one ahead of it waits for it, on the same server and on another', async () => {
  const other = await world.startAnother()
  try {
    for (const origin of [world.reporterUrl, world.agencyUrl, other.reporterUrl]) {
      const [path, blob] = [await newUpload(world, LENGTH), await newBlob(LENGTH)]
      const partAt = (index: number) => blob.bytes.subarray(index * MIB, (index + 1) * MIB)
      const endFirst = await beginPart(path, 0, partAt(0))
      const second = patch(origin, path, MIB, partAt(1))
      expect(await Promise.race([second, sleep(WHILE_MS, 'waiting')])).toBe('waiting')
      expect(await offsetOf(path)).toBe('0')
      expect(await endFirst()).toBe(204)
      expect((await second).status).toBe(204)
      for (const index of [2, 3, 4]) await patch(origin, path, index * MIB, partAt(index))
      await submit(world, ['police'], world.reporterUrl, { ...blob, upload: lastOf(path) })
    }
  } finally {
    await other.stop()
  }
})

test('only the one behind the next may: a part that is further ahead, or waits in vain, is refused and not kept', async () => {
  const [path, { bytes }] = [await newUpload(world, LENGTH), await newBlob(LENGTH)]
  for (const index of [1, 2, 3]) {
    const answer = await patch(world.reporterUrl, path, index * MIB, bytes.subarray(0, MIB))
    expect(problemIn(answer)).toBe('offset-conflict')
  }
  expect(await offsetOf(path)).toBe('0')
})

test('a part that waited is damaged: it is refused, and the one before it is kept', async () => {
  const [path, { bytes }] = [await newUpload(world, LENGTH), await newBlob(LENGTH)]
  const endFirst = await beginPart(path, 0, bytes.subarray(0, MIB))
  const damaged = { 'upload-checksum': `sha256 ${Buffer.alloc(32).toString('base64')}` }
  const second = patch(world.reporterUrl, path, MIB, bytes.subarray(MIB, 2 * MIB), damaged)
  expect(await endFirst()).toBe(204)
  expect(problemIn(await second)).toBe('checksum-mismatch')
  expect(await offsetOf(path)).toBe(String(MIB))
})
