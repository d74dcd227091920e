// Files of replies: kept for a key, read and deleted by whoever has it.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readerOf } from '../../src/server/files/uploads.ts'
import type { Caller } from '../support/caller.ts'
import { deviceOf, type TestDevice } from '../support/device.ts'
import { type Answer, problemIn } from '../support/http.ts'
import { countOf, fingerprint, rowsOf } from '../support/stored.ts'
import {
  cleanUp,
  deleteReplyFiles,
  keepForReader,
  keptReplyFiles,
  lastOf,
  look,
  newBlob,
  newReplyUpload,
  readReplyFiles,
  stranger,
  uploadBlob,
  uploadReplyBlob,
} from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let police: TestDevice
beforeAll(async () => {
  world = await createWorld()
  police = await deviceOf(world, 'police')
})
afterAll(() => world.stop())

const keyOf = ({ pair }: Caller) => pair.publicKey
const statusOf = ({ status }: Answer) => status

test('whoever has the key reads them, whole or a range, as often as they like', async () => {
  const { reader, bytes } = await keptReplyFiles(world, police)
  for (const _ of [1, 2]) expect((await readReplyFiles(reader)).body.equals(bytes)).toBe(true)
  const { status, headers, body } = await readReplyFiles(reader, { range: 'bytes=1000-1999' })
  expect([status, headers['content-range']]).toEqual([206, `bytes 1000-1999/${bytes.length}`])
  expect(body.equals(bytes.subarray(1000, 2000))).toBe(true)
})

test('another key reads nothing, and what it deletes is nobody else’s', async () => {
  const { reader, bytes } = await keptReplyFiles(world, police)
  const other = stranger(world)
  expect(problemIn(await readReplyFiles(other))).toBe('not-found')
  expect(statusOf(await deleteReplyFiles(other))).toBe(204)
  expect((await readReplyFiles(reader)).body.equals(bytes)).toBe(true)
})

test('the same again changes nothing, however many ask at once', async () => {
  const blob = await uploadReplyBlob(police)
  const reader = stranger(world)
  const keep = () => keepForReader(police, blob, keyOf(reader))
  const answers = await Promise.all(Array.from({ length: 8 }, keep))
  expect(answers.map(statusOf)).toEqual(Array(8).fill(204))
  const before = await fingerprint(world, ['spent_nonces'])
  expect(statusOf(await keep())).toBe(204)
  expect(await fingerprint(world, ['spent_nonces'])).toEqual(before)
  expect((await readReplyFiles(reader)).body.equals(blob.bytes)).toBe(true)
})

test('other files for a key that has some are refused, and nobody is told that they were kept', async () => {
  const [first, second] = [await uploadReplyBlob(police), await uploadReplyBlob(police)]
  const reader = stranger(world)
  expect(statusOf(await keepForReader(police, first, keyOf(reader)))).toBe(204)
  expect(problemIn(await keepForReader(police, second, keyOf(reader)))).toBe('files-incomplete')
  expect((await look(world.agencyUrl, second.path)).status).toBe(200)
  expect((await readReplyFiles(reader)).body.equals(first.bytes)).toBe(true)
})

test('of two uploads that are kept for one key at once, one is', async () => {
  for (let round = 0; round < 5; round++) {
    const blobs = await Promise.all(Array.from({ length: 4 }, () => uploadReplyBlob(police)))
    const reader = stranger(world)
    const answers = await Promise.all(blobs.map(blob => keepForReader(police, blob, keyOf(reader))))
    expect(answers.map(answer => (answer.status === 204 ? 'kept' : problemIn(answer))).sort()).toEqual([
      'files-incomplete',
      'files-incomplete',
      'files-incomplete',
      'kept',
    ])
    const kept = blobs[answers.findIndex(({ status }) => status === 204)]
    expect((await readReplyFiles(reader)).body.equals(kept?.bytes ?? Buffer.alloc(0))).toBe(true)
  }
})

test('what is not whole, not as named, or not made for a reply is not kept', async () => {
  const whole = await uploadReplyBlob(police)
  const unfit = [
    { ...(await newBlob()), upload: lastOf(await newReplyUpload(police)) },
    { ...whole, root: randomBytes(32) },
    { ...whole, partCount: 2 },
    { ...whole, upload: randomBytes(32).toString('base64url') },
    await uploadBlob(world),
  ]
  const before = await fingerprint(world)
  for (const blob of unfit) {
    expect(problemIn(await keepForReader(police, blob, keyOf(stranger(world))))).toBe('files-incomplete')
  }
  expect(await fingerprint(world)).toEqual(before)
})

test('deleted files are read by nobody from then on, and leave nothing behind', async () => {
  const [gone, other] = [await keptReplyFiles(world, police), await keptReplyFiles(world, police)]
  const hash = [readerOf(keyOf(gone.reader))]
  const [row] = await rowsOf(world, 'select blob_id from blobs where reader = $1', hash)
  expect(statusOf(await deleteReplyFiles(gone.reader))).toBe(204)
  expect(problemIn(await readReplyFiles(gone.reader))).toBe('not-found')
  await cleanUp(world)
  for (const table of ['blobs', 'blob_parts'])
    expect(await countOf(world, `from ${table} where blob_id = $1`, [row?.blob_id])).toBe(0)
  expect((await readReplyFiles(other.reader)).body.equals(other.bytes)).toBe(true)
  // Their key may be given others: it is a new reply.
  const blob = await uploadReplyBlob(police)
  expect(statusOf(await keepForReader(police, blob, keyOf(gone.reader)))).toBe(204)
})

test('they are kept for a year, to the day', async () => {
  const { reader } = await keptReplyFiles(world, police)
  const hash = [readerOf(keyOf(reader))]
  const [row] = await rowsOf(world, 'select expires from blobs where reader = $1', hash)
  const days = Number(row?.expires) / 24 - Math.floor(world.now() / 86_400_000)
  expect(Number.isInteger(days)).toBe(true)
  expect([366, 367]).toContain(days)
  await rowsOf(world, 'update blobs set expires = $2 where reader = $1', [
    ...hash,
    Math.floor(world.now() / 3_600_000),
  ])
  expect(problemIn(await readReplyFiles(reader))).toBe('not-found')
  await cleanUp(world)
  expect(await countOf(world, 'from blobs where reader = $1', hash)).toBe(0)
})
