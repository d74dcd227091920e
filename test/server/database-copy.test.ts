// Bytes that come from PostgreSQL as they are.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase, sqlState } from '../../src/server/database.ts'
import { createDatabase, empty, type TestDatabase } from '../support/postgres.ts'

let target: TestDatabase
let database: Database
beforeAll(async () => {
  target = await createDatabase(empty)
  database = openDatabase({ url: target.url, max: 1 })
})
afterAll(async () => {
  await database.close()
  await target.drop()
})

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

test('are what was stored, of any length; none where there is no row or no value', async () => {
  for (const length of [0, 1, 65_536, 1024 * 1024]) {
    const bytes = randomBytes(length)
    expect(await database.bytes(`select '\\x${hexOf(bytes)}'::bytea`)).toEqual(bytes)
  }
  expect(await database.bytes('select null::bytea')).toBe(null)
  expect(await database.bytes('select null::bytea where false')).toBe(null)
})

test('leave their connection as it was, also where the query fails', async () => {
  const connection = async () =>
    (await database.query({ name: 'pid', text: 'select pg_backend_pid() as id' }))[0]
  const before = await connection()
  await database.bytes(`select '\\x00'::bytea`)
  const failure = await database.bytes('select 1 / 0').catch(error => error)
  expect(sqlState(failure)).toBe('22012')
  expect(await connection()).toEqual(before)
})

// A timer that goes on would hold up the end of the process, and hold what it watches.
test('leave no timer behind', async () => {
  const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  await database.query({ name: 'one', text: 'select 1' })
  const before = timers()
  for (let i = 0; i < 5; i++) {
    await database.bytes(`select '\\x00'::bytea`)
    await database.bytes('select 1 / 0').catch(() => undefined)
  }
  // Five of either kind would leave five; the test runner has some of its own that come and go.
  expect(timers()).toBeLessThan(before + 5)
})
