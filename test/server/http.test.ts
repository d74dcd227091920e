// What the two listeners make of requests that no honest client sends.
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMON_PROBLEMS } from '../../src/contract/problems.ts'
import { ROUTES } from '../../src/contract/routes.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { callAs, freshNonce, signedHeaders } from '../support/caller.ts'
import { deviceOf } from '../support/device.ts'
import { type Answer, ask, askRaw, breakOff, json, parseRaw, problemIn } from '../support/http.ts'
import { look, newReporter, put, sealFor, submit, withdraw } from '../support/reporter.ts'
import { nowhere } from '../support/servers.ts'
import { fingerprint, settled } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
const lines: string[] = []

beforeAll(async () => {
  world = await createWorld({ onLogLine: line => lines.push(line) })
})
afterAll(() => world.stop())

const both = () => [world.reporterUrl, world.agencyUrl]
const raw = async (...chunks: (string | Uint8Array)[]) => parseRaw(await askRaw(world.reporterUrl, ...chunks))

const MALFORMED: Readonly<Record<string, string>> = {
  'two Host fields': 'GET /v1/health HTTP/1.1\r\nHost: a\r\nHost: a\r\n',
  'no Host field': 'GET /v1/health HTTP/1.1\r\n',
  'a space before a colon': 'GET /v1/health HTTP/1.1\r\nHost: a\r\nX-One : 1\r\n',
  'a folded field': 'GET /v1/health HTTP/1.1\r\nHost: a\r\nX-One: 1\r\n 2\r\n',
  'a NUL in a field': 'GET /v1/health HTTP/1.1\r\nHost: a\r\nX-One: a\u0000b\r\n',
  'an unknown method': 'FROB /v1/health HTTP/1.1\r\nHost: a\r\n',
  'another version': 'GET /v1/health HTTP/3.7\r\nHost: a\r\n',
  'no request line': '\u0016\u0003\u0001\u0002\r\n',
  'two lengths': 'PUT /v1/report HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n',
  'a length and chunks':
    'PUT /v1/report HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n',
  'chunks named twice':
    'PUT /v1/report HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n',
  'a negative length': 'PUT /v1/report HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n',
  'a length that is no number': 'PUT /v1/report HTTP/1.1\r\nHost: a\r\nContent-Length: 0x10\r\n',
  'an expectation': 'PUT /v1/report HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nExpect: miracles\r\n',
  'an encoding cut short': 'GET /v1/%E0%A4%A HTTP/1.1\r\nHost: a\r\n',
  'an encoding of nothing': 'GET /v1/%zz HTTP/1.1\r\nHost: a\r\n',
  'two signatures': 'GET /v1/report HTTP/1.1\r\nHost: a\r\nSignature: sig=:a:\r\nSignature: sig=:b:\r\n',
}

describe('a request that is not HTTP as we take it is malformed, in the one format for problems', () => {
  test.each(Object.entries(MALFORMED))('%s', async (_name, head) => {
    const answer = await raw(`${head}Connection: close\r\n\r\n`)
    expect(problemIn(answer)).toBe('malformed-request')
  })

  test('a chunk of an impossible size', async () => {
    const head = 'PUT /v1/report HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
    const answer = await raw(`${head}Transfer-Encoding: chunked\r\n\r\n`, 'zz\r\nhello\r\n0\r\n\r\n')
    expect(problemIn(answer)).toBe('malformed-request')
  })

  test('a request that a header smuggles behind the first is not answered', async () => {
    const inner = 'GET /v1/directory HTTP/1.1\r\nHost: a\r\n\r\n'
    const head = `PUT /v1/report HTTP/1.1\r\nHost: a\r\nContent-Length: ${inner.length}\r\n`
    const text = await askRaw(world.reporterUrl, `${head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`)
    expect(text.match(/HTTP\/1\.1 \d/g)).toHaveLength(1)
    expect(text).not.toContain('"roots"')
  })
})

test('requests in one pipeline are answered in order', async () => {
  const one = (path: string, last = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${last}\r\n`
  const text = await askRaw(
    world.reporterUrl,
    one('/v1/health') + one('/v1/nothing') + one('/v1/health', 'Connection: close\r\n'),
  )
  expect(text.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200'])
})

test('HTTP/1.0 is answered and the connection closed', async () => {
  const answer = await raw('GET /v1/health HTTP/1.0\r\n\r\n')
  expect([answer.status, answer.headers.connection]).toEqual([200, 'close'])
})

test('header fields of more than 8 KiB, one or many, are too large', async () => {
  const head = 'GET /v1/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n'
  for (const fields of [`X: ${'x'.repeat(9000)}\r\n`, 'X: 1234567890\r\n'.repeat(900)]) {
    expect(problemIn(await raw(`${head}${fields}\r\n`))).toBe('headers-too-large')
  }
})

describe('what is not there is not found, whatever was asked', () => {
  const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']

  test.each(METHODS)('%s', async method => {
    for (const origin of both()) {
      const answer = await ask(origin, { method, path: nowhere() })
      if (method === 'HEAD') expect([answer.status, answer.body.length]).toEqual([404, 0])
      else expect(problemIn(answer)).toBe('not-found')
    }
  })

  test('another method, case, slash or spelling of a path is another path', async () => {
    for (const path of ['/v1/health/', '/V1/health', '//v1/health', '/v1//health', '/v1/health;a', '/v1']) {
      expect([path, problemIn(await ask(world.reporterUrl, { path }))]).toEqual([path, 'not-found'])
    }
    expect(problemIn(await ask(world.reporterUrl, { method: 'POST', path: '/v1/health' }))).toBe('not-found')
  })
})

describe('parameters and queries that the contract does not know are refused', () => {
  test('a parameter of another form', async () => {
    const { caller } = await deviceOf(world, 'police')
    for (const id of ['short', 'ä', '%00', 'A'.repeat(23), `${'A'.repeat(21)}B`, '..%2f..%2fv1']) {
      const path = `/v1/cases/${encodeURI(decodeURI(id))}`
      const answer = await callAs(caller, { method: 'GET', path })
      expect([id, problemIn(answer)]).toEqual([id, 'malformed-request'])
    }
  })

  test('a parameter that is too long', async () => {
    const answer = await ask(world.agencyUrl, { path: `/v1/cases/${'A'.repeat(2000)}` })
    expect(problemIn(answer)).toBe('uri-too-long')
  })

  test('numbers that are none, too large or given twice', async () => {
    const { caller } = await deviceOf(world, 'police')
    const queries = ['after=-1', 'after=1e3', 'after=9007199254740993', 'after=', 'wait=31', 'wait=1.5']
    const strange = ['after=1&after=2', 'wait=%00', 'after=%F0', 'before=1', '__proto__=1', 'after[]=1']
    for (const query of [...queries, ...strange]) {
      const answer = await callAs(caller, { method: 'GET', path: '/v1/cases', query: `?${query}` })
      expect([query, problemIn(answer)]).toEqual([query, 'malformed-request'])
    }
  })

  test('a query where the route has none, so that nothing is signed in two ways', async () => {
    const reporter = await submit(world, ['police'])
    for (const query of ['?a=1', '?sign', '?%']) {
      expect(problemIn(await look(reporter.caller, { query }))).toBe('malformed-request')
      expect(problemIn(await withdraw(reporter.caller, { query }))).toBe('malformed-request')
    }
    expect((await look(reporter.caller)).status).toBe(200)
  })

  test('a body where the route has none', async () => {
    const reporter = await submit(world, ['police'])
    const answer = await callAs(reporter.caller, { method: 'DELETE', path: '/v1/report', body: json({}) })
    expect(problemIn(answer)).toBe('malformed-request')
    expect(JSON.parse((await look(reporter.caller)).body.toString()).state).toBe('received')
  })

  test('another spelling of a signed path', async () => {
    const reporter = await submit(world, ['police'])
    for (const path of ['/v1/%72eport', '/v1/repor%74']) {
      const answer = await callAs(reporter.caller, { method: 'DELETE', path })
      expect(problemIn(answer)).toMatch(/^(malformed-request|not-found)$/)
    }
    const nonce = await freshNonce(world.reporterUrl)
    for (const target of ['/v1/report#', `${world.reporterUrl}/v1/report`]) {
      const signed = signedHeaders(reporter.caller, { method: 'DELETE', path: target, nonce })
      const fields = Object.entries(signed).map(([name, value]) => `${name}: ${value}\r\n`)
      const answer = await raw(
        `DELETE ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields.join('')}\r\n`,
      )
      expect(problemIn(answer)).toMatch(/^(malformed-request|not-found|signature-invalid)$/)
    }
    expect(JSON.parse((await look(reporter.caller)).body.toString()).state).toBe('received')
  })
})

describe('bodies', () => {
  const send = (body: Uint8Array | string, headers: Record<string, string> = {}) =>
    ask(world.agencyUrl, {
      method: 'PUT',
      path: '/v1/directory',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
  const NOTES = { roots: ['a note'], directory: 'another' }
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

  const NOT_OURS: Readonly<Record<string, Uint8Array | string>> = {
    nothing: '',
    'half of it': '{"roots":',
    'a word': 'null',
    'a list': '[]',
    'invalid UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    'a byte order mark': `\ufeff${JSON.stringify(NOTES)}`,
    'UTF-16': Buffer.from(JSON.stringify(NOTES), 'utf16le'),
    'deep nesting': nested(200_000),
    'deep nesting of a member': `{"roots":${nested(200_000)},"directory":"a"}`,
    'a member too many': JSON.stringify({ ...NOTES, more: 1 }),
    'a member of the prototype': '{"roots":["a"],"directory":"b","__proto__":{"admin":true}}',
    'a member of the constructor': '{"roots":["a"],"directory":"b","constructor":{"prototype":{}}}',
    'a huge number': '{"roots":["a"],"directory":1e400}',
    'a long number': `{"roots":["a"],"directory":${'9'.repeat(400_000)}}`,
    'too many members': JSON.stringify(
      Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`m${i}`, i])),
    ),
    'too many roots': JSON.stringify({ ...NOTES, roots: Array.from({ length: 65 }, () => 'a') }),
  }

  test.each(Object.entries(NOT_OURS))('%s is malformed', async (_name, body) => {
    expect(problemIn(await send(body))).toBe('malformed-request')
  })

  const STRANGE_TEXT: Readonly<Record<string, string>> = {
    'U+0000': '"a\\u0000b"',
    'a lone surrogate': '"\\ud800"',
    'a reversed pair': '"\\udc00\\ud800"',
    'a noncharacter': '"\\uffff"',
    'direction marks': '"\\u202e\\u2066"',
  }

  test.each(Object.entries(STRANGE_TEXT))(
    '%s in a document is refused as a document',
    async (_name, text) => {
      expect(problemIn(await send(`{"roots":[${text}],"directory":"a"}`))).toBe('document-refused')
      expect(problemIn(await send(`{"roots":["a"],"directory":${text}}`))).toBe('document-refused')
    },
  )

  test('a Content-Encoding is not taken', async () => {
    for (const encoding of ['gzip', 'identity', 'br, gzip', '']) {
      const answer = await send(JSON.stringify(NOTES), { 'content-encoding': encoding })
      expect([encoding, problemIn(answer)]).toEqual([encoding, 'unsupported-media-type'])
    }
  })

  test('other media types are not taken', async () => {
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a']
    for (const type of [...types, 'application/octet-stream', 'application/jsonp', 'nonsense', '*/*']) {
      const answer = await send(JSON.stringify(NOTES), { 'content-type': type })
      expect([type, problemIn(answer)]).toEqual([type, 'unsupported-media-type'])
    }
  })

  test('a body without a media type is not taken', async () => {
    const { caller } = newReporter(world)
    const body = json({})
    const nonce = await freshNonce(world.reporterUrl)
    const headers = signedHeaders(caller, { method: 'PUT', path: '/v1/report', body, nonce })
    const { 'content-type': _type, ...untyped } = headers
    const answer = await ask(world.reporterUrl, { method: 'PUT', path: '/v1/report', headers: untyped, body })
    expect(problemIn(answer)).toBe('unsupported-media-type')
  })

  test('no body at all is malformed where one is due', async () => {
    const { caller } = newReporter(world)
    expect(problemIn(await callAs(caller, { method: 'PUT', path: '/v1/report' }))).toBe('malformed-request')
    expect(problemIn(await ask(world.agencyUrl, { method: 'PUT', path: '/v1/directory' }))).toBe(
      'malformed-request',
    )
  })

  test('a body that says it is larger than it may be is refused before it is sent', async () => {
    const head =
      'PUT /v1/report HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n'
    expect(problemIn(await raw(`${head}Content-Length: 99999999999\r\n\r\n`))).toBe('payload-too-large')
  })

  test.each([
    ['bytes', 'POST /v1/mailbox', 'application/octet-stream', 0x51],
    ['JSON', 'PUT /v1/report', 'application/json', 0x100000],
  ])('a body of %s in chunks is cut off at the limit', async (_name, line, type, length) => {
    const head = `${line} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n`
    const answer = await raw(
      `${head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n`,
      `${length.toString(16)}\r\n${'1'.repeat(length)}\r\n`,
      '0\r\n\r\n',
    )
    expect(problemIn(answer)).toBe('payload-too-large')
  })

  test('a body that comes in pieces is the same body', async () => {
    const reporter = newReporter(world)
    const body = json((await sealFor(world, reporter, ['police'])).body)
    const nonce = await freshNonce(world.reporterUrl)
    const headers = signedHeaders(reporter.caller, { method: 'PUT', path: '/v1/report', body, nonce })
    const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const pieces =
      Buffer.from(body)
        .toString()
        .match(/.{1,1000}/g) ?? []
    const answer = await raw(
      `PUT /v1/report HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n${fields.join('')}\r\n`,
      ...pieces.map(piece => `${piece.length.toString(16)}\r\n${piece}\r\n`),
      '0\r\n\r\n',
    )
    expect(pieces.length).toBeGreaterThan(4)
    expect(answer.status).toBe(200)
  })

  test('a connection that breaks off in the middle of a body leaves nothing behind', async () => {
    const reporter = newReporter(world)
    const body = Buffer.from(json((await sealFor(world, reporter, ['police'])).body))
    const nonce = await freshNonce(world.reporterUrl)
    await settled(world)
    const before = await fingerprint(world)
    const headers = signedHeaders(reporter.caller, { method: 'PUT', path: '/v1/report', body, nonce })
    const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const sent = breakOff(
      world.reporterUrl,
      `PUT /v1/report HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n${fields.join('')}\r\n`,
      body.subarray(0, body.length - 1),
    )
    expect(await sent).not.toContain('200')
    expect(await fingerprint(world)).toEqual(before)
    expect((await put(reporter.caller, JSON.parse(body.toString()), { nonce })).status).toBe(200)
  })
})

describe('signatures', () => {
  const FIELDS: Readonly<Record<string, (headers: Record<string, string>) => Record<string, string>>> = {
    'no signature': ({ signature: _none, ...rest }) => rest,
    'no input': ({ 'signature-input': _none, ...rest }) => rest,
    'another label': headers => change(headers, 'signature-input', /^sig=/, 'sig1='),
    'two labels': headers => change(headers, 'signature', /$/, ', sig2=:AAAA:'),
    'a component less': headers => change(headers, 'signature-input', ' "@query"', ''),
    'a component more': headers => change(headers, 'signature-input', '"@query"', '"@query" "@authority"'),
    'another order': headers => change(headers, 'signature-input', '"@method" "@path"', '"@path" "@method"'),
    'a created parameter': headers => change(headers, 'signature-input', /$/, ';created=1'),
    'an algorithm': headers => change(headers, 'signature-input', /$/, ';alg="hmac-sha256"'),
    'no tag': headers => change(headers, 'signature-input', /;tag=.*$/, ''),
    'a small-order key': headers =>
      change(headers, 'signature-input', /keyid="[^"]*"/, `keyid="${toBase64url(new Uint8Array(32))}"`),
    'a changed signature': headers => ({
      ...headers,
      signature: `sig=:${randomBytes(64).toString('base64')}:`,
    }),
    'spare bits': headers => change(headers, 'signature', /.==:$/, 'B==:'),
    'upper case': headers => change(headers, 'signature-input', 'keyid', 'KEYID'),
  }
  const change = (headers: Record<string, string>, name: string, from: string | RegExp, to: string) => ({
    ...headers,
    [name]: (headers[name] ?? '').replace(from, to),
  })

  test.each(Object.entries(FIELDS))('%s is refused', async (_name, alter) => {
    const { caller } = await submit(world, ['police'])
    const nonce = await freshNonce(world.reporterUrl)
    const headers = alter(signedHeaders(caller, { method: 'GET', path: '/v1/report', nonce }))
    const answer = await ask(world.reporterUrl, { path: '/v1/report', headers })
    expect(problemIn(answer)).toBe('signature-invalid')
    expect(answer.headers['bongsu-challenge']).toMatch(/^[\w-]{50}$/)
  })

  test('a signature for another method, path or query is none', async () => {
    const { caller } = await submit(world, ['police'])
    const nonce = await freshNonce(world.reporterUrl)
    const calls = [
      { method: 'DELETE', path: '/v1/report' },
      { method: 'GET', path: '/v1/directory' },
      { method: 'GET', path: '/v1/report', query: '?a' },
    ]
    for (const call of calls) {
      const headers = signedHeaders(caller, { ...call, nonce })
      const answer = await ask(world.reporterUrl, { path: '/v1/report', headers })
      expect(problemIn(answer)).toBe('signature-invalid')
    }
  })

  test('a read may repeat its nonce, a mutation may not', async () => {
    const { caller } = await submit(world, ['police'])
    const nonce = await freshNonce(world.reporterUrl)
    expect((await look(caller, { nonce })).status).toBe(200)
    expect((await look(caller, { nonce })).status).toBe(200)
    expect((await withdraw(caller, { nonce })).status).toBe(200)
    expect(problemIn(await withdraw(caller, { nonce }))).toBe('challenge-invalid')
  })
})

describe('header fields of answers', () => {
  const every = async (): Promise<[string, Answer][]> => {
    const answers: [string, Answer][] = []
    for (const origin of both()) {
      for (const path of ['/v1/health', '/v1/directory', nowhere(), '/v1/report', '/v1/cases']) {
        answers.push([`${origin}${path}`, await ask(origin, { path })])
      }
      answers.push([`${origin} encoding`, await ask(origin, { path: '/v1/%zz' })])
      answers.push([`${origin} length`, await ask(origin, { path: `/v1/cases/${'a'.repeat(99)}` })])
    }
    const { caller } = await submit(world, ['police'])
    return [...answers, ['status', await look(caller)]]
  }

  test('forbid a browser everything, and let any page read them without credentials', async () => {
    for (const [name, { headers }] of await every()) {
      expect([name, headers]).toEqual([
        name,
        expect.objectContaining({
          'content-security-policy':
            "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
          'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
          'referrer-policy': 'no-referrer',
          'access-control-allow-origin': '*',
        }),
      ])
      expect(headers['access-control-expose-headers']).toContain('bongsu-challenge')
    }
  })

  test('set no cookie, and name neither software nor proxy', async () => {
    for (const [name, { headers }] of await every()) {
      const telling = ['set-cookie', 'server', 'x-powered-by', 'via', 'access-control-allow-credentials']
      expect([name, telling.filter(field => field in headers)]).toEqual([name, []])
    }
  })

  test('are the same for the parser’s own refusals', async () => {
    const { headers } = await raw('GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n')
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['cache-control']).toBe('no-store')
    expect(headers.connection).toBe('close')
  })

  test('answer the preflight of every route, for a page whose origin is null', async () => {
    for (const { path, method, listeners } of ROUTES) {
      for (const listener of listeners) {
        const origin = listener === 'agency' ? world.agencyUrl : world.reporterUrl
        const headers = { origin: 'null', 'access-control-request-method': method }
        const answer = await ask(origin, {
          method: 'OPTIONS',
          path: path.replace(/:[a-z]+/, toBase64url(randomBytes(16))),
          headers,
        })
        expect([path, answer.status, answer.body.length]).toEqual([path, 204, 0])
        expect(answer.headers['access-control-allow-origin']).toBe('*')
        expect(answer.headers['access-control-allow-methods']?.split(', ')).toContain(method)
        const allowed = answer.headers['access-control-allow-headers'] ?? ''
        for (const field of ['signature', 'signature-input', 'content-digest', 'content-type', 'bongsu-work'])
          expect(allowed.split(', ')).toContain(field)
      }
    }
  })
})

test('no problem document says more than the contract: no stack, no name of ours, nothing that was sent', async () => {
  const canary = `canary${randomBytes(8).toString('hex')}`
  const answers = [
    await ask(world.reporterUrl, { path: `/v1/${canary}` }),
    await ask(world.reporterUrl, { path: `/v1/%zz${canary}` }),
    await ask(world.agencyUrl, { path: `/v1/cases/${canary.repeat(9)}` }),
    await ask(world.agencyUrl, {
      method: 'PUT',
      path: '/v1/directory',
      headers: { 'content-type': 'application/json' },
      body: `{"${canary}":`,
    }),
    await raw(`GET / HTTP/1.1\r\nHost: a\r\n${canary} : 1\r\n\r\n`),
  ]
  for (const answer of answers) {
    expect([...COMMON_PROBLEMS, 'not-found']).toContain(problemIn(answer))
    expect(answer.body.toString()).not.toContain(canary)
    expect(Object.keys(JSON.parse(answer.body.toString()))).toEqual(['type', 'title', 'status', 'detail'])
  }
})

describe('the log', () => {
  test('holds nothing that a request said and nothing of who asked', async () => {
    const canary = `canary${randomBytes(8).toString('hex')}`
    const before = lines.length
    const reporter = await submit(world, ['police'])
    const device = await deviceOf(world, 'police')
    const headers = { 'user-agent': canary, 'x-forwarded-for': '203.0.113.77', referer: `http://${canary}/` }
    await look(reporter.caller, { headers })
    await callAs(device.caller, { method: 'GET', path: '/v1/cases', headers })
    await ask(world.reporterUrl, { path: `/v1/${canary}?${canary}`, headers })
    await ask(world.reporterUrl, { path: `/v1/%zz${canary}`, headers })
    await raw(`GET / HTTP/1.1\r\nHost: ${canary}\r\n${canary} : 1\r\n\r\n`)
    await world.database.query({ name: 'break', text: 'alter table messages rename to messages_away' })
    await ask(world.reporterUrl, { path: `/v1/${canary}` })
    const failed = await look(reporter.caller, { headers })
    const refused = await put(newReporter(world).caller, reporter.sealed.body, { headers })
    await world.database.query({ name: 'mend', text: 'alter table messages_away rename to messages' })
    expect([problemIn(failed), problemIn(refused)]).toEqual(['internal-error', 'envelope-invalid'])

    const log = lines.slice(before).join('\n')
    expect(log).toContain('/v1/report')
    const { keys, reportId, sealed } = reporter
    const secrets = [
      canary,
      '203.0.113.77',
      '127.0.0.1',
      ...[keys.status.publicKey, keys.mailbox.publicKey, reportId, sealed.digest, device.deviceId].flatMap(
        bytes => [toBase64url(bytes), Buffer.from(bytes).toString('hex')],
      ),
      sealed.body.header.slice(0, 40),
      'messages_away',
    ]
    expect(secrets.filter(secret => log.includes(secret))).toEqual([])
  })

  test('says what failed by name, route and place alone', () => {
    const failed = lines.map(line => JSON.parse(line)).find(line => line.msg === 'failed')
    // The process and the machine are pino's own words: `createLogger` leaves them out.
    const { pid: _pid, hostname: _hostname, ...said } = failed
    expect(Object.keys(said).sort()).toEqual(['err', 'level', 'msg', 'route', 'time'])
    expect(Object.keys(failed.err).sort()).toEqual(['code', 'frames', 'name'])
    expect(failed.route).toBe('/v1/report')
  })
})

test('an unforeseen failure is a problem too, and the service goes on', async () => {
  const reporter = await submit(world, ['police'])
  await world.database.query({ name: 'break2', text: 'alter table reports rename to reports_away' })
  const failed = await look(reporter.caller)
  await world.database.query({ name: 'mend2', text: 'alter table reports_away rename to reports' })
  expect(problemIn(failed)).toBe('internal-error')
  expect((await look(reporter.caller)).status).toBe(200)
})

test('content digests name SHA-256 and nothing else', async () => {
  const { caller } = newReporter(world)
  const { body } = await sealFor(world, newReporter(world), ['police'])
  const bytes = json(body)
  const sha512 = createHash('sha512').update(bytes).digest('base64')
  const right = createHash('sha256').update(bytes).digest('base64')
  const digests = [
    `sha-512=:${sha512}:`,
    `sha-256=:${right}:, sha-512=:${sha512}:`,
    `SHA-256=:${right}:`,
    right,
  ]
  for (const digest of digests) {
    expect([digest, problemIn(await put(caller, body, { digest }))]).toEqual([digest, 'signature-invalid'])
  }
})
