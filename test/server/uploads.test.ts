// tus 1.0 as docs/protocol.md narrows it, request by request.
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROUTES } from '../../src/contract/routes.ts'
import { callAs } from '../support/caller.ts'
import { ask, askRaw, parseRaw, problemIn } from '../support/http.ts'
import { submit } from '../support/reporter.ts'
import { fingerprint } from '../support/stored.ts'
import {
  creation,
  lastOf,
  look,
  newBlob,
  newUpload,
  ofMib,
  PART_TYPE,
  partFields,
  patch,
  SMALL,
  sendParts,
  stranger,
  TUS,
  terminate,
} from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
const HOUR_MS = 3_600_000
const LONG = ofMib(1.5)

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const created = (headers: Record<string, string>, more: object = {}) => {
  const call = creation(SMALL)
  return callAs(stranger(world), { ...call, ...more, headers: { ...TUS, ...headers } })
}
const offsetOf = async (path: string) => (await look(world.reporterUrl, path)).headers['upload-offset']

describe('OPTIONS', () => {
  const tusPaths = [...new Set(ROUTES.filter(route => route.tus).map(({ path }) => path))]

  test.each(tusPaths)('of %s says what is spoken here, to whoever asks', async path => {
    const origin = path.startsWith('/v1/reply') ? world.agencyUrl : world.reporterUrl
    const answer = await ask(origin, { method: 'OPTIONS', path: path.replace(':upload', 'any') })
    expect(answer.status).toBe(204)
    expect(answer.headers).toMatchObject({
      'tus-version': '1.0.0',
      'tus-extension': 'creation,checksum,termination,expiration',
      'tus-checksum-algorithm': 'sha256,sha1',
      'tus-max-size': String(ofMib(2048)),
    })
  })

  test('lets a page of any origin send and read all that tus takes', async () => {
    const asked = { origin: 'null', 'access-control-request-method': 'PATCH' }
    const { headers } = await ask(world.reporterUrl, {
      method: 'OPTIONS',
      path: '/v1/uploads/any',
      headers: asked,
    })
    expect(headers['access-control-allow-origin']).toBe('*')
    const methods = headers['access-control-allow-methods']?.split(', ')
    for (const method of ['DELETE', 'HEAD', 'PATCH']) expect(methods).toContain(method)
    const allowed = headers['access-control-allow-headers']?.split(', ')
    const exposed = headers['access-control-expose-headers']?.split(', ')
    for (const name of ['tus-resumable', 'upload-offset', 'upload-checksum', 'content-type'])
      expect(allowed).toContain(name)
    for (const name of ['upload-offset', 'upload-length', 'upload-expires', 'tus-resumable', 'location'])
      expect(exposed).toContain(name)
  })
})

describe('POST', () => {
  test('makes an upload with an address that says nothing, for at most a day', async () => {
    const first = await created({ 'upload-length': String(SMALL), 'upload-metadata': '' })
    expect(first.status).toBe(201)
    expect(first.headers).toMatchObject({ 'tus-resumable': '1.0.0', 'cache-control': 'no-store' })
    expect(first.headers.location).toMatch(/^\/v1\/uploads\/[\w-]{43}$/)
    const expires = Date.parse(first.headers['upload-expires'] ?? '')
    expect(expires % HOUR_MS).toBe(0)
    expect(expires).toBeGreaterThan(world.now() + 22.9 * HOUR_MS)
    expect(expires).toBeLessThanOrEqual(world.now() + 24 * HOUR_MS)
    const second = await created({ 'upload-length': String(SMALL) })
    expect(second.headers.location).not.toBe(first.headers.location)
  })

  test('takes no length but one of a size class', async () => {
    const before = await fingerprint(world)
    const near = [SMALL - 1, SMALL + 1, 65_536, MIB, MIB + 1, 1000]
    for (const length of [...near, 0, -1, '065536', '65536.0', '6.5536e4', '', ' ', 'NaN']) {
      const answer = await callAs(stranger(world), creation(length))
      expect([length, problemIn(answer)]).toEqual([length, 'malformed-request'])
    }
    expect(problemIn(await created({}))).toBe('malformed-request')
    expect(problemIn(await created({ 'upload-defer-length': '1' }))).toBe('malformed-request')
    expect(await fingerprint(world)).toEqual(before)
  })

  test('takes no metadata, and no part along with the creation', async () => {
    const before = await fingerprint(world)
    const fields = { 'upload-length': String(SMALL) }
    const named = { ...fields, 'upload-metadata': 'filename 7J2464-E' }
    expect(problemIn(await created(named))).toBe('malformed-request')
    const part = { body: Buffer.alloc(100), type: PART_TYPE }
    expect(problemIn(await created(fields, part))).toBe('unsupported-media-type')
    expect(await fingerprint(world)).toEqual(before)
  })
})

test('HEAD says how far an upload is, its length and its end, and is kept by no cache', async () => {
  const path = await newUpload(world, LONG)
  const blob = await newBlob(LONG)
  for (const [offset, part] of [
    [0, blob.bytes.subarray(0, MIB)],
    [MIB, blob.bytes.subarray(MIB)],
    [LONG, null],
  ] as const) {
    const { status, headers, body } = await look(world.reporterUrl, path)
    expect([status, body.length]).toEqual([200, 0])
    expect(headers).toMatchObject({
      'upload-offset': String(offset),
      'upload-length': String(LONG),
      'upload-expires': expect.stringMatching(/ \d\d:00:00 GMT$/),
      'tus-resumable': '1.0.0',
      'cache-control': 'no-store',
    })
    if (!part) return
    const answer = await patch(world.reporterUrl, path, offset, part)
    expect([answer.status, answer.headers['upload-offset']]).toEqual([204, String(offset + part.length)])
    expect(answer.headers['upload-expires']).toBe(headers['upload-expires'])
  }
})

test('without its version, or with another, nothing is done: each answer says which is spoken', async () => {
  const path = await newUpload(world)
  const part = { 'content-type': PART_TYPE, 'upload-offset': '0' }
  for (const version of [{}, { 'tus-resumable': '0.2.2' }, { 'tus-resumable': '1.0.0, 1.0.0' }]) {
    const answers = [
      await callAs(stranger(world), { ...creation(SMALL), headers: version }),
      await ask(world.reporterUrl, {
        method: 'PATCH',
        path,
        headers: { ...part, ...version },
        body: Buffer.alloc(SMALL),
      }),
      await terminate(world.reporterUrl, path, version),
      await look(world.reporterUrl, path, version),
    ]
    for (const { status, headers } of answers) {
      expect([status, headers['tus-version'], headers['tus-resumable']]).toEqual([412, '1.0.0', '1.0.0'])
      expect(headers['upload-offset']).toBeUndefined()
    }
  }
  expect(await offsetOf(path)).toBe('0')
})

describe('PATCH', () => {
  const fieldsFor = (checksum: string) => ({ 'upload-checksum': checksum })
  const hashOf = (name: string, bytes: Uint8Array) =>
    `${name} ${createHash(name).update(bytes).digest('base64')}`

  test('takes a part under either checksum, and refuses another part and another algorithm', async () => {
    const { bytes } = await newBlob(SMALL)
    for (const name of ['sha256', 'sha1']) {
      const path = await newUpload(world)
      const send = (checksum: string) => patch(world.reporterUrl, path, 0, bytes, fieldsFor(checksum))
      expect(problemIn(await send(hashOf(name, randomBytes(9))))).toBe('checksum-mismatch')
      expect(await offsetOf(path)).toBe('0')
      expect((await send(hashOf(name, bytes))).status).toBe(204)
    }
    const path = await newUpload(world)
    for (const checksum of [
      hashOf('md5', bytes),
      'sha256',
      'sha256 ',
      `sha1 ${hashOf('sha256', bytes).slice(7)}`,
      `${hashOf('sha256', bytes)},`,
    ]) {
      const answer = await patch(world.reporterUrl, path, 0, bytes, fieldsFor(checksum))
      expect([checksum, problemIn(answer)]).toEqual([checksum, 'malformed-request'])
    }
    expect(await offsetOf(path)).toBe('0')
  })

  const WRONG: Readonly<Record<string, readonly [offset: number | string, length: number, problem: string]>> =
    {
      'a part that was there before': [0, MIB, 'offset-conflict'],
      'a part ahead of the next': [2 * MIB, MIB, 'offset-conflict'],
      'a part within the next': [MIB + 1, MIB, 'offset-conflict'],
      'a part behind the end': [4 * MIB, MIB, 'offset-conflict'],
      'a last part that is longer than what is left': [3 * MIB, MIB, 'malformed-request'],
      'a part from nowhere': [9_999_999_999_999, MIB, 'offset-conflict'],
      'an offset that is none': ['1048576.0', MIB, 'malformed-request'],
      'an offset below zero': [-1, MIB, 'malformed-request'],
      'a part that is too short': [MIB, MIB - 1, 'malformed-request'],
      'an empty part': [MIB, 0, 'malformed-request'],
      'a part that is too long': [MIB, MIB + 1, 'payload-too-large'],
    }

  test.each(Object.entries(WRONG))('refuses %s, and takes the right one then', async (_name, wrong) => {
    const [offset, length, problem] = wrong
    const [path, blob] = [await newUpload(world, ofMib(3)), await newBlob(ofMib(3))]
    await patch(world.reporterUrl, path, 0, blob.bytes.subarray(0, MIB))
    const fields = { ...partFields(0), 'upload-offset': String(offset) }
    const sent = { method: 'PATCH', path, headers: fields, body: Buffer.alloc(length) }
    expect(problemIn(await ask(world.reporterUrl, sent))).toBe(problem)
    expect(await offsetOf(path)).toBe(String(MIB))
    await sendParts(world.reporterUrl, path, blob, 1)
    await submit(world, ['police'], world.reporterUrl, { ...blob, upload: lastOf(path) })
  })

  test('refuses a last part of another length than what is left, and anything behind it', async () => {
    for (const length of [LONG, ofMib(2)]) {
      const [path, blob] = [await newUpload(world, length), await newBlob(length)]
      const whole = Math.floor(length / MIB)
      for (let i = 0; i < whole; i++)
        await patch(world.reporterUrl, path, i * MIB, blob.bytes.subarray(i * MIB, (i + 1) * MIB))
      const send = (offset: number, size: number) =>
        patch(world.reporterUrl, path, offset, Buffer.alloc(size))
      const left = length - whole * MIB
      for (const size of [left - 1, 0, left + 1, MIB])
        expect(problemIn(await send(whole * MIB, size))).toBe('malformed-request')
      await sendParts(world.reporterUrl, path, blob, whole)
      for (const size of [0, 1, MIB]) expect((await send(length, size)).status).toBeGreaterThanOrEqual(400)
      expect(await offsetOf(path)).toBe(String(length))
      await submit(world, ['police'], world.reporterUrl, { ...blob, upload: lastOf(path) })
    }
  })

  test('takes no other media type, and no encoding', async () => {
    const path = await newUpload(world)
    const send = (fields: Record<string, string>, body: Uint8Array | string = Buffer.alloc(SMALL)) =>
      ask(world.reporterUrl, {
        method: 'PATCH',
        path,
        headers: { ...TUS, 'upload-offset': '0', ...fields },
        body,
      })
    for (const type of ['application/octet-stream', 'text/plain', `${PART_TYPE}x`])
      expect([type, problemIn(await send({ 'content-type': type }))]).toEqual([
        type,
        'unsupported-media-type',
      ])
    expect(problemIn(await send({}))).toBe('unsupported-media-type')
    expect(problemIn(await send({ 'content-type': 'application/json' }, '{}'))).toBe('unsupported-media-type')
    const packed = { 'content-type': PART_TYPE, 'content-encoding': 'gzip' }
    expect(problemIn(await send(packed))).toBe('unsupported-media-type')
    expect(await offsetOf(path)).toBe('0')
  })

  test('takes a part of which nobody says beforehand how long it is', async () => {
    const [path, { bytes, ...blob }] = [await newUpload(world), await newBlob()]
    const head = `PATCH ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n`
    const fields = Object.entries(partFields(0))
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')
    const half = SMALL / 2
    const size = `${half.toString(16)}\r\n`
    const text = await askRaw(
      world.reporterUrl,
      `${head}${fields}Transfer-Encoding: chunked\r\n\r\n`,
      size,
      bytes.subarray(0, half),
      `\r\n${size}`,
      bytes.subarray(half),
      '\r\n0\r\n\r\n',
    )
    expect(parseRaw(text).status).toBe(204)
    await submit(world, ['police'], world.reporterUrl, { ...blob, upload: lastOf(path) })
  })
})

const headOf = (path: string, offset: number, more = '') => {
  const fields = Object.entries(partFields(offset)).map(([name, value]) => `${name}: ${value}\r\n`)
  return `PATCH ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields.join('')}Content-Length: ${MIB}\r\n${more}\r\n`
}

test('what cannot be taken is refused before a byte of its body is there', async () => {
  const path = await newUpload(world, ofMib(1))
  const nowhere = `/v1/uploads/${randomBytes(32).toString('base64url')}`
  const refusals = [
    [headOf(nowhere, 0), 'not-found'],
    [headOf(path, 2 * MIB), 'offset-conflict'],
    [headOf(path, 0).replace('1.0.0', '2.0.0'), 'tus-version'],
    [headOf(path, 0).replace(PART_TYPE, 'text/plain'), 'unsupported-media-type'],
    [headOf(path, 0).replace(`Length: ${MIB}`, `Length: ${MIB + 1}`), 'payload-too-large'],
  ] as const
  for (const [head, problem] of refusals) {
    // Of the body nothing is ever sent: an answer at all is one before it.
    const answer = parseRaw(await askRaw(world.reporterUrl, head))
    expect([problem, answer.status]).toEqual([problem, JSON.parse(answer.body.toString()).status])
    expect(problemIn(answer)).toBe(problem)
  }
})
