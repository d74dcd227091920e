import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { CHALLENGE_LIFETIME } from '../../src/protocol/challenge.ts'
import { openDatabase, type Queries } from '../../src/server/database.ts'
import { forgetSpentNonces, spendNonce } from '../../src/server/http/nonces.ts'
import { createDatabase } from '../support/postgres.ts'
import { startBeside } from '../support/servers.ts'
import { countOf, rowsOf, until } from '../support/stored.ts'
import { createWorld } from '../support/world.ts'

const HOUR_MS = 3_600_000

test('an hour’s spent nonces are forgotten in parts, none of which takes long, and nothing else is', async () => {
  const { url, drop } = await createDatabase()
  const database = openDatabase({ url, max: 1 })
  const fill = `insert into spent_nonces (nonce, hour)
    select decode(lpad(to_hex(n), 32, '0'), 'hex'), 100 + n % 2 from generate_series(1, 50000) n`
  await database.query({ name: 'fill', text: fill })
  const left = { name: 'left', text: 'select hour, count(*)::int as count from spent_nonces group by hour' }
  const steps: number[] = []
  const counting: Queries = {
    orm: database.orm,
    async query(statement, values) {
      const rows = await database.query(statement, values)
      const hours = await database.query<{ hour: number; count: number }>(left)
      steps.push(hours.find(row => row.hour === 100)?.count ?? 0)
      return rows as never
    },
  }
  await forgetSpentNonces(counting, 101 * HOUR_MS)
  const deleted = steps.map((count, i) => (steps[i - 1] ?? 25_000) - count)
  expect(Math.max(...deleted)).toBeLessThanOrEqual(10_000)
  expect(await database.query(left)).toEqual([{ hour: 101, count: 25_000 }])
  await database.close()
  await drop()
})

test('a spent nonce is not forgotten while it could be used, whenever in the hour it was issued', async () => {
  const { url, drop } = await createDatabase()
  const database = openDatabase({ url, max: 1 })
  for (const minute of [0, 20, 49, 50, 51, 59]) {
    const expiry = 100 * 3600 + minute * 60 + CHALLENGE_LIFETIME
    const challenge = { random: randomBytes(16), expiry, workBits: 0 }
    await spendNonce(database, challenge)
    await forgetSpentNonces(database, expiry * 1000)
    await expect(spendNonce(database, challenge)).rejects.toThrow('challenge-invalid')
  }
  await database.close()
  await drop()
})

test('a service that starts forgets the counts of days before, and nonces of long ago', async () => {
  const world = await createWorld()
  const before = [randomBytes(32), randomBytes(16)]
  await rowsOf(world, `insert into reply_quotas (subject, day, sent) values ($1, '2020-01-01', 1)`, [
    before[0],
  ])
  await rowsOf(world, 'insert into spent_nonces (nonce, hour) values ($1, 1)', [before[1]])
  const server = await startBeside(world)
  await until(async () => (await countOf(world, `from reply_quotas where day = '2020-01-01'`)) === 0)
  await until(async () => (await countOf(world, 'from spent_nonces where hour = 1')) === 0)
  await server.stop()
  await world.stop()
})
