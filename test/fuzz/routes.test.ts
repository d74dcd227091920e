// Every route of a running service, signed where it must be: whatever is asked, the answer is the route's own or a
// problem document below 500, and the service goes on.
import { createHash } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { problemDocument } from '../../src/contract/problems.ts'
import { CHALLENGE_FIELD, type Route } from '../../src/contract/route.ts'
import { ROUTES } from '../../src/contract/routes.ts'
import { deriveSigningPair, type SigningPair, signingSeed } from '../../src/protocol/crypto.ts'
import { contentDigest, signatureTag, signRequest } from '../../src/protocol/request-signature.ts'
import { rounds } from '../support/rounds.ts'
import { lastOf, newUpload, ofMib, SMALL } from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let device: SigningPair
const reporter = () => deriveSigningPair(signingSeed(new Uint8Array(32).fill(1)))
const agent = new Agent({ keepAlive: true, maxSockets: 4 })
const nonces: Record<string, string> = {}

beforeAll(async () => {
  world = await createWorld({ workBits: 0 })
  device = deriveSigningPair((await world.deviceKey('nis')).signingSeed)
})
afterAll(async () => {
  agent.destroy()
  await world.stop()
})

interface Answer {
  readonly status: number
  readonly type: string
  readonly challenge: string | undefined
  readonly body: string
}

function send(
  origin: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: Buffer | null,
) {
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = httpRequest(
      `${origin}${path}`,
      { method, headers, agent, timeout: 20_000 },
      incoming => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () => {
          const { 'content-type': type = '', [CHALLENGE_FIELD]: challenge } = incoming.headers
          const text = Buffer.concat(chunks).toString()
          resolve({ status: incoming.statusCode ?? 0, type, challenge: challenge?.toString(), body: text })
        })
      },
    )
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')))
    outgoing.on('error', reject)
    outgoing.end(body ?? undefined)
  })
}

type Fields = Readonly<Record<string, string>>

interface Asked {
  readonly path: string
  readonly body: Buffer | null
  readonly type: string
  readonly fields: Fields
}

const isSigned = ({ access }: Route) => access === 'reporter' || access === 'device'

async function ask(route: Route, { path, body, type, fields }: Asked): Promise<Answer> {
  const listener = route.access === 'device' || !route.listeners.includes('reporter') ? 'agency' : 'reporter'
  const origin = listener === 'agency' ? world.agencyUrl : world.reporterUrl
  const headers: Record<string, string> = body
    ? { ...fields, 'content-type': type, 'content-length': String(body.length) }
    : { ...fields }
  if (isSigned(route)) {
    const pair = route.access === 'device' ? device : reporter()
    const digest = body ? contentDigest(createHash('sha256').update(body).digest()) : undefined
    if (digest) headers['content-digest'] = digest
    const [bare = path, query] = path.split('?', 2)
    const target = { method: route.method, path: bare, query: `?${query ?? ''}`, contentDigest: digest }
    const nonce = nonces[listener] ?? (await fresh(origin))
    const tag = signatureTag(listener, world.deploymentId)
    Object.assign(headers, signRequest(target, { pair, nonce, tag }))
  }
  const answer = await send(origin, route.method, path, headers, body)
  if (answer.challenge) nonces[listener] = answer.challenge
  return answer
}

async function fresh(origin: string): Promise<string> {
  const { body } = await send(origin, 'POST', '/v1/challenges', {}, null)
  return (JSON.parse(body) as { nonce: string }).nonce
}

interface Shape {
  readonly type?: string
  readonly pattern?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Shape[]
  readonly items?: Shape
  readonly properties?: Readonly<Record<string, Shape>>
}

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    'a\u0000b',
    '9'.repeat(400),
    '-1',
    '1e400',
    '__proto__',
    '../..',
    '%00',
    "';--",
  ),
)

/** A value that fits the schema, except where chance says otherwise: so that each depth of a service is reached. */
function near(shape: Shape): fc.Arbitrary<unknown> {
  const fitting = (): fc.Arbitrary<unknown> => {
    if (shape.const !== undefined) return fc.constant(shape.const)
    if (shape.enum) return fc.constantFrom(...shape.enum)
    if (shape.anyOf) return near(shape.anyOf[0] ?? {})
    if (shape.items) return fc.array(near(shape.items), { maxLength: 5 })
    if (shape.properties) {
      return fc.record(
        Object.fromEntries(Object.entries(shape.properties).map(([name, inner]) => [name, near(inner)])),
      )
    }
    if (shape.pattern) return fc.stringMatching(new RegExp(shape.pattern))
    if (shape.type === 'boolean') return fc.boolean()
    if (shape.type === 'integer') return fc.integer()
    return hostileText
  }
  const wrong = fc.oneof(hostileText, fc.jsonValue(), fc.constantFrom(null, 1e308, -0, [], {}, true))
  return fc.oneof({ weight: 12, arbitrary: fitting() }, { weight: 1, arbitrary: wrong })
}

const schemaOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape

function bodies(route: Route): fc.Arbitrary<Buffer | null> {
  const chance = fc.uint8Array({ maxLength: 2000 }).map(part => Buffer.from(part))
  if (!route.body)
    return fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: chance })
  if (route.body.type === 'bytes') {
    const exact = fc.uint8Array({ minLength: route.body.length, maxLength: route.body.length })
    return fc.oneof(
      exact.map(part => Buffer.from(part)),
      chance,
    )
  }
  if (route.body.type === 'part') return fc.oneof(chance, fc.constant(Buffer.alloc(SMALL)))
  const json = near(schemaOf(route.body.schema)).map(value => Buffer.from(JSON.stringify(value) ?? ''))
  const cut = fc.tuple(json, fc.nat()).map(([whole, at]) => whole.subarray(0, at % (whole.length + 1)))
  const deep = fc.constant(Buffer.from('['.repeat(5000)))
  const twice = json.map(whole => Buffer.from(whole.toString().replace(/^\{/, '{"header":1,')))
  return fc.oneof(
    { weight: 8, arbitrary: json },
    { weight: 1, arbitrary: cut },
    { weight: 1, arbitrary: chance },
    { weight: 1, arbitrary: deep },
    { weight: 1, arbitrary: twice },
  )
}

const TYPES = {
  json: 'application/json',
  bytes: 'application/octet-stream',
  part: 'application/offset+octet-stream',
} as const

// Lone surrogates have no percent-encoding; what HTTP cannot carry is no request.
const encode = (text: string) => encodeURIComponent(text.toWellFormed()).slice(0, 400)

// What a header field can carry and an honest client would never send.
const fieldText = fc.oneof(
  hostileText.map(encode),
  fc.constantFrom(
    '0',
    '-0',
    '1e3',
    '9007199254740993',
    'sha256 ',
    'bytes=0-',
    'bytes=-1',
    'bytes=5-2',
    '1.0.1',
  ),
)

/** The fields that the route takes, most of them as they should be. */
function fieldsOf(route: Route): fc.Arbitrary<Fields> {
  if (!route.fields) return fc.constant({})
  const { properties = {} } = schemaOf(route.fields)
  const entries = Object.entries(properties).map(([name, { pattern }]) => {
    const usual = USUAL_FIELDS[name] ?? []
    const fitting = [
      ...usual.map(value => fc.constant(value)),
      ...(pattern === undefined ? [] : [fc.stringMatching(new RegExp(pattern))]),
    ]
    const value = fc.oneof(
      { weight: 1, arbitrary: fieldText },
      ...fitting.map(arbitrary => ({ weight: 6, arbitrary })),
    )
    return [name, value] as const
  })
  return fc.record(Object.fromEntries(entries), { requiredKeys: [] }) as fc.Arbitrary<Fields>
}

const USUAL_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'tus-resumable': ['1.0.0'],
  'upload-offset': ['0'],
  'upload-length': [String(SMALL), String(ofMib(1.5))],
}

function paths(route: Route, upload: string): fc.Arbitrary<string> {
  const text = fc.oneof(
    hostileText.map(encode),
    fc.stringMatching(/^[A-Za-z0-9_-]{21}[AQgw]$/),
    fc.constantFrom('nis', 'police', upload, upload),
  )
  const query = fc.constantFrom(
    '',
    '',
    '?after=0',
    '?after=-1',
    '?after=9999999999999999',
    '?wait=x',
    '?from=1e3',
    '?a=b',
    '?%00',
  )
  return fc.tuple(text, query).map(([value, suffix]) => route.path.replace(/:\w+/, value || '-') + suffix)
}

const types = fc.constantFrom(
  'application/json',
  'application/octet-stream',
  'text/plain',
  'application/json; charset=utf-16',
  '',
)

for (const route of ROUTES) {
  test(`${route.method} ${route.path} answers whatever it is asked, and goes on`, async () => {
    const usual = fc.constant(TYPES[route.body?.type ?? 'json'])
    const type = fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: types })
    const upload = lastOf(await newUpload(world))
    const asked = fc.record({
      path: paths(route, upload),
      body: bodies(route),
      type,
      fields: fieldsOf(route),
    })
    await fc.assert(
      fc.asyncProperty(asked, async request => {
        const answer = await ask(route, request)
        // That there is no room is no failure.
        if (answer.status !== 507) expect(answer.status).toBeLessThan(500)
        if (answer.status < 400) return
        expect(answer.type).toMatch(/^application\/problem\+json/)
        if (route.method === 'HEAD') expect(answer.body).toBe('')
        else expect(problemDocument.parse(JSON.parse(answer.body)).status).toBe(answer.status)
      }),
      { numRuns: rounds(40, 3000) },
    )
    const health = await send(world.reporterUrl, 'GET', '/v1/health', {}, null)
    expect(JSON.parse(health.body)).toEqual({ alive: true, database: true })
  })
}
