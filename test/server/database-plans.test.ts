// How PostgreSQL goes about what it is asked: alike for a small table and a large one.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/server/database.ts'
import { createDatabase, empty, type TestDatabase } from '../support/postgres.ts'

const ROWS = 200_000

let target: TestDatabase
let database: Database
beforeAll(async () => {
  target = await createDatabase(empty)
  database = openDatabase({ url: target.url, max: 1 })
  const all = [
    `create table things (id int primary key, place int, text text)`,
    `insert into things select n, n, repeat('x', 300) from generate_series(1, ${ROWS}) n`,
    'create index on things (place)',
    'analyze things',
  ]
  for (const [i, text] of all.entries()) await database.query({ name: `prepare-${i}`, text })
})
afterAll(async () => {
  await database.close()
  await target.drop()
})

test('a statement is planned once, and by one process, however much there is to go through', async () => {
  const text = 'select count(text)::int as count, sum(length(text))::int as length from things where id > $1'
  const statement = { name: 'many-things', text }
  for (const after of [0, 1, ROWS - 2, ROWS - 1, 0, 5, 100, ROWS]) await database.query(statement, [after])
  const plans = await database.query<{ generic_plans: string; custom_plans: string }>({
    name: 'plans',
    text: `select generic_plans, custom_plans from pg_prepared_statements where name = 'many-things'`,
  })
  expect(plans).toEqual([{ generic_plans: '8', custom_plans: '0' }])
  const explained = await database.query<{ 'QUERY PLAN': string }>({
    name: 'explained',
    text: 'explain select count(text), sum(length(text)) from things where id > 0',
  })
  expect(explained.map(row => row['QUERY PLAN']).join('\n')).not.toMatch(/Gather|Parallel/)
})
