// Whoever sends slowly, reads slowly or holds connections: each is cut off, however slowly it goes on.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { MAILBOX_REQUEST_LENGTH, SEALED_REPLY_LENGTH } from '../../src/protocol/reply.ts'
import { mailboxIdOf } from '../../src/protocol/reporter-keys.ts'
import { CONNECTION_LIMITS, type ConnectionLimits } from '../../src/server/http/connections.ts'
import type { RunningServer } from '../../src/server/main.ts'
import { freshNonce, signedHeaders } from '../support/caller.ts'
import { deviceOf, reply } from '../support/device.ts'
import { ask, askRaw, json, parseRaw, problemIn } from '../support/http.ts'
import { newReporter, readMailbox, sealFor } from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { countOf, until } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
const servers: RunningServer[] = []
const sockets: Socket[] = []
beforeAll(async () => {
  world = await createWorld()
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  for (const server of servers) await server.stop()
  await world.stop()
})

async function startWith(
  limits: Partial<ConnectionLimits>,
  variables: Record<string, string> = {},
): Promise<RunningServer> {
  const server = await startBeside(world, variables, { ...CONNECTION_LIMITS, checkMs: 20, ...limits })
  servers.push(server)
  return server
}

interface Client {
  readonly socket: Socket
  /** What was read so far. */
  text(): string
  /** Resolves when the connection is gone, for reading and for writing. */
  readonly gone: Promise<void>
}

/** Never closes by itself, whatever the service says. */
async function dial(origin: string): Promise<Client> {
  const { hostname, port } = new URL(origin)
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true })
  sockets.push(socket)
  const parts: Buffer[] = []
  socket.on('data', part => parts.push(part))
  socket.on('error', () => {})
  const gone = new Promise<void>(resolve => socket.once('close', () => resolve()))
  await once(socket, 'connect')
  return { socket, gone, text: () => Buffer.concat(parts).toString('latin1') }
}

/** A byte every few milliseconds, for as long as the connection lasts. */
async function trickle({ socket, gone }: Client, byte = 'a'): Promise<void> {
  const dripping = setInterval(() => socket.write(byte), 20)
  await gone
  clearInterval(dripping)
}

/** Between requests an empty line is nothing; only whoever sends something learns that the other side is gone. */
const untilGone = (client: Client) => trickle(client, '\r\n')

const isAlive = async (origin: string) => (await ask(origin, { path: '/v1/health' })).status === 200

const GET = 'GET /v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n'
const statusesIn = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)
const answersIn = (text: string) => statusesIn(text).length

describe('a request that comes in slowly', () => {
  let server: RunningServer
  beforeAll(async () => {
    server = await startWith({ headersMs: 300, requestMs: 600 })
  })

  test('header fields, a byte at a time: request-timeout, and the connection ends though bytes go on', async () => {
    const client = await dial(server.reporterUrl)
    client.socket.write('GET /v1/health HTTP/1.1\r\nHost: a\r\nX-Slow: ')
    await trickle(client)
    expect(problemIn(parseRaw(client.text()))).toBe('request-timeout')
    expect(parseRaw(client.text()).headers.connection).toBe('close')
  })

  test('a connection that says nothing: the same', async () => {
    const client = await dial(server.reporterUrl)
    await once(client.socket, 'end')
    await untilGone(client)
    expect(problemIn(parseRaw(client.text()))).toBe('request-timeout')
  })

  test('the next request of a connection: the same', async () => {
    const client = await dial(server.reporterUrl)
    client.socket.write('GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(async () => answersIn(client.text()) === 1)
    client.socket.write('GET /v1/health HTTP/1.1\r\nX-Slow: ')
    await trickle(client)
    const second = client.text().slice(client.text().lastIndexOf('HTTP/1.1 '))
    expect(problemIn(parseRaw(second))).toBe('request-timeout')
  })

  test('a body, a byte at a time: request-timeout, nothing is stored, and the connection ends', async () => {
    const reporter = newReporter(world, server.reporterUrl)
    const body = Buffer.from(json((await sealFor(world, reporter, ['police'])).body))
    const nonce = await freshNonce(server.reporterUrl)
    const headers = signedHeaders(reporter.caller, { method: 'PUT', path: '/v1/report', body, nonce })
    const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const client = await dial(server.reporterUrl)
    client.socket.write(
      `PUT /v1/report HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n${fields.join('')}\r\n`,
    )
    client.socket.write(body.subarray(0, body.length / 2))
    await trickle(client)
    expect(problemIn(parseRaw(client.text()))).toBe('request-timeout')
    expect(answersIn(client.text())).toBe(1)
    expect(await countOf(world, 'from reports where report_id = $1', [reporter.reportId])).toBe(0)
  })

  test('a body in chunks, a chunk of one byte at a time: the same', async () => {
    const client = await dial(server.agencyUrl)
    const head = 'PUT /v1/directory HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
    client.socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`)
    await trickle(client, '1\r\n \r\n')
    expect(problemIn(parseRaw(client.text()))).toBe('request-timeout')
    expect(answersIn(client.text())).toBe(1)
  })

  test('a body that goes on behind its answer: the connection ends', async () => {
    const client = await dial(server.reporterUrl)
    client.socket.write('POST /v1/nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n')
    await trickle(client)
    expect(problemIn(parseRaw(client.text().split('HTTP/1.1 408')[0] ?? ''))).toBe('not-found')
  })

  test('meanwhile everybody else is answered', async () => {
    const slow = await Promise.all(Array.from({ length: 50 }, () => dial(server.reporterUrl)))
    for (const { socket } of slow) socket.write('GET /v1/health HTTP/1.1\r\nX-Slow: ')
    const tricklers = slow.map(client => trickle(client))
    expect(await isAlive(server.reporterUrl)).toBe(true)
    await Promise.all(tricklers)
    expect(await isAlive(server.reporterUrl)).toBe(true)
  })
})

test('a refused client that goes on sending is cut off, and has its answer', async () => {
  const server = await startWith({})
  const client = await dial(server.reporterUrl)
  client.socket.write('NONSENSE\r\n\r\n')
  await until(async () => client.text().includes('}'))
  await trickle(client)
  expect(problemIn(parseRaw(client.text()))).toBe('malformed-request')
})

test('a refused client that still sends a long body has its answer all the same', async () => {
  const server = await startWith({})
  const client = await dial(server.reporterUrl)
  for (let i = 0; i < 20; i++) {
    client.socket.write(i === 0 ? 'NONSENSE\r\n\r\n' : 'x'.repeat(10_000))
    await sleep(5)
  }
  await untilGone(client)
  expect(problemIn(parseRaw(client.text()))).toBe('malformed-request')
})

test('a request that is refused is not answered in the place of the one before it', async () => {
  const server = await startWith({})
  const client = await dial(server.reporterUrl)
  client.socket.write('GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\nNONSENSE\r\n\r\n')
  await untilGone(client)
  expect(statusesIn(client.text())).toEqual(['200', '400'])
})

test('nor is one that does not come in time', async () => {
  const server = await startWith({ headersMs: 300 })
  const device = await deviceOf(world, 'police')
  const caller = { ...device.caller, origin: server.agencyUrl }
  const nonce = await freshNonce(server.agencyUrl)
  const call = { method: 'GET', path: '/v1/cases', query: '?wait=2&after=9999', nonce }
  const fields = Object.entries(signedHeaders(caller, call)).map(([name, value]) => `${name}: ${value}\r\n`)
  const client = await dial(server.agencyUrl)
  client.socket.write(
    `GET /v1/cases?wait=2&after=9999 HTTP/1.1\r\nHost: a\r\n${fields.join('')}\r\nGET /v1/health`,
  )
  await trickle(client)
  expect(statusesIn(client.text())).toEqual(['200', '408'])
})

describe('an answer that is taken slowly', () => {
  let server: RunningServer
  beforeAll(async () => {
    server = await startWith({ answerMs: 500, pipelined: 1_000, idleMs: 20_000 })
  })

  test('one that is not taken at all ends the connection', async () => {
    const client = await dial(server.reporterUrl)
    client.socket.pause()
    client.socket.write(GET.repeat(100))
    await untilGone(client)
    expect(answersIn(client.text())).toBeLessThan(100)
  })

  test('so does one that is taken a little at a time, though there is no silence', async () => {
    const client = await dial(server.reporterUrl)
    client.socket.pause()
    client.socket.write(GET.repeat(100))
    const sipping = setInterval(() => client.socket.read(4096), 20)
    await untilGone(client)
    clearInterval(sipping)
    expect(answersIn(client.text())).toBeLessThan(100)
  })

  test('mailboxes that are read slowly, one after another, are their reader’s own, whoever reads meanwhile', async () => {
    const patient = await startWith({ pipelined: 1_000 })
    const reader = newReporter(world, patient.reporterUrl)
    const device = await deviceOf(world, 'police')
    const sealed = randomBytes(SEALED_REPLY_LENGTH)
    await reply(device, toBase64url(mailboxIdOf(reader.keys.mailbox.publicKey)), sealed)
    const body = Buffer.alloc(MAILBOX_REQUEST_LENGTH)
    const nonce = await freshNonce(patient.reporterUrl)
    const call = { method: 'POST', path: '/v1/mailbox', type: 'application/octet-stream', body, nonce }
    const fields = Object.entries(signedHeaders(reader.mailbox, call)).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    )
    const head = `POST /v1/mailbox HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n${fields.join('')}\r\n`
    const client = await dial(patient.reporterUrl)
    client.socket.pause()
    for (let i = 0; i < 100; i++) {
      client.socket.write(head)
      client.socket.write(body)
    }
    const others = Array.from({ length: 100 }, () => newReporter(world, patient.reporterUrl))
    for (const { mailbox } of others) expect((await readMailbox(mailbox, body)).status).toBe(200)
    client.socket.resume()
    const mark = sealed.toString('latin1')
    await until(async () => client.text().split(mark).length === 101)
    expect(statusesIn(client.text())).toEqual(Array.from({ length: 100 }, () => '200'))
  })

  test('one that is taken in time arrives whole, and the connection lives on', async () => {
    const client = await dial(server.reporterUrl)
    client.socket.pause()
    client.socket.write(GET.repeat(100))
    await sleep(100)
    client.socket.resume()
    await until(async () => answersIn(client.text()) === 100)
    await sleep(1_000)
    client.socket.write('GET /v1/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    await until(async () => answersIn(client.text()) === 101)
  })
})

describe('requests that do not wait for their answers', () => {
  let server: RunningServer
  beforeAll(async () => {
    server = await startWith({}, { BONGSU_METRICS_LISTEN: '127.0.0.1:0' })
  })
  const answered = async () => {
    const { body } = await ask(server.metricsUrl ?? '', { path: '/metrics' })
    const [, count = '0'] =
      /listener="agency",route="\/v1\/openapi\.json",status="200"} (\d+)/.exec(`${body}`) ?? []
    return Number(count)
  }

  test('a few are answered, in order', async () => {
    const close = GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
    const text = await askRaw(server.reporterUrl, GET.repeat(3) + close)
    expect(answersIn(text)).toBe(4)
  })

  test('thousands end the connection, and no more answers are made than a few', async () => {
    const before = await answered()
    const client = await dial(server.agencyUrl)
    client.socket.pause()
    client.socket.write(GET.repeat(5_000))
    await untilGone(client)
    expect((await answered()) - before).toBeLessThanOrEqual(4)
    expect(await isAlive(server.agencyUrl)).toBe(true)
  })
})

describe('as many connections as there may be', () => {
  test('one more is closed at once, the other listener goes on, and a place that is left is given again', async () => {
    const server = await startWith({ count: 3 })
    const held = await Promise.all([1, 2, 3].map(() => dial(server.reporterUrl)))
    for (const { socket } of held) socket.write('GET /v1/health HTTP/1.1\r\n')
    const late = await dial(server.reporterUrl)
    await once(late.socket, 'end')
    expect(late.text()).toBe('')
    expect(await isAlive(server.agencyUrl)).toBe(true)
    held[0]?.socket.destroy()
    await until(() => isAlive(server.reporterUrl).catch(() => false))
  })

  test('whoever holds them all and says nothing loses them', async () => {
    const server = await startWith({ count: 3, headersMs: 300 })
    await Promise.all([1, 2, 3].map(() => dial(server.reporterUrl)))
    await until(() => isAlive(server.reporterUrl).catch(() => false))
  })

  test('so does whoever keeps them after an answer', async () => {
    const server = await startWith({ count: 3, keepAliveMs: 100 })
    const held = await Promise.all([1, 2, 3].map(() => dial(server.reporterUrl)))
    for (const { socket } of held) socket.write('GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(() => isAlive(server.reporterUrl).catch(() => false))
    expect(held.map(client => answersIn(client.text()))).toEqual([1, 1, 1])
  })

  test('and whoever fills the time after it with empty lines', async () => {
    const server = await startWith({ count: 3, keepAliveMs: 100, headersMs: 300 })
    const held = await Promise.all([1, 2, 3].map(() => dial(server.reporterUrl)))
    for (const { socket } of held) socket.write('GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n')
    await until(async () => held.every(client => answersIn(client.text()) === 1))
    await Promise.all(held.map(untilGone))
    expect(held.map(client => answersIn(client.text()))).toEqual([1, 1, 1])
    expect(await isAlive(server.reporterUrl)).toBe(true)
  })
})
