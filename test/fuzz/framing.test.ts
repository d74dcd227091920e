// The bytes of requests, cut and changed anywhere: whatever comes in, each answer is whole, below 500, and ours.
import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONNECTION_LIMITS } from '../../src/server/http/connections.ts'
import type { RunningServer } from '../../src/server/main.ts'
import { ask, parseRaw, problemIn } from '../support/http.ts'
import { rounds } from '../support/rounds.ts'
import { startBeside } from '../support/servers.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let patient: RunningServer
let server: RunningServer
beforeAll(async () => {
  world = await createWorld()
  patient = await startBeside(world, {}, { ...CONNECTION_LIMITS, pipelined: 20 })
  // What has no end is not waited for.
  const soon = { headersMs: 300, requestMs: 300, keepAliveMs: 300, checkMs: 20, pipelined: 20 }
  server = await startBeside(world, {}, { ...CONNECTION_LIMITS, ...soon })
})
afterAll(async () => {
  await server.stop()
  await patient.stop()
  await world.stop()
})

/** Sends the pieces one after another and reads until the service closes. */
function converse({ agencyUrl }: RunningServer, pieces: readonly Uint8Array[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(agencyUrl)
    const socket = connect(Number(port), hostname)
    const parts: Buffer[] = []
    socket.setNoDelay()
    socket.setTimeout(30_000, () => reject(new Error('neither answered nor closed')))
    socket.on('data', part => parts.push(part))
    socket.on('error', () => {})
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')))
    void (async () => {
      for (const piece of pieces) {
        socket.write(piece)
        await turn()
      }
    })()
  })
}

/** What was answered, one after another, by the lengths that the answers state. */
function answersIn(text: string) {
  const answers = []
  for (let rest = text; rest.length > 0; ) {
    const { status, headers, body } = parseRaw(rest)
    const length = Number(headers['content-length'] ?? 0)
    expect(rest).toMatch(/^HTTP\/1\.1 \d{3} /)
    expect(body.length).toBeGreaterThanOrEqual(length)
    answers.push({ status, headers, body: body.subarray(0, length) })
    rest = rest.slice(rest.indexOf('\r\n\r\n') + 4 + length)
  }
  return answers
}

const BODY = '{"roots":["a note"],"directory":"another"}'
const JSON_HEAD = 'PUT /v1/directory HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
const REQUESTS = [
  'GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /v1/nothing HTTP/1.1\r\nHost: a\r\nX-One: 1\r\n\r\n',
  'HEAD /v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /v1/challenges HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n',
  `${JSON_HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`,
  `${JSON_HEAD}Transfer-Encoding: chunked\r\n\r\n5;a=b\r\n${BODY.slice(0, 5)}\r\n25\r\n${BODY.slice(5)}\r\n0\r\n\r\n`,
]
const LAST = 'GET /v1/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const STATUSES = [200, 404, 404, 200, 422, 422]

const pipelines = fc.array(fc.nat(REQUESTS.length - 1), { minLength: 1, maxLength: 6 })
const cuts = fc.array(fc.nat(), { maxLength: 12 })

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map(place => place % bytes.length))].sort((a, b) => a - b)
  return [0, ...sorted].map((from, i) => bytes.subarray(from, sorted[i])).filter(part => part.length > 0)
}

test('however a pipeline is cut into pieces, its requests are answered in order', async () => {
  const property = fc.asyncProperty(pipelines, cuts, async (pipeline, places) => {
    const bytes = Buffer.from(pipeline.map(index => REQUESTS[index]).join('') + LAST)
    const text = await converse(patient, cut(bytes, places))
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status))
    expect(statuses).toEqual([...pipeline.map(index => STATUSES[index]), 200])
  })
  await fc.assert(property, { numRuns: rounds(60, 5_000) })
})

interface Change {
  readonly at: number
  readonly remove: number
  readonly insert: string
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  remove: fc.nat(4),
  insert: fc.oneof(
    fc.constantFrom(
      '\r',
      '\n',
      '\r\n',
      '\r\n\r\n',
      ' ',
      '\t',
      '\u0000',
      ':',
      ',',
      ';',
      '0',
      '-1',
      '%',
      '%zz',
      '/',
      '?',
    ),
    fc.constantFrom(
      'Host: b\r\n',
      'Content-Length: 3\r\n',
      'Transfer-Encoding: chunked\r\n',
      'Expect: 100-continue\r\n',
    ),
    fc.constantFrom(
      'Connection: close\r\n',
      'Upgrade: h2c\r\n',
      'X: '.padEnd(9_000, 'x'),
      'HTTP/1.0',
      '\r\n 1',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  ),
})

function changed(text: string, changes: readonly Change[]): string {
  return changes.reduce((result, { at, remove, insert }) => {
    const place = at % (result.length + 1)
    return result.slice(0, place) + insert + result.slice(place + remove)
  }, text)
}

test('whatever is changed in requests, no answer is a 5xx, cut short or in a foreign form', async () => {
  const changes = fc.array(change, { minLength: 1, maxLength: 4 })
  const property = fc.asyncProperty(pipelines, changes, cuts, async (pipeline, edits, places) => {
    // The answer to HEAD states a length and has no body.
    const chosen = pipeline.filter(index => REQUESTS[index]?.startsWith('HEAD') === false)
    const text = changed(chosen.map(index => REQUESTS[index]).join('') + LAST, edits)
    const said = await converse(server, cut(Buffer.from(text, 'latin1'), places))
    for (const answer of answersIn(said.replaceAll('HTTP/1.1 100 Continue\r\n\r\n', ''))) {
      expect(answer.status).toBeLessThan(500)
      if (answer.status >= 400) expect(problemIn(answer)).toMatch(/^[a-z-]+$/)
    }
  })
  await fc.assert(property, { numRuns: rounds(150, 20_000) })
  expect((await ask(server.agencyUrl, { path: '/v1/health' })).status).toBe(200)
})
