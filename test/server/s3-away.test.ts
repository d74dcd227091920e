// An object store that is stopped, silent or says what it should not: files wait, and nothing else does.
import { createServer, type RequestListener } from 'node:http'
import { afterAll, test as anyTest, beforeAll, expect, vi } from 'vitest'
import { deviceOf, type TestDevice } from '../support/device.ts'
import { type Answer, problemIn } from '../support/http.ts'
import {
  BUCKET,
  cleanUp,
  createTestStore,
  objectsIn,
  storageOn,
  type TestStore,
  whyNot,
} from '../support/object-store.ts'
import { submit } from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { countOf } from '../support/stored.ts'
import {
  keepForReader,
  lastOf,
  look,
  newBlob,
  newReplyUpload,
  ofMib,
  partsOf,
  patch,
  readReplyFiles,
  sendParts,
  stranger,
  terminate,
  uploadReplyBlob,
} from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
const test = anyTest.skipIf(whyNot !== null)

let store: TestStore
let world: World
let device: TestDevice
const lines: string[] = []
beforeAll(async () => {
  if (whyNot) return
  store = await createTestStore()
  world = await createWorld({ variables: store.variables, onLogLine: line => lines.push(line) })
  device = await deviceOf(world, 'police')
})
afterAll(async () => {
  await world?.stop()
  await store?.stop()
})

const offsetOf = async (path: string) => Number((await look(world.agencyUrl, path)).headers['upload-offset'])

function expectUnavailable(answer: Answer): void {
  expect(problemIn(answer)).toBe('unavailable')
  expect(answer.status).toBe(503)
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
}

async function kept(blob: Parameters<typeof keepForReader>[1]) {
  const reader = stranger(world)
  expect((await keepForReader(device, blob, reader.pair.publicKey)).status).toBe(204)
  return reader
}

test('while the store is away uploads stop at a group, downloads wait, and reports arrive', async () => {
  const earlier = await uploadReplyBlob(device, ofMib(8))
  const reader = await kept(earlier)
  const [blob, path] = [await newBlob(ofMib(16)), await newReplyUpload(device, ofMib(16))]
  const parts = partsOf(blob.bytes)
  const send = (index: number) => patch(world.agencyUrl, path, index * MIB, parts[index] ?? new Uint8Array())
  for (let index = 0; index < 7; index++) expect((await send(index)).status).toBe(204)

  await store.swift.stop()
  for (const index of [7, 8]) expect((await send(index)).status).toBe(204)
  // The tenth makes a group: it has arrived all the same, and stays.
  expectUnavailable(await send(9))
  expect(await offsetOf(path)).toBe(10 * MIB)
  for (let again = 0; again < 2; again++) expectUnavailable(await send(10))
  expect(await offsetOf(path)).toBe(10 * MIB)
  expect(await countOf(world, 'from blob_parts where part is not null')).toBe(5)
  expectUnavailable(await readReplyFiles(reader))
  expectUnavailable(await readReplyFiles(reader, { range: 'bytes=0-99' }))
  await submit(world, ['police'])

  await store.swift.start()
  await sendParts(world.agencyUrl, path, blob, 10)
  const later = await kept({ ...blob, upload: lastOf(path) })
  expect((await readReplyFiles(later)).body.equals(blob.bytes)).toBe(true)
  expect((await readReplyFiles(reader)).body.equals(earlier.bytes)).toBe(true)
})

test('files that have arrived while it was away are claimed once it is back', async () => {
  const [blob, path] = [await newBlob(ofMib(8)), await newReplyUpload(device, ofMib(8))]
  const whole = { ...blob, upload: lastOf(path) }
  for (const [index, part] of partsOf(blob.bytes).slice(0, 8).entries())
    expect((await patch(world.agencyUrl, path, index * MIB, part)).status).toBe(204)
  await store.swift.stop()
  expectUnavailable(await patch(world.agencyUrl, path, 8 * MIB, blob.bytes.subarray(8 * MIB)))
  expect(await offsetOf(path)).toBe(ofMib(8))
  expectUnavailable(await keepForReader(device, whole, stranger(world).pair.publicKey))
  await store.swift.start()
  const reader = await kept(whole)
  expect((await readReplyFiles(reader)).body.equals(blob.bytes)).toBe(true)
})

test('what was given up is deleted once the store is back', async () => {
  const { path } = await uploadReplyBlob(device, ofMib(8))
  const before = (await objectsIn(store)).length
  await terminate(world.agencyUrl, path)
  await store.swift.stop()
  const storage = await storageOn(store, world.database)
  await expect(cleanUp(world, storage)).rejects.toThrow('unavailable')
  expect(await countOf(world, `from blobs where state = 'doomed'`)).toBe(1)
  await store.swift.start()
  await cleanUp(world, storage)
  storage.close()
  expect(await objectsIn(store)).toHaveLength(before - 1)
  expect(await countOf(world, `from blobs where state = 'doomed'`)).toBe(0)
})

test('of all this the log has a line as it begins and one as it ends, with no key, address or secret', () => {
  const failures = lines.filter(line => line.includes('the object store fails'))
  const puts = lines.filter(line => line.includes('"operation":"put"'))
  expect(puts.map(line => JSON.parse(line).msg)).toEqual([
    'the object store fails',
    'the object store answers again',
    'the object store fails',
    'the object store answers again',
  ])
  expect(failures.length).toBeLessThan(10)
  const { endpoint, secretKey, accessKey } = store.swift
  const told = lines.join('\n')
  for (const secret of [endpoint, new URL(endpoint).port, secretKey, accessKey, BUCKET, store.keyFile])
    expect(told).not.toContain(secret)
  // Nor the name of any object or upload.
  expect(told).not.toMatch(/[0-9a-f]{64}|[A-Za-z0-9_-]{43}/)
})

/** What answers as it is told to, in place of the store. */
async function standIn(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    variables: { ...store.variables, BONGSU_S3_ENDPOINT: `http://127.0.0.1:${port}` },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const NONSENSE: Readonly<Record<string, RequestListener>> = {
  'never answers': () => undefined,
  'answers with a page': (_request, response) => response.writeHead(200).end('<html>Welcome</html>'),
  'answers with nothing': (_request, response) => response.writeHead(200).end(),
  'answers with errors of its own': (_request, response) => response.writeHead(500).end('no'),
  'hangs up': request => request.socket.destroy(),
  'sends everything, whatever was asked for': (_request, response) =>
    response.writeHead(200, { 'content-length': 1024 * MIB }).write(Buffer.alloc(MIB)),
}

test.for(Object.entries(NONSENSE))('where the store %s, that is a 503 too', async ([, listener]) => {
  const reader = await kept(await uploadReplyBlob(device, ofMib(8)))
  const wrong = await standIn(listener)
  const beside = await startBeside(world, wrong.variables)
  try {
    expectUnavailable(await readReplyFiles({ ...reader, origin: beside.reporterUrl }))
    const [{ bytes }, path] = [await newBlob(), await newReplyUpload(device)]
    expectUnavailable(await patch(beside.agencyUrl, path, 0, bytes))
  } finally {
    await beside.stop()
    wrong.close()
  }
})

test('settings of other programs for such stores change nothing', async () => {
  const blob = await uploadReplyBlob(device, ofMib(8))
  const reader = await kept(blob)
  const theirs = {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1',
    AWS_ACCESS_KEY_ID: 'another',
    AWS_SECRET_ACCESS_KEY: 'another',
    AWS_REGION: 'another',
    AWS_PROFILE: 'another',
    AWS_USE_FIPS_ENDPOINT: 'true',
    AWS_MAX_ATTEMPTS: 'none',
    AWS_REQUEST_CHECKSUM_CALCULATION: 'when_supported',
  }
  for (const [name, value] of Object.entries(theirs)) vi.stubEnv(name, value)
  const beside = await startBeside(world, store.variables)
  try {
    expect((await readReplyFiles({ ...reader, origin: beside.reporterUrl })).body.equals(blob.bytes)).toBe(
      true,
    )
    const path = await newReplyUpload(device, ofMib(8))
    await sendParts(beside.agencyUrl, path, blob)
  } finally {
    await beside.stop()
    vi.unstubAllEnvs()
  }
})
