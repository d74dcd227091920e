import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  type Device,
  deleteReplies,
  deviceOf,
  fetchTrust,
  openCase,
  prepareReport,
  publishStatement,
  readCase,
  readCases,
  readReplies,
  readStatus,
  reporterOf,
  type Service,
  serviceAt,
  submitReport,
  type Trust,
} from '../../src/client/index.ts'
import { postReply, readMailbox } from '../../src/contract/mailbox.ts'
import { deleteReport, putReport } from '../../src/contract/report.ts'
import { buildStatement } from '../../src/protocol/authority.ts'
import { deriveSealingPair, randomBytes, sealingSeed } from '../../src/protocol/crypto.ts'
import { addDays, dayOf } from '../../src/protocol/day.ts'
import { toBase64url, toHex } from '../../src/protocol/encoding.ts'
import { signerOf } from '../../src/protocol/key-file.ts'
import { SEALED_REPLY_LENGTH, sealReply } from '../../src/protocol/reply.ts'
import { mailboxIdOf } from '../../src/protocol/reporter-keys.ts'
import { createFeeds } from '../../src/server/casework/feed.ts'
import { askNonce, send, signedRequest } from '../support/request.ts'
import { environmentOf } from '../support/servers.ts'
import { type ServiceProcess, spawnService, until } from '../support/service.ts'
import { fewOrAll } from '../support/soak.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000 })

const REPORTS = fewOrAll(60, 1_000)

interface Side {
  readonly reporters: Service
  readonly agencies: Service
}

let world: World
let process2: ServiceProcess
let trust: Trust
let a: Side
let b: Side
const both = () => [a, b]

beforeAll(async () => {
  world = await createWorld()
  process2 = spawnService(environmentOf(world))
  const sideOf = ({ reporterUrl, agencyUrl }: { reporterUrl: string; agencyUrl: string }): Side => ({
    reporters: serviceAt(reporterUrl),
    agencies: serviceAt(agencyUrl),
  })
  a = sideOf(world)
  b = sideOf(await process2.running)
  trust = await fetchTrust(a.reporters, { now: world.now() })
})

afterAll(async () => {
  await process2?.stop()
  await world?.stop()
})

const prepare = (agencies: AgencyId[], what = 'two servers') =>
  prepareReport(trust, { content: { version: 1, language: 'en', what }, agencies })

const device = async (side: Side, agency: AgencyId, role: 'intake' | 'investigator' = 'intake') =>
  deviceOf(side.agencies, trust, await world.deviceKey(agency, role))

async function problemOf(response: Response): Promise<string> {
  return ((await response.json()) as { type: string }).type
}

test('a challenge that one issued is taken by the other', async () => {
  const { code } = await prepare(['police'])
  const { mailbox } = reporterOf(a.reporters, trust, code)
  for (const [issuer, other] of [both(), both().reverse()]) {
    if (!issuer || !other) continue
    const nonce = await askNonce(issuer.reporters.origin)
    const request = await signedRequest(readMailbox, mailbox, nonce, { body: randomBytes(80) })
    expect((await send(other.reporters.origin, request)).status).toBe(200)
  }
})

test('a nonce spent on one is spent on the other, one after another and at once', async () => {
  const prepared = await prepare(['police'])
  await submitReport(a.reporters, trust, prepared)
  const { status } = reporterOf(a.reporters, trust, prepared.code)
  const request = async () =>
    signedRequest(deleteReport, status, await askNonce(a.reporters.origin), undefined)

  const once = await request()
  expect((await send(a.reporters.origin, once)).status).toBe(200)
  const again = await send(b.reporters.origin, once)
  expect([again.status, await problemOf(again)]).toEqual([401, '/problems/challenge-invalid'])

  for (let i = 0; i < 10; i++) {
    const racing = await request()
    const answers = await Promise.all(both().map(side => send(side.reporters.origin, racing)))
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 401])
  }
})

test('the same report sent to both at once is one report with one receipt', async () => {
  for (let i = 0; i < 10; i++) {
    const prepared = await prepare(['police', 'nis'])
    const sides = [a, b, a, b, a, b]
    const sent = await Promise.all(sides.map(side => submitReport(side.reporters, trust, prepared)))
    expect(new Set(sent.map(({ note }) => note)).size).toBe(1)
    const status = await readStatus(reporterOf(b.reporters, trust, prepared.code))
    expect(status.agencies.map(({ id }) => id)).toEqual(['nis', 'police'])
    const digest = toHex(prepared.digest)
    const rows = await world.database.query(
      {
        name: 'once',
        text: `select 1 from reports join assignments using (report_id) join messages using (report_id)
             join wrapped_keys using (case_id) where encode(reports.digest, 'hex') = $1`,
      },
      [digest],
    )
    expect(rows).toHaveLength(2)
  }
})

test('of two reports under one code, sent to both at once, one is taken and the other refused', async () => {
  const first = await prepare(['police'])
  const { status } = reporterOf(a.reporters, trust, first.code)
  const { submission } = first
  const other = {
    ...submission,
    wrappedKeys: [...submission.wrappedKeys].map(key => ({ ...key, key: key.key.replace(/^..../, 'AAAA') })),
  }
  const requests = await Promise.all(
    [submission, other].map(async body =>
      signedRequest(putReport, status, await askNonce(a.reporters.origin), { body }),
    ),
  )
  const answers = await Promise.all(
    both().map((side, i) => {
      const request = requests[i]
      if (!request) throw new Error('no request')
      return send(side.reporters.origin, request)
    }),
  )
  expect(answers.map(answer => answer.status).sort()).toEqual([200, 409])
})

test('what a device sends counts once, whichever server takes it', async () => {
  const devices = await Promise.all(both().map(side => device(side, 'sme-office')))
  const reply = async ({ service, signer }: Device, mailbox: string) => {
    const body = { sealed: toBase64url(randomBytes(SEALED_REPLY_LENGTH)) }
    const nonce = await askNonce(service.origin)
    const request = await signedRequest(postReply, signer, nonce, { params: { mailbox }, body })
    return (await send(service.origin, request)).status
  }
  const oneMailbox = toBase64url(randomBytes(32))
  const statuses: number[] = []
  for (let round = 0; round < 6; round++) {
    const pair = devices.flatMap(one => Array.from({ length: 5 }, () => reply(one, oneMailbox)))
    statuses.push(...(await Promise.all(pair)))
  }
  expect(statuses.filter(status => status === 202)).toHaveLength(50)
  expect(statuses.filter(status => status === 429)).toHaveLength(10)

  const others = (count: number) =>
    Promise.all(
      devices.flatMap(one => Array.from({ length: count }, () => reply(one, toBase64url(randomBytes(32))))),
    )
  expect(new Set(await others(2))).toEqual(new Set([202]))
  // Time passes: only this device has sent so many.
  const later = { name: 'later', text: 'update reply_quotas set sent = 490 where sent = 54 returning 1' }
  expect(await world.database.query(later)).toHaveLength(1)
  const last = await others(8)
  expect(last.filter(status => status === 202)).toHaveLength(10)
  expect(last.filter(status => status === 429)).toHaveLength(6)
})

test('a reply sent again through the other server is there once, and not again once it was deleted', async () => {
  const prepared = await prepare(['ip-police'])
  await submitReport(a.reporters, trust, prepared)
  const { signer, certified } = await device(a, 'ip-police')
  const reporter = reporterOf(b.reporters, trust, prepared.code)
  const { mailbox, sealing, ...keys } = reporter.keys
  const content = {
    digest: prepared.digest,
    agencyId: 'ip-police',
    number: 1,
    day: dayOf(world.now()),
    followUps: [],
    text: 'once',
    files: null,
  }
  const to = { ...keys, mailboxKey: mailbox.publicKey, sealingKey: sealing.publicKey }
  const by = { pair: signer.pair, certificate: certified.certificate }
  const sealed = await sealReply(content, to, by, randomBytes)
  const post = async (side: Side) => {
    const nonce = await askNonce(side.agencies.origin)
    const params = { mailbox: toBase64url(mailboxIdOf(mailbox.publicKey)) }
    const body = { sealed: toBase64url(sealed) }
    const request = await signedRequest(postReply, signer, nonce, { params, body })
    return (await send(side.agencies.origin, request)).status
  }
  const read = async () => (await readReplies(reporter, await readStatus(reporter))).replies
  expect(await Promise.all([a, b, a, b].map(post))).toEqual([202, 202, 202, 202])
  const replies = await read()
  expect(replies.map(reply => reply.text)).toEqual(['once'])
  await deleteReplies(
    reporter,
    replies.map(reply => reply.id),
  )
  expect(await Promise.all([b, a].map(post))).toEqual([202, 202])
  expect(await read()).toEqual([])
})

test('pollers that go from one to the other see each case, once, and positions without a gap', async () => {
  const [first, second] = await Promise.all(both().map(side => device(side, 'serious-crimes')))
  if (!first || !second) throw new Error('no device')
  const start = (await readCases(first))?.cursor ?? 0
  let expected = Number.POSITIVE_INFINITY
  const poll = async (turns: readonly Device[]) => {
    const seen: string[] = []
    let cursor = start
    for (let turn = 0; seen.length < expected; turn++) {
      const by = turns[turn % turns.length] ?? first
      const list = await readCases(by, { after: cursor, wait: 1 })
      seen.push(...(list?.cases ?? []).map(entry => entry.case))
      cursor = list?.cursor ?? cursor
    }
    return { seen: seen.sort(), cursor }
  }
  const polls = [poll([first, second]), poll([second, first]), poll([first, first, second]), poll([second])]
  const work = both().map(async side => {
    for (let i = 0; i < REPORTS / 2; i++) {
      await submitReport(side.reporters, trust, await prepare(['serious-crimes']))
    }
  })
  await Promise.all(work)
  expected = REPORTS
  const results = await Promise.all(polls)
  for (const { seen, cursor } of results) {
    expect(seen).toEqual(results[0]?.seen)
    expect(new Set(seen).size).toBe(REPORTS)
    expect(cursor).toBe(start + REPORTS)
  }
  const rows = await world.database.query<{ position: string }>({
    name: 'positions',
    text: `select position from assignments where agency_id = 'serious-crimes' order by position`,
  })
  expect(rows.map(row => Number(row.position)).slice(-REPORTS)).toEqual(
    Array.from({ length: REPORTS }, (_, i) => start + i + 1),
  )
})

test('however many beats there are at once, no position is given twice', async () => {
  const feeds = Array.from({ length: 4 }, () => createFeeds(world.database))
  for (let round = 0; round < 10; round++) {
    await world.database.query({ name: 'all-change', text: 'update assignments set changed = true' })
    await Promise.all(feeds.map(feed => feed.beat()))
    await until(async () => {
      const left = { name: 'left', text: 'select 1 from assignments where changed limit 1' }
      return (await world.database.query(left)).length === 0
    })
    const wrong = await world.database.query({
      name: 'twice',
      text: `select agency_id from assignments join feeds f using (agency_id)
             group by agency_id, f.position having count(distinct assignments.position) < count(*)
             or max(assignments.position) > f.position`,
    })
    expect(wrong).toEqual([])
  }
})

test('a poll held by one is answered when the other takes a report', async () => {
  for (const [taking, holding] of [both(), both().reverse()]) {
    if (!taking || !holding) continue
    const by = await device(holding, 'nis', 'investigator')
    let list = await readCases(by)
    while (list?.more) list = await readCases(by, { after: list.cursor })
    // Whatever tests before it left is given its place by now.
    await sleep(2_500)
    const after = (await readCases(by, { after: list?.cursor ?? 0 }))?.cursor ?? 0
    const held = readCases(by, { after, wait: 30 })
    await sleep(200)
    const start = Date.now()
    await submitReport(taking.reporters, trust, await prepare(['nis']))
    expect((await held)?.cases).toHaveLength(1)
    expect(Date.now() - start).toBeLessThan(20_000)
  }
})

test('what is published through one is served, and believed, by the other', async () => {
  const { statements, deploymentId, today } = trust
  const before = statements.get('nis')
  const identity = await world.store.authorityKey('nis-identity', 'identity')
  if (!before) throw new Error('no statement')
  const epochs = before.epochs.map(({ sealingKey, validFrom }) => ({ sealingKey, validFrom }))
  const fresh = deriveSealingPair(sealingSeed(randomBytes(32))).publicKey
  const validFrom = epochs.at(-1)?.validFrom ?? today
  const next = { sealingKey: fresh, validFrom: addDays(validFrom, 7) }
  const statement = buildStatement(
    { agencyId: 'nis', version: before.version + 1, epochs: [...epochs, next] },
    deploymentId,
    await signerOf(identity),
  )
  await publishStatement(a.agencies, 'nis', statement)
  await until(async () => {
    const seen = await fetchTrust(b.reporters, { now: world.now(), pinned: deploymentId })
    return seen.statements.get('nis')?.version === before.version + 1
  })
})

test('a case opened through one server goes on through the other', async () => {
  const prepared = await prepare(['nis'], 'moves between servers')
  await submitReport(b.reporters, trust, prepared)
  const by = await device(a, 'nis')
  let id: string | null = null
  let cursor = 0
  while (!id) {
    const list = await readCases(by, { after: cursor, wait: 2 })
    for (const entry of list?.cases ?? []) {
      const opened = await openCase(by, await readCase(by, entry.case)).catch(() => null)
      if (opened?.answers?.what === 'moves between servers') id = entry.case
    }
    cursor = list?.cursor ?? cursor
  }
  const file = await readCase(await device(b, 'nis'), id)
  expect(toHex(file.digest)).toBe(toHex(prepared.digest))
})
