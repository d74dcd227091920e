// A wrapped key leaves the server towards intake devices of an agency that holds the report, and no one else.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCase, readCase } from '../../src/client/index.ts'
import { addDays, dayOf } from '../../src/protocol/day.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { clientOf, openAndAcknowledge } from '../support/agency.ts'
import { agenciesOf, nextDirectory, published, putDirectory } from '../support/authority.ts'
import { callAs, newPair } from '../support/caller.ts'
import {
  deviceOf,
  eventBody,
  list,
  newDevice,
  open,
  publishDevices,
  record,
  reply,
  type TestDevice,
  team,
} from '../support/device.ts'
import { type Answer, problemIn } from '../support/http.ts'
import { type Submitted, submit, withdraw } from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { caseOf, rowsOf, settled } from '../support/stored.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'

const OTHERS: readonly AgencyId[] = ['nis', 'ip-police', 'sme-office', 'serious-crimes']
let world: World
let reporter: Submitted
let caseId: string

beforeAll(async () => {
  world = await createWorld()
  reporter = await submit(world, ['police', 'nis'])
  caseId = await caseOf(world, reporter.reportId, 'police')
})
afterAll(() => world.stop())

const read = (answer: Answer) => JSON.parse(answer.body.toString())
const wrappedIn = (answer: Answer) =>
  read(answer).messages.map((message: { wrappedKey: unknown }) => message.wrappedKey)
const ownKey = (agencyId: AgencyId, of = reporter) => {
  const key = of.sealed.body.wrappedKeys.find(entry => entry.agency === agencyId)
  return { keyId: key?.keyId, key: key?.key }
}
/** All of an answer that could tell one refusal from another; nonce and date differ in every two. */
const alike = ({ status, headers, body }: Answer) => {
  const { 'bongsu-challenge': nonce, date, ...fields } = headers
  return {
    status,
    fields: Object.entries(fields),
    nonce: nonce?.length,
    date: date?.length,
    body: body.toString(),
  }
}

test('an intake device of the agency gets its agency’s key and no other agency’s', async () => {
  const answer = await open(await deviceOf(world, 'police'), caseId)
  expect(wrappedIn(answer)).toEqual([ownKey('police')])
  expect(answer.body.toString()).not.toContain(ownKey('nis').key)
})

test('the other agency of the report gets its own, under another name', async () => {
  const device = await deviceOf(world, 'nis')
  const other = await caseOf(world, reporter.reportId, 'nis')
  expect(other).not.toBe(caseId)
  expect(wrappedIn(await open(device, other))).toEqual([ownKey('nis')])
})

test('a device without the scope for intake reads the case without its key', async () => {
  const device = await deviceOf(world, 'police', 'investigator')
  const answer = await open(device, caseId)
  expect([answer.status, wrappedIn(answer)]).toEqual([200, [null]])
  expect(answer.body.toString()).not.toContain(ownKey('police').key)
})

test('once acknowledged it opens by the key that the intake device wrapped for it', async () => {
  const mine = await submit(world, ['police'])
  const id = await caseOf(world, mine.reportId, 'police')
  await openAndAcknowledge(world, 'police', id)
  const investigator = await clientOf(world, 'police', 'investigator')
  const opened = await openCase(investigator, await readCase(investigator, id))
  expect(opened.contentKey).toEqual(mine.sealed.contentKey)
})

test('after the withdrawal nobody gets anything', async () => {
  const mine = await submit(world, ['police'])
  const id = await caseOf(world, mine.reportId, 'police')
  const device = await deviceOf(world, 'police')
  expect(wrappedIn(await open(device, id))).toEqual([ownKey('police', mine)])
  await withdraw(mine.caller)
  expect(wrappedIn(await open(device, id))).toEqual([])
})

describe('a case of another agency and one that does not exist get one answer', () => {
  test.each(OTHERS)('%s', async agencyId => {
    const device = await deviceOf(world, agencyId)
    const nothing = toBase64url(randomBytes(16))
    const event = eventBody(world, device, {
      digest: reporter.sealed.digest,
      head: randomBytes(32),
      index: 0,
      key: reporter.keys.acknowledgementKey,
    })
    const [foreign, missing] = [await open(device, caseId), await open(device, nothing)]
    expect(problemIn(foreign)).toBe('not-found')
    expect(alike(foreign)).toEqual(alike(missing))
    const [recorded, lost] = [await record(device, caseId, event), await record(device, nothing, event)]
    expect(problemIn(recorded)).toBe('not-found')
    expect(alike(recorded)).toEqual(alike(lost))
    await settled(world)
    const cases = read(await list(device)).cases.map((entry: { case: string }) => entry.case)
    expect(cases).not.toContain(caseId)
  })

  test('and so does a case that the feed has not shown yet', async () => {
    const device = await deviceOf(world, 'police')
    const missing = alike(await open(device, toBase64url(randomBytes(16))))
    const answers: ReturnType<typeof alike>[] = []
    for (let i = 0; i < 6; i++) {
      const { reportId } = await submit(world, ['police'])
      const [row] = await rowsOf(world, 'select case_id from assignments where report_id = $1', [reportId])
      answers.push(alike(await open(device, toBase64url(row?.case_id as Uint8Array))))
    }
    // The beat comes in between now and then.
    const early = answers.filter(answer => answer.status !== 200)
    expect(early.length).toBeGreaterThan(0)
    for (const answer of early) expect(answer).toEqual(missing)
  })
})

describe('a device that is refused', () => {
  const refused: Record<string, TestDevice> = {}
  const asked = async (device: TestDevice): Promise<Answer[]> => [
    await open(device, caseId),
    await open(device, toBase64url(randomBytes(16))),
    await list(device),
    await team(device, 'police'),
    await team(device, 'nobody'),
    await reply(device, toBase64url(randomBytes(32)), randomBytes(17_520)),
    await record(
      device,
      caseId,
      eventBody(world, device, {
        digest: reporter.sealed.digest,
        head: randomBytes(32),
        index: 0,
        key: reporter.keys.acknowledgementKey,
      }),
    ),
  ]

  beforeAll(async () => {
    const scopes = ['intake', 'cases'] as const
    const today = dayOf(world.now())
    const listed = {
      expired: await newDevice(world, 'police', scopes, { validUntil: addDays(today, -1) }),
      'not valid yet': await newDevice(world, 'police', scopes, { validFrom: addDays(today, 1) }),
      revoked: await newDevice(world, 'police', scopes),
    }
    const report = await deviceOf(world, 'police')
    Object.assign(refused, listed, {
      unknown: await newDevice(world, 'police', scopes),
      'a reporter’s own key': {
        ...report,
        caller: { ...report.caller, pair: reporter.keys.status },
      },
      'a mailbox’s key': { ...report, caller: { ...report.caller, pair: reporter.keys.mailbox } },
      'a key of nobody': { ...report, caller: { ...report.caller, pair: newPair() } },
    })
    await publishDevices(world, 'police', {
      version: 2,
      devices: Object.values(listed),
      revoked: [listed.revoked],
    })
  })

  test('gets one answer, whatever it is and whatever it asks', async () => {
    const answers: ReturnType<typeof alike>[] = []
    for (const device of Object.values(refused)) answers.push(...(await asked(device)).map(alike))
    expect(answers).toHaveLength(49)
    expect(answers.filter(answer => !answer.body.includes('device-refused'))).toEqual([])
    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1)
  })

  test('who signs as a reporter on the agencies’ listener has not signed at all, and the reverse', async () => {
    const asReporter = { ...reporter.caller, origin: world.agencyUrl }
    const path = `/v1/cases/${caseId}`
    expect(problemIn(await callAs(asReporter, { method: 'GET', path }))).toBe('signature-invalid')
    const device = await deviceOf(world, 'police')
    const there = { ...device.caller, origin: world.reporterUrl }
    expect(problemIn(await callAs(there, { method: 'GET', path: '/v1/report' }))).toBe('signature-invalid')
    expect((await callAs(there, { method: 'GET', path })).status).toBe(404)
  })
})

test('a revocation takes effect at once, on every server', async () => {
  const device = await newDevice(world, 'police', ['intake', 'cases'])
  await publishDevices(world, 'police', { version: 3, devices: [device] })
  const other = await startBeside(world)
  const there = { ...device, caller: { ...device.caller, origin: other.agencyUrl } }
  expect([(await open(device, caseId)).status, (await open(there, caseId)).status]).toEqual([200, 200])
  await publishDevices(world, 'police', { version: 4, devices: [device], revoked: [device] })
  expect([await open(device, caseId), await open(there, caseId)].map(problemIn)).toEqual([
    'device-refused',
    'device-refused',
  ])
  await other.stop()
})

test('a certificate’s last day is its last', async () => {
  const today = dayOf(world.now())
  const device = await newDevice(world, 'police', ['intake', 'cases'], { validUntil: today })
  await publishDevices(world, 'police', { version: 5, devices: [device] })
  expect((await open(device, caseId)).status).toBe(200)
  const until = Date.parse(`${addDays(today, 1)}T00:00:00+09:00`) - world.now()
  world.advance(until)
  expect(problemIn(await open(device, caseId))).toBe('device-refused')
})

test('an agency that the directory drops, or whose time is over, is refused with all its devices', async () => {
  const device = await deviceOf(world, 'police')
  const { roots } = await published(world.reporterUrl)
  const agencies = await agenciesOf(world)
  const publish = async (next: typeof agencies) => {
    const directory = await nextDirectory(world, { agencies: next, routes: [] })
    expect((await putDirectory(world.agencyUrl, roots, directory)).status).toBe(204)
  }
  expect((await open(device, caseId)).status).toBe(200)
  await publish(agencies.filter(agency => agency.id !== 'police'))
  expect(problemIn(await open(device, caseId))).toBe('device-refused')
  const yesterday = addDays(dayOf(world.now()), -1)
  await publish(
    agencies.map(agency => (agency.id === 'police' ? { ...agency, validUntil: yesterday } : agency)),
  )
  expect(problemIn(await open(device, caseId))).toBe('device-refused')
  await publish(agencies)
  expect((await open(device, caseId)).status).toBe(200)
})
