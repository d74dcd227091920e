// What uploads and downloads hold of the service's memory: a little each, whatever their length and number.
import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, freshNonce, signedHeaders } from '../support/caller.ts'
import { at, deviceOf, type TestDevice } from '../support/device.ts'
import { ask } from '../support/http.ts'
import { submit } from '../support/reporter.ts'
import { environmentOf } from '../support/servers.ts'
import { type Listening, type ServiceProcess, spawnService, until } from '../support/service.ts'
import { caseOf } from '../support/stored.ts'
import {
  newBlob,
  newUpload,
  ofMib,
  partFields,
  readCaseFiles,
  sendParts,
  uploadBlob,
} from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
const LONG = ofMib(32)

let world: World
let service: ServiceProcess
let listening: Listening
let police: TestDevice
let caseId: string
const sockets: Socket[] = []

beforeAll(async () => {
  world = await createWorld()
  service = spawnService(environmentOf(world))
  listening = await service.running
  police = at(await deviceOf(world, 'police'), listening.agencyUrl)
  const report = await submit(world, ['police'], world.reporterUrl, await uploadBlob(world, LONG))
  caseId = await caseOf(world, report.reportId, 'police')
  // What any service takes once, and keeps.
  await uploadAtOnce(2)
  await Promise.all([1, 2].map(() => readCaseFiles(police, caseId)))
})

afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await service.stop()
  await world.stop()
})

async function uploadAtOnce(count: number): Promise<void> {
  const blob = await newBlob(LONG)
  const origin = listening.reporterUrl
  await Promise.all(
    Array.from({ length: count }, async () => sendParts(origin, await newUpload(world, LONG, origin), blob)),
  )
}

/** The most that the service ever had, in MiB. */
async function peak(): Promise<number> {
  const status = await readFile(`/proc/${service.pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}

/** Until what was sent is there: the service reads on for a while after its sender has written. */
async function growthOf(run: () => Promise<void>): Promise<number> {
  const before = await peak()
  await run()
  for (let last = 0, now = await peak(); now > last; now = await peak()) {
    last = now
    await sleep(1_000)
  }
  return (await peak()) - before
}

interface Held {
  readonly socket: Socket
  read: number
  text: string
}

/** Says something, and leaves the connection open. */
function hold(origin: string, head: string, body: Uint8Array = Buffer.alloc(0)): Promise<Held> {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  sockets.push(socket)
  const held: Held = { socket, read: 0, text: '' }
  socket.on('error', () => {})
  socket.on('data', part => {
    held.read += part.length
    held.text ||= part.toString('latin1', 0, 12)
  })
  return new Promise(resolve => {
    socket.once('close', () => resolve(held))
    socket.write(head)
    socket.write(body, () => resolve(held))
  })
}

const lines = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')

const partHead = (path: string) =>
  `PATCH ${path} HTTP/1.1\r\nHost: a\r\n${lines(partFields(0))}Content-Length: ${MIB}\r\n\r\n`

const ALMOST = Buffer.alloc(MIB - 1)

describe.runIf(process.platform === 'linux')('of the service’s memory', () => {
  test('uploads at once take some parts’ worth each, not their length', async () => {
    expect(await growthOf(() => uploadAtOnce(8))).toBeLessThan(96)
  })

  test('parts of one upload that never end take one part’s worth together', async () => {
    const path = await newUpload(world, ofMib(1), listening.reporterUrl)
    const growth = await growthOf(async () => {
      await Promise.all(
        Array.from({ length: 300 }, () => hold(listening.reporterUrl, partHead(path), ALMOST)),
      )
    })
    expect(growth).toBeLessThan(100)
  })

  test('parts of many uploads that never end take no more than some do', async () => {
    const paths: string[] = []
    for (let i = 0; i < 300; i++) paths.push(await newUpload(world, ofMib(1), listening.reporterUrl))
    const growth = await growthOf(async () => {
      await Promise.all(paths.map(path => hold(listening.reporterUrl, partHead(path), ALMOST)))
    })
    expect(growth).toBeLessThan(160)
    // And whoever comes then is served.
    await uploadAtOnce(1)
  })

  test('downloads at once take some pieces’ worth each, not their length', async () => {
    const growth = await growthOf(async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => readCaseFiles(police, caseId)))
      expect(answers.map(({ body }) => body.length)).toEqual(Array(8).fill(LONG))
    })
    expect(growth).toBeLessThan(96)
  })

  test('downloads that nobody takes are few for each key, and the next key has its own', async () => {
    const colleague = at(await deviceOf(world, 'police', 'investigator'), listening.agencyUrl)
    const held: Held[] = []
    const growth = await growthOf(async () => {
      for (let i = 0; i < 100; i++) held.push(await holdDownload(police.caller))
      await until(async () => held.every(({ text }) => text.length > 0))
    })
    expect(growth).toBeLessThan(96)
    const statuses = held.map(({ text }) => text.slice(9))
    expect(statuses.filter(status => status === '200').length).toBeLessThanOrEqual(8)
    expect(new Set(statuses)).toEqual(new Set(['200', '429']))
    expect((await readCaseFiles(colleague, caseId)).status).toBe(200)
    for (const { socket } of held) socket.destroy()
    await until(async () => (await readCaseFiles(police, caseId)).status === 200)
  })
})

/** Asks for all, takes the first bytes, and no more. */
async function holdDownload(caller: Caller): Promise<Held> {
  const nonce = await freshNonce(caller.origin)
  const call = { method: 'GET', path: `/v1/cases/${caseId}/messages/0/files`, nonce }
  const head = `GET ${call.path} HTTP/1.1\r\nHost: a\r\n${lines(signedHeaders(caller, call))}\r\n`
  const held = await hold(caller.origin, head)
  held.socket.once('data', () => held.socket.pause())
  return held
}

test('meanwhile the service is as it was', async () => {
  const { status } = await ask(listening.reporterUrl, { path: '/v1/health' })
  expect(status).toBe(200)
})
