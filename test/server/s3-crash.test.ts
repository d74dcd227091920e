// Between any two steps of a blob's way into the object store a server may end, be late, or meet another.
import { AbortMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, test as anyTest, beforeAll, expect } from 'vitest'
import type { Database } from '../../src/server/database.ts'
import { objectKey } from '../../src/server/files/s3-storage.ts'
import { createDatabaseStorage, type FileStorage } from '../../src/server/files/storage.ts'
import { problemIn } from '../support/http.ts'
import {
  BUCKET,
  cleanUp,
  createTestStore,
  filesOnDisk,
  objectBytes,
  objectsIn,
  storageOn,
  type TestStore,
  transfersIn,
  whyNot,
} from '../support/object-store.ts'
import {
  type Blob,
  keepDirectly,
  look,
  newBlob,
  newUpload,
  ofMib,
  openBlobOf,
  partsOf,
  patch,
  sha256,
  terminate,
} from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
const test = anyTest.skipIf(whyNot !== null)

let store: TestStore
let world: World
let healthy: FileStorage
beforeAll(async () => {
  if (whyNot) return
  store = await createTestStore()
  // Its own service keeps everything: what is moved, and when, these tests decide.
  world = await createWorld()
  healthy = await storageOn(store, world.database)
})
afterAll(async () => {
  healthy?.close()
  await world?.stop()
  await store?.stop()
})

/** An upload with so many of its parts in the database, and none of them moved. */
async function staged(length: number, count = Math.ceil(length / MIB)) {
  const [blob, path] = [await newBlob(length), await newUpload(world, length)]
  const row = await blobOf(path)
  await arrive(path, blob, 0, count)
  return { blob, path, key: objectKey(row.blob_id) }
}

async function arrive(path: string, { bytes }: Blob, from: number, to: number): Promise<void> {
  for (const [index, part] of partsOf(bytes).entries()) {
    if (index < from || index >= to) continue
    const kept = await keepDirectly(world, path, { index, hash: sha256(part), bytes: part })
    expect(kept?.parts).toBe(index + 1)
  }
}

const blobOf = (path: string) => openBlobOf(world, path)

/** A database that does `before` or `after` a statement what happens just then. */
function interrupted(statement: string, when: 'before' | 'after', happening: () => Promise<void>): Database {
  const { database } = world
  return {
    ...database,
    async query(asked, values) {
      if (asked.name !== statement) return database.query(asked, values)
      if (when === 'before') await happening()
      const rows = await database.query<never>(asked, values)
      if (when === 'after') await happening()
      return rows
    },
  }
}

const STEPS = ['transfers-begin', 'transfers-move', 'transfers-etags', 'transfers-end'] as const
const MOMENTS = STEPS.flatMap(step => [[step, 'before'] as const, [step, 'after'] as const])

test.for(MOMENTS)('a server that ends at %s, %s it is written down, is no loss', async ([step, when]) => {
  const { blob, path, key } = await staged(ofMib(8))
  const ending = await storageOn(
    store,
    interrupted(step, when, () => Promise.reject(new Error('the process has ended'))),
  )
  await expect(ending.settle(await blobOf(path))).rejects.toThrow('the process has ended')
  ending.close()

  await healthy.settle(await blobOf(path))
  expect(await blobOf(path)).toMatchObject({ moved: 9, transfer: null })
  expect(Buffer.from(await objectBytes(store, key)).equals(blob.bytes)).toBe(true)

  await terminate(world.reporterUrl, path)
  await cleanUp(world, healthy)
  expect(await objectsIn(store)).toEqual([])
  expect(await transfersIn(store)).toEqual([])
  expect(await filesOnDisk(store)).toEqual([])
})

test('a group that another server has moved meanwhile is written down once', async () => {
  const { blob, path, key } = await staged(ofMib(16))
  let met = 0
  const late = await storageOn(
    store,
    interrupted('transfers-move', 'before', async () => {
      if (met++ === 0) await healthy.settle(await blobOf(path))
    }),
  )
  await late.settle(await blobOf(path))
  late.close()
  expect(await blobOf(path)).toMatchObject({ moved: 17, transfer: null })
  expect(Buffer.from(await objectBytes(store, key)).equals(blob.bytes)).toBe(true)
})

test('an etag that is not the store’s newest does not keep a blob from being completed', async () => {
  const { blob, path, key } = await staged(ofMib(8), 6)
  await healthy.settle(await blobOf(path))
  const row = await blobOf(path)
  const wrong = {
    name: 'wrong-etag',
    text: `update blob_parts set etag = '"00"' where blob_id = $1 and etag is not null`,
  }
  await world.database.query(wrong, [row.blob_id])
  await arrive(path, blob, 6, 9)
  await healthy.settle(await blobOf(path))
  expect(Buffer.from(await objectBytes(store, key)).equals(blob.bytes)).toBe(true)
})

const loseTransfers = async () => {
  for (const { key, id } of await transfersIn(store))
    await store.client.send(new AbortMultipartUploadCommand({ Bucket: BUCKET, Key: key, UploadId: id }))
}

test('an upload of which the store has lost what was moved ends, and says so', async () => {
  const { blob, path } = await staged(ofMib(16), 5)
  await healthy.settle(await blobOf(path))
  await loseTransfers()
  await arrive(path, blob, 5, 10)
  await expect(healthy.settle(await blobOf(path))).rejects.toThrow('unavailable')
  expect(problemIn(await patch(world.reporterUrl, path, 0, blob.bytes.subarray(0, MIB)))).toBe('not-found')
})

test('so does one that was lost when all of it had been moved', async () => {
  const { path } = await staged(ofMib(8))
  const late = await storageOn(store, interrupted('transfers-etags', 'before', loseTransfers))
  await expect(late.settle(await blobOf(path))).rejects.toThrow('unavailable')
  late.close()
  expect((await look(world.reporterUrl, path)).status).toBe(404)
  await cleanUp(world, healthy)
  expect(await transfersIn(store)).toEqual([])
})

test.for(['transfers-begin', 'transfers-move', 'transfers-end'])(
  'an upload that is given up while it gets to %s leaves nothing',
  async statement => {
    const { path, key } = await staged(ofMib(8))
    const late = await storageOn(
      store,
      interrupted(statement, 'before', async () => {
        await terminate(world.reporterUrl, path)
        await cleanUp(world, healthy)
      }),
    )
    await expect(late.settle(await blobOf(path))).rejects.toThrow('unavailable')
    late.close()
    expect((await objectsIn(store)).filter(([found]) => found === key)).toEqual([])
    expect((await transfersIn(store)).filter(found => found.key === key)).toEqual([])
    expect((await look(world.reporterUrl, path)).status).toBe(404)
  },
)

test('a server that has not heard that an upload was given up leaves nothing either', async () => {
  const { path } = await staged(ofMib(8))
  const row = await blobOf(path)
  await terminate(world.reporterUrl, path)
  await cleanUp(world, healthy)
  await expect(healthy.settle(row)).rejects.toThrow('unavailable')
  expect(await transfersIn(store)).toEqual([])
})

test('an object that comes to be after its upload was removed is removed too', async () => {
  const { blob, path, key } = await staged(ofMib(8))
  const late = await storageOn(
    store,
    interrupted('transfers-end', 'before', async () => {
      await terminate(world.reporterUrl, path)
      await cleanUp(world, healthy)
      await store.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: blob.bytes }))
    }),
  )
  await expect(late.settle(await blobOf(path))).rejects.toThrow('unavailable')
  late.close()
  expect((await objectsIn(store)).filter(([found]) => found === key)).toEqual([])
})

test('a server without the store touches nothing that has been moved', async () => {
  const { path } = await staged(ofMib(8), 6)
  await healthy.settle(await blobOf(path))
  const without = createDatabaseStorage(world.database)
  const row = await blobOf(path)
  await expect(without.settle(row)).rejects.toThrow('unavailable')
  await expect(without.remove(row)).rejects.toThrow('unavailable')
  expect(() => without.read(row, 0, 1)).toThrow('unavailable')
})
