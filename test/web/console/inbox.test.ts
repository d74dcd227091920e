// The inbox: cases as they come and change, whatever happens to the service and to the device.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { acknowledge } from '../../../src/client/index.ts'
import { EVERYTHING, filterCases } from '../../../src/web/console/case-filter.ts'
import { type Inbox, type InboxState, openInbox } from '../../../src/web/console/inbox.ts'
import type { Session } from '../../../src/web/console/session.ts'
import { caseOf, deviceIn, openById, sendReport } from '../../journeys/people.ts'
import { deviceOf, publishDevices } from '../../support/device.ts'
import { createWorld, type World } from '../../support/world.ts'
import { pluggedFetch, sessionOf, stateWhere } from '../support/unlocked.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const opened: Session[] = []
afterEach(() => {
  for (const session of opened.splice(0)) session.lock()
})

async function inboxOf(...of: Parameters<typeof sessionOf>): Promise<Inbox> {
  const session = await sessionOf(...of)
  opened.push(session)
  return openInbox(session)
}

const isLive = ({ connection }: InboxState) => connection.kind === 'live'

test('a case appears by itself, and changes by itself', async () => {
  const inbox = await inboxOf(world, 'nis')
  await stateWhere(inbox, isLive)
  const sent = await sendReport(world, '새로 들어온 신고', ['nis'])
  const device = await deviceIn(world, 'nis')
  const id = await caseOf(device, sent)
  const { cases } = await stateWhere(inbox, state => state.cases.has(id))
  expect(cases.get(id)).toMatchObject({ state: 'new', followUps: 0 })
  expect(cases.get(id)?.shown).toMatch(/^[0-9a-f]{32}$/)
  expect(cases.get(id)?.changedAt).not.toBeNull()
  const before = cases.get(id)?.order ?? 0
  await acknowledge(device, await openById(device, id), { now: world.now() })
  const after = await stateWhere(inbox, state => state.cases.get(id)?.state === 'acknowledged')
  expect(after.cases.get(id)?.order).toBeGreaterThan(before)
})

test('what was there before is not shown as just changed', async () => {
  const sent = await sendReport(world, '어제의 신고', ['police'])
  const id = await caseOf(await deviceIn(world, 'police'), sent)
  const { cases } = await stateWhere(await inboxOf(world, 'police'), isLive)
  expect(cases.get(id)?.changedAt).toBeNull()
})

test('a service that goes away is waited for, and nothing that came meanwhile is missed', async () => {
  const plug = pluggedFetch()
  const inbox = await inboxOf(world, 'sme-office', 'intake', { fetch: plug.fetch })
  await stateWhere(inbox, isLive)
  plug.pull()
  // The poll that is held now ends with what comes; the next one finds nobody.
  await caseOf(await deviceIn(world, 'sme-office'), await sendReport(world, '하나', ['sme-office']))
  const { connection } = await stateWhere(inbox, state => state.connection.kind === 'away')
  expect(connection).toMatchObject({ kind: 'away' })
  const missed = await caseOf(
    await deviceIn(world, 'sme-office'),
    await sendReport(world, '둘', ['sme-office']),
  )
  plug.plug()
  inbox.retry()
  const back = await stateWhere(inbox, state => isLive(state) && state.cases.has(missed))
  expect(back.cases.size).toBeGreaterThanOrEqual(2)
})

test('a service that is started again is found again', async () => {
  const inbox = await inboxOf(world, 'ip-police')
  await stateWhere(inbox, isLive)
  await world.restart()
  const sent = await sendReport(world, '다시 시작한 뒤', ['ip-police'])
  const id = await caseOf(await deviceIn(world, 'ip-police'), sent)
  await stateWhere(inbox, state => state.cases.has(id))
})

test('a device that is revoked in mid-session is told so, and asks no more', async () => {
  const inbox = await inboxOf(world, 'serious-crimes', 'investigator')
  await stateWhere(inbox, isLive)
  const own = await deviceOf(world, 'serious-crimes', 'investigator')
  await publishDevices(world, 'serious-crimes', { version: 10, devices: [], revoked: [own] })
  // The held poll ends with the next case, or with its time.
  await sendReport(world, '철회된 기기', ['serious-crimes'])
  expect((await stateWhere(inbox, state => state.connection.kind !== 'live')).connection).toEqual({
    kind: 'refused',
  })
})

test('an answer of a later contract says that this page is old', async () => {
  const later: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    if (!String(input).includes('/v1/cases')) return answer
    const body = { ...(await answer.json()), somethingNew: true }
    return new Response(JSON.stringify(body), { status: answer.status, headers: answer.headers })
  }
  const inbox = await inboxOf(world, 'nis', 'intake', { fetch: later })
  const { connection } = await stateWhere(inbox, state => state.connection.kind !== 'loading')
  expect(connection).toEqual({ kind: 'outdated' })
})

test('locking ends it, and forgets the cases', async () => {
  const session = await sessionOf(world, 'nis')
  const inbox = openInbox(session)
  await stateWhere(inbox, isLive)
  session.lock()
  expect((await stateWhere(inbox, state => state.connection.kind === 'stopped')).cases.size).toBe(0)
})

describe('10,000 cases', () => {
  const COUNT = 10_000

  test('all of them come, each once, and are filtered and sorted as they are', async () => {
    await fill(COUNT)
    const inbox = await inboxOf(world, 'police')
    const { cases } = await stateWhere(inbox, state => state.cases.size >= COUNT, 60_000)
    const urgent = filterCases(cases.values(), { ...EVERYTHING, isUrgent: true, order: 'day' }, '2026-01-01')
    expect(urgent).toHaveLength(COUNT / 10)
    const days = urgent.map(({ day }) => day)
    expect(days).toEqual([...days].sort().reverse())
  })

  /** Rows as intake leaves them, with nothing in their bodies. */
  async function fill(count: number): Promise<void> {
    const numbered = `(select i, substr(sha256(int4send(i)), 1, 16) as id from generate_series(1, ${count}) i) n`
    const statements = [
      `insert into reports (report_id, status_key, digest, wraps, leaf, receipt, day, bucket, urgent, withdrawn, recipients_tag)
       select id, id || id, id || id, id || id, id || id, 'r', to_char(date '2026-01-01' + i % 300, 'YYYY-MM-DD'), 8192,
       i % 10 = 0, false, id || id from ${numbered}`,
      `insert into assignments (case_id, report_id, agency_id, key_id, head)
       select id, id, 'police', id, id || id from ${numbered}`,
    ]
    for (const [at, text] of statements.entries()) await world.database.query({ name: `fill-${at}`, text })
  }
})
