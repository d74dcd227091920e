// A migration deletes keys that agencies handed to their devices: the service asks before it runs it.
import { rm } from 'node:fs/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../src/server/config.ts'
import { migrate, openSession, type Session } from '../../src/server/database.ts'
import { startServer } from '../../src/server/main.ts'
import { migrationsBefore } from '../support/migrations.ts'
import { createDatabase, empty } from '../support/postgres.ts'
import { environmentOf } from '../support/servers.ts'
import { createWorld, type World } from '../support/world.ts'

const DELETING = '0004_refusals_kept'

let world: World
let folder: string
beforeAll(async () => {
  world = await createWorld()
  folder = await migrationsBefore(DELETING)
})
afterAll(async () => {
  await world.stop()
  await rm(folder, { recursive: true, force: true })
})

/** A database that the version before has left; `handed` is what lies beside the events of its one case. */
async function leftBehind(...handed: string[]) {
  const { url, drop } = await createDatabase(empty)
  await migrate(url, { folder })
  const session = await openSession(url)
  await session.query(`
    insert into reports values ('\\x01', '\\x', '\\x', '\\x', '\\x', '\\x', '', '2026-11-23', 1, false, false);
    insert into assignments (case_id, report_id, agency_id, key_id, head) values ('\\x02', '\\x01', 'nis', '\\x', '\\x')`)
  for (const [i, keys] of handed.entries()) {
    await session.query(
      `insert into events (case_id, index, core, tag, signature, certificate, device_keys)
       values ('\\x02', $1, '\\x', '\\x', '\\x', '', $2)`,
      [i, Buffer.from(keys)],
    )
  }
  const stop = async () => {
    await session.close()
    await drop()
  }
  return { url, session, stop }
}

/** What a start changes of a database, if it changes anything. */
const stateOf = async (session: Session) => ({
  applied: await session.query('select hash, created_at from drizzle.__drizzle_migrations order by id'),
  tables: await session.query(`select table_name, column_name from information_schema.columns
    where table_schema = 'public' order by 1, 2`),
  handed: await session.query('select index, device_keys from events order by index'),
})

const handedIn = async (session: Session): Promise<string[]> =>
  (await stateOf(session)).handed.map(row => String(row.device_keys))

const start = async (url: string, variables: Readonly<Record<string, string>> = {}): Promise<string> => {
  const config = readConfig({ ...environmentOf(world), DATABASE_URL: url, ...variables })
  try {
    const server = await startServer(config, { now: world.now, log: pino({ level: 'silent' }) })
    await server.stop()
    return 'started'
  } catch (error) {
    return error instanceof Error ? `${error.constructor.name} ${error.message}` : 'no error'
  }
}

test('a database with keys handed to devices is not migrated unasked: the start ends, says what to do, and changes nothing', async () => {
  const { url, session, stop } = await leftBehind('keys', '', 'more keys')
  const before = await stateOf(session)
  const refusal = await start(url)
  expect(refusal).toMatch(/^ConfigError the database holds keys handed to devices beside 2 events of 1 case,/)
  for (const said of ['Nothing was changed', 'epoch seed', 'bongsu open', 'BONGSU_DELETE_HANDED_KEYS=yes']) {
    expect(refusal).toContain(said)
  }
  expect(await stateOf(session)).toEqual(before)
  // Nor does the setting with another word.
  expect(() => readConfig({ BONGSU_DELETE_HANDED_KEYS: 'no' })).toThrow('BONGSU_DELETE_HANDED_KEYS')
  await stop()
})

test('an operator who says so has the keys deleted, once; later starts neither ask nor delete', async () => {
  const { url, session, stop } = await leftBehind('keys')
  expect(await start(url, { BONGSU_DELETE_HANDED_KEYS: 'yes' })).toBe('started')
  expect(await handedIn(session)).toEqual([''])
  await session.query("update events set device_keys = 'of today'")
  for (const variables of [{}, { BONGSU_DELETE_HANDED_KEYS: 'yes' }]) {
    expect(await start(url, variables)).toBe('started')
    expect(await handedIn(session)).toEqual(['of today'])
  }
  await stop()
})

test('a database without such keys is migrated as ever: events with none, none at all, an empty one', async () => {
  for (const handed of [[''], []]) {
    const { url, session, stop } = await leftBehind(...handed)
    expect(await start(url)).toBe('started')
    expect(await handedIn(session)).toEqual(handed)
    await stop()
  }
  const { url, drop } = await createDatabase(empty)
  expect(await start(url)).toBe('started')
  await drop()
})
