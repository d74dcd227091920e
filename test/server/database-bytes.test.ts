// Bytes that come from PostgreSQL, and go there, as they are.
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

const COUNT = {
  name: 'count',
  text: `select n, null::bytea, decode(repeat(lpad(to_hex(n % 256), 2, '0'), $1::int + n), 'hex')
    from generate_series(1, $2::int) n`,
}
const expectedRows = (length: number, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const number = Buffer.alloc(4)
    number.writeInt32BE(i + 1)
    return [number, null, Buffer.alloc(length + i + 1, i + 1)]
  })

test('come as they were stored, of any length, in any number of rows', async () => {
  for (const [length, count] of [
    [0, 0],
    [0, 1],
    [1, 3000],
    [65_500, 40],
    [17_520, 32],
    [1024 * 1024, 3],
  ] as const)
    expect(await database.bytes(COUNT, [length, count])).toEqual(expectedRows(length, count))
})

test('come in order where many ask at once over one connection', async () => {
  const asked = Array.from({ length: 40 }, (_, i) => i)
  const all = asked.map(async i =>
    i % 3 === 0
      ? expect(await database.query({ name: 'text', text: 'select $1::int as n' }, [i])).toEqual([{ n: i }])
      : expect(await database.bytes(COUNT, [i * 700, i])).toEqual(expectedRows(i * 700, i)),
  )
  await Promise.all(all)
})

test('leave their connection as it was, also where the query fails before its first row or behind it', async () => {
  const pid = () => database.query({ name: 'pid', text: 'select pg_backend_pid() as id' })
  const before = await pid()
  for (const text of [
    'select 1 / (1 - $1::int)',
    'select 1 / (200 - n) from generate_series(1, 100 + 100 * $1::int) n',
  ]) {
    const failure = await database.bytes({ name: text.slice(0, 20), text }, [1]).catch(error => error)
    expect(sqlState(failure)).toBe('22012')
    expect(await database.bytes(COUNT, [1, 1])).toEqual(expectedRows(1, 1))
  }
  const wrong = database.bytes({ name: 'nothing', text: 'select from nowhere' })
  expect(sqlState(await wrong.catch(error => error))).toBe('42P01')
  expect(await pid()).toEqual(before)
})

// A timer that goes on would hold up the end of the process, and hold what it watches.
test('leave no timer behind', async () => {
  const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  await database.query({ name: 'one', text: 'select 1' })
  const before = timers()
  for (let i = 0; i < 5; i++) {
    await database.bytes(COUNT, [1, 1])
    await database.bytes({ name: 'zero', text: 'select 1 / $1::int' }, [0]).catch(() => undefined)
  }
  // Five of either kind would leave five; the test runner has some of its own that come and go.
  expect(timers()).toBeLessThan(before + 5)
})

const HASH = {
  name: 'hash',
  text: `select $1::int as number, $2::text as text, length($3::bytea) as length, sha256($3::bytea) as hash`,
}
const sha256Of = async (bytes: Uint8Array) =>
  Buffer.from(await crypto.subtle.digest('SHA-256', bytes.slice()))

test('a large parameter arrives whole behind the others, of any length, again and again', async () => {
  for (const length of [0, 1, 65_536, 1024 * 1024, 3_000_001]) {
    const bytes = randomBytes(length)
    const hash = await sha256Of(bytes)
    const rows = await database.query(HASH, [length, '한글'], bytes)
    expect(rows).toEqual([{ number: length, text: '한글', length, hash }])
  }
})

test('a large parameter is the caller’s again once the query is over', async () => {
  const bytes = randomBytes(1024 * 1024)
  const hash = await sha256Of(bytes)
  const [first] = await database.query(HASH, [1, ''], bytes)
  bytes.fill(0)
  expect(first?.hash).toEqual(hash)
})

test('a large parameter leaves its connection as it was, also where the query fails, in a transaction too', async () => {
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

test('a large parameter is refused where one before it cannot be sent', async () => {
  const wrong = database.query(HASH, ['no number', ''], new Uint8Array(4))
  expect(sqlState(await wrong.catch(error => error))).toBe('22P02')
  expect(await database.query(HASH, [3, ''], new Uint8Array(4))).toMatchObject([{ number: 3, length: 4 }])
})
