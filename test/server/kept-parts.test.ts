// What becomes of a part in the database: as a whole, where it is refused, taken out, or meets others.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countPart, forgetPart, PARTS_AHEAD } from '../../src/server/files/parts.ts'
import { PIECE_LENGTH } from '../../src/server/files/pieces.ts'
import { doomUpload } from '../../src/server/files/store.ts'
import { problemIn } from '../support/http.ts'
import { countOf, until } from '../support/stored.ts'
import {
  blobIdOf,
  keepDirectly,
  newBlob,
  newUpload,
  ofMib,
  openBlobOf,
  partsOf,
  patch,
  sha256,
} from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
const LENGTH = ofMib(4)
/** Long enough for a statement to come as far as it can. */
const WHILE_MS = 300
/** Of one whole part. */
const PIECES = Math.ceil(MIB / PIECE_LENGTH)

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

/** Pieces with a part that names them, and without. */
const pieces = async () => ({
  named: await countOf(world, 'from blob_pieces where part in (select part from blob_parts)'),
  stray: await countOf(
    world,
    'from blob_pieces where part not in (select part from blob_parts where part is not null)',
  ),
})

/** An upload with its row held by somebody else until `release`, who may change it before. */
async function holdUpload(id: Uint8Array, change: Parameters<World['database']['transaction']>[0]) {
  const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = world.database.transaction(async queries => {
    const text = 'select 1 as held from blobs where blob_id = $1 for update'
    await queries.query({ name: 'test-hold-upload', text }, [id])
    await change(queries)
    held.resolve()
    await released.promise
  })
  await Promise.race([held.promise, holding])
  return async () => {
    released.resolve()
    await holding
  }
}

const waitingForLocks = () =>
  countOf(world, `from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)

async function newParts() {
  const path = await newUpload(world, LENGTH)
  const parts = partsOf((await newBlob(LENGTH)).bytes).map((bytes, index) => ({
    index,
    hash: sha256(bytes),
    bytes,
  }))
  const part = (index: number) => parts[index] ?? { index, hash: sha256(''), bytes: Buffer.alloc(0) }
  return { path, id: await blobIdOf(world, path), part }
}

test('a part that is none to be kept leaves no pieces: too far ahead, too short, there already, not there', async () => {
  const { path, id, part } = await newParts()
  const before = await pieces()
  expect(await keepDirectly(world, path, part(PARTS_AHEAD + 1))).toBe(null)
  expect(await keepDirectly(world, path, { ...part(0), bytes: part(0).bytes.subarray(1) })).toBe(null)
  expect(await pieces()).toEqual(before)
  expect(await keepDirectly(world, path, part(PARTS_AHEAD))).toMatchObject({ parts: 0 })
  expect(await keepDirectly(world, path, part(0))).toMatchObject({ parts: 1 })
  const kept = { named: before.named + 2 * PIECES, stray: 0 }
  expect(await pieces()).toEqual(kept)
  for (const index of [0, PARTS_AHEAD]) expect(await keepDirectly(world, path, part(index))).toBe(null)
  await doomUpload(world.database, id)
  expect(await keepDirectly(world, path, part(1))).toBe(null)
  expect(await pieces()).toEqual(kept)
})

test('a part that is taken out takes its pieces with it, and one that was counted stays', async () => {
  const { path, id, part } = await newParts()
  const before = await pieces()
  await keepDirectly(world, path, part(0))
  await keepDirectly(world, path, part(2))
  expect((await pieces()).named).toBe(before.named + 2 * PIECES)
  for (const index of [2, 0]) await forgetPart(world.database, id, index)
  expect(await pieces()).toEqual({ named: before.named + PIECES, stray: 0 })
  expect(await openBlobOf(world, path)).toMatchObject({ parts: 1 })
  expect(await countOf(world, 'from blob_parts where blob_id = $1 and index = 0', [id])).toBe(1)
})

test('nothing is left in pieces by parts that came out of turn and waited in vain', async () => {
  const { path, part } = await newParts()
  const before = await pieces()
  const answers = [1, 2].map(index => patch(world.reporterUrl, path, index * MIB, part(index).bytes))
  for (const answer of answers) expect(problemIn(await answer)).toBe('offset-conflict')
  expect(await pieces()).toEqual(before)
})

test('an upload ends while a part is being stored: the part is not counted, and what it left goes with the upload', async () => {
  const { path, id, part } = await newParts()
  const release = await holdUpload(id, queries => doomUpload(queries, id))
  const keeping = keepDirectly(world, path, part(0))
  expect(await Promise.race([keeping, sleep(WHILE_MS, 'waiting')])).toBe('waiting')
  await release()
  expect(await keeping).toBe(null)
  expect(await countOf(world, `from blobs where blob_id = $1 and state = 'doomed' and parts = 0`, [id])).toBe(
    1,
  )
  expect(await countPart(world.database, id, part(0))).toBe(null)
  expect(await pieces()).toMatchObject({ stray: 0 })
})

test('while a part is being stored the same place is not stored again on that server', async () => {
  const { path, id, part } = await newParts()
  const release = await holdUpload(id, async () => undefined)
  const send = () =>
    patch(world.reporterUrl, path, 0, part(0).bytes).then(
      answer => (answer.status === 204 ? 'taken' : problemIn(answer)),
      () => 'cut off',
    )
  const first = send()
  await until(async () => (await waitingForLocks()) === 1)
  const others: Promise<unknown>[] = []
  for (let i = 0; i < 3; i++) {
    others.push(send())
    await sleep(WHILE_MS / 2)
  }
  expect(await waitingForLocks()).toBe(1)
  await release()
  expect(await first).toBe('taken')
  for (const other of others) expect(await other).toBe('offset-conflict')
})
