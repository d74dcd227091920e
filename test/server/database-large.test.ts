// A parameter that goes to PostgreSQL without a copy.
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

const HASH = {
  name: 'hash',
  text: `select $1::int as number, $2::text as text, length($3::bytea) as length, sha256($3::bytea) as hash`,
}
const sha256Of = async (bytes: Uint8Array) =>
  Buffer.from(await crypto.subtle.digest('SHA-256', bytes.slice()))

test('arrives whole behind the others, of any length, again and again', async () => {
  for (const length of [0, 1, 65_536, 1024 * 1024, 3_000_001]) {
    const bytes = randomBytes(length)
    const hash = await sha256Of(bytes)
    const rows = await database.query(HASH, [length, '한글'], bytes)
    expect(rows).toEqual([{ number: length, text: '한글', length, hash }])
  }
})

test('is the caller’s again once the query is over', async () => {
  const bytes = randomBytes(1024 * 1024)
  const hash = await sha256Of(bytes)
  const [first] = await database.query(HASH, [1, ''], bytes)
  bytes.fill(0)
  expect(first?.hash).toEqual(hash)
})

test('leaves its connection as it was, also where the query fails, in a transaction too', async () => {
  const failing = { name: 'divide', text: 'select $1::int / length($2::bytea)' }
  const pid = () => database.query({ name: 'pid', text: 'select pg_backend_pid() as id' })
  const before = await pid()
  const alone = await database.query(failing, [1], new Uint8Array(0)).catch(error => error)
  expect(sqlState(alone)).toBe('22012')
  const within = database.transaction(queries => queries.query(failing, [1], new Uint8Array(0)))
  expect(sqlState(await within.catch(error => error))).toBe('22012')
  const kept = await database.transaction(queries => queries.query(HASH, [2, ''], new Uint8Array(2)))
  expect(kept).toMatchObject([{ number: 2, length: 2 }])
  expect(await pid()).toEqual(before)
})

test('rejects where a parameter before it cannot be sent', async () => {
  const wrong = database.query(HASH, ['no number', ''], new Uint8Array(4))
  expect(sqlState(await wrong.catch(error => error))).toBe('22P02')
  expect(await database.query(HASH, [3, ''], new Uint8Array(4))).toMatchObject([{ number: 3, length: 4 }])
})
