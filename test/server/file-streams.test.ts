// Downloads that are taken slowly, or not to their end, and parts that hang.
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONNECTION_LIMITS } from '../../src/server/http/connections.ts'
import type { RunningServer } from '../../src/server/main.ts'
import { freshNonce, signedHeaders } from '../support/caller.ts'
import { at, deviceOf, type TestDevice } from '../support/device.ts'
import { ask } from '../support/http.ts'
import { submit } from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { caseOf, rowsOf, until } from '../support/stored.ts'
import {
  look,
  newBlob,
  newUpload,
  ofMib,
  partFields,
  patch,
  readCaseFiles,
  type Uploaded,
  uploadBlob,
} from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
const PIECE_MS = 3_000
/** More than sockets hold by themselves. */
const LENGTH = ofMib(24)

let world: World
let server: RunningServer
let police: TestDevice
let blob: Uploaded
let path: string

beforeAll(async () => {
  world = await createWorld()
  server = await startBeside(world, {}, { ...CONNECTION_LIMITS, answerMs: PIECE_MS, checkMs: 50 })
  police = at(await deviceOf(world, 'police'), server.agencyUrl)
  blob = await uploadBlob(world, LENGTH)
  const report = await submit(world, ['police'], world.reporterUrl, blob)
  path = `/v1/cases/${await caseOf(world, report.reportId, 'police')}/messages/0/files`
})
afterAll(async () => {
  await server.stop()
  await world.stop()
})

/** A download that has begun, and of which nothing is read yet. */
async function begin(): Promise<IncomingMessage> {
  const nonce = await freshNonce(server.agencyUrl)
  const headers = signedHeaders(police.caller, { method: 'GET', path, nonce })
  const sent = httpRequest(server.agencyUrl + path, { agent: false, headers })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  // It may end short: then it is `aborted`.
  response.on('error', () => {})
  sent.on('error', () => {})
  return response
}

const isIdle = async () => {
  const text = `select 1 from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`
  return (await rowsOf(world, text)).length === 0
}

/** All that a key may have at once is free again. */
async function expectFree(): Promise<void> {
  const caseId = path.split('/')[3] ?? ''
  const headers = { range: `bytes=${MIB - 10}-${MIB + 9}` }
  const expected = blob.bytes.subarray(MIB - 10, MIB + 10)
  await until(async () => {
    const reads = Array.from({ length: 8 }, () => readCaseFiles(police, caseId, 0, headers))
    return (await Promise.all(reads)).every(({ status, body }) => status === 206 && body.equals(expected))
  })
  await until(isIdle)
}

async function expectCutShort(response: IncomingMessage): Promise<void> {
  const end = new Promise(resolve => response.once('close', resolve))
  response.resume()
  if (!response.closed) await end
  expect(response.complete).toBe(false)
}

test('downloads of which nothing is taken are cut off', async () => {
  const stalled = await Promise.all(Array.from({ length: 8 }, begin))
  // Until then the key has all that it may have at once.
  await expectFree()
  for (const response of stalled) await expectCutShort(response)
})

test('so are those of which a little is taken all the time', async () => {
  const sipped = await Promise.all(Array.from({ length: 8 }, begin))
  const sipping = setInterval(() => {
    for (const response of sipped) response.read(1024)
  }, 20)
  await expectFree()
  clearInterval(sipping)
  for (const response of sipped) await expectCutShort(response)
})

test('one whose every piece is taken in time arrives whole, however long it takes', async () => {
  const response = await begin()
  const started = performance.now()
  const parts: Buffer[] = []
  let length = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part)
    const before = Math.floor(length / MIB)
    length += part.length
    if (Math.floor(length / MIB) > before) await sleep(250)
  }
  expect(performance.now() - started).toBeGreaterThan(PIECE_MS)
  expect(Buffer.concat(parts).equals(blob.bytes)).toBe(true)
})

test('downloads that are broken off leave nothing behind', async () => {
  for (let round = 0; round < 5; round++) {
    const responses = await Promise.all(Array.from({ length: 8 }, begin))
    for (const [i, response] of responses.entries()) {
      if (i % 2) await once(response.resume(), 'data')
      response.destroy()
    }
    await until(async () => (await ask(server.agencyUrl, { path: '/v1/health' })).status === 200)
    await expectFree()
  }
})

test('a part that hangs gives way to the same sent anew', async () => {
  const [upload, { bytes }] = [await newUpload(world, ofMib(1)), await newBlob(ofMib(1))]
  const { hostname, port } = new URL(server.reporterUrl)
  const hanging = connect(Number(port), hostname).on('error', () => {})
  const gone = new Promise(resolve => hanging.once('close', resolve))
  const fields = Object.entries(partFields(0)).map(([name, value]) => `${name}: ${value}\r\n`)
  hanging.write(`PATCH ${upload} HTTP/1.1\r\nHost: a\r\n${fields.join('')}Content-Length: ${MIB}\r\n\r\n`)
  await new Promise(resolve => hanging.write(bytes.subarray(0, MIB - 1), resolve))
  // Once the other is known: until then it is simply the first.
  await sleep(200)
  expect((await patch(server.reporterUrl, upload, 0, bytes.subarray(0, MIB))).status).toBe(204)
  await gone
  expect((await look(server.reporterUrl, upload)).headers['upload-offset']).toBe(String(MIB))
})
