// An agency's feed, and the chain of events that it records about a case.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PAGE_SIZE } from '../../src/contract/casework.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { chainStart, documentHash } from '../../src/protocol/event.ts'
import { openSession } from '../../src/server/database.ts'
import { openAndAcknowledge } from '../support/agency.ts'
import { newPair } from '../support/caller.ts'
import {
  at,
  deviceOf,
  type EventInput,
  eventBody,
  headIn,
  list,
  newDevice,
  open,
  publishDevices,
  record,
  type TestDevice,
} from '../support/device.ts'
import { type Answer, problemIn } from '../support/http.ts'
import {
  look,
  newReporter,
  put,
  type Submitted,
  sealFollowUpFor,
  sealFor,
  submit,
  withdraw,
  write,
} from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { caseOf, countOf, fingerprint, rowsOf, settled } from '../support/stored.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const read = (answer: Answer) => JSON.parse(answer.body.toString())
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

async function inFeed(agencyId: AgencyId = 'police') {
  const reporter = await submit(world, [agencyId])
  return { ...reporter, caseId: await caseOf(world, reporter.reportId, agencyId) }
}

describe('the feed', () => {
  interface Page {
    readonly cases: readonly { readonly case: string; readonly state: string }[]
    readonly cursor: number
    readonly more: boolean
  }
  const page = async (device: TestDevice, after: number, wait = 0): Promise<Page> =>
    read(await list(device, `?after=${after}&wait=${wait}`))

  test('skips no case for a poller that pages while two servers take reports', async () => {
    const other = await startBeside(world)
    const device = await deviceOf(world, 'nis')
    const pollers = [device, at(device, other.agencyUrl)]
    const total = PAGE_SIZE + 20
    const reporters = Array.from({ length: total }, () => newReporter(world))
    const sealed = await Promise.all(reporters.map(reporter => sealFor(world, reporter, ['nis'])))
    let done = false
    const seen = new Set<string>()
    const poll = async (turn: number) => {
      let cursor = 0
      for (let last = false; !last; ) {
        last = done
        const { cases, cursor: next } = await page(pollers[turn++ % 2] ?? device, cursor, done ? 0 : 1)
        for (const entry of cases) seen.add(entry.case)
        if (cases.length > 0) last = false
        expect(next).toBeGreaterThanOrEqual(cursor)
        cursor = next
      }
    }
    const polling = poll(0)
    // In eight lanes, each report through the one server or the other, some of them withdrawn or answered.
    await Promise.all(
      Array.from({ length: 8 }, async (_, lane) => {
        for (let i = lane; i < total; i += 8) {
          const [reporter, { body } = { body: {} }] = [reporters[i], sealed[i]]
          if (!reporter) continue
          const origin = i % 2 === 0 ? world.reporterUrl : other.reporterUrl
          expect((await put({ ...reporter.caller, origin }, body)).status).toBe(200)
          if (i % 9 === 0) await withdraw(reporter.caller)
          else if (i % 10 === 5)
            await openAndAcknowledge(world, 'nis', await caseOf(world, reporter.reportId, 'nis'))
        }
      }),
    )
    await settled(world)
    done = true
    await polling
    await other.stop()
    const placed = await rowsOf(
      world,
      `select case_id from assignments where agency_id = 'nis' and position is not null`,
    )
    expect(placed.length).toBeGreaterThan(PAGE_SIZE)
    const missed = placed.filter(row => !seen.has(toBase64url(row.case_id as Uint8Array)))
    expect(missed).toEqual([])
    expect(seen.size).toBe(placed.length)
  })

  test('pages: fifty and more, each once', async () => {
    const device = await deviceOf(world, 'nis')
    const first = await page(device, 0)
    expect([first.cases.length, first.more]).toEqual([PAGE_SIZE, true])
    const second = await page(device, first.cursor)
    expect(second.more).toBe(false)
    const ids = [...first.cases, ...second.cases].map(entry => entry.case)
    expect(new Set(ids).size).toBe(ids.length)
    expect(await page(device, second.cursor)).toEqual({ cases: [], cursor: second.cursor, more: false })
  })

  test('gives positions without gaps or twins', async () => {
    await settled(world)
    const rows = await rowsOf(
      world,
      `select f.position::int as last, count(a.position)::int as placed, count(distinct a.position)::int as different,
         max(a.position)::int as highest from feeds f join assignments a using (agency_id)
       where agency_id = 'nis' group by f.position`,
    )
    const [{ last, placed, different, highest } = {}] = rows
    expect(different).toBe(placed)
    expect(highest).toBe(last)
  })

  test('keeps the order in which reports came between two beats neither in positions nor in names of cases', async () => {
    const beside = await openSession(world.databaseUrl)
    await beside.query('begin')
    await beside.query('select pg_advisory_xact_lock(1651469928, 2)')
    const sent: string[] = []
    for (let i = 0; i < 12; i++) sent.push(toBase64url((await submit(world, ['serious-crimes'])).reportId))
    await beside.query('commit')
    await beside.close()
    await settled(world)
    for (const column of ['position', 'case_id']) {
      const rows = await rowsOf(
        world,
        `select report_id from assignments where agency_id = 'serious-crimes' order by ${column}`,
      )
      const placed = rows.map(row => toBase64url(row.report_id as Uint8Array))
      expect([...placed].sort()).toEqual([...sent].sort())
      expect(placed).not.toEqual(sent)
      expect(placed).not.toEqual([...sent].reverse())
    }
  })

  test('waits for nobody: a case that is being changed comes with a later beat, all others now', async () => {
    const busy = await submit(world, ['sme-office'])
    const placed = await world.database.transaction(async queries => {
      const lock = { name: 'lock', text: 'select 1 from assignments where report_id = $1 for update' }
      await queries.query(lock, [busy.reportId])
      const free = await submit(world, ['sme-office'])
      return caseOf(world, free.reportId, 'sme-office')
    })
    const later = await caseOf(world, busy.reportId, 'sme-office')
    const { cases } = await page(await deviceOf(world, 'sme-office'), 0)
    const ids = cases.map(entry => entry.case)
    expect(ids).toContain(placed)
    expect(ids).toContain(later)
  })

  test('answers 304 until something changes, and then what changed', async () => {
    const { caseId, sealed, keys } = await inFeed('ip-police')
    const device = await deviceOf(world, 'ip-police')
    await settled(world)
    const first = await list(device)
    const { etag = '' } = first.headers
    const headers = { 'if-none-match': etag }
    expect((await list(device, '', { headers })).status).toBe(304)
    const input = { digest: sealed.digest, index: 0, key: keys.acknowledgementKey }
    const head = chainStart(sealed.digest, 'ip-police')
    await record(device, caseId, eventBody(world, device, { ...input, head }))
    await settled(world)
    const moved = await list(device, `?after=${read(first).cursor}&wait=5`)
    expect(moved.status).toBe(200)
    expect(moved.headers.etag).not.toBe(etag)
    expect(read(moved).cases).toEqual([
      expect.objectContaining({ case: caseId, state: 'acknowledged', events: 1 }),
    ])
    expect((await list(device, '', { headers })).status).toBe(200)
  })

  test('wakes a held poll with the next beat', async () => {
    const device = await deviceOf(world, 'serious-crimes')
    const { cursor } = await page(device, 0)
    const start = Date.now()
    const held = page(device, cursor, 30)
    await sleep(300)
    const { reportId } = await submit(world, ['serious-crimes'])
    const { cases } = await held
    expect(cases.map(entry => entry.case)).toEqual([await caseOf(world, reportId, 'serious-crimes')])
    expect(Date.now() - start).toBeLessThan(20_000)
  })

  test('tells a device that was revoked while it waited nothing', async () => {
    const device = await newDevice(world, 'serious-crimes', ['intake'])
    await publishDevices(world, 'serious-crimes', { version: 2, devices: [device] })
    const { cursor } = await page(device, 0)
    const held = list(device, `?after=${cursor}&wait=20`)
    await sleep(300)
    await publishDevices(world, 'serious-crimes', { version: 3, devices: [device], revoked: [device] })
    await submit(world, ['serious-crimes'])
    expect(problemIn(await held)).toBe('device-refused')
  })

  test('leaves a held poll alone where only another agency’s feed moves', async () => {
    const [device, other] = [await deviceOf(world, 'serious-crimes'), await deviceOf(world, 'ip-police')]
    await settled(world)
    const { cursor } = await page(device, 0)
    let isAnswered = false
    const held = page(device, cursor, 30).finally(() => {
      isAnswered = true
    })
    await sleep(300)
    for (let i = 0; i < 2; i++) {
      const theirs = page(other, (await page(other, 0)).cursor, 30)
      await submit(world, ['ip-police'])
      expect((await theirs).cases).toHaveLength(1)
    }
    expect(isAnswered).toBe(false)
    await submit(world, ['serious-crimes'])
    expect((await held).cases).toHaveLength(1)
  })

  test('ends a held poll when its time is over, with nothing or with 304', async () => {
    const device = await deviceOf(world, 'serious-crimes')
    await settled(world)
    const first = await list(device)
    const { etag = '' } = first.headers
    const { cursor } = read(first)
    expect(await page(device, cursor, 1)).toEqual({ cases: [], cursor, more: false })
    const again = await list(device, '?wait=1', { headers: { 'if-none-match': etag } })
    expect(again.status).toBe(304)
  })

  test('does not hold who has not seen everything', async () => {
    const device = await deviceOf(world, 'nis')
    const start = Date.now()
    const { cases } = await page(device, 0, 30)
    expect(cases).toHaveLength(PAGE_SIZE)
    expect(Date.now() - start).toBeLessThan(20_000)
  })

  test('answers held polls when the service stops', async () => {
    const other = await startBeside(world)
    const device = at(await deviceOf(world, 'sme-office'), other.agencyUrl)
    await list(device, '?wait=1')
    const held = Array.from({ length: 5 }, () => list(device, '?wait=30'))
    await sleep(500)
    const start = Date.now()
    const [answers] = await Promise.all([Promise.all(held), other.stop()])
    expect(answers.map(answer => answer.status)).toEqual([200, 200, 200, 200, 200])
    expect(Date.now() - start).toBeLessThan(5_000)
  })

  test('shows each agency its own cases and no other', async () => {
    const { reportId } = await submit(world, ['police', 'sme-office'])
    const ids = [await caseOf(world, reportId, 'police'), await caseOf(world, reportId, 'sme-office')]
    await settled(world)
    const shown = async (agencyId: AgencyId) =>
      (await page(await deviceOf(world, agencyId), 0)).cases.map(entry => entry.case)
    const [police, office] = [await shown('police'), await shown('sme-office')]
    expect([police.includes(ids[0] ?? ''), police.includes(ids[1] ?? '')]).toEqual([true, false])
    expect([office.includes(ids[0] ?? ''), office.includes(ids[1] ?? '')]).toEqual([false, true])
  })

  test('is open to a device that may see the list and nothing inside', async () => {
    const { caseId } = await inFeed()
    const device = await newDevice(world, 'police', ['status'])
    await publishDevices(world, 'police', { version: 2, devices: [device] })
    const { cases } = await page(device, 0)
    expect(cases.map(entry => entry.case)).toContain(caseId)
    expect(problemIn(await open(device, caseId))).toBe('scope-missing')
  })
})

describe('a case', () => {
  test('is read in pages of four messages, in their order', async () => {
    const reporter = await submit(world, ['police'])
    const heads = [{ agencyId: 'police', head: chainStart(reporter.sealed.digest, 'police') }]
    for (let index = 1; index <= 6; index++) {
      await write(reporter.caller, (await sealFollowUpFor(world, reporter, index, heads)).body)
    }
    const caseId = await caseOf(world, reporter.reportId, 'police')
    const device = await deviceOf(world, 'police')
    const indexes = async (query: string) => {
      const file = read(await open(device, caseId, { query }))
      return [
        file.messages.map((message: { index: number }) => message.index),
        file.nextMessage,
        file.followUps,
      ]
    }
    expect(await indexes('')).toEqual([[0, 1, 2, 3], 4, 6])
    expect(await indexes('?from=4')).toEqual([[4, 5, 6], null, 6])
    expect(await indexes('?from=7')).toEqual([[], null, 6])
  })

  test('comes back to the feed with each follow-up', async () => {
    const reporter = await inFeed()
    const device = await deviceOf(world, 'police')
    await settled(world)
    const { cursor } = read(await list(device))
    const heads = [{ agencyId: 'police', head: chainStart(reporter.sealed.digest, 'police') }]
    await write(reporter.caller, (await sealFollowUpFor(world, reporter, 1, heads)).body)
    await settled(world)
    const { cases } = read(await list(device, `?after=${cursor}&wait=5`))
    expect(cases).toEqual([expect.objectContaining({ case: reporter.caseId, followUps: 1, state: 'new' })])
  })
})

describe('an event', () => {
  type Found = Awaited<ReturnType<typeof inFeed>>
  const ready: Found[] = []
  beforeAll(async () => {
    ready.push(...(await Promise.all(Array.from({ length: 12 }, () => inFeed()))))
  })
  const aCase = (): Found => {
    const found = ready.pop()
    if (!found) throw new Error('prepare more cases')
    return found
  }

  const inputFor = ({ sealed, keys }: Submitted, more: Partial<EventInput> = {}): EventInput => ({
    digest: sealed.digest,
    head: chainStart(sealed.digest, 'police'),
    index: 0,
    key: keys.acknowledgementKey,
    ...more,
  })
  const stateOf = async (device: TestDevice, caseId: string) => {
    const { state, events, head } = read(await open(device, caseId))
    return { state, events: events.length, head }
  }

  test('is recorded on the head that it names, and its reporter sees it byte for byte', async () => {
    const found = aCase()
    const device = await deviceOf(world, 'police')
    const body = eventBody(world, device, inputFor(found))
    const answer = await record(device, found.caseId, body)
    expect(answer.status).toBe(200)
    const { deviceKeys: _team, ...signed } = body
    const [agency] = read(await look(found.caller)).agencies
    expect(agency.events).toEqual([signed])
    expect(agency.head).toBe(read(answer).head)
    expect(await stateOf(device, found.caseId)).toEqual({
      state: 'acknowledged',
      events: 1,
      head: read(answer).head,
    })
  })

  test('posted again changes nothing, also behind later ones', async () => {
    const found = aCase()
    const device = await deviceOf(world, 'police')
    const first = eventBody(world, device, inputFor(found))
    const one = await record(device, found.caseId, first)
    const second = eventBody(world, device, inputFor(found, { index: 1, head: headIn(one) }))
    const two = await record(device, found.caseId, second)
    await settled(world)
    const before = await fingerprint(world, ['spent_nonces'])
    expect((await record(device, found.caseId, first)).body).toEqual(one.body)
    expect((await record(device, found.caseId, second)).body).toEqual(two.body)
    expect(await fingerprint(world, ['spent_nonces'])).toEqual(before)
  })

  test('is one of two that race for a head: the other device is told that the chain moved', async () => {
    for (let round = 0; round < 3; round++) {
      const found = aCase()
      const devices = [await deviceOf(world, 'police'), await deviceOf(world, 'police', 'investigator')]
      const answers = await Promise.all(
        devices.map(device => record(device, found.caseId, eventBody(world, device, inputFor(found)))),
      )
      expect(answers.map(answer => answer.status).sort()).toEqual([200, 409])
      expect(answers.filter(answer => answer.status === 409).map(problemIn)).toEqual(['chain-moved'])
      expect(
        await countOf(world, 'from events where case_id = $1', [Buffer.from(found.caseId, 'base64url')]),
      ).toBe(1)
    }
  })

  test('posted by one device over many connections at once is recorded once', async () => {
    const found = aCase()
    const device = await deviceOf(world, 'police')
    const body = eventBody(world, device, inputFor(found))
    const answers = await Promise.all(Array.from({ length: 8 }, () => record(device, found.caseId, body)))
    expect(new Set(answers.map(answer => `${answer.status} ${answer.body}`)).size).toBe(1)
    expect((await stateOf(device, found.caseId)).events).toBe(1)
  })

  test('on an old or unknown head, or numbered otherwise, is refused', async () => {
    const found = aCase()
    const device = await deviceOf(world, 'police')
    const post = (more: Partial<EventInput>) =>
      record(device, found.caseId, eventBody(world, device, inputFor(found, more)))
    const first = await post({})
    expect(first.status).toBe(200)
    const after = { head: headIn(first), key: null }
    for (const wrong of [
      { ...after, head: chainStart(found.sealed.digest, 'police'), index: 1 },
      { ...after, head: randomBytes(32), index: 1 },
      { ...after, index: 0 },
      { ...after, index: 2 },
      { ...after, index: 0xffffffff },
    ]) {
      expect(problemIn(await post(wrong))).toBe('chain-moved')
    }
    expect((await post({ ...after, index: 1 })).status).toBe(200)
  })

  test('that says `unopenable` is followed by one that acknowledges, and not undone by a later one', async () => {
    const found = aCase()
    const device = await deviceOf(world, 'police')
    const post = async (more: Partial<EventInput>) =>
      headIn(await record(device, found.caseId, eventBody(world, device, inputFor(found, more))))
    const one = await post({ key: null })
    expect((await stateOf(device, found.caseId)).state).toBe('unopenable')
    const two = await post({ index: 1, head: one })
    expect((await stateOf(device, found.caseId)).state).toBe('acknowledged')
    await post({ index: 2, head: two, key: null })
    expect(await stateOf(device, found.caseId)).toMatchObject({ state: 'acknowledged', events: 3 })
  })

  test('that is not this device’s, this agency’s or this report’s is refused', async () => {
    const found = aCase()
    const device = await deviceOf(world, 'police')
    const colleague = await deviceOf(world, 'police', 'investigator')
    const wraps = [{ deviceId: randomBytes(16), index: 0, wrapped: randomBytes(1168) }]
    const body = (more: Partial<EventInput> = {}) => eventBody(world, device, inputFor(found, more))
    const bytes = (length: number) => toBase64url(randomBytes(length))
    const WRONG: Readonly<Record<string, object>> = {
      'signed by another device': body({ signedBy: colleague.caller.pair }),
      'signed by nobody': body({ signedBy: newPair() }),
      'signed by the reporter': body({ signedBy: found.keys.status }),
      'another’s event, whole': eventBody(world, colleague, inputFor(found)),
      'another’s certificate': { ...body(), certificate: colleague.certificate },
      'another certificate in the event': body({
        wrong: { certificateHash: documentHash(colleague.certificate) },
      }),
      'a certificate with a line more': {
        ...body(),
        certificate: `${device.certificate}\u2014 a AAAAAAA=\n`,
      },
      'another report': body({ digest: randomBytes(32) }),
      'another agency': body({ wrong: { agencyId: 'nis' } }),
      'no agency': body({ wrong: { agencyId: 'nobody' } }),
      'wraps that it does not name': { ...body(), deviceKeys: body({ wraps }).deviceKeys },
      'wraps that are missing': { ...body({ wraps }), deviceKeys: [] },
      'a tag that it does not cover': { ...body(), tag: bytes(32) },
      'an acknowledgement without a tag': { ...body(), tag: '' },
      'a refusal with a tag': { ...body({ key: null }), tag: bytes(32) },
      'another signature': { ...body(), signature: bytes(64) },
      'no event': { ...body(), core: bytes(100) },
      'an empty core': { ...body(), core: '' },
    }
    for (const [name, wrong] of Object.entries(WRONG)) {
      expect([name, problemIn(await record(device, found.caseId, wrong))]).toEqual([name, 'event-invalid'])
    }
    const FORMS: Readonly<Record<string, object>> = {
      'loose base64url': { ...body(), core: `${body().core}=` },
      'half a byte': { ...body(), core: 'A' },
      'a signature too short': { ...body(), signature: bytes(63) },
      'a tag too long': { ...body(), tag: bytes(33) },
      'a team too large': {
        ...body(),
        deviceKeys: Array.from({ length: 65 }, () => ({ device: bytes(16), key: bytes(1168) })),
      },
      'no certificate': { ...body(), certificate: '' },
      'U+0000 in a certificate': { ...body(), certificate: 'a\u0000b' },
      'a lone surrogate in a certificate': { ...body(), certificate: '\ud800' },
    }
    for (const [name, wrong] of Object.entries(FORMS)) {
      const problem = problemIn(await record(device, found.caseId, wrong))
      expect([name, problem]).toEqual([name, expect.stringMatching(/^(malformed-request|event-invalid)$/)])
    }
    expect(await stateOf(device, found.caseId)).toMatchObject({ state: 'new', events: 0 })
  })

  test('carries keys for a team of sixty-four, who find them in their order', async () => {
    const found = aCase()
    const device = await deviceOf(world, 'police')
    const wraps = Array.from({ length: 64 }, () => ({
      deviceId: randomBytes(16),
      index: 0,
      wrapped: randomBytes(1168),
    }))
    const body = eventBody(world, device, inputFor(found, { wraps }))
    expect((await record(device, found.caseId, body)).status).toBe(200)
    const [event] = read(await open(device, found.caseId)).events
    expect(event).toEqual(body)
  })

  test('belongs to one case: for another of the same agency it is refused', async () => {
    const [mine, other] = [aCase(), aCase()]
    const device = await deviceOf(world, 'police')
    const body = eventBody(world, device, inputFor(mine))
    expect(problemIn(await record(device, other.caseId, body))).toBe('event-invalid')
  })
})
