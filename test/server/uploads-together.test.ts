// Parts of one upload that come while the one before them is still on its way.
import { once } from 'node:events'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countPart, forgetPart } from '../../src/server/files/parts.ts'
import { problemIn } from '../support/http.ts'
import { submit } from '../support/reporter.ts'
import { PARTS_WITH_BYTES, rowsOf, until } from '../support/stored.ts'
import {
  blobIdOf,
  cleanUp,
  keepDirectly,
  lastOf,
  look,
  newBlob,
  newUpload,
  ofMib,
  partFields,
  patch,
  sendParts,
  sha256,
  terminate,
} from '../support/uploads.ts'
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

const PARTS = `select index, encode(hash, 'hex') as hash, sha256(bytes) = hash as sound
  from ${PARTS_WITH_BYTES} where blob_id = $1`

const offsetOf = async (path: string) => (await look(world.reporterUrl, path)).headers['upload-offset']

const partOf = ({ bytes }: { bytes: Uint8Array }, index: number) =>
  bytes.subarray(index * MIB, (index + 1) * MIB)

test('parts that are there before the one ahead of them wait for it, on the same server and on another', async () => {
  const other = await world.startAnother()
  try {
    for (const origin of [world.reporterUrl, world.agencyUrl, other.reporterUrl]) {
      const [path, blob] = [await newUpload(world, LENGTH), await newBlob(LENGTH)]
      const endFirst = await beginPart(path, 0, partOf(blob, 0))
      const later = [2, 1].map(index => patch(origin, path, index * MIB, partOf(blob, index)))
      expect(await Promise.race([...later, sleep(WHILE_MS, 'waiting')])).toBe('waiting')
      expect(await offsetOf(path)).toBe('0')
      expect(await endFirst()).toBe(204)
      for (const part of later) expect((await part).status).toBe(204)
      for (const index of [3, 4]) await patch(origin, path, index * MIB, partOf(blob, index))
      await submit(world, ['police'], world.reporterUrl, { ...blob, upload: lastOf(path) })
    }
  } finally {
    await other.stop()
  }
})

test('only the two behind the next may: a part that is further ahead, or waits in vain, is refused and not kept', async () => {
  const [path, blob] = [await newUpload(world, LENGTH), await newBlob(LENGTH)]
  for (const index of [1, 2, 3]) {
    const answer = await patch(world.reporterUrl, path, index * MIB, partOf(blob, index))
    expect(problemIn(answer)).toBe('offset-conflict')
  }
  expect(await offsetOf(path)).toBe('0')
  expect(await rowsOf(world, PARTS, [await blobIdOf(world, path)])).toEqual([])
})

test('a part that waited is damaged: it is refused, and the one before it is kept', async () => {
  const [path, blob] = [await newUpload(world, LENGTH), await newBlob(LENGTH)]
  const endFirst = await beginPart(path, 0, partOf(blob, 0))
  const damaged = { 'upload-checksum': `sha256 ${Buffer.alloc(32).toString('base64')}` }
  const second = patch(world.reporterUrl, path, MIB, partOf(blob, 1), damaged)
  expect(await endFirst()).toBe(204)
  expect(problemIn(await second)).toBe('checksum-mismatch')
  expect(await offsetOf(path)).toBe(String(MIB))
})

// As a server leaves it behind that was killed while a part waited there.
test.each(['the same bytes', 'other bytes'])(
  'a part is there, kept and not counted: %s come in its place, and are what the blob has',
  async what => {
    const [path, blob, another] = [
      await newUpload(world, LENGTH),
      await newBlob(LENGTH),
      await newBlob(LENGTH),
    ]
    const left = partOf(what === 'the same bytes' ? blob : another, 1)
    const kept = { index: 1, hash: sha256(left), bytes: left }
    expect(await keepDirectly(world, path, kept)).toMatchObject({ parts: 0 })
    expect(await offsetOf(path)).toBe('0')
    await sendParts(world.reporterUrl, path, blob)
    await submit(world, ['police'], world.reporterUrl, { ...blob, upload: lastOf(path) })
  },
)

// Whoever gives up takes out what was kept; whoever comes again may count it at the same moment.
test('a part that is being taken out is not counted, whoever waits for the row meanwhile', async () => {
  const [path, blob] = [await newUpload(world, LENGTH), await newBlob(LENGTH)]
  const id = await blobIdOf(world, path)
  const part = { index: 1, hash: sha256(partOf(blob, 1)), bytes: partOf(blob, 1) }
  await keepDirectly(world, path, part)
  await patch(world.reporterUrl, path, 0, partOf(blob, 0))
  const { promise: taken, resolve: take } = Promise.withResolvers<void>()
  const { promise: isOut, resolve: out } = Promise.withResolvers<void>()
  const takingOut = world.database.transaction(async queries => {
    await forgetPart(queries, id, 1)
    out()
    await taken
  })
  await isOut
  const counting = countPart(world.database, id, part)
  expect(await Promise.race([counting, sleep(WHILE_MS, 'waiting')])).toBe('waiting')
  take()
  await takingOut
  expect(await counting).toBe(null)
  await sendParts(world.reporterUrl, path, blob, 1)
  await submit(world, ['police'], world.reporterUrl, { ...blob, upload: lastOf(path) })
})

test('one part comes many times at once, from two senders with bytes of their own: those that were acknowledged stay', async () => {
  const [path, ...blobs] = [await newUpload(world, LENGTH), await newBlob(LENGTH), await newBlob(LENGTH)]
  for (const index of [0, 1, 2, 3]) {
    const sent = [...blobs, ...blobs].map(async blob => {
      // Of the same part that comes again, the one that is still on its way is cut off.
      const answer = await patch(world.reporterUrl, path, index * MIB, partOf(blob, index)).catch(() => null)
      return { status: answer?.status, hash: sha256(partOf(blob, index)).toString('hex') }
    })
    const taken = (await Promise.all(sent)).filter(({ status }) => status === 204)
    expect(taken).toHaveLength(1)
    const [part] = await rowsOf(world, `${PARTS} and index = $2`, [await blobIdOf(world, path), index])
    expect(part).toMatchObject({ hash: taken[0]?.hash, sound: true })
  }
})

test('an upload ends while a part waits for its turn: the part is not found, and nothing of it stays', async () => {
  const [path, blob] = [await newUpload(world, LENGTH), await newBlob(LENGTH)]
  const id = await blobIdOf(world, path)
  const waiting = patch(world.reporterUrl, path, MIB, partOf(blob, 1))
  await until(async () => (await rowsOf(world, PARTS, [id])).length === 1)
  expect((await terminate(world.reporterUrl, path)).status).toBe(204)
  expect(problemIn(await waiting)).toBe('not-found')
  await cleanUp(world)
  expect(await rowsOf(world, PARTS, [id])).toEqual([])
})
