// Parts of uploads over slow lines: they may take longer than other requests, while they come on, and nothing else may.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONNECTION_LIMITS, type ConnectionLimits } from '../../src/server/http/connections.ts'
import type { RunningServer } from '../../src/server/main.ts'
import { startBeside } from '../support/servers.ts'
import { until } from '../support/stored.ts'
import { look, newUpload, ofMib, partFields, patch } from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
/** A whole part, and a short one behind it. */
const LENGTH = ofMib(1)
/** A hundredth of the time that a service gives. */
const LIMITS: ConnectionLimits = {
  ...CONNECTION_LIMITS,
  headersMs: 300,
  requestMs: 600,
  partMs: 6_000,
  progressMs: 600,
  checkMs: 20,
}

let world: World
let server: RunningServer
const servers: RunningServer[] = []
const sockets: Socket[] = []
beforeAll(async () => {
  world = await createWorld()
  server = await startWith({})
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  for (const each of servers) await each.stop()
  await world.stop()
})

async function startWith(limits: Partial<ConnectionLimits>): Promise<RunningServer> {
  const started = await startBeside(world, {}, { ...LIMITS, ...limits })
  servers.push(started)
  return started
}

interface Client {
  readonly socket: Socket
  text(): string
  /** Resolves when the connection is gone, for reading and for writing. */
  readonly gone: Promise<void>
  isGone(): boolean
}

async function dial(origin: string): Promise<Client> {
  const { hostname, port } = new URL(origin)
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true })
  sockets.push(socket)
  const parts: Buffer[] = []
  let isGone = false
  socket.on('data', part => parts.push(part))
  socket.on('error', () => {})
  const gone = new Promise<void>(resolve =>
    socket.once('close', () => {
      isGone = true
      resolve()
    }),
  )
  await once(socket, 'connect')
  return { socket, gone, isGone: () => isGone, text: () => Buffer.concat(parts).toString('latin1') }
}

const statusesIn = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)
const head = (method: string, path: string, fields: Readonly<Record<string, string>>) =>
  `${method} ${path} HTTP/1.1\r\nHost: a\r\n${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
const partHead = (path: string, fields: Record<string, string> = { 'content-length': String(MIB) }) =>
  head('PATCH', path, { ...partFields(0), ...fields })

/** So many bytes every twenty milliseconds, to the end of `bytes` or of the connection. */
async function send({ socket, isGone }: Client, bytes: Buffer, atOnce: number): Promise<void> {
  for (let at = 0; at < bytes.length && !isGone(); at += atOnce) {
    socket.write(bytes.subarray(at, at + atOnce))
    await sleep(20)
  }
}

const offsetOf = async (upload: string, origin = server.reporterUrl) =>
  Number((await look(origin, upload)).headers['upload-offset'])

test('a part that takes longer than a request may, and comes on, is kept', async () => {
  const [upload, bytes] = [await newUpload(world, LENGTH), randomBytes(MIB)]
  const client = await dial(server.reporterUrl)
  client.socket.write(partHead(upload))
  await send(client, bytes, 8 * 1024)
  await until(async () => statusesIn(client.text()).length === 1)
  expect(statusesIn(client.text())).toEqual(['204'])
  expect(await offsetOf(upload)).toBe(MIB)
})

test.each([
  ['header fields', 'GET /v1/health HTTP/1.1\r\nX-Slow: '],
  [
    'a body',
    head('POST', '/v1/challenges', { 'content-type': 'application/json', 'content-length': '9000' }),
  ],
])('what comes behind it on its connection has no more time than ever: %s', async (_name, begun) => {
  const [upload, bytes] = [await newUpload(world, LENGTH), randomBytes(MIB)]
  const client = await dial(server.reporterUrl)
  client.socket.write(partHead(upload))
  await send(client, bytes, 8 * 1024)
  await until(async () => statusesIn(client.text()).length === 1)
  client.socket.write(begun)
  await send(client, Buffer.alloc(8_000, 'a'), 1)
  await client.gone
  expect(statusesIn(client.text())).toEqual(['204', '408'])
})

test('parts of which hardly anything comes are cut off', async () => {
  const upload = await newUpload(world, LENGTH)
  const client = await dial(server.reporterUrl)
  client.socket.write(partHead(upload))
  await send(client, Buffer.alloc(MIB), 16)
  await client.gone
  expect(await offsetOf(upload)).toBe(0)
})

test('so is one that came on for long, and does not any more', async () => {
  const [upload, bytes] = [await newUpload(world, LENGTH), randomBytes(MIB)]
  const client = await dial(server.reporterUrl)
  client.socket.write(partHead(upload))
  await send(client, bytes.subarray(0, MIB / 2), 8 * 1024)
  expect(client.isGone()).toBe(false)
  await send(client, bytes.subarray(MIB / 2), 16)
  await client.gone
  // Its sender begins anew.
  expect((await patch(server.reporterUrl, upload, 0, bytes)).status).toBe(204)
})

test('and one that comes on for longer than a part may take', async () => {
  const hasty = await startWith({ partMs: 1_500 })
  const upload = await newUpload(world, LENGTH, hasty.reporterUrl)
  const client = await dial(hasty.reporterUrl)
  client.socket.write(partHead(upload))
  await send(client, Buffer.alloc(MIB), 4 * 1024)
  await client.gone
  expect(await offsetOf(upload)).toBe(0)
})

test('whatever is no part of an upload at its place has no more time: it is answered, and its connection ends', async () => {
  const upload = await newUpload(world, LENGTH)
  const other = `${upload.slice(0, -43)}${'A'.repeat(43)}`
  const begun = [
    [partHead(other), '404'],
    [head('PATCH', upload, { ...partFields(2 * MIB), 'content-length': String(MIB) }), '409'],
    [head('POST', '/v1/uploads', { ...partFields(0), 'content-length': String(MIB) }), '415'],
  ] as const
  const sent = begun.map(async ([text, status]) => {
    const client = await dial(server.reporterUrl)
    client.socket.write(text)
    await send(client, Buffer.alloc(4 * MIB), 8 * 1024)
    await client.gone
    expect(statusesIn(client.text())[0]).toBe(status)
  })
  await Promise.all(sent)
})

test('one that turns out too long, late, is told so, and cannot go on', async () => {
  const upload = await newUpload(world, LENGTH)
  const client = await dial(server.reporterUrl)
  client.socket.write(partHead(upload, { 'transfer-encoding': 'chunked' }))
  const chunk = Buffer.concat([Buffer.from('4000\r\n'), Buffer.alloc(0x4000), Buffer.from('\r\n')])
  await send(client, Buffer.concat(Array(400).fill(chunk)), chunk.length)
  await client.gone
  expect(statusesIn(client.text())[0]).toBe('413')
})

test('of more than a service holds at once, those that come on stay, whatever else begins', async () => {
  const patient = await startWith({ requestMs: 60_000, progressMs: 60_000 })
  const origin = patient.reporterUrl
  const [upload, bytes] = [await newUpload(world, LENGTH, origin), randomBytes(MIB)]
  const slow = await dial(origin)
  slow.socket.write(partHead(upload))
  const sending = send(slow, bytes, 8 * 1024)
  const idle: Client[] = []
  for (let i = 0; i < 80; i++) {
    const client = await dial(origin)
    client.socket.write(partHead(await newUpload(world, LENGTH, origin)))
    idle.push(client)
  }
  await until(async () => idle.filter(client => client.isGone()).length >= 17)
  await sending
  await until(async () => statusesIn(slow.text()).length === 1)
  expect(statusesIn(slow.text())).toEqual(['204'])
  // The newest of those that say nothing have a place still.
  expect(idle.at(-1)?.isGone()).toBe(false)
})
