// Bytes that come from PostgreSQL, and go there, as they are.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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

test('are planned anew where that is asked for: nothing of it stays with the connection', async () => {
  const text = 'select decode($1::text, $2::text)'
  const remembered = 'select name from pg_prepared_statements where name in ($1, $2) order by name'
  for (const isPlannedAnew of [false, true])
    await database.bytes({ name: `anew-${isPlannedAnew}`, text, isPlannedAnew }, ['00', 'hex'])
  expect(await database.query({ name: 'remembered', text: remembered }, ['anew-false', 'anew-true'])).toEqual(
    [{ name: 'anew-false' }],
  )
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

const HELD = {
  name: 'held',
  text: `select count(*)::int as count, sum(length(bytes))::int as length from copied where note = $1`,
}
const TEXT = 'copy copied (note, bytes) from stdin (format binary)'

/** By PostgreSQL's own description: a header, rows of fields with their lengths, an end. */
function rowsOf(note: string, ...values: readonly Uint8Array[]): Buffer {
  const field = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(bytes.length)
    return [length, bytes]
  }
  const rows = values.flatMap(bytes => [Buffer.of(0, 2), ...field(Buffer.from(note)), ...field(bytes)])
  return Buffer.concat([
    Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1'),
    ...rows,
    Buffer.of(255, 255),
  ])
}
const copyOf = (note: string, ...values: readonly Uint8Array[]) => ({
  text: TEXT,
  rows: rowsOf(note, ...values),
})
const heldOf = async (note: string) => (await database.query(HELD, [note]))[0]
const pidOf = async () => (await database.query({ name: 'pid', text: 'select pg_backend_pid() as id' }))[0]

describe('what is copied', () => {
  beforeAll(async () => {
    await database.query({
      name: 'table',
      text: 'create table copied (note text, bytes bytea check (length(bytes) <> 13))',
    })
  })

  test('is there before its statement, of any length, again and again', async () => {
    for (const length of [0, 1, 65_530, 1024 * 1024, 3_000_001]) {
      const values = [randomBytes(length), randomBytes(5)]
      const note = `of ${length}`
      expect(await database.query(HELD, [note], copyOf(note, ...values))).toEqual([
        { count: 2, length: length + 5 },
      ])
      const stored = await database.bytes(
        { name: 'stored', text: 'select bytes from copied where note = $1' },
        [note],
      )
      expect(stored.map(([bytes]) => bytes)).toEqual(values)
    }
  })

  test('is the caller’s again once the query is over', async () => {
    const copy = copyOf('once', Buffer.alloc(1024 * 1024, 1))
    await database.query(HELD, ['once'], copy)
    copy.rows.fill(0)
    const [row] = await database.bytes({
      name: 'first',
      text: `select bytes from copied where note = 'once'`,
    })
    expect(row?.[0]).toEqual(Buffer.alloc(1024 * 1024, 1))
  })

  test('is gone where its statement fails, in a transaction too, and their connection is as it was', async () => {
    const failing = { name: 'divide', text: 'select 1 / $1::int' }
    const before = await pidOf()
    const alone = database.query(failing, [0], copyOf('lost', Buffer.alloc(100_000)))
    expect(sqlState(await alone.catch(error => error))).toBe('22012')
    const within = database.transaction(queries =>
      queries.query(failing, [0], copyOf('lost', Buffer.alloc(1))),
    )
    expect(sqlState(await within.catch(error => error))).toBe('22012')
    const undone = database.transaction(async queries => {
      await queries.query(HELD, ['lost'], copyOf('lost', Buffer.alloc(1)))
      throw new Error('changed its mind')
    })
    await expect(undone).rejects.toThrow('changed its mind')
    expect(await heldOf('lost')).toEqual({ count: 0, length: null })
    await database.transaction(queries => queries.query(HELD, ['kept'], copyOf('kept', Buffer.alloc(7))))
    expect(await heldOf('kept')).toEqual({ count: 1, length: 7 })
    expect(await pidOf()).toEqual(before)
  })

  test('is refused as a whole, and its statement does not run', async () => {
    const note = { name: 'note', text: `insert into copied values ($1, '')` }
    const before = await pidOf()
    for (const [copy, state] of [
      [copyOf('refused', Buffer.alloc(200_000), Buffer.alloc(13)), '23514'],
      [{ text: TEXT, rows: rowsOf('refused', Buffer.alloc(200_000)).subarray(0, 100_000) }, '22P04'],
      [{ text: TEXT, rows: Buffer.alloc(200_000) }, '22P04'],
      [
        { text: 'copy nowhere from stdin (format binary)', rows: rowsOf('refused', Buffer.alloc(200_000)) },
        '42P01',
      ],
    ] as const) {
      const failure = await database.query(note, ['refused'], copy).catch(error => error)
      expect(sqlState(failure)).toBe(state)
      expect(await heldOf('refused')).toEqual({ count: 0, length: null })
    }
    expect(await pidOf()).toEqual(before)
    // What was prepared before the rows failed is known.
    await database.query(note, ['later'], copyOf('later', Buffer.alloc(1)))
    expect(await heldOf('later')).toEqual({ count: 2, length: 1 })
  })

  test('is gone where a value of its statement is none', async () => {
    const wrong = database.query(
      { name: 'number', text: 'select $1::int' },
      ['no number'],
      copyOf('wrong', Buffer.alloc(4)),
    )
    expect(sqlState(await wrong.catch(error => error))).toBe('22P02')
    expect(await heldOf('wrong')).toEqual({ count: 0, length: null })
  })

  test('comes in order where many ask at once over one connection', async () => {
    const asked = Array.from({ length: 30 }, (_, i) => i)
    const all = asked.map(async i => {
      if (i % 3 === 0) expect(await database.bytes(COUNT, [i, i])).toEqual(expectedRows(i, i))
      else if (i % 3 === 1)
        expect(await database.query({ name: 'text', text: 'select $1::int as n' }, [i])).toEqual([{ n: i }])
      else
        expect(
          await database.query(HELD, [`among ${i}`], copyOf(`among ${i}`, Buffer.alloc(7_000 * i))),
        ).toEqual([{ count: 1, length: 7_000 * i }])
    })
    await Promise.all(all)
  })
})
