// Files in an object store: a real S3 server beside a real PostgreSQL.
import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { afterAll, test as anyTest, beforeAll, expect } from 'vitest'
import {
  caseFiles,
  deviceOf as clientDevice,
  type FileSource,
  fetchTrust,
  openCase,
  prepareReport,
  readCase,
  readFile,
  serviceAt,
  submitReport,
  uploaderOf,
  uploadFiles,
} from '../../src/client/index.ts'
import { H } from '../../src/protocol/crypto.ts'
import { fromBase64url } from '../../src/protocol/encoding.ts'
import { deriveReporterKeys, reportIdOf } from '../../src/protocol/reporter-keys.ts'
import { objectKey } from '../../src/server/files/s3-storage.ts'
import type { FileStorage } from '../../src/server/files/storage.ts'
import { type BlobRow, findUpload } from '../../src/server/files/store.ts'
import { deviceOf, type TestDevice } from '../support/device.ts'
import {
  cleanUp,
  createTestStore,
  filesOnDisk,
  forgottenTransfer,
  objectBytes,
  objectsIn,
  storageOn,
  type TestStore,
  transfersIn,
  whyNot,
} from '../support/object-store.ts'
import { submit, withdraw } from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { caseOf, countOf } from '../support/stored.ts'
import {
  keepForReader,
  lastOf,
  look,
  newBlob,
  newReplyUpload,
  newUpload,
  ofMib,
  partsOf,
  patch,
  readReplyFiles,
  sendParts,
  stranger,
  terminate,
  uploadBlob,
  uploadReplyBlob,
} from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
const HOUR_MS = 3_600_000
const test = anyTest.skipIf(whyNot !== null)

let store: TestStore
let world: World
let device: TestDevice
let storage: FileStorage
beforeAll(async () => {
  if (whyNot) return
  store = await createTestStore()
  world = await createWorld({ variables: store.variables })
  device = await deviceOf(world, 'police')
  storage = await storageOn(store, world.database)
})
afterAll(async () => {
  storage?.close()
  await world?.stop()
  await store?.stop()
})

const createHasher = () => {
  const hash = createHash('sha256')
  return {
    update: (bytes: Uint8Array) => void hash.update(bytes),
    digest: () => new Uint8Array(hash.digest()),
  }
}

const fileOf = (name: string, bytes: Uint8Array): FileSource => ({
  name,
  type: '',
  size: bytes.length,
  async *read() {
    for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000)
  },
})

const blobOf = async (path: string): Promise<BlobRow> => {
  const row = await findUpload(world.database, H('upload', fromBase64url(lastOf(path))), 0)
  if (!row) throw new Error('no such upload')
  return row
}
const keyOf = async (path: string) => objectKey((await blobOf(path)).blob_id)
const removeAll = async () => {
  await world.database.query({ name: 'doom-all', text: `update blobs set state = 'doomed', expires = 0` })
  await cleanUp(world, storage)
}
const bytesInDatabase = () => countOf(world, 'from blob_parts where part is not null')

/** Whoever holds the returned key reads the files. */
async function kept(blob: Awaited<ReturnType<typeof uploadReplyBlob>>) {
  const reader = stranger(world)
  expect((await keepForReader(device, blob, reader.pair.publicKey)).status).toBe(204)
  return reader
}

test.for([65_000, 1_500_000, 5 * MIB, 12 * MIB])(
  'a file of %i bytes arrives whole at the agency, and leaves nothing in the database',
  async size => {
    const service = serviceAt(world.reporterUrl)
    const trust = await fetchTrust(service, { now: world.now() })
    const bytes = randomBytes(size)
    const uploader = uploaderOf(service, trust)
    const files = await uploadFiles(uploader, [fileOf('도면.pdf', bytes)], [], { createHasher })
    const content = { version: 1, language: 'ko', what: '도면이 나갔습니다' } as const
    const prepared = await prepareReport(trust, { content, agencies: ['police'], files })
    await submitReport(service, trust, prepared)

    const reader = clientDevice(serviceAt(world.agencyUrl), trust, await world.deviceKey('police'))
    const { status } = deriveReporterKeys(trust.deploymentId, prepared.code)
    const id = await caseOf(world, reportIdOf(status.publicKey), 'police')
    const found = (await openCase(reader, await readCase(reader, id))).report.files
    if (!found) throw new Error('no files')
    const chunks: Uint8Array[] = []
    for await (const chunk of readFile(caseFiles(reader, id, 0), found, 0, { createHasher }))
      chunks.push(chunk)
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
    expect(await bytesInDatabase()).toBe(0)
    expect(await transfersIn(store)).toEqual([])
  },
)

test('any range of a blob is what was sent, across the borders of parts and groups', async () => {
  const end = ofMib(12)
  const blob = await uploadReplyBlob(device, end)
  const reader = await kept(blob)
  const border = 5 * MIB
  const ranges: (readonly [from: number, to: number])[] = [
    [0, 1],
    [border - 1, border + 1],
    [border, 2 * border],
    [border - 100_000, 2 * border + 100_000],
    [2 * border - 1, end],
    [end - 1, end],
    [0, end],
  ]
  for (const [from, to] of ranges) {
    const answer = await readReplyFiles(reader, { range: `bytes=${from}-${to - 1}` })
    expect(answer.status).toBe(206)
    expect(answer.headers['content-range']).toBe(`bytes ${from}-${to - 1}/${end}`)
    expect(answer.body.equals(blob.bytes.subarray(from, to))).toBe(true)
  }
  expect((await readReplyFiles(reader)).body.equals(blob.bytes)).toBe(true)
})

test('five parts are in the store as soon as they are there, and are no more in the database', async () => {
  const [blob, path] = [await newBlob(ofMib(8)), await newUpload(world, ofMib(8))]
  for (const [index, part] of partsOf(blob.bytes).slice(0, 7).entries()) {
    await patch(world.reporterUrl, path, index * MIB, part)
    expect(await bytesInDatabase()).toBe((index + 1) % 5 === 0 ? 0 : (index + 1) % 5)
  }
  const key = await keyOf(path)
  expect((await transfersIn(store)).map(transfer => transfer.key)).toEqual([key])
  await sendParts(world.reporterUrl, path, blob, 7)
  expect(await transfersIn(store)).toEqual([])
  expect(Buffer.from(await objectBytes(store, key)).equals(blob.bytes)).toBe(true)
})

test('an upload goes on after the service was started anew', async () => {
  const [blob, path] = [await newBlob(ofMib(16)), await newReplyUpload(device, ofMib(16))]
  const { agencyUrl } = world
  for (const [index, part] of partsOf(blob.bytes).slice(0, 7).entries())
    await patch(agencyUrl, path, index * MIB, part)
  await world.restart()
  expect((await look(agencyUrl, path)).headers['upload-offset']).toBe(String(7 * MIB))
  await sendParts(agencyUrl, path, blob, 7)
  const reader = await kept({ ...blob, path, upload: lastOf(path) })
  expect((await readReplyFiles(reader)).body.equals(blob.bytes)).toBe(true)
})

test('two services take the parts of one upload in turn, and settle it at once', async () => {
  const second = await startBeside(world, store.variables)
  const third = await storageOn(store, world.database)
  try {
    const [blob, path] = [await newBlob(ofMib(16)), await newReplyUpload(device, ofMib(16))]
    for (const [index, part] of partsOf(blob.bytes).entries()) {
      const urls = index % 2 === 0 ? [world.agencyUrl, second.agencyUrl] : [second.agencyUrl, world.agencyUrl]
      const answers = await Promise.all(urls.map(url => patch(url, path, index * MIB, part)))
      // One of them was first.
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 409])
      const row = await blobOf(path)
      await Promise.all([storage.settle(row), third.settle(row), storage.settle(row), third.settle(row)])
    }
    const reader = await kept({ ...blob, path, upload: lastOf(path) })
    expect((await readReplyFiles(reader)).body.equals(blob.bytes)).toBe(true)
    const elsewhere = { ...reader, origin: second.reporterUrl }
    expect((await readReplyFiles(elsewhere)).body.equals(blob.bytes)).toBe(true)
    expect(await transfersIn(store)).toEqual([])
  } finally {
    third.close()
    await second.stop()
  }
})

test('many uploads at once all arrive', async () => {
  const blobs = await Promise.all(Array.from({ length: 12 }, () => uploadReplyBlob(device, ofMib(8))))
  for (const blob of blobs) {
    const reader = await kept(blob)
    expect((await readReplyFiles(reader)).body.equals(blob.bytes)).toBe(true)
  }
})

test('of what was withdrawn, given up or waited too long, nothing stays in the store', async () => {
  await removeAll()
  const withdrawn = await submit(world, ['police'], world.reporterUrl, await uploadBlob(world, ofMib(8)))
  const small = await submit(world, ['police'], world.reporterUrl, await uploadBlob(world))
  expect(await objectsIn(store)).toHaveLength(2)
  expect((await withdraw(withdrawn.caller)).status).toBe(200)
  expect((await withdraw(small.caller)).status).toBe(200)

  const blob = await newBlob(ofMib(16))
  const begun = await newUpload(world, ofMib(16))
  for (const [index, part] of partsOf(blob.bytes).slice(0, 6).entries())
    await patch(world.reporterUrl, begun, index * MIB, part)
  await forgottenTransfer(store, await keyOf(begun))
  await terminate(world.reporterUrl, begun)

  const [whole, waiting] = [await uploadBlob(world, ofMib(8)), await newUpload(world, ofMib(16))]
  for (const [index, part] of partsOf(blob.bytes).slice(0, 5).entries())
    await patch(world.reporterUrl, waiting, index * MIB, part)
  world.advance(25 * HOUR_MS)
  await world.renew()
  expect((await filesOnDisk(store)).length).toBeGreaterThan(0)

  await cleanUp(world, storage)
  expect((await look(world.reporterUrl, whole.path)).status).toBe(404)
  expect(await objectsIn(store)).toEqual([])
  expect(await transfersIn(store)).toEqual([])
  expect(await filesOnDisk(store)).toEqual([])
  expect(await countOf(world, 'from blobs')).toBe(0)
})

test('without its store the service does not start on this database, and with keys that do not fit neither', async () => {
  await uploadBlob(world)
  await expect(startBeside(world)).rejects.toThrow(
    'BONGSU_S3_ENDPOINT: needed, files of this database lie in an object store',
  )
  const others = { ...store.variables, BONGSU_S3_BUCKET: 'another-bucket' }
  await expect(startBeside(world, others)).rejects.toThrow(
    'BONGSU_S3_BUCKET: the object store refuses it with status 404',
  )
  await writeFile(`${store.keyFile}.wrong`, 'bongsu:files\nanother-secret\n')
  const wrong = { ...store.variables, BONGSU_S3_KEY_FILE: `${store.keyFile}.wrong` }
  await expect(startBeside(world, wrong)).rejects.toThrow(
    'BONGSU_S3_BUCKET: the object store refuses it with status 403',
  )
})

test('files that were complete before there was a store are read where they are', async () => {
  const before = await createWorld()
  try {
    const police = await deviceOf(before, 'police')
    const blob = await uploadReplyBlob(police, ofMib(8))
    const reader = stranger(before)
    expect((await keepForReader(police, blob, reader.pair.publicKey)).status).toBe(204)
    const begun = await newReplyUpload(police, ofMib(8))
    for (const [index, part] of partsOf(blob.bytes).slice(0, 6).entries())
      await patch(before.agencyUrl, begun, index * MIB, part)

    const after = await startBeside(before, store.variables)
    expect((await readReplyFiles({ ...reader, origin: after.reporterUrl })).body.equals(blob.bytes)).toBe(
      true,
    )
    // And what was under way is moved on.
    await sendParts(after.agencyUrl, begun, blob, 6)
    expect(await countOf(before, 'from blob_parts where part is null')).toBe(9)
    await after.stop()
  } finally {
    await before.stop()
  }
})
