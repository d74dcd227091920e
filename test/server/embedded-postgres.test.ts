import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { openSession, sqlState } from '../../src/server/database.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/server/embedded-postgres.ts'

const settings = { fsync: 'off' }
const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const newFolder = async (name = 'data') => {
  const parent = await mkdtemp(join(tmpdir(), 'bongsu-embedded-'))
  cleanups.push(() => rm(parent, { recursive: true, force: true }))
  return join(parent, name)
}

// A first start costs more than the rest of most tests here, so those it does not matter to share one folder.
let usedFolder = ''

beforeAll(async () => {
  usedFolder = await mkdtemp(join(tmpdir(), 'bongsu-embedded-'))
  await (await startEmbeddedPostgres({ dataFolder: usedFolder, settings })).stop()
  return () => rm(usedFolder, { recursive: true, force: true })
})

const start = async (dataFolder: string) => {
  const events: string[] = []
  const log = (event: string) => events.push(event)
  const postgres = await startEmbeddedPostgres({ dataFolder, settings, log })
  cleanups.push(() => postgres.stop())
  return { ...postgres, events }
}

const query = async ({ connectionString }: Pick<EmbeddedPostgres, 'connectionString'>, text: string) => {
  const session = await openSession(connectionString)
  try {
    return await session.query(text)
  } finally {
    await session.close()
  }
}

const write = (postgres: EmbeddedPostgres) =>
  query(postgres, `drop table if exists kept; create table kept as select 'here' as value`)
const read = (postgres: EmbeddedPostgres) => query(postgres, 'select value from kept')
const kept = [{ value: 'here' }]

const postmasterPid = async (dataFolder: string) =>
  Number.parseInt(await readFile(join(dataFolder, 'postgres', 'postmaster.pid'), 'utf8'), 10)

const isGone = (pid: number) => {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

/** A service in a process of its own, for tests that kill it. */
const spawnService = (dataFolder: string) => {
  const module = new URL('../../src/server/embedded-postgres.ts', import.meta.url).href
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(module)}
    const options = ${JSON.stringify({ dataFolder, settings })}
    try {
      await startEmbeddedPostgres(options)
      console.log('running')
    } catch (error) {
      console.log(error.message)
      process.exit(1)
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanups.push(() => kill(child))
  return child
}

const startService = async (dataFolder: string) => {
  const child = spawnService(dataFolder)
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  return { child, line: String(line).trim() }
}

const kill = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

const until = async (isSo: () => boolean | Promise<boolean>) => {
  for (const deadline = Date.now() + 10_000; !(await isSo()); await sleep(20)) {
    if (Date.now() > deadline) throw new Error('waited in vain')
  }
}

test('what was written is there after a stop and a start', async () => {
  const dataFolder = await newFolder()
  const first = await start(dataFolder)
  await write(first)
  await first.stop()
  expect(first.isHealthy()).toBe(false)

  const second = await start(dataFolder)
  expect(await read(second)).toEqual(kept)
  expect(second.connectionString).toBe(first.connectionString)
})

test('what is committed is on the disk, no network reaches it, and its log tells of nobody', async () => {
  // As it runs for a service, without what makes tests faster.
  const postgres = await startEmbeddedPostgres({ dataFolder: usedFolder })
  cleanups.push(() => postgres.stop())
  const rows = await query(postgres, 'select name, setting from pg_settings')
  const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
  expect(settings).toMatchObject({
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    data_checksums: 'on',
    listen_addresses: '',
    unix_socket_permissions: '0700',
    track_commit_timestamp: 'off',
    log_connections: '',
    log_disconnections: 'off',
    log_checkpoints: 'off',
    log_autovacuum_min_duration: '-1',
    log_statement: 'none',
    log_duration: 'off',
    log_min_duration_statement: '-1',
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
  })
  const ways = await query(postgres, 'select distinct type, auth_method from pg_hba_file_rules order by type')
  expect(ways.filter(({ type }) => type !== 'local')).toEqual([{ type: 'host', auth_method: 'reject' }])
  expect((await stat(join(usedFolder, 'postgres.log'))).mode & 0o777).toBe(0o600)
})

test('any folder name will do, a very long one included', async () => {
  const long = await newFolder(`a b, "한글" %41 ${'x'.repeat(80)}`)
  expect(await query(await start(long), 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a stop is quick, even in the middle of a query', async () => {
  const postgres = await start(usedFolder)
  const slow = query(postgres, 'select pg_sleep(60)').catch(sqlState)
  await until(async () => {
    const rows = await query(postgres, `select 1 from pg_stat_activity where query like '%sleep(60)'`)
    return rows.length > 0
  })
  const before = Date.now()
  await postgres.stop()
  expect(Date.now() - before).toBeLessThan(2_000)
  expect(await slow).toBe('57P01')
})

test('a killed service leaves PostgreSQL to the next one', async () => {
  const dataFolder = usedFolder
  const service = await startService(dataFolder)
  expect(service.line).toBe('running')
  const pid = await postmasterPid(dataFolder)
  await kill(service.child)

  const next = await start(dataFolder)
  expect(next.events).toEqual(['adopted'])
  expect(await postmasterPid(dataFolder)).toBe(pid)
  await next.stop()
  await until(() => isGone(pid))
})

test('an adopted PostgreSQL that dies is started again', async () => {
  const dataFolder = usedFolder
  const service = await startService(dataFolder)
  await kill(service.child)
  const next = await start(dataFolder)
  process.kill(await postmasterPid(dataFolder), 'SIGKILL')
  await until(() => next.events.length === 3)
  expect(next.events).toEqual(['adopted', 'lost', 'started'])
})

test('PostgreSQL that dies is started again, and again, with nothing lost', async () => {
  const dataFolder = usedFolder
  const postgres = await start(dataFolder)
  await write(postgres)
  for (const times of [1, 2]) {
    process.kill(await postmasterPid(dataFolder), 'SIGKILL')
    await until(() => postgres.events.filter(event => event === 'started').length === times + 1)
    expect(postgres.isHealthy()).toBe(true)
    expect(await read(postgres)).toEqual(kept)
  }
})

test('a backend that crashes takes the service down for a moment only', async () => {
  const postgres = await start(usedFolder)
  const session = await openSession(postgres.connectionString)
  const [backend] = await session.query('select pg_backend_pid() as pid')
  process.kill(Number(backend?.pid), 'SIGKILL')
  await session.closed
  await until(() => postgres.events.length === 3)
  expect(await query(postgres, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a service and PostgreSQL killed together start again with nothing lost', async () => {
  const dataFolder = usedFolder
  const service = await startService(dataFolder)
  process.kill(await postmasterPid(dataFolder), 'SIGKILL')
  await kill(service.child)
  await write(await start(dataFolder))
})

test('a pid that has passed to another process keeps nobody from starting', async () => {
  const dataFolder = usedFolder
  const first = await start(dataFolder)
  await write(first)
  const sockets = join(dataFolder, 'postgres-socket')
  const locks = [join(dataFolder, 'postgres', 'postmaster.pid'), join(sockets, '.s.PGSQL.5432.lock')]
  const left = await Promise.all(locks.map(lock => readFile(lock, 'utf8')))
  await first.stop()
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' })
  cleanups.push(() => kill(stranger))
  await mkdir(sockets)
  for (const [i, lock] of locks.entries()) {
    await writeFile(lock, String(left[i]).replace(/^\d+/, String(stranger.pid)))
  }

  expect(await read(await start(dataFolder))).toEqual(kept)
  expect(stranger.exitCode).toBeNull()
})

test('a second service is refused while the first one lives, and does it no harm', async () => {
  const dataFolder = usedFolder
  const first = await start(dataFolder)
  const second = await startService(dataFolder)
  expect(second.line).toContain('another running service uses the data folder')
  expect(first.events).toEqual(['started'])
  await write(first)
})

test('of services that start at once in a new folder, one runs and the others say why not', async () => {
  const dataFolder = await newFolder()
  const services = await Promise.all([1, 2, 3].map(() => startService(dataFolder)))
  const lines = services.map(({ line }) => line).sort()
  expect(lines[2]).toBe('running')
  expect(lines[0]).toContain('another running service')
  expect(lines[1]).toContain('another running service')

  await Promise.all(services.map(({ child }) => kill(child)))
  expect((await start(dataFolder)).events).toEqual(['adopted'])
  expect((await readdir(dataFolder)).filter(name => name.includes('.new'))).toEqual([])
})

test('a first start killed halfway is made good by the next', async () => {
  const dataFolder = await newFolder()
  await mkdir(dataFolder)
  const service = spawnService(dataFolder)
  const drafts = async () => (await readdir(dataFolder)).filter(name => name.startsWith('postgres.new-'))
  await until(async () => {
    const [draft] = await drafts()
    return draft !== undefined && (await readdir(join(dataFolder, draft))).includes('base')
  })
  await kill(service)
  expect(await drafts()).toHaveLength(1)

  expect(await query(await start(dataFolder), 'select 1 as one')).toEqual([{ one: 1 }])
  expect(await drafts()).toEqual([])
})

test('a stop wins over a restart under way', async () => {
  const dataFolder = usedFolder
  const postgres = await start(dataFolder)
  process.kill(await postmasterPid(dataFolder), 'SIGKILL')
  await until(() => postgres.events.includes('lost'))
  await postgres.stop()
  await sleep(300)
  const pid = await postmasterPid(dataFolder).catch(() => undefined)
  if (pid !== undefined) await until(() => isGone(pid))
})

test('the log holds no value from a query, a failed one included', async () => {
  const dataFolder = usedFolder
  const postgres = await start(dataFolder)
  const session = await openSession(postgres.connectionString)
  await session.query('create temporary table secrets (value uuid, name text unique)')
  await expect(session.query(`select 'hush'::uuid`)).rejects.toThrow('hush')
  await session.query(`insert into secrets values (null, 'hush')`)
  const repeat = session.query('insert into secrets values (null, $1)', ['hush'])
  expect(await repeat.catch(sqlState)).toBe('23505')
  await session.query(`do $$ begin raise warning 'hush'; raise log 'quiet'; end $$`)
  await session.query(`set application_name = 'hush'`)
  process.kill(Number((await session.query('select pg_backend_pid() as pid'))[0]?.pid), 'SIGTERM')
  await session.closed
  await postgres.stop()
  const log = await readFile(join(dataFolder, 'postgres.log'), 'utf8')
  expect(log).toContain('database system is shut down')
  expect(log).not.toContain('hush')
})

test.runIf(process.platform === 'linux')('Ctrl-C in the terminal does not reach PostgreSQL', async () => {
  const dataFolder = usedFolder
  await start(dataFolder)
  const pid = await postmasterPid(dataFolder)
  const [, , , session] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  expect(Number(session)).toBe(pid)
})
