// What files take of the database, and give back.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PIECE_LENGTH } from '../../src/server/files/pieces.ts'
import { deviceOf } from '../support/device.ts'
import { submit, withdraw } from '../support/reporter.ts'
import { countOf, rowsOf } from '../support/stored.ts'
import {
  blobIdOf,
  cleanUp,
  deleteReplyFiles,
  keptReplyFiles,
  newBlob,
  newUpload,
  ofMib,
  partsOf,
  patch,
  SMALL,
  sendParts,
  terminate,
  uploadBlob,
} from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
const VOLUME = ofMib(24)

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

/** Bytes on the disk, of rows, what is stored beside them, and indexes. */
const size = async () =>
  Number(
    (
      await rowsOf(
        world,
        `select pg_total_relation_size('blob_parts') + pg_total_relation_size('blob_pieces') as bytes`,
      )
    )[0]?.bytes,
  )

/** Everything that can become of files, to its end; and behind them some that stay, so that no file gets shorter. */
async function comeAndGo(): Promise<void> {
  const report = await submit(world, ['police'], world.reporterUrl, await uploadBlob(world, VOLUME))
  const path = await newUpload(world, VOLUME)
  await sendParts(world.reporterUrl, path, await newBlob(VOLUME))
  const { reader } = await keptReplyFiles(world, await deviceOf(world, 'police'))
  await submit(world, ['nis'], world.reporterUrl, await uploadBlob(world))
  await withdraw(report.caller)
  await terminate(world.reporterUrl, path)
  await deleteReplyFiles(reader)
  await cleanUp(world)
  await rowsOf(world, 'vacuum blob_parts, blob_pieces')
}

test('what was deleted leaves no rows, and after a vacuum its room is used again', async () => {
  await comeAndGo()
  expect(await countOf(world, 'from blobs')).toBe(1)
  expect(await countOf(world, 'from blob_parts')).toBe(1)
  expect(await countOf(world, 'from blob_pieces')).toBe(Math.ceil(SMALL / PIECE_LENGTH))
  const first = await size()
  expect(first).toBeGreaterThan(2 * VOLUME)
  for (let round = 0; round < 3; round++) await comeAndGo()
  expect(await size()).toBeLessThan(first + MIB)
})

test('bytes are stored as they came: neither tried to be compressed, nor twice', async () => {
  const before = await size()
  await uploadBlob(world, VOLUME)
  await uploadBlob(world, VOLUME)
  expect((await size()) - before).toBeLessThan(2 * VOLUME * 1.1)
  const [column] = await rowsOf(
    world,
    `select attstorage as kind from pg_attribute where attrelid = 'blob_pieces'::regclass and attname = 'bytes'`,
  )
  expect(column?.kind).toBe('p')
})

test('what cannot be taken is not written first', async () => {
  const path = await newUpload(world, VOLUME)
  const { bytes } = await newBlob(VOLUME)
  const before = await size()
  for (const length of [1, MIB / 2, MIB - 1])
    expect((await patch(world.reporterUrl, path, 0, bytes.subarray(0, length))).status).toBe(400)
  expect(await size()).toBe(before)
})

/** Pages that a first reader of an upload changes, all of them written already. */
async function pagesChangedByReading(): Promise<number> {
  const path = await newUpload(world, VOLUME)
  const parts = partsOf((await newBlob(VOLUME)).bytes)
  for (const [index, part] of parts.entries()) {
    expect((await patch(world.reporterUrl, path, index * MIB, part)).status).toBe(204)
    await rowsOf(world, 'checkpoint')
  }
  const pieces =
    'select max(bytes) from blob_pieces where part in (select part from blob_parts where blob_id = $1)'
  const explained = await rowsOf(world, `explain (analyze, buffers, format json) ${pieces}`, [
    await blobIdOf(world, path),
  ])
  const [plan] = (explained[0]?.['QUERY PLAN'] ?? []) as { Plan: Record<string, number> }[]
  return plan?.Plan['Shared Dirtied Blocks'] ?? Number.POSITIVE_INFINITY
}

// In tests a commit does not wait for the disk, and is marked only once it is there: with other tests at work beside
// this one some are late, never all of them each time.
test('whoever reads files first changes next to no page that was written already', async () => {
  let least = Number.POSITIVE_INFINITY
  const limit = 4 * Math.ceil(MIB / PIECE_LENGTH)
  for (let again = 0; again < 10 && least >= limit; again++)
    least = Math.min(least, await pagesChangedByReading())
  expect(least).toBeLessThan(limit)
})
