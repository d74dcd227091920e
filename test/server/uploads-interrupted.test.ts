// Uploads that are cut off, raced for, gone on with elsewhere, and ended.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deviceOf } from '../support/device.ts'
import { breakOff, problemIn } from '../support/http.ts'
import { submit } from '../support/reporter.ts'
import { PARTS_WITH_BYTES, rowsOf } from '../support/stored.ts'
import {
  type Blob,
  blobIdOf,
  cleanUp,
  lastOf,
  look,
  makeOld,
  newBlob,
  newReplyUpload,
  newUpload,
  ofMib,
  partFields,
  patch,
  sendParts,
  terminate,
} from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
const LONG = ofMib(1.5)

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const offsetOf = async (path: string) => (await look(world.reporterUrl, path)).headers['upload-offset']

const headOf = (path: string, offset: number) => {
  const fields = Object.entries(partFields(offset)).map(([name, value]) => `${name}: ${value}\r\n`)
  return `PATCH ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields.join('')}Content-Length: ${MIB}\r\n\r\n`
}

test('a part that is cut off is not kept, whatever had come of it', async () => {
  const [path, blob] = [await newUpload(world, ofMib(2)), await newBlob(ofMib(2))]
  await patch(world.reporterUrl, path, 0, blob.bytes.subarray(0, MIB))
  for (const arrived of [0, 1, MIB / 2, MIB - 1]) {
    await breakOff(world.reporterUrl, headOf(path, MIB), blob.bytes.subarray(MIB, MIB + arrived))
    expect(await offsetOf(path)).toBe(String(MIB))
  }
  await sendParts(world.reporterUrl, path, blob, 1)
  await submit(world, ['police'], world.reporterUrl, { ...blob, upload: lastOf(path) })
})

/** Whoever begins a part anew cuts off who was at it, on the same server. */
const attempt = (origin: string, path: string, offset: number, bytes: Uint8Array) =>
  patch(origin, path, offset, bytes).then(
    answer => (answer.status === 204 ? 'taken' : problemIn(answer)),
    () => 'cut off',
  )

test('of those that send one part at once, on any server, one is told that it was taken, and it was', async () => {
  const other = await world.startAnother()
  try {
    const path = await newUpload(world, ofMib(2))
    const origins = [world.reporterUrl, other.reporterUrl, world.agencyUrl]
    const rivals = await Promise.all(Array.from({ length: 6 }, () => newBlob(ofMib(2))))
    let winner: Blob | undefined
    for (const offset of [0, MIB, 2 * MIB]) {
      const outcomes = await Promise.all(
        rivals.map(({ bytes }, i) => {
          const part = (winner ?? { bytes }).bytes.subarray(offset, offset + MIB)
          return attempt(origins[i % 3] ?? '', path, offset, part)
        }),
      )
      expect(outcomes.filter(outcome => outcome === 'taken')).toHaveLength(1)
      for (const outcome of outcomes) expect(['taken', 'cut off', 'offset-conflict']).toContain(outcome)
      winner ??= rivals[outcomes.indexOf('taken')]
    }
    if (!winner) throw new Error('nobody won')
    await submit(world, ['police'], world.reporterUrl, { ...winner, upload: lastOf(path) })
  } finally {
    await other.stop()
  }
})

test('an upload goes on after a restart, on another server and on the other listener', async () => {
  const [path, blob] = [await newUpload(world, ofMib(4)), await newBlob(ofMib(4))]
  const send = async (origin: string, index: number) => {
    expect((await look(origin, path)).headers['upload-offset']).toBe(String(index * MIB))
    const part = blob.bytes.subarray(index * MIB, (index + 1) * MIB)
    expect((await patch(origin, path, index * MIB, part)).status).toBe(204)
  }
  await send(world.reporterUrl, 0)
  await world.restart()
  await send(world.reporterUrl, 1)
  const other = await world.startAnother()
  try {
    await send(other.reporterUrl, 2)
    await send(world.agencyUrl, 3)
    await send(other.reporterUrl, 4)
    await submit(world, ['police'], other.reporterUrl, { ...blob, upload: lastOf(path) })
  } finally {
    await other.stop()
  }
})

test('an upload that is given up, or too old, is gone, and its parts with the next clean-up', async () => {
  const device = await deviceOf(world, 'police')
  for (const end of ['given up', 'too old']) {
    for (const path of [await newUpload(world, LONG), await newReplyUpload(device, LONG)]) {
      const { bytes } = await newBlob(LONG)
      await patch(world.reporterUrl, path, 0, bytes.subarray(0, MIB))
      const id = await blobIdOf(world, path)
      if (end === 'given up') expect((await terminate(world.reporterUrl, path)).status).toBe(204)
      else await makeOld(world, path)
      expect((await look(world.reporterUrl, path)).status).toBe(404)
      expect(problemIn(await patch(world.reporterUrl, path, MIB, bytes.subarray(MIB)))).toBe('not-found')
      expect(problemIn(await terminate(world.reporterUrl, path))).toBe('not-found')
      await cleanUp(world)
      for (const table of ['blobs', 'blob_parts'])
        expect(await rowsOf(world, `select 1 from ${table} where blob_id = $1`, [id])).toEqual([])
    }
  }
})

// The service reads parts into buffers that it uses again.
test('of parts that arrive at once, some of them refused, each is kept as it was sent', async () => {
  const origin = world.reporterUrl
  const send = async () => {
    const [path, blob] = [await newUpload(world, ofMib(4)), await newBlob(ofMib(4))]
    await patch(origin, path, MIB, blob.bytes.subarray(0, MIB))
    await patch(origin, path, 0, blob.bytes.subarray(0, MIB / 2))
    await sendParts(origin, path, blob)
  }
  await Promise.all(Array.from({ length: 12 }, send))
  const kept = await rowsOf(
    world,
    `select count(*)::int as parts, count(*) filter (where sha256(bytes) <> hash)::int as wrong from ${PARTS_WITH_BYTES} where bytes is not null`,
  )
  expect(kept).toMatchObject([{ wrong: 0 }])
  expect(kept[0]?.parts).toBeGreaterThanOrEqual(48)
})
