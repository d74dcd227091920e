// A copy of the service's own PostgreSQL while it runs, by PostgreSQL's low-level backup API: pg_basebackup does not
// come with the package.
import {
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
} from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { type Config, ConfigError } from './config.ts'
import { openSession, type Session } from './database.ts'
import { urlOf } from './embedded-postgres.ts'
import { findPostmaster, syncFolder } from './embedded-postgres-cluster.ts'

/**
 * Copies the cluster, server.key and the demonstration's keys, as far as they are in the data folder, to a folder
 * that does not exist yet: it appears when the copy is whole. Everything committed by then is in it.
 */
export const backUp = async (
  { databaseUrl, dataFolder }: Pick<Config, 'databaseUrl' | 'dataFolder'>,
  target: string,
): Promise<{ readonly serverKey: boolean }> => {
  if (databaseUrl !== null) throw new ConfigError('DATABASE_URL: back that PostgreSQL up with its own tools')
  const folder = await realpath(dataFolder).catch(() => resolve(dataFolder))
  const data = join(folder, 'postgres')
  const postmaster = await findPostmaster({ data })
  if (!postmaster?.isReady) {
    throw new ConfigError(`BONGSU_DATA: no service runs on ${folder}. A stopped one is copied with cp -a.`)
  }
  const place = join(await realpath(dirname(resolve(target))), basename(resolve(target)))
  if (!/^\.\.(\/|$)/.test(relative(folder, place)))
    throw new ConfigError('FOLDER: it lies in the data folder')
  if (await exists(place)) throw new ConfigError('FOLDER: it is there already')
  const draft = await mkdtemp(`${place}.unfinished-`)
  try {
    const session = await openSession(urlOf(postmaster.socketFolder))
    await copyCluster(session, data, join(draft, 'postgres')).finally(() => session.close())
    const serverKey = await exists(join(folder, 'server.key'))
    if (serverKey) await copy(join(folder, 'server.key'), join(draft, 'server.key'))
    if (await exists(join(folder, 'demo'))) await copyFolder(join(folder, 'demo'), join(draft, 'demo'))
    await syncFolder(draft)
    await rename(draft, place)
    await syncFolder(dirname(place))
    return { serverKey }
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )

// Without a slot a checkpoint would remove the log that the copy needs. Both end with the session.
const KEEP_LOG =
  "select pg_create_physical_replication_slot('bongsu_backup_' || pg_backend_pid(), true, true)"
const START = "select pg_walfile_name(pg_backup_start('bongsu', true)) as first"
const STOP = 'select labelfile as label, pg_walfile_name(lsn) as last from pg_backup_stop(false)'

const copyCluster = async (session: Session, from: string, to: string): Promise<void> => {
  await session.query(KEEP_LOG)
  const [started] = await session.query(START)
  await copyFolder(from, to)
  await copyControl(join(from, CONTROL), join(to, CONTROL))
  const [stopped] = await session.query(STOP)
  await write(join(to, 'backup_label'), String(stopped?.label))
  await copyLog(join(from, 'pg_wal'), join(to, 'pg_wal'), String(started?.first), String(stopped?.last))
  await syncFolder(to)
}

const CONTROL = join('global', 'pg_control')

/** What PostgreSQL makes anew, or what belongs to the running one; pg_wal is copied last. */
const EMPTY = new Set([
  ...['pg_dynshmem', 'pg_notify', 'pg_replslot', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans'],
  'pg_wal',
])
const LEFT_OUT =
  /^(postmaster\.|pg_control$|pg_internal\.init|pgsql_tmp|backup_label|tablespace_map|backup_manifest|current_logfiles|postgresql\.auto\.conf\.tmp)/

/** Files change and go while it runs: PostgreSQL's log brings all of them to one state again. */
const copyFolder = async (from: string, to: string): Promise<void> => {
  await mkdir(to, { mode: 0o700 })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, copied] = [join(from, entry.name), join(to, entry.name)]
    if (LEFT_OUT.test(entry.name)) continue
    if (EMPTY.has(entry.name)) await mkdir(copied, { mode: 0o700 })
    else if (entry.isDirectory()) await copyFolder(source, copied)
    else if (entry.isFile()) await copy(source, copied).catch(unlessGone)
    else throw new Error(`${source} is neither a file nor a folder`)
  }
  await syncFolder(to)
}

const unlessGone = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOENT') throw error
}

const copy = async (from: string, to: string): Promise<void> => {
  await copyFile(from, to)
  const handle = await open(to)
  await handle.sync().finally(() => handle.close())
}

const write = async (file: string, content: string | Uint8Array): Promise<void> => {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Last of all files, and not while it is being written: two readings are the same. */
const copyControl = async (from: string, to: string): Promise<void> => {
  let before = await readFile(from)
  for (;;) {
    const now = await readFile(from)
    if (now.equals(before)) return write(to, now)
    before = now
  }
}

const SEGMENTS_PER_FILE_ID = 256

/** A segment's number: its name is timeline, upper and lower part, 8 digits each. */
const numberOf = (name: string): number =>
  Number.parseInt(name.slice(8, 16), 16) * SEGMENTS_PER_FILE_ID + Number.parseInt(name.slice(16), 16)

/** From where the copy began to where it ended; without one of these it is worth nothing. */
const copyLog = async (from: string, to: string, first: string, last: string): Promise<void> => {
  await mkdir(join(to, 'archive_status'), { mode: 0o700 })
  await mkdir(join(to, 'summaries'), { mode: 0o700 })
  const names = (await readdir(from)).filter(
    name => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last,
  )
  if (names.length !== numberOf(last) - numberOf(first) + 1) {
    throw new Error(`PostgreSQL’s log from ${first} to ${last} is not there whole`)
  }
  for (const name of names) await copy(join(from, name), join(to, name))
  await syncFolder(to)
}
