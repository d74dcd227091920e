// Where one request ends and the next begins: nobody makes a proxy and the service see two different things.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, freshNonce, signedHeaders } from '../support/caller.ts'
import { askRaw, json, parseRaw, problemIn } from '../support/http.ts'
import { newReporter, sealFor } from '../support/reporter.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const say = (...chunks: (string | Uint8Array)[]) => askRaw(world.agencyUrl, ...chunks)
const statusesIn = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status)

const PUT = 'PUT /v1/directory HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
/** Read whole, it is refused as what it says it is; else it is malformed. */
const NOTES = '{"roots":["a note"],"directory":"another"}'
const SIZE = NOTES.length.toString(16)
const CHUNKED = `${PUT}Transfer-Encoding: chunked\r\n`
/** What somebody would like to have answered in another's name. */
const INNER = 'GET /v1/openapi.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

const TWO_MEANINGS: Readonly<Record<string, string>> = {
  'one length, twice': `${PUT}Content-Length: 42\r\nContent-Length: 42\r\n\r\n${NOTES}`,
  'two lengths': `${PUT}Content-Length: 0\r\nContent-Length: 42\r\n\r\n${NOTES}`,
  'lengths in a list': `${PUT}Content-Length: 42, 42\r\n\r\n${NOTES}`,
  'a length with a sign': `${PUT}Content-Length: +42\r\n\r\n${NOTES}`,
  'a length in two parts': `${PUT}Content-Length: 4 2\r\n\r\n${NOTES}`,
  'a length of nothing': `${PUT}Content-Length:\r\n\r\n${NOTES}`,
  'a length beyond all numbers': `${PUT}Content-Length: 99999999999999999999999\r\n\r\n${NOTES}`,
  'a folded length': `${PUT}Content-Length:\r\n 42\r\n\r\n${NOTES}`,
  'a length and chunks': `${PUT}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'chunks and a length': `${CHUNKED}Content-Length: 5\r\n\r\n0\r\n\r\n`,
  'chunks, twice': `${CHUNKED}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'chunks that are not the last coding': `${PUT}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  'another coding': `${PUT}Transfer-Encoding: identity\r\n\r\n${NOTES}`,
  'almost chunks': `${PUT}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  'chunks behind a vertical tab': `${PUT}Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n`,
  'chunks in quotes': `${PUT}Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n`,
  'folded chunks': `${PUT}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`,
  'a space before the colon': `${PUT}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  'line feeds alone': `${PUT.replaceAll('\r\n', '\n')}Content-Length: 42\n\n${NOTES}`,
  'carriage returns alone': 'GET /v1/health HTTP/1.1\rHost: a\r\r',
  'a carriage return in a field': 'GET /v1/health HTTP/1.1\r\nHost: a\r\nX: a\rHost: b\r\n\r\n',
  'a line feed that ends a field': 'GET /v1/health HTTP/1.1\r\nHost: a\r\nX: a\n\r\n',
  'a folded Host': 'GET /v1/health HTTP/1.1\r\nHost:\r\n a\r\n\r\n',
  'a fold before the first field': 'GET /v1/health HTTP/1.1\r\n Host: a\r\n\r\n',
  'a field without a name': 'GET /v1/health HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n',
  'a field name beyond ASCII': 'GET /v1/health HTTP/1.1\r\nHost: a\r\nX\u00e9: x\r\n\r\n',
  'a space in the target': 'GET /v1/health HTTP/1.1 HTTP/1.1\r\nHost: a\r\n\r\n',
  'tabs in the request line': 'GET\t/v1/health\tHTTP/1.1\r\nHost: a\r\n\r\n',
  'a target with another host': 'GET http://b/v1/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  'HTTP/0.9': 'GET /v1/health\r\n\r\n',
  'HTTP/1.0 with two hosts': 'GET /v1/health HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n',
  'HTTP/1.2': 'GET /v1/health HTTP/1.2\r\nHost: a\r\n\r\n',
  'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a tunnel': 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n',
  'a chunk’s size that overflows': `${CHUNKED}\r\n10000000000000002\r\n{}\r\n0\r\n\r\n`,
  'a chunk’s size with a sign': `${CHUNKED}\r\n-2\r\n{}\r\n0\r\n\r\n`,
  'a chunk’s size with 0x': `${CHUNKED}\r\n0x2\r\n{}\r\n0\r\n\r\n`,
  'a chunk’s size with a space': `${CHUNKED}\r\n2 \r\n{}\r\n0\r\n\r\n`,
  'a chunk longer than its size': `${CHUNKED}\r\n2\r\n{}0\r\n\r\n`,
  'a length behind the chunks': `${CHUNKED}\r\n2\r\n{}\r\n0\r\nContent-Length: 500\r\n\r\n`,
  'a chunk’s extension that ends in a line feed': `${CHUNKED}\r\n2;a=b\n{}\r\n0\r\n\r\n`,
  'a chunk’s extension without end': `${CHUNKED}\r\n2;a=${'b'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
}

describe('a request that can be read in two ways is malformed, and nothing behind it is answered', () => {
  test.each(Object.entries(TWO_MEANINGS))('%s', async (_name, request) => {
    const text = await say(request + INNER)
    expect(statusesIn(text)).toEqual(['400'])
    expect(problemIn(parseRaw(text))).toBe('malformed-request')
  })
})

describe('a body ends where its one length or its last chunk says', () => {
  const WELL_FRAMED: Readonly<Record<string, string>> = {
    'a length': `${PUT}Content-Length: 42\r\n\r\n${NOTES}`,
    'one chunk': `${CHUNKED}\r\n${SIZE}\r\n${NOTES}\r\n0\r\n\r\n`,
    'a chunk for each byte': `${CHUNKED}\r\n${[...NOTES].map(byte => `1\r\n${byte}\r\n`).join('')}0\r\n\r\n`,
    'a size with zeros before it': `${CHUNKED}\r\n000${SIZE}\r\n${NOTES}\r\n0\r\n\r\n`,
    'an extension': `${CHUNKED}\r\n${SIZE};a=b;c="d"\r\n${NOTES}\r\n0\r\n\r\n`,
    'chunks in capitals': `${PUT}TRANSFER-ENCODING: CHUNKED\r\n\r\n${SIZE}\r\n${NOTES}\r\n0\r\n\r\n`,
    'a trailer': `${CHUNKED}\r\n${SIZE}\r\n${NOTES}\r\n0\r\nX-Sum: 500\r\nHost: b\r\n\r\n`,
  }

  test.each(Object.entries(WELL_FRAMED))('%s', async (_name, request) => {
    const text = await say(request + INNER)
    const [, first = '', second = ''] = text.split('HTTP/1.1 ')
    expect(problemIn(parseRaw(`HTTP/1.1 ${first}`))).toBe('document-refused')
    expect(parseRaw(`HTTP/1.1 ${second}`).status).toBe(200)
    expect(statusesIn(text)).toHaveLength(2)
  })

  test('what a body holds is no request, though the route takes none', async () => {
    const head = `GET /v1/health HTTP/1.1\r\nHost: a\r\nContent-Length: ${INNER.length}\r\n\r\n`
    const text = await say(head + INNER + INNER.replace('/v1/openapi.json', '/v1/health'))
    expect(statusesIn(text)).toEqual(['200', '200'])
    expect(text).not.toContain('"openapi"')
  })

  test('what follows the last request of a connection is not answered', async () => {
    const last = `${PUT}Content-Length: 42\r\nConnection: close\r\n\r\n${NOTES}`
    const text = await say(last + INNER)
    expect(problemIn(parseRaw(text))).toBe('document-refused')
    expect(statusesIn(text)).toHaveLength(1)
  })
})

describe('a signed request in chunks', () => {
  const linesOf = (fields: Readonly<Record<string, string>>) =>
    Object.entries(fields)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')
  const START = 'PUT /v1/report HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n'

  async function aReport(): Promise<{ caller: Caller; body: Buffer; fields: Record<string, string> }> {
    const reporter = newReporter(world)
    const body = Buffer.from(json((await sealFor(world, reporter, ['police'])).body))
    const nonce = await freshNonce(world.reporterUrl)
    const fields = signedHeaders(reporter.caller, { method: 'PUT', path: '/v1/report', body, nonce })
    return { caller: reporter.caller, body, fields }
  }

  const inChunks = (body: Buffer, size: number) => {
    const parts: (string | Uint8Array)[] = []
    for (let at = 0; at < body.length; at += size) {
      const part = body.subarray(at, at + size)
      parts.push(`${part.length.toString(16)}\r\n`, part, '\r\n')
    }
    return [...parts, '0\r\n']
  }

  test('is the request that it is with a length', async () => {
    const { body, fields } = await aReport()
    const head = `${START}${linesOf(fields)}\r\n`
    const text = await askRaw(world.reporterUrl, head, ...inChunks(body, 1000), '\r\n')
    expect(parseRaw(text).status).toBe(200)
  })

  test('cannot bring its signature behind the body', async () => {
    const { body, fields } = await aReport()
    const { signature = '', 'signature-input': input = '', ...rest } = fields
    const trailer = linesOf({ signature, 'signature-input': input })
    const head = `${START}${linesOf(rest)}Trailer: signature, signature-input\r\n\r\n`
    const text = await askRaw(world.reporterUrl, head, ...inChunks(body, 1000), `${trailer}\r\n`)
    expect(problemIn(parseRaw(text))).toBe('signature-invalid')
  })
})

describe('older and newer HTTP', () => {
  test('HTTP/1.0 that keeps its connection is answered each time', async () => {
    const one = 'GET /v1/health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'
    const text = await say(one, one, 'GET /v1/health HTTP/1.0\r\n\r\n')
    expect(statusesIn(text)).toEqual(['200', '200', '200'])
  })

  test('HTTP/1.0 with a body and a length is read whole', async () => {
    const text = await say(`${PUT.replace('1.1', '1.0')}Content-Length: 42\r\n\r\n${NOTES}`)
    expect(problemIn(parseRaw(text))).toBe('document-refused')
  })

  test('HTTP/1.0 without a length has no body, and nothing behind it is answered', async () => {
    const text = await say(`${PUT.replace('1.1', '1.0')}\r\n${INNER}`)
    expect(statusesIn(text)).toEqual(['400'])
  })

  test('chunks in HTTP/1.0 hide nothing behind them', async () => {
    const text = await say(`${CHUNKED.replace('1.1', '1.0')}\r\n0\r\n\r\n${INNER}`)
    expect(statusesIn(text)).toEqual(['400'])
  })

  test.each(['h2c', 'websocket', 'TLS/1.0'])('an upgrade to %s is not made', async protocol => {
    const upgrade = `Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: ${protocol}\r\nHTTP2-Settings: AAMAAABkAAQ\r\n`
    const text = await say(`GET /v1/health HTTP/1.1\r\nHost: a\r\n${upgrade}\r\n`)
    expect(statusesIn(text)).toEqual(['200'])
  })
})
