import { createHash } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import {
  call,
  createSigner,
  RequestProblem,
  serviceAt,
  UnexpectedAnswer,
  Unreachable,
} from '../../src/client/index.ts'
import { health } from '../../src/contract/directory.ts'
import { headUpload } from '../../src/contract/files.ts'
import { readMailbox } from '../../src/contract/mailbox.ts'
import { type ProblemName, problemOf } from '../../src/contract/problems.ts'
import { deleteReport, getReport, putReport } from '../../src/contract/report.ts'
import { issueChallenge, isWorkDone } from '../../src/protocol/challenge.ts'
import { cryptoReady, deploymentIdOf, verifySignature } from '../../src/protocol/crypto.ts'
import { fromBase64url } from '../../src/protocol/encoding.ts'
import { MAILBOX_REQUEST_LENGTH, SLOT_LENGTH, SLOTS } from '../../src/protocol/reply.ts'
import { contentDigest, parseSignature, signatureBase } from '../../src/protocol/request-signature.ts'
import { signing } from '../protocol/world.ts'

interface Seen {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: Uint8Array | null
}

const deployment = deploymentIdOf(new Uint8Array(32).fill(7))
let issued = 0

beforeAll(() => cryptoReady)

const nonce = (workBits = 0) =>
  issueChallenge(new Uint8Array(32), { random: new Uint8Array(16).fill(++issued), expiry: 2 ** 31, workBits })

const signer = () => createSigner(signing('some key'), 'reporter', deployment)

/** A service that answers from a list, and remembers what it was asked. */
function playing(...answers: readonly (() => Response | Promise<Response>)[]) {
  const seen: Seen[] = []
  const left = [...answers]
  const service = serviceAt('http://service.test', {
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers)
      const body = init?.body instanceof Uint8Array ? init.body : null
      seen.push({ url: String(input), method: init?.method ?? '', headers, body })
      const answer = left.shift()
      if (!answer) throw new Error('nothing more was expected')
      return answer()
    },
  })
  return { service, seen }
}

const json =
  (value: unknown, headers: Record<string, string> = {}) =>
  () =>
    Response.json(value, { headers })

const refusal =
  (name: ProblemName, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify(problemOf(name)), {
      status: problemOf(name).status,
      headers: { 'content-type': 'application/problem+json', ...headers },
    })

const lost = () => Promise.reject(new TypeError('fetch failed'))
const withdrawn = json({ outcome: 'withdrawn' }, { 'bongsu-challenge': 'unused' })

const nonceOf = ({ headers }: Seen) =>
  parseSignature(headers.get('signature-input') ?? '', headers.get('signature') ?? '').nonce

test('the first request of a key asks for a nonce; the next uses the one in the answer', async () => {
  const [first, second] = [nonce(), nonce()]
  const key = signer()
  const { service, seen } = playing(
    json({ nonce: first }),
    json({ outcome: 'withdrawn' }, { 'bongsu-challenge': second }),
    withdrawn,
  )
  await call(service, deleteReport, { signer: key })
  await call(service, deleteReport, { signer: key })
  expect(seen.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
    'POST /v1/challenges',
    'DELETE /v1/report',
    'DELETE /v1/report',
  ])
  expect(seen.slice(1).map(nonceOf)).toEqual([first, second])
})

test('a nonce is used with the key it was issued for and with no other', async () => {
  const [first, second] = [nonce(), nonce()]
  const { service, seen } = playing(
    json({ nonce: first }),
    json({ outcome: 'withdrawn' }, { 'bongsu-challenge': nonce() }),
    json({ nonce: second }),
    withdrawn,
  )
  await call(service, deleteReport, { signer: signer() })
  await call(service, deleteReport, { signer: createSigner(signing('another'), 'reporter', deployment) })
  expect(seen.map(({ url }) => new URL(url).pathname)).toContain('/v1/challenges')
  expect(nonceOf(seen[3] as Seen)).toBe(second)
})

test('a nonce that ran out is replaced by the one in the refusal, once', async () => {
  const [old, fresh] = [nonce(), nonce()]
  const { service, seen } = playing(
    json({ nonce: old }),
    refusal('challenge-invalid', { 'bongsu-challenge': fresh }),
    withdrawn,
  )
  await call(service, deleteReport, { signer: signer() })
  expect(seen.slice(1).map(nonceOf)).toEqual([old, fresh])

  const stubborn = playing(
    json({ nonce: nonce() }),
    refusal('challenge-invalid', { 'bongsu-challenge': nonce() }),
    refusal('challenge-invalid', { 'bongsu-challenge': nonce() }),
  )
  await expect(call(stubborn.service, deleteReport, { signer: signer() })).rejects.toThrow(
    'challenge-invalid',
  )
})

test('the signature verifies over method, path, query and body', async () => {
  const key = signer()
  const { service, seen } = playing(
    json({ nonce: nonce() }),
    () => new Response(new Uint8Array(SLOTS * SLOT_LENGTH)),
  )
  const body = new Uint8Array(MAILBOX_REQUEST_LENGTH).fill(9)
  await call(service, readMailbox, { signer: key, body })
  const sent = seen[1] as Seen
  const digest = contentDigest(createHash('sha256').update(body).digest())
  expect(sent.headers.get('content-digest')).toBe(digest)
  const input = sent.headers.get('signature-input') ?? ''
  const { parameters, signature } = parseSignature(input, sent.headers.get('signature') ?? '')
  const base = signatureBase(
    { method: 'POST', path: '/v1/mailbox', query: '?', contentDigest: digest },
    parameters,
  )
  expect(verifySignature(key.pair.publicKey, base, signature)).toBe(true)
})

test('a lost connection is tried again with the same bytes and another nonce', async () => {
  const nonces = [nonce(), nonce()]
  const { service, seen } = playing(
    json({ nonce: nonces[0] }),
    lost,
    json({ nonce: nonces[1] }),
    () => new Response(new Uint8Array(SLOTS * SLOT_LENGTH)),
  )
  await call(service, readMailbox, { signer: signer(), body: new Uint8Array(MAILBOX_REQUEST_LENGTH).fill(3) })
  expect(seen[1]?.body).toEqual(seen[3]?.body)
  expect([seen[1], seen[3]].map(request => nonceOf(request as Seen))).toEqual(nonces)
})

test('a service that stays away is unreachable after three attempts', async () => {
  const { service, seen } = playing(lost, lost, lost, lost)
  await expect(call(service, health, {})).rejects.toBeInstanceOf(Unreachable)
  expect(seen).toHaveLength(3)
})

test('work is done for the nonce, the key and the body', async () => {
  const key = signer()
  const asked = nonce(8)
  const receipt = json({ receipt: 'note' })
  const { service, seen } = playing(json({ nonce: asked }), receipt)
  const body = {
    header: '',
    commitment: '',
    body: '',
    upload: null,
    wrappedKeys: [],
    logBlind: '',
    recipientsTag: '',
    urgent: false,
    fill: '',
  }
  await call(service, putReport, { signer: key, body })
  const sent = seen[1] as Seen
  const contentHash = createHash('sha256')
    .update(sent.body ?? new Uint8Array())
    .digest()
  const counter = fromBase64url(sent.headers.get('bongsu-work') ?? '')
  expect(isWorkDone({ nonce: asked, statusKey: key.pair.publicKey, contentHash }, counter)).toBe(true)
})

test('absurd work is not begun', async () => {
  const { service } = playing(json({ nonce: nonce(200) }))
  const body = {
    header: '',
    commitment: '',
    body: '',
    upload: null,
    wrappedKeys: [],
    logBlind: '',
    recipientsTag: '',
    urgent: false,
    fill: '',
  }
  await expect(call(service, putReport, { signer: signer(), body })).rejects.toBeInstanceOf(UnexpectedAnswer)
})

test('a refusal is a problem with its name', async () => {
  const { service } = playing(json({ nonce: nonce() }), refusal('not-found'))
  const asked = call(service, getReport, { signer: signer() })
  await expect(asked).rejects.toMatchObject({ name: 'RequestProblem', kind: 'not-found', status: 404 })
})

test('a refusal by something else is a problem without a name', async () => {
  const { service } = playing(() => new Response('<h1>no</h1>', { status: 403 }))
  await expect(call(service, health, {})).rejects.toMatchObject({ kind: 'unrecognised', status: 403 })
})

test('what does not follow the contract is refused', async () => {
  for (const answer of [
    json({ alive: true }),
    () => new Response('{'),
    json({ alive: true, database: true, more: 1 }),
  ]) {
    await expect(call(playing(answer).service, health, {})).rejects.toBeInstanceOf(UnexpectedAnswer)
  }
  const short = playing(json({ nonce: nonce() }), () => new Response(new Uint8Array(12)))
  const body = new Uint8Array(MAILBOX_REQUEST_LENGTH)
  await expect(call(short.service, readMailbox, { signer: signer(), body })).rejects.toBeInstanceOf(
    UnexpectedAnswer,
  )
})

test('an answer without an end is cut off', async () => {
  const endless = new ReadableStream({
    pull: controller => controller.enqueue(new Uint8Array(1024 * 1024)),
  })
  const { service } = playing(() => new Response(endless))
  await expect(call(service, health, {})).rejects.toBeInstanceOf(UnexpectedAnswer)
})

test('too many requests: waits as long as it is told, if that is not long', async () => {
  const soon = playing(
    refusal('too-many-requests', { 'retry-after': '1' }),
    json({ alive: true, database: true }),
  )
  await call(soon.service, health, {})
  expect(soon.seen).toHaveLength(2)
  const later = playing(refusal('too-many-requests', { 'retry-after': '3600' }))
  await expect(call(later.service, health, {})).rejects.toBeInstanceOf(RequestProblem)
})

test('whoever aborts gets their own reason', async () => {
  const stop = new AbortController()
  const { service } = playing(() => {
    stop.abort(new Error('enough'))
    return Promise.reject(new TypeError('aborted'))
  })
  await expect(call(service, health, { signal: stop.signal })).rejects.toThrow('enough')
})

test('only http(s) addresses without a path are services', () => {
  for (const url of ['', 'ftp://a', 'http://a/b', 'http://a?b', 'http://u:p@a', 'file:///etc/passwd']) {
    expect(() => serviceAt(url)).toThrow()
  }
  expect(serviceAt('http://127.0.0.1:4080/').origin).toBe('http://127.0.0.1:4080')
})

test('a call tells what it is at, and that it waits before it tries again', async () => {
  const steps: string[] = []
  const lost = () => Promise.reject(new TypeError('reset'))
  const { service } = playing(
    json({ nonce: nonce() }),
    lost,
    json({ nonce: nonce() }),
    () => new Response(new Uint8Array(SLOT_LENGTH * SLOTS)),
  )
  const body = new Uint8Array(MAILBOX_REQUEST_LENGTH)
  await call(service, readMailbox, { signer: signer(), body, onStep: step => steps.push(step) })
  const once = ['challenge', 'work', 'exchange']
  expect(steps).toEqual([...once, 'waiting', ...once])
})

test('a refusal of HEAD comes without a document, and is known by its status', async () => {
  const headers = { 'content-type': 'application/problem+json' }
  const refusal = (status: number) => () => new Response(null, { status, headers })
  const look = (...answers: (() => Response)[]) => {
    const input = { params: { upload: 'a'.repeat(43) }, fields: {} }
    return call(playing(...answers).service, headUpload, input)
  }
  await expect(look(refusal(404))).rejects.toMatchObject({ kind: 'not-found', status: 404 })
  const found = { 'upload-offset': '0', 'upload-length': '65536', 'upload-expires': 'tomorrow' }
  const { reply } = await look(refusal(503), () => new Response(null, { headers: found }))
  expect(reply).toEqual(found)
})

test('a call ends when its caller says so, in browsers that cannot join signals too', async () => {
  const { any } = AbortSignal
  Reflect.deleteProperty(AbortSignal, 'any')
  try {
    const closing = new AbortController()
    const service = serviceAt('http://127.0.0.1:1', {
      fetch: (_, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
          closing.abort(new Error('left'))
        }),
    })
    await expect(call(service, health, { signal: closing.signal })).rejects.toThrow('left')
  } finally {
    AbortSignal.any = any
  }
})
