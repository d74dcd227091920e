// Every problem that a route lists is provoked here, and leaves the database as it was. A route that lists one
// without a provocation fails the first test.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProblemName } from '../../src/contract/problems.ts'
import { PROBLEMS } from '../../src/contract/problems.ts'
import type { Route } from '../../src/contract/route.ts'
import { ROUTES } from '../../src/contract/routes.ts'
import { SEALED_NOTES_LENGTHS } from '../../src/protocol/device-notes.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { chainStart } from '../../src/protocol/event.ts'
import { SEALED_REPLY_LENGTH } from '../../src/protocol/reply.ts'
import { WRAPPED_KEY_LENGTH } from '../../src/protocol/wrapped-key.ts'
import { DEFAULT_BODY_BYTES, PARTS_PER_REQUEST } from '../../src/server/http/limits.ts'
import type { RunningServer } from '../../src/server/main.ts'
import { nextDirectory, published, putDirectory, putStatement, statementOf } from '../support/authority.ts'
import { freshNonce, tooLittleWork } from '../support/caller.ts'
import {
  deviceListOf,
  deviceOf,
  type EventInput,
  eventBody,
  headIn,
  identityOf,
  keepNotes,
  list,
  newDevice,
  notesOf,
  open,
  publishDevices,
  putDevices,
  record,
  reply,
  type TestDevice,
  team,
  underEpoch,
} from '../support/device.ts'
import { type Good, goodRequests, perform } from '../support/good.ts'
import { type Answer, ask, askRaw, json, parseRaw, problemIn } from '../support/http.ts'
import {
  look,
  newReporter,
  put,
  sealFollowUpFor,
  sealFor,
  submit,
  withdraw,
  write,
} from '../support/reporter.ts'
import { startBeside, startEmpty, type Wire, wireTo } from '../support/servers.ts'
import { caseOf, fingerprint, settled } from '../support/stored.ts'
import { partFields } from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'
import { fileProblems } from './file-problems.ts'

let world: World
let refused: Readonly<Record<'unknown' | 'expired' | 'revoked' | 'scopeless' | 'status', TestDevice>>

beforeAll(async () => {
  world = await createWorld()
  refused = {
    unknown: await newDevice(world, 'police', ['intake', 'cases']),
    expired: await newDevice(world, 'police', ['intake', 'cases'], { validUntil: '2026-01-02' }),
    revoked: await newDevice(world, 'police', ['intake', 'cases']),
    scopeless: await newDevice(world, 'police', []),
    status: await newDevice(world, 'police', ['status']),
  }
  const { unknown, ...listed } = refused
  await publishDevices(world, 'police', {
    version: 2,
    devices: Object.values(listed),
    revoked: [refused.revoked],
  })
})
afterAll(() => world.stop())

type Attempt = () => Promise<Answer>
/** Prepares all that is needed; what it returns asks for the problem and for nothing else. */
type Provocation = () => Promise<Attempt>
type ByProblem = Partial<Record<ProblemName, Provocation>>

const good = (id: string): Promise<Good> => goodRequests(world)[id]?.() ?? Promise.reject(new Error(id))

/** The route's good request with something changed. */
const altered =
  (id: string, change: (request: Good) => Good): Provocation =>
  async () => {
    const request = change(await good(id))
    return () => perform(request)
  }

const withCall = (request: Good, call: Partial<Good['call']>): Good => ({
  ...request,
  call: { ...request.call, ...call },
})

const limitOf = ({ body }: Route) =>
  body?.type === 'bytes' ? body.length : (body?.limit ?? DEFAULT_BODY_BYTES)

/** An answer to HEAD has no body: then its status and media type are all there is. */
function expectProblem({ method }: Route, answer: Answer, name: ProblemName): void {
  // A path names no reporter: what one is refused must not be kept for another.
  expect(answer.headers['cache-control']).toBe('no-store')
  if (method !== 'HEAD' || answer.body.length > 0) {
    expect(problemIn(answer)).toBe(name)
    return
  }
  expect([answer.status, answer.headers['content-type']]).toEqual([
    PROBLEMS[name].status,
    expect.stringMatching(/^application\/problem\+json(; charset=utf-8)?$/),
  ])
}

/** Of a request that cannot be read the service does not know the method: it answers HEAD with a body, too. */
const unreadable = (route: Route, fields: string): Provocation => {
  return async () => {
    const { origin, call } = await good(route.id)
    const head = `${call.method} ${call.path} HTTP/1.1\r\nconnection: close\r\n${fields}\r\n\r\n`
    return async () => parseRaw(await askRaw(origin, head))
  }
}

/** What is provoked alike on each route that lists it. */
const alike = (route: Route): ByProblem => ({
  'signature-invalid': altered(route.id, request =>
    withCall(request, { tag: 'bongsu/v1/reporter/elsewhere' }),
  ),
  'challenge-invalid': altered(route.id, request =>
    withCall(request, { nonce: toBase64url(randomBytes(37)) }),
  ),
  'payload-too-large': altered(route.id, request =>
    withCall(request, { body: Buffer.alloc(limitOf(route) + 1, 0x20) }),
  ),
  'unsupported-media-type': altered(route.id, request => withCall(request, { type: 'text/plain' })),
  'headers-too-large': unreadable(route, `host: a\r\nx-much: ${'x'.repeat(9000)}`),
  'uri-too-long': altered(route.id, request =>
    withCall(request, { path: route.path.replace(/:[a-z]+/g, 'a'.repeat(65)) }),
  ),
  'malformed-request': unreadable(route, 'host: a\r\nhost: b'),
})

const device = (role?: 'intake' | 'investigator') => deviceOf(world, 'police', role)

const byDevice =
  (use: (caller: TestDevice, caseId: string) => Promise<Answer>, who: keyof typeof refused): Provocation =>
  async () => {
    const { reportId } = await submit(world, ['police'])
    const caseId = await caseOf(world, reportId, 'police')
    return () => use(refused[who], caseId)
  }

const anEvent = (caller: TestDevice) =>
  eventBody(world, caller, {
    digest: randomBytes(32),
    head: randomBytes(32),
    index: 0,
    key: newReporter(world).keys.acknowledgementKey,
  })

/** A case of the police’s, and what an event of it begins with. */
async function unopened() {
  const { reportId, sealed, keys } = await submit(world, ['police'])
  const { digest } = sealed
  const event = { digest, head: chainStart(digest, 'police'), index: 0, key: keys.acknowledgementKey }
  return { caseId: await caseOf(world, reportId, 'police'), caller: await device(), event }
}

/** Under an epoch key that nobody has. */
function anOffer(agency: string, event: EventInput): EventInput {
  const offered = [{ index: 0, keyId: randomBytes(16), wrapped: randomBytes(WRAPPED_KEY_LENGTH) }]
  const wrong = { kind: 'hand-over-proposed', subject: agency } as const
  return { ...event, offered, particulars: randomBytes(552), wrong }
}

const aMailbox = () => toBase64url(randomBytes(32))
const aReply = () => randomBytes(SEALED_REPLY_LENGTH)
const someNotes = () => randomBytes(Math.min(...SEALED_NOTES_LENGTHS))

const epochUnknown = <T extends { wrappedKeys: { keyId: string }[] }>(body: T): T => ({
  ...body,
  wrappedKeys: body.wrappedKeys.map(key => ({ ...key, keyId: toBase64url(randomBytes(16)) })),
})

/** A report that is in, and a follow-up to it that has not been sent. */
async function withFollowUp(index = 1) {
  const reporter = await submit(world, ['police'])
  const heads = [{ agencyId: 'police', head: chainStart(reporter.sealed.digest, 'police') }]
  const next = (at: number) => sealFollowUpFor(world, reporter, at, heads)
  return { reporter, heads, next, sealed: await next(index) }
}

const FILES = fileProblems({ world: () => world, good, refused: () => refused })

const OWN: Readonly<Record<string, ByProblem>> = {
  getDirectory: {
    'not-found': async () => {
      const empty = await startEmpty(world)
      return async () => {
        const answer = await ask(empty.server.reporterUrl, { path: '/v1/directory' })
        await empty.stop()
        return answer
      }
    },
  },
  putReport: {
    'work-required': async () => {
      const { caller, ...reporter } = newReporter(world)
      const { body } = await sealFor(world, { caller, ...reporter }, ['police'])
      const nonce = await freshNonce(world.reporterUrl)
      return () => put(caller, body, { nonce, work: tooLittleWork(caller, nonce, json(body)) })
    },
    'report-conflict': async () => {
      const reporter = await submit(world, ['police'])
      const other = await sealFor(world, reporter, ['police'], 'another text')
      return () => put(reporter.caller, other.body)
    },
    'report-withdrawn': async () => {
      const reporter = await submit(world, ['police'])
      await withdraw(reporter.caller)
      return () => put(reporter.caller, reporter.sealed.body)
    },
    'envelope-invalid': async () => {
      const reporter = newReporter(world)
      const foreign = await sealFor(world, newReporter(world), ['police'])
      return () => put(reporter.caller, foreign.body)
    },
    'recipient-refused': async () => {
      const reporter = newReporter(world)
      const { body } = await sealFor(world, reporter, ['police'])
      return () => put(reporter.caller, epochUnknown(body))
    },
  },
  getReport: { 'not-found': async () => () => look(newReporter(world).caller) },
  deleteReport: { 'not-found': async () => () => withdraw(newReporter(world).caller) },
  postFollowUp: {
    'work-required': async () => {
      const { reporter, next } = await withFollowUp()
      for (let index = 1; index <= 8; index++) await write(reporter.caller, (await next(index)).body)
      const ninth = await next(9)
      return () => write(reporter.caller, ninth.body, { work: null })
    },
    'not-found': async () => {
      const { sealed } = await withFollowUp()
      const nobody = newReporter(world)
      const own = await sealFollowUpFor(world, nobody, 1, [{ agencyId: 'police', head: sealed.digest }])
      return () => write(nobody.caller, own.body)
    },
    'report-withdrawn': async () => {
      const { reporter, sealed } = await withFollowUp()
      await withdraw(reporter.caller)
      return () => write(reporter.caller, sealed.body)
    },
    'assignment-changed': async () => {
      const { reporter } = await withFollowUp()
      const stale = [{ agencyId: 'police', head: randomBytes(32) }]
      const sealed = await sealFollowUpFor(world, reporter, 1, stale)
      return () => write(reporter.caller, sealed.body)
    },
    'message-conflict': async () => {
      const { reporter, sealed } = await withFollowUp(2)
      return () => write(reporter.caller, sealed.body)
    },
    'envelope-invalid': async () => {
      const { reporter } = await withFollowUp()
      const { sealed: foreign } = await withFollowUp()
      return () => write(reporter.caller, foreign.body)
    },
    'recipient-refused': async () => {
      const { reporter, sealed } = await withFollowUp()
      return () => write(reporter.caller, epochUnknown(sealed.body))
    },
  },
  putDirectory: {
    'document-refused': async () => {
      const { roots } = await published(world.reporterUrl)
      const forged = await nextDirectory(world, {}, { signer: await identityOf(world, 'police') })
      return () => putDirectory(world.agencyUrl, roots, forged)
    },
    'document-stale': async () => {
      const { roots } = await published(world.reporterUrl)
      const older = await nextDirectory(world, { version: 1, routes: [] })
      return () => putDirectory(world.agencyUrl, roots, older)
    },
  },
  putStatement: {
    'not-found': async () => {
      const statement = await statementOf(world, 'police', 2)
      return () => putStatement(world.agencyUrl, 'nobody', statement)
    },
    'document-refused': async () => {
      const forged = await statementOf(world, 'police', 9, [], await identityOf(world, 'nis'))
      return () => putStatement(world.agencyUrl, 'police', forged)
    },
    'document-stale': async () => {
      const older = await statementOf(world, 'police', 1)
      return () => putStatement(world.agencyUrl, 'police', older)
    },
  },
  putDevices: {
    'not-found': async () => {
      const devices = await deviceListOf(world, 'police', { version: 9, devices: [] })
      return () => putDevices(world.agencyUrl, 'nobody', devices)
    },
    'document-refused': async () => {
      const forged = await deviceListOf(world, 'nis', { version: 9, devices: [] })
      return () => putDevices(world.agencyUrl, 'police', forged)
    },
    'document-stale': async () => {
      const older = await deviceListOf(world, 'police', { version: 1, devices: [] })
      return () => putDevices(world.agencyUrl, 'police', older)
    },
  },
  getDevices: {
    'device-refused': async () => () => team(refused.expired, 'police'),
    'not-found': async () => async () => team(await device(), 'nis'),
  },
  listCases: {
    'device-refused': async () => () => list(refused.unknown),
    'scope-missing': async () => () => list(refused.scopeless),
  },
  getCase: {
    'device-refused': byDevice(open, 'revoked'),
    'scope-missing': byDevice(open, 'status'),
    'not-found': async () => async () => open(await device(), toBase64url(randomBytes(16))),
  },
  postEvent: {
    'device-refused': byDevice((caller, id) => record(caller, id, anEvent(caller)), 'unknown'),
    'scope-missing': byDevice((caller, id) => record(caller, id, anEvent(caller)), 'status'),
    'not-found': async () => async () => {
      const caller = await device()
      return record(caller, toBase64url(randomBytes(16)), anEvent(caller))
    },
    'chain-moved': async () => {
      const { reportId, sealed } = await submit(world, ['police'])
      const [caller, caseId] = [await device(), await caseOf(world, reportId, 'police')]
      const { acknowledgementKey: key } = newReporter(world).keys
      const event = { digest: sealed.digest, head: chainStart(sealed.digest, 'police'), index: 1, key }
      return () => record(caller, caseId, eventBody(world, caller, event))
    },
    'action-refused': async () => {
      const { caseId, caller, event } = await unopened()
      const wrong = { kind: 'assessment-started' } as const
      return () => record(caller, caseId, eventBody(world, caller, { ...event, wrong }))
    },
    'recipient-refused': async () => {
      const { caseId, caller, event } = await unopened()
      const first = await record(caller, caseId, eventBody(world, caller, event))
      const started = { ...event, head: headIn(first), index: 1 }
      const wrong = { kind: 'assessment-started' } as const
      const second = await record(caller, caseId, eventBody(world, caller, { ...started, wrong }))
      const lead = await device('investigator')
      const offer = anOffer('nis', { ...event, head: headIn(second), index: 2 })
      return () => record(lead, caseId, eventBody(world, lead, offer))
    },
    'event-invalid': async () => {
      const { reportId } = await submit(world, ['police'])
      const [caller, caseId] = [await device(), await caseOf(world, reportId, 'police')]
      return () => record(caller, caseId, anEvent(caller))
    },
  },
  listEpochCases: {
    'device-refused': async () => () => underEpoch(refused.revoked, randomBytes(16)),
    'scope-missing': async () => async () => underEpoch(await device('investigator'), randomBytes(16)),
  },
  postReply: {
    'device-refused': async () => () => reply(refused.revoked, aMailbox(), aReply()),
    'scope-missing': async () => () => reply(refused.status, aMailbox(), aReply()),
    'quota-exceeded': async () => {
      const [caller, mailbox] = [await device(), aMailbox()]
      for (let i = 0; i < 50; i++) await reply(caller, mailbox, aReply())
      return () => reply(caller, mailbox, aReply())
    },
  },
  getNotes: {
    'device-refused': async () => () => notesOf(refused.expired),
    'scope-missing': async () => () => notesOf(refused.status),
  },
  putNotes: {
    'device-refused': async () => () => keepNotes(refused.unknown, 1, someNotes()),
    'scope-missing': async () => () => keepNotes(refused.scopeless, 1, someNotes()),
    'notes-moved': async () => async () => keepNotes(await device('investigator'), 2, someNotes()),
  },
}

/** Their nonce is used up with the attempt: that there is a report is only known once it was looked for. */
const BURNING = new Set(['putReport report-conflict', 'putReport report-withdrawn'])

const isSigned = ({ access }: Route) => access === 'reporter' || access === 'device'

function problemsOf(route: Route): ProblemName[] {
  const signed: ProblemName[] = isSigned(route) ? ['signature-invalid', 'challenge-invalid'] : []
  const long: ProblemName[] = route.params ? ['uri-too-long'] : []
  return [...signed, ...route.problems, ...long, 'malformed-request', 'headers-too-large']
}

const provocationOf = (route: Route, problem: ProblemName) =>
  OWN[route.id]?.[problem] ?? FILES[route.id]?.[problem] ?? alike(route)[problem]

const CASES = ROUTES.flatMap(route => problemsOf(route).map(problem => ({ route, id: route.id, problem })))

test('every problem that a route lists has a provocation', () => {
  const missing = CASES.filter(({ route, problem }) => !provocationOf(route, problem))
  expect(missing.map(({ id, problem }) => `${id} ${problem}`)).toEqual([])
})

test('every problem of the contract is provoked somewhere, but for slow and unforeseen ones', () => {
  const provoked = new Set<string>([...CASES.map(entry => entry.problem), 'too-many-requests', 'unavailable'])
  const rest = Object.keys(PROBLEMS).filter(name => !provoked.has(name))
  expect(rest).toEqual(['request-timeout', 'internal-error'])
})

const nameOf = (id: string, problem: ProblemName) => `${id} ${problem}`

/** All at once, since each may have to wait for the beat. */
async function prepared<T>(names: readonly string[], prepare: (name: string) => Promise<T>) {
  const entries = await Promise.all(names.map(async name => [name, await prepare(name)] as const))
  await settled(world)
  const all = new Map(entries)
  return (name: string): T => {
    const found = all.get(name)
    if (found === undefined) throw new Error(`${name} was not prepared`)
    return found
  }
}

describe('a refusal is the problem that the contract says, and changes nothing', () => {
  let attempts: (name: string) => Attempt
  beforeAll(async () => {
    const byName = new Map(CASES.map(entry => [nameOf(entry.id, entry.problem), entry]))
    attempts = await prepared([...byName.keys()], async name => {
      const { route, problem } = byName.get(name) ?? {}
      const provocation = route && problem && provocationOf(route, problem)
      return provocation?.().catch(error => () => Promise.reject(error)) ?? (() => Promise.reject(name))
    })
  })

  test.each(CASES)('$id: $problem', async ({ route, id, problem }) => {
    const name = nameOf(id, problem)
    const except = BURNING.has(name) ? ['spent_nonces'] : []
    const before = await fingerprint(world, except)
    expectProblem(route, await attempts(name)(), problem)
    expect(await fingerprint(world, except)).toEqual(before)
  })
})

describe('a flood from one address is refused', () => {
  const routes = ROUTES.filter(route => route.listeners.includes('reporter'))
  let limited: RunningServer
  let requests: (id: string) => Good
  beforeAll(async () => {
    requests = await prepared(
      routes.map(route => route.id),
      good,
    )
    limited = await startBeside(world, { BONGSU_RATE_LIMIT: '40' })
    for (let i = 0; i < 40; i++) await ask(limited.reporterUrl, { path: '/v1/health' })
    const path = `/v1/uploads/${toBase64url(randomBytes(32))}`
    for (let i = 0; i < 40 * PARTS_PER_REQUEST; i++)
      await ask(limited.reporterUrl, { method: 'PATCH', path, headers: partFields(0) })
  })
  afterAll(() => limited.stop())

  test.each(routes)('$id', async route => {
    const { id } = route
    const { method, path, body, type } = requests(id).call
    const before = await fingerprint(world)
    const headers = body ? { 'content-type': type ?? 'application/json' } : {}
    const answer = await ask(limited.reporterUrl, { method, path, headers, body: body ?? null })
    expectProblem(route, answer, 'too-many-requests')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect(Object.keys(answer.headers).filter(name => name.includes('ratelimit'))).toEqual([])
    expect(await fingerprint(world)).toEqual(before)
  })
})

describe('without its database the service says so', () => {
  const WITHOUT = new Set(['health', 'getDirectory', 'createChallenge'])
  let wire: Wire
  let cutOff: RunningServer
  let requests: (id: string) => Good
  beforeAll(async () => {
    requests = await prepared(
      ROUTES.map(route => route.id),
      good,
    )
    wire = await wireTo(world.databaseUrl)
    cutOff = await startBeside(world, { DATABASE_URL: wire.url })
    await ask(cutOff.reporterUrl, { path: '/v1/directory' })
    wire.cut()
  })
  afterAll(async () => {
    wire.mend()
    await cutOff.stop()
    await wire.close()
  })

  test.each(ROUTES)('$id', async route => {
    const { id, listeners } = route
    const before = await fingerprint(world)
    const origin = listeners[0] === 'agency' ? cutOff.agencyUrl : cutOff.reporterUrl
    const answer = await perform({ ...requests(id), origin })
    if (WITHOUT.has(id)) {
      expect(answer.status).toBe(200)
    } else {
      expectProblem(route, answer, 'unavailable')
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    }
    expect(await fingerprint(world)).toEqual(before)
  })

  test('health says that the service lives and its database does not answer', async () => {
    const answer = await ask(cutOff.reporterUrl, { path: '/v1/health' })
    expect(JSON.parse(answer.body.toString())).toEqual({ alive: true, database: false })
  })
})
