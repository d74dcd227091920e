import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createSigner,
  deviceOf,
  fetchTrust,
  prepareReport,
  publishDevices,
  reporterOf,
  type Signer,
  serviceAt,
  submitReport,
  type Trust,
} from '../../src/client/index.ts'
import { getCase, listCases, postEvent } from '../../src/contract/casework.ts'
import { getDevices } from '../../src/contract/directory.ts'
import { postReply, readMailbox } from '../../src/contract/mailbox.ts'
import { getReport } from '../../src/contract/report.ts'
import type { Route } from '../../src/contract/route.ts'
import { activeDevices, verifyDeviceList } from '../../src/protocol/agency-documents.ts'
import { buildCertificate, buildDeviceList } from '../../src/protocol/authority.ts'
import {
  deriveSealingPair,
  deriveSigningPair,
  randomBytes,
  type SigningPair,
  sealingSeed,
  signingSeed,
} from '../../src/protocol/crypto.ts'
import { addDays, dayOf } from '../../src/protocol/day.ts'
import { concat, toBase64url } from '../../src/protocol/encoding.ts'
import { deviceWrapsHash, documentHash, signEvent } from '../../src/protocol/event.ts'
import { signerOf } from '../../src/protocol/key-file.ts'
import { MESSAGE_ID_LENGTH, messageIdOf, SEALED_REPLY_LENGTH, SLOT_LENGTH } from '../../src/protocol/reply.ts'
import { mailboxIdOf } from '../../src/protocol/reporter-keys.ts'
import { openSession, type Session } from '../../src/server/database.ts'
import { openKeyStore } from '../../src/server/demonstration/key-store.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/server/embedded-postgres.ts'
import { ask } from '../support/http.ts'
import { askNonce, signedRequest } from '../support/request.ts'
import {
  dataFolder,
  deviceKeyIn,
  foundDeployment,
  type Listening,
  onExternal,
  remove,
  type ServiceProcess,
  spawnService,
  until,
} from '../support/service.ts'
import { LOUD_LOG, statementsOf } from './statement-log.ts'

let folder = ''
let postgres: EmbeddedPostgres
let session: Session
let service: ServiceProcess
let listening: Listening
let trust: Trust

beforeAll(async () => {
  folder = await dataFolder()
  await foundDeployment(folder)
  postgres = await startEmbeddedPostgres({ dataFolder: folder, settings: LOUD_LOG })
  session = await openSession(postgres.connectionString)
  service = spawnService(onExternal(folder, postgres.connectionString))
  listening = await service.running
  trust = await fetchTrust(serviceAt(listening.reporterUrl), { now: Date.now() })
})

afterAll(async () => {
  await service?.stop()
  await session?.close()
  await postgres?.stop()
  await remove(folder)
})

/** What anybody on the wire, and whoever reads PostgreSQL's log, sees of one exchange. */
async function observe(
  route: Route,
  signer: Signer,
  input: { params?: Record<string, string>; body?: unknown } = {},
) {
  const origin = route.listeners[0] === 'reporter' ? listening.reporterUrl : listening.agencyUrl
  const request = await signedRequest(route, signer, await askNonce(origin), input)
  const { answer, statements } = await statementsOf(session, folder, () => ask(origin, request))
  const { date, 'bongsu-challenge': challenge = '', ...fields } = answer.headers
  const isPlain = fields['content-type'] !== 'application/octet-stream'
  return {
    body: answer.body,
    seen: {
      status: answer.status,
      // In the order in which they came.
      names: Object.keys(answer.headers),
      fields,
      challenge: challenge.length,
      date: date?.length,
      length: answer.body.length,
      text: isPlain ? answer.body.toString() : null,
      statements,
    },
  }
}

const newReporter = async (submit: boolean) => {
  const content = { version: 1, language: 'ko', what: '전지' } as const
  const prepared = await prepareReport(trust, { content, agencies: ['nis'] })
  const reporters = serviceAt(listening.reporterUrl)
  if (submit) await submitReport(reporters, trust, prepared)
  return reporterOf(reporters, trust, prepared.code)
}

async function postReplies(mailboxKey: Uint8Array, count: number): Promise<Uint8Array[]> {
  const key = await deviceKeyIn(folder, 'police', 'intake')
  const { signer } = deviceOf(serviceAt(listening.agencyUrl), trust, key)
  const ids: Uint8Array[] = []
  for (let i = 0; i < count; i++) {
    const sealed = randomBytes(SEALED_REPLY_LENGTH)
    const params = { mailbox: toBase64url(mailboxIdOf(mailboxKey)) }
    const { seen } = await observe(postReply, signer, { params, body: { sealed: toBase64url(sealed) } })
    expect(seen.status).toBe(202)
    ids.push(messageIdOf(sealed))
  }
  return ids
}

const START = new Uint8Array(MESSAGE_ID_LENGTH)
const slotIds = (body: Uint8Array) =>
  Array.from({ length: 4 }, (_, i) =>
    toBase64url(body.slice(i * SLOT_LENGTH, i * SLOT_LENGTH + MESSAGE_ID_LENGTH)),
  )

test('an unknown mailbox, an empty one and one with replies are alike on the wire and in PostgreSQL', async () => {
  const unknown = await newReporter(false)
  const empty = await newReporter(true)
  const one = await newReporter(true)
  const many = await newReporter(true)
  const emptied = await newReporter(false)
  const [only] = await postReplies(one.keys.mailbox.publicKey, 1)
  await postReplies(many.keys.mailbox.publicKey, 6)
  const ids = await postReplies(emptied.keys.mailbox.publicKey, 4)

  const ask = async (signer: Signer, remove: readonly Uint8Array[] = []) => {
    const chance = randomBytes(MESSAGE_ID_LENGTH * (4 - remove.length))
    return observe(readMailbox, signer, { body: concat(START, ...remove, chance) })
  }
  // Each connection of the pool has prepared its statements by then.
  const expected = (await ask(unknown.mailbox)).seen
  expect(expected.status).toBe(200)
  expect(expected.length).toBe(4 * SLOT_LENGTH)
  expect(expected.statements.join()).toContain('execute read-mailboxes-1:')
  for (let round = 0; round < 3; round++) {
    for (const reporter of [unknown, empty, one, many]) {
      expect((await ask(reporter.mailbox)).seen).toEqual(expected)
    }
  }
  expect((await ask(emptied.mailbox, ids)).seen).toEqual(expected)
  expect((await ask(emptied.mailbox)).seen).toEqual(expected)
  expect((await ask(unknown.mailbox, ids)).seen).toEqual(expected)

  const { body } = await ask(one.mailbox)
  expect(slotIds(body)).toContain(toBase64url(only ?? START))
})

test('a status key that submitted nothing gets one answer, whatever key it is', async () => {
  const unknown = await newReporter(false)
  const submitted = await newReporter(true)
  const expected = (await observe(getReport, unknown.status)).seen
  expect(expected.status).toBe(404)
  expect((await observe(getReport, submitted.mailbox)).seen).toEqual(expected)
  expect((await observe(getReport, (await newReporter(false)).status)).seen).toEqual(expected)
})

async function publishRefused(): Promise<Record<string, SigningPair>> {
  const store = await openKeyStore(`${folder}/demo`)
  const identity = await signerOf(await store.authorityKey('nis-identity', 'identity'))
  const today = dayOf(Date.now())
  const certify = (pair: SigningPair, validFrom: string, validUntil: string) =>
    buildCertificate(
      {
        agencyId: 'nis',
        signingKey: pair.publicKey,
        sealingKey: deriveSealingPair(sealingSeed(randomBytes(32))).publicKey,
        role: 'investigator',
        scopes: ['cases'],
        validFrom,
        validUntil,
      },
      trust.deploymentId,
      identity,
    )
  const pair = () => deriveSigningPair(signingSeed(randomBytes(32)))
  const pairs = { unknown: pair(), expired: pair(), early: pair(), revoked: pair() }
  const revoked = certify(pairs.revoked, '2026-01-01', '2099-12-31')
  const certificates = [
    (await deviceKeyIn(folder, 'nis', 'intake')).certificate,
    (await deviceKeyIn(folder, 'nis', 'investigator')).certificate,
    certify(pairs.expired, '2026-01-01', addDays(today, -1)),
    certify(pairs.early, addDays(today, 1), '2099-12-31'),
    revoked,
  ]
  const draft = { agencyId: 'nis', version: 2, certificates, revoked: [] }
  const agency = trust.directory.agencies.find(({ id }) => id === 'nis')
  if (!agency) throw new Error('no agency')
  const list = verifyDeviceList(
    buildDeviceList(draft, trust.deploymentId, identity),
    agency,
    trust.deploymentId,
  )
  const id = activeDevices(list, today).find(device =>
    Buffer.from(device.signingKey).equals(pairs.revoked.publicKey),
  )
  const note = buildDeviceList({ ...draft, revoked: [id?.deviceId ?? START] }, trust.deploymentId, identity)
  await publishDevices(serviceAt(listening.agencyUrl), 'nis', note)
  return pairs
}

test('every refused device gets one answer, by the same statements', async () => {
  const pairs = await publishRefused()
  const caseId = toBase64url(randomBytes(16))
  const calls: [Route, Parameters<typeof observe>[2]][] = [
    [listCases, {}],
    [getCase, { params: { case: caseId } }],
    [getDevices, { params: { agency: 'nis' } }],
    [
      postReply,
      {
        params: { mailbox: toBase64url(randomBytes(32)) },
        body: { sealed: toBase64url(randomBytes(SEALED_REPLY_LENGTH)) },
      },
    ],
  ]
  for (const [route, input] of calls) {
    const answers = []
    for (const pair of Object.values(pairs)) {
      answers.push((await observe(route, createSigner(pair, 'agency', trust.deploymentId), input)).seen)
    }
    expect(answers[0]?.text).toContain('/problems/device-refused')
    expect(answers[0]?.statements).toHaveLength(1)
    for (const answer of answers) expect(answer).toEqual(answers[0])
  }
})

/** Another agency's, nobody's, and one that has no place in the feed yet. */
async function casesNotForNis(): Promise<string[]> {
  const content = { version: 1, language: 'ko', what: '전지' } as const
  for (const agencies of [['police'], ['nis']]) {
    const prepared = await prepareReport(trust, { content, agencies })
    await submitReport(serviceAt(listening.reporterUrl), trust, prepared)
  }
  const newest = async (agency: string) => {
    const text = `select case_id from assignments where agency_id = '${agency}' order by position desc limit 1`
    return (await session.query(text))[0]?.case_id as Uint8Array
  }
  const isAtRest = async () => (await session.query('select 1 from assignments where changed')).length === 0
  await until(isAtRest)
  const [foreign, early] = [await newest('police'), await newest('nis')]
  await session.query('update assignments set position = null where case_id = $1', [early])
  return [foreign, early, randomBytes(16), randomBytes(16)].map(toBase64url)
}

test('another agency’s case, one that is not in the feed and one that does not exist get one answer', async () => {
  const cases = await casesNotForNis()
  const key = await deviceKeyIn(folder, 'nis', 'intake')
  const { signer, certified } = deviceOf(serviceAt(listening.agencyUrl), trust, key)
  const content = {
    digest: randomBytes(32),
    agencyId: 'nis',
    previous: randomBytes(32),
    index: 0,
    kind: 'unopenable' as const,
    day: dayOf(Date.now()),
    certificateHash: documentHash(certified.certificate),
    wrapsHash: deviceWrapsHash([]),
  }
  const { core, tag, signature } = signEvent(content, null, signer.pair)
  const event = {
    core: toBase64url(core),
    tag: toBase64url(tag),
    signature: toBase64url(signature),
    certificate: certified.certificate,
    deviceKeys: [],
  }
  for (const [route, body] of [[getCase], [postEvent, event]] as const) {
    const answers = []
    for (const id of cases) answers.push((await observe(route, signer, { params: { case: id }, body })).seen)
    expect(answers[0]?.text).toContain('/problems/not-found')
    expect(answers[0]?.statements.length).toBeGreaterThan(2)
    for (const answer of answers) expect(answer).toEqual(answers[0])
  }
})

test('another agency’s device list and that of no agency get one answer', async () => {
  const key = await deviceKeyIn(folder, 'nis', 'intake')
  const { signer } = deviceOf(serviceAt(listening.agencyUrl), trust, key)
  const foreign = (await observe(getDevices, signer, { params: { agency: 'police' } })).seen
  const missing = (await observe(getDevices, signer, { params: { agency: 'nobody' } })).seen
  expect(foreign.status).toBe(404)
  expect(missing).toEqual(foreign)
})

test('the statement log shows what a request wrote, by sort and length', async () => {
  const reporter = await newReporter(false)
  const { seen } = await observe(readMailbox, reporter.mailbox, { body: randomBytes(80) })
  expect(seen.statements.join()).toContain('$1 = bytea(112)')
})
