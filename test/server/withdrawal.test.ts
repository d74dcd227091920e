// Taking a report back: what is destroyed, what is asked, and who learns of it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCase, readCase } from '../../src/client/index.ts'
import { chainStart } from '../../src/protocol/event.ts'
import { clientOf, openAndAcknowledge, sayUnopenable } from '../support/agency.ts'
import { deviceOf, eventBody, list, open, record } from '../support/device.ts'
import { type Answer, problemIn } from '../support/http.ts'
import {
  look,
  newReporter,
  put,
  type Submitted,
  sealFollowUpFor,
  submit,
  withdraw,
  write,
} from '../support/reporter.ts'
import { caseOf, countOf, fingerprint, rowsOf, settled } from '../support/stored.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const read = (answer: Answer) => JSON.parse(answer.body.toString())
const outcomeOf = async (reporter: Submitted) => read(await withdraw(reporter.caller)).outcome

const keysOf = (reporter: Submitted) =>
  countOf(world, 'from wrapped_keys join assignments using (case_id) where report_id = $1', [
    reporter.reportId,
  ])
const bodiesOf = (reporter: Submitted) =>
  countOf(world, 'from messages where report_id = $1', [reporter.reportId])
const casesOf = async (device: Awaited<ReturnType<typeof deviceOf>>) => {
  await settled(world)
  return new Map(read(await list(device)).cases.map((entry: { case: string }) => [entry.case, entry]))
}
const startOf = (reporter: Submitted, agencyId: AgencyId) => ({
  agencyId,
  head: chainStart(reporter.sealed.digest, agencyId),
})

test('before anybody opened it, all wrapped keys and bodies are destroyed', async () => {
  const reporter = await submit(world, ['police', 'nis'])
  const heads = [startOf(reporter, 'nis'), startOf(reporter, 'police')]
  const followUp = await sealFollowUpFor(world, reporter, 1, heads)
  expect((await write(reporter.caller, followUp.body)).status).toBe(204)
  const caseId = await caseOf(world, reporter.reportId, 'police')
  expect([await keysOf(reporter), await bodiesOf(reporter)]).toEqual([4, 2])

  expect(await outcomeOf(reporter)).toBe('withdrawn')
  expect([await keysOf(reporter), await bodiesOf(reporter)]).toEqual([0, 0])
  const stored = await rowsOf(world, 'select r::text as row from reports r where report_id = $1', [
    reporter.reportId,
  ])
  expect(JSON.stringify(stored)).not.toContain(
    Buffer.from(reporter.sealed.envelope.body).toString('hex').slice(0, 32),
  )

  const device = await deviceOf(world, 'police')
  const seen = read(await open(device, caseId))
  expect([seen.state, seen.messages, seen.events, seen.withdrawal]).toEqual(['withdrawn', [], [], null])
  expect((await casesOf(device)).get(caseId)).toMatchObject({ state: 'withdrawn', followUps: 0 })
})

test('nothing of it is left that could be opened, and nothing more can be recorded', async () => {
  const reporter = await submit(world, ['police'])
  const caseId = await caseOf(world, reporter.reportId, 'police')
  const device = await deviceOf(world, 'police')
  const event = eventBody(world, device, {
    digest: reporter.sealed.digest,
    head: chainStart(reporter.sealed.digest, 'police'),
    index: 0,
    key: reporter.keys.acknowledgementKey,
  })
  await outcomeOf(reporter)
  expect(problemIn(await record(device, caseId, event))).toBe('not-found')
  expect(read(await look(reporter.caller)).agencies[0].events).toEqual([])
})

test('before it was seen, it never appears to anybody', async () => {
  const positions = (reporter: Submitted) =>
    rowsOf(world, 'select position, changed from assignments where report_id = $1', [reporter.reportId])
  const unseen = [
    { position: null, changed: false },
    { position: null, changed: false },
  ]
  const withdrawn: Submitted[] = []
  for (let i = 0; i < 8; i++) {
    const reporter = await submit(world, ['police', 'nis'])
    await withdraw(reporter.caller)
    withdrawn.push(reporter)
  }
  const before = await Promise.all(withdrawn.map(positions))
  // The beat comes between two requests at most once or twice in this time.
  expect(before.filter(rows => rows.every(row => row.position === null)).length).toBeGreaterThan(0)
  const probe = await submit(world, ['police', 'nis'])
  await caseOf(world, probe.reportId, 'police')
  const after = await Promise.all(withdrawn.map(positions))
  for (const [i, rows] of before.entries()) {
    if (rows.every(row => row.position === null)) expect(after[i]).toEqual(unseen)
  }
})

test('after it was opened, its agency reads a wish that only the code’s holder can have signed', async () => {
  const reporter = await submit(world, ['police'])
  const caseId = await caseOf(world, reporter.reportId, 'police')
  await openAndAcknowledge(world, 'police', caseId)
  expect(await outcomeOf(reporter)).toBe('wish-recorded')
  expect([await keysOf(reporter), await bodiesOf(reporter)]).toEqual([1, 1])

  const client = await clientOf(world, 'police')
  const opened = await openCase(client, await readCase(client, caseId))
  expect(opened.withdrawal).toBe('wished')
  expect(opened.answers?.what).toBe('설계도면이 USB로 반출되었습니다.')
  const status = read(await look(reporter.caller))
  expect([status.state, status.agencies[0].state, status.agencies[0].withdrawalWished]).toEqual([
    'received',
    'assigned',
    true,
  ])
})

test('wished again it is the same wish', async () => {
  const reporter = await submit(world, ['police'])
  const caseId = await caseOf(world, reporter.reportId, 'police')
  await openAndAcknowledge(world, 'police', caseId)
  await outcomeOf(reporter)
  await settled(world)
  const before = await fingerprint(world, ['spent_nonces'])
  expect(await outcomeOf(reporter)).toBe('wish-recorded')
  expect(await fingerprint(world, ['spent_nonces'])).toEqual(before)
})

test('opened by one agency of two, it is withdrawn from the other', async () => {
  const reporter = await submit(world, ['police', 'nis'])
  const ids = [
    await caseOf(world, reporter.reportId, 'police'),
    await caseOf(world, reporter.reportId, 'nis'),
  ] as const
  await openAndAcknowledge(world, 'police', ids[0])
  expect(await outcomeOf(reporter)).toBe('partly-withdrawn')
  expect([await keysOf(reporter), await bodiesOf(reporter)]).toEqual([1, 1])
  await settled(world)
  const before = await fingerprint(world, ['spent_nonces'])
  expect(await outcomeOf(reporter)).toBe('partly-withdrawn')
  expect(await fingerprint(world, ['spent_nonces'])).toEqual(before)
  const states = read(await look(reporter.caller)).agencies.map(
    (entry: { agency: string; state: string; withdrawalWished: boolean }) => [
      entry.agency,
      entry.state,
      entry.withdrawalWished,
    ],
  )
  expect(states).toEqual([
    ['nis', 'withdrawn', false],
    ['police', 'assigned', true],
  ])
})

test('said to be unopenable it was not opened: withdrawing destroys it', async () => {
  const reporter = await submit(world, ['police'])
  await sayUnopenable(world, 'police', await caseOf(world, reporter.reportId, 'police'))
  expect(await outcomeOf(reporter)).toBe('withdrawn')
  expect(await keysOf(reporter)).toBe(0)
})

test('one agency cannot tell a report to it alone from one that went to others too', async () => {
  const [alone, shared] = [await submit(world, ['nis']), await submit(world, ['nis', 'police', 'ip-police'])]
  const device = await deviceOf(world, 'nis')
  const viewOf = async (reporter: Submitted) => {
    await settled(world)
    const caseId = await caseOf(world, reporter.reportId, 'nis')
    const summary = (await casesOf(device)).get(caseId) as object
    const { body, headers } = await open(device, caseId)
    const view = JSON.parse(body.toString())
    // What differs between any two cases: ids, keys, ciphertexts and the head, all of one length.
    const shape = JSON.stringify(view, (name, value) =>
      typeof value === 'string' && !['state', 'day'].includes(name) ? value.length : value,
    )
    return { shape, summary: { ...summary, case: '' }, length: body.length, fields: Object.keys(headers) }
  }
  expect(await viewOf(alone)).toEqual(await viewOf(shared))

  // Another agency opens, the reporter follows up and withdraws: still nothing shows.
  await openAndAcknowledge(world, 'police', await caseOf(world, shared.reportId, 'police'))
  expect(await viewOf(alone)).toEqual(await viewOf(shared))
  expect([await outcomeOf(alone), await outcomeOf(shared)]).toEqual(['withdrawn', 'partly-withdrawn'])
  expect(await viewOf(alone)).toEqual(await viewOf(shared))
})

test('an event of one agency does not move the other’s feed', async () => {
  const reporter = await submit(world, ['ip-police', 'sme-office'])
  const [caseId] = [
    await caseOf(world, reporter.reportId, 'ip-police'),
    await caseOf(world, reporter.reportId, 'sme-office'),
  ]
  await settled(world)
  const other = await deviceOf(world, 'sme-office')
  const { etag } = (await list(other)).headers
  await openAndAcknowledge(world, 'ip-police', caseId)
  await settled(world)
  expect((await list(other)).headers.etag).toBe(etag)
})

test('withdrawing and acknowledging at once, one of the two comes first', async () => {
  for (let round = 0; round < 4; round++) {
    const reporter = await submit(world, ['police'])
    const caseId = await caseOf(world, reporter.reportId, 'police')
    const device = await deviceOf(world, 'police')
    const event = eventBody(world, device, {
      digest: reporter.sealed.digest,
      head: chainStart(reporter.sealed.digest, 'police'),
      index: 0,
      key: reporter.keys.acknowledgementKey,
    })
    const [recorded, withdrawn] = await Promise.all([
      record(device, caseId, event),
      withdraw(reporter.caller),
    ])
    const { outcome } = read(withdrawn)
    expect([recorded.status, outcome]).toEqual(
      outcome === 'withdrawn' ? [404, 'withdrawn'] : [200, 'wish-recorded'],
    )
    expect(await keysOf(reporter)).toBe(outcome === 'withdrawn' ? 0 : 1)
  }
})

test('under a code that never submitted there is nothing to withdraw', async () => {
  const reporter = newReporter(world)
  expect(problemIn(await withdraw(reporter.caller))).toBe('not-found')
  const again = await submit(world, ['police'])
  expect((await put(again.caller, again.sealed.body)).status).toBe(200)
})
