// Reports that are stored together: who gets which answer.
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Database } from '../../src/server/database.ts'
import { createBatches } from '../../src/server/intake/batch.ts'
import type { NewReport, Stored } from '../../src/server/intake/insertion.ts'
import { pack } from '../../src/server/intake/packed.ts'

/** Bytes of a packed report; its id is behind the nonce. */
const PACKED = 363

interface Fake {
  /** Sizes of the statements that were run. */
  readonly sizes: number[]
  readonly database: Database
  /** Commits what is under way. */
  commit(): void
}

/** Looks at what is inserted, and answers when it is told to. */
function fakeDatabase(outcome: (ids: readonly string[]) => Stored[]): Fake {
  const sizes: number[] = []
  let pending: (() => void)[] = []
  const query = (_statement: unknown, values: unknown[] = []) =>
    new Promise((resolve, reject) => {
      const packed = values[0] as Buffer
      const count = packed.length / PACKED
      const ids = Array.from({ length: count }, (_, i) =>
        packed.toString('hex', i * PACKED + 16, i * PACKED + 32),
      )
      sizes.push(count)
      pending.push(() => {
        try {
          resolve(outcome(ids))
        } catch (error) {
          reject(error)
        }
      })
    })
  const commit = () => {
    const now = pending
    pending = []
    for (const settle of now) settle()
  }
  return { sizes, commit, database: { query } as unknown as Database }
}

const stored = (ids: readonly string[]): Stored[] => ids.map(() => ({ fresh: true, stored: true }))
const turn = () => new Promise<void>(resolve => setImmediate(() => setImmediate(resolve)))

function report(same: Partial<NewReport> = {}): NewReport {
  const bytes = (length: number) => randomBytes(length)
  return {
    nonce: bytes(16),
    nonceHour: 1,
    reportId: bytes(16),
    statusKey: bytes(32),
    digest: bytes(32),
    wraps: bytes(32),
    leaf: bytes(32),
    recipientsTag: bytes(32),
    receipt: '',
    day: '2026-01-01',
    bucket: 8192,
    urgent: false,
    header: bytes(139),
    commitment: bytes(32),
    body: bytes(8232),
    assignments: [],
    ...same,
  }
}

async function settle(fake: Fake, answers: readonly Promise<unknown>[]): Promise<void> {
  let open = true
  const all = Promise.allSettled(answers).then(() => {
    open = false
  })
  while (open) {
    await turn()
    fake.commit()
  }
  await all
}

test('a report alone is stored at once; those that come meanwhile are stored together', async () => {
  const fake = fakeDatabase(stored)
  const store = createBatches(fake.database)
  const answers = [store(report())]
  await turn()
  expect(fake.sizes).toEqual([1])
  answers.push(...Array.from({ length: 40 }, () => store(report())))
  await settle(fake, answers)
  expect(fake.sizes.reduce((sum, size) => sum + size)).toBe(41)
  expect(fake.sizes.length).toBeLessThan(8)
})

test('nobody is answered before the commit', async () => {
  const fake = fakeDatabase(stored)
  const store = createBatches(fake.database)
  let answered = false
  const answer = store(report()).then(() => {
    answered = true
  })
  await turn()
  await turn()
  expect([fake.sizes, answered]).toEqual([[1], false])
  fake.commit()
  await answer
})

test('each gets its own outcome', async () => {
  const reports = Array.from({ length: 11 }, () => report())
  const known = reports
    .filter((_, i) => i % 3 === 0)
    .map(({ reportId }) => Buffer.from(reportId).toString('hex'))
  const fake = fakeDatabase(ids => ids.map(id => ({ fresh: true, stored: !known.includes(id) })))
  const store = createBatches(fake.database)
  const answers = reports.map(store)
  await settle(fake, answers)
  expect((await Promise.all(answers)).map(answer => answer.stored)).toEqual(
    reports.map((_, i) => i % 3 !== 0),
  )
})

test('two of one nonce or one report are never in the same statement', async () => {
  const fake = fakeDatabase(ids => {
    expect(new Set(ids).size).toBe(ids.length)
    return stored(ids)
  })
  const store = createBatches(fake.database)
  const twin = report()
  const answers = [twin, twin, report({ nonce: twin.nonce }), report({ reportId: twin.reportId })].map(store)
  await turn()
  expect(fake.sizes[0]).toBe(1)
  await settle(fake, answers)
  expect(fake.sizes).toEqual([1, 1, 2])
})

test('large reports do not share a statement', async () => {
  const fake = fakeDatabase(stored)
  const store = createBatches(fake.database)
  const answers = Array.from({ length: 4 }, () => store(report({ body: randomBytes(512 * 1024 + 40) })))
  await settle(fake, answers)
  expect(fake.sizes).toEqual([1, 1, 1, 1])
})

test('an error of one is answered to that one', async () => {
  const reports = Array.from({ length: 8 }, () => report())
  const bad = Buffer.from(reports[5]?.reportId ?? []).toString('hex')
  const fake = fakeDatabase(ids => {
    if (ids.includes(bad)) throw new Error('refused')
    return stored(ids)
  })
  const store = createBatches(fake.database)
  const answers = reports.map(store)
  await settle(fake, answers)
  const outcomes = (await Promise.allSettled(answers)).map(({ status }) => status)
  expect(outcomes).toEqual(reports.map((_, i) => (i === 5 ? 'rejected' : 'fulfilled')))
})

test('while PostgreSQL is away, nobody is tried twice', async () => {
  const gone = Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
  const fake = fakeDatabase(() => {
    throw gone
  })
  const store = createBatches(fake.database)
  const answers = Array.from({ length: 8 }, () => store(report()))
  await settle(fake, answers)
  for (const answer of answers) await expect(answer).rejects.toBe(gone)
  expect(fake.sizes).toEqual([8])
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
