// Reports that arrive together are stored together: who shares a commit, and who gets which answer.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WRAPPED_KEY_LENGTH } from '../../src/protocol/wrapped-key.ts'
import {
  type Database,
  isUnavailable,
  openDatabase,
  openSession,
  type Session,
} from '../../src/server/database.ts'
import { createBatches } from '../../src/server/intake/batch.ts'
import type { NewReport } from '../../src/server/intake/insertion.ts'
import { pack } from '../../src/server/intake/packed.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { type Wire, wireTo } from '../support/servers.ts'
import { until } from '../support/stored.ts'

let postgres: TestDatabase
let database: Database
let beside: Session
let wire: Wire
let wired: Database
beforeAll(async () => {
  postgres = await createDatabase()
  database = openDatabase({ url: postgres.url, max: 8 })
  beside = await openSession(postgres.url)
  wire = await wireTo(postgres.url)
  wired = openDatabase({ url: wire.url, max: 8 })
})
afterAll(async () => {
  await wired.close()
  await wire.close()
  await beside.close()
  await database.close()
  await postgres.drop()
})

const AGENCIES = ['nis', 'police']

function report(same: Partial<NewReport> = {}): NewReport {
  return {
    nonce: randomBytes(16),
    nonceHour: 1,
    reportId: randomBytes(16),
    statusKey: randomBytes(32),
    digest: randomBytes(32),
    wraps: randomBytes(32),
    leaf: randomBytes(32),
    recipientsTag: randomBytes(32),
    receipt: 'receipt',
    day: '2026-01-01',
    bucket: 8192,
    urgent: false,
    header: randomBytes(139),
    commitment: randomBytes(32),
    body: randomBytes(8232),
    assignments: AGENCIES.map(agencyId => ({
      agencyId,
      caseId: randomBytes(16),
      keyId: randomBytes(16),
      head: randomBytes(32),
      wrapped: randomBytes(WRAPPED_KEY_LENGTH),
    })),
    ...same,
  }
}

const several = (count: number, same?: Partial<NewReport>) =>
  Array.from({ length: count }, () => report(same))
const hex = (bytes: unknown) => Buffer.from(bytes as Uint8Array).toString('hex')
const idsOf = (reports: readonly NewReport[]) => reports.map(({ reportId }) => reportId)

/** The transaction that stored each: those of one commit have the same. */
async function commitsOf(reports: readonly NewReport[]): Promise<string[]> {
  const text = 'select xmin::text as commit from reports where report_id = any($1)'
  return (await beside.query(text, [idsOf(reports)])).map(row => String(row.commit))
}

/** Until the function that it returns is called, whatever wants to store a report waits. */
async function holdReports(): Promise<() => Promise<unknown>> {
  await beside.query('begin')
  await beside.query('lock table reports in share mode')
  return () => beside.query('commit')
}

const countWaiting = async () => {
  const text = 'select 1 from pg_locks where not granted and relation = $1::regclass'
  return (await beside.query(text, ['reports'])).length
}
const isWaiting = async () => (await countWaiting()) > 0

test('those that arrive while one is being stored share a commit, and all are there whole', async () => {
  const store = createBatches(database)
  const reports = several(41)
  const release = await holdReports()
  const first = store(reports[0] ?? report())
  await until(isWaiting)
  const others = reports.slice(1).map(store)
  await release()
  for (const outcome of await Promise.all([first, ...others]))
    expect(outcome).toEqual({ fresh: true, stored: true })
  const commits = await commitsOf(reports)
  expect(commits).toHaveLength(41)
  expect(new Set(commits).size).toBeLessThan(10)

  const rows = await beside.query(
    `select r.report_id, r.digest, m.body, a.case_id, a.agency_id, k.wrapped
     from reports r join messages m using (report_id) join assignments a using (report_id)
     join wrapped_keys k using (case_id) where r.report_id = any($1)`,
    [idsOf(reports)],
  )
  const stored = rows.map(({ report_id, digest, body, case_id, agency_id, wrapped }) =>
    [...[report_id, digest, body, case_id].map(hex), agency_id, hex(wrapped)].join(),
  )
  const sent = reports.flatMap(({ reportId, digest, body, assignments }) =>
    assignments.map(({ caseId, agencyId, wrapped }) =>
      [...[reportId, digest, body, caseId].map(hex), agencyId, hex(wrapped)].join(),
    ),
  )
  expect(stored.sort()).toEqual(sent.sort())
})

test('one that arrives alone does not wait for company', async () => {
  const store = createBatches(database)
  const alone = report()
  expect(await store(alone)).toEqual({ fresh: true, stored: true })
  expect(await commitsOf([alone])).toHaveLength(1)
})

test('few that arrive while one is being stored wait for it, or until they are worth a commit of their own', async () => {
  const store = createBatches(database)
  const reports = several(9)
  const release = await holdReports()
  const answers = reports.slice(0, 1).map(store)
  await until(isWaiting)
  answers.push(...reports.slice(1, 8).map(store))
  await beside.query('select 1')
  answers.push(...reports.slice(8).map(store))
  await until(async () => (await countWaiting()) === 2)
  await release()
  await Promise.all(answers)
  const [first] = await commitsOf(reports.slice(0, 1))
  const others = new Set(await commitsOf(reports.slice(1)))
  expect(others.size).toBe(1)
  expect(others).not.toContain(first)
})

test('nobody is answered before the commit', async () => {
  const store = createBatches(database)
  const release = await holdReports()
  let answered = 0
  const answers = several(5).map(async one => {
    await store(one)
    answered++
  })
  await until(isWaiting)
  expect(answered).toBe(0)
  await release()
  await Promise.all(answers)
  expect(answered).toBe(5)
})

test('each gets its own outcome, in whatever company', async () => {
  const store = createBatches(database)
  const reports = several(23)
  const known = reports.filter((_, i) => i % 3 === 0)
  await Promise.all(known.map(store))
  const again = reports.map(one => store({ ...one, nonce: randomBytes(16) }))
  const outcomes = await Promise.all(again)
  expect(outcomes).toEqual(reports.map((_, i) => ({ fresh: true, stored: i % 3 !== 0 })))
})

test('of several with one nonce or one report, sent at once, one is stored and the others hear of it', async () => {
  const store = createBatches(database)
  for (let round = 0; round < 20; round++) {
    const twin = report()
    const other = report({ reportId: twin.reportId })
    const sent = [twin, report(), twin, report({ nonce: twin.nonce }), other]
    const outcomes = await Promise.all(sent.map(store))
    const fresh = (place: number) => Number(outcomes[place]?.fresh)
    const stored = (place: number) => Number(outcomes[place]?.stored)
    expect(outcomes[1]).toEqual({ fresh: true, stored: true })
    expect([fresh(0) + fresh(2) + fresh(3), fresh(4)]).toEqual([1, 1])
    expect(stored(0) + stored(2) + stored(4)).toBe(1)
    expect(stored(3)).toBe(fresh(3))
    const rows = await beside.query('select digest from reports where report_id = $1', [twin.reportId])
    expect(rows.map(row => hex(row.digest))).toEqual([hex((stored(4) ? other : twin).digest)])
  }
})

test('large reports do not share a commit', async () => {
  const store = createBatches(database)
  const large = several(4, { body: randomBytes(512 * 1024 + 40) })
  await Promise.all(large.map(store))
  expect(new Set(await commitsOf(large)).size).toBe(4)
})

test.each<[string, Partial<NewReport>]>([
  ['that PostgreSQL refuses', { day: 'no day\u0000' }],
  ['that does not fit its columns', { digest: randomBytes(31) }],
])('an error of a report %s is answered to that one alone', async (_name, wrong) => {
  const store = createBatches(database)
  const reports = several(8).map((one, i) => (i === 5 ? { ...one, ...wrong } : one))
  const outcomes = await Promise.allSettled(reports.map(store))
  expect(outcomes.map(({ status }) => status)).toEqual(
    reports.map((_, i) => (i === 5 ? 'rejected' : 'fulfilled')),
  )
  expect(await commitsOf(reports)).toHaveLength(7)
})

test('while PostgreSQL is away everybody is refused, nothing is stored, and afterwards it goes on', async () => {
  const store = createBatches(wired)
  const reports = several(30)
  wire.cut()
  const outcomes = await Promise.allSettled(reports.map(store))
  expect(outcomes.filter(one => one.status === 'rejected' && isUnavailable(one.reason))).toHaveLength(30)
  expect(await commitsOf(reports)).toEqual([])
  wire.mend()
  for (const outcome of await Promise.all(reports.map(store)))
    expect(outcome).toEqual({ fresh: true, stored: true })
})

test('a commit that nobody hears of is acknowledged to nobody, and was made once', async () => {
  const store = createBatches(wired)
  const reports = several(16, { receipt: 'unheard of' })
  wire.deafenAfter('unheard of')
  const answers = Promise.allSettled(reports.map(store))
  await until(async () => (await commitsOf(reports)).length > 0)
  wire.cut()
  const outcomes = await answers
  wire.mend()
  expect(outcomes.map(({ status }) => status)).toEqual(reports.map(() => 'rejected'))
  const there = (await commitsOf(reports)).length
  const again = await Promise.all(reports.map(store))
  expect(again.filter(({ fresh, stored }) => !fresh && !stored)).toHaveLength(there)
  expect(again.filter(({ fresh, stored }) => fresh && stored)).toHaveLength(16 - there)
})

test('a field of another width is refused rather than stored beside its place', () => {
  const widths = { id: 2, key: 3 }
  const packed = pack(widths, [
    { id: Buffer.from('ab'), key: Buffer.from('cde') },
    { id: Buffer.from('fg'), key: Buffer.from('hij') },
  ])
  expect(packed.toString()).toBe('abcdefghij')
  expect(() => pack(widths, [{ id: Buffer.from('abc'), key: Buffer.from('de') }])).toThrow('id')
})
