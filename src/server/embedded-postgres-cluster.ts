import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findPostgresUser, type PostgresUser } from './embedded-postgres-user.ts'
import { makeFolder } from './folders.ts'

/** What one PostgreSQL cluster consists of on disk. */
export interface Cluster {
  folder: string
  data: string
  socketFolder: string
  logFile: string
  programs: { postgres: string; initdb: string }
  user: PostgresUser
}

export const SUPERUSER = 'bongsu'
export const PORT = 5432
// sun_path on macOS, the shorter one, less its closing zero.
const LONGEST_SOCKET_PATH = 103

/** Finds the cluster of a data folder, and makes it on the first start. */
export const prepareCluster = async (dataFolder: string, durable: boolean): Promise<Cluster> => {
  await makeFolder(dataFolder)
  const folder = await realpath(dataFolder)
  const programs = findPrograms()
  const user = await findPostgresUser(folder, programs.postgres)
  const cluster = {
    folder,
    data: join(folder, 'postgres'),
    socketFolder: chooseSocketFolder(folder),
    logFile: join(folder, 'postgres.log'),
    programs,
    user,
  }
  await removeAbandonedDrafts(folder)
  if (!(await exists(join(cluster.data, 'PG_VERSION')))) await initialise(cluster, durable)
  return cluster
}

const findPrograms = (): Cluster['programs'] => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // The package's main module is dist/index.js.
    const native = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native', 'bin')
    return { postgres: join(native, 'postgres'), initdb: join(native, 'initdb') }
  } catch (cause) {
    throw new Error(`no embedded PostgreSQL for this machine (${name}): set DATABASE_URL`, { cause })
  }
}

const chooseSocketFolder = (folder: string): string => {
  const near = join(folder, 'postgres-socket')
  if (Buffer.byteLength(join(near, `.s.PGSQL.${PORT}`)) <= LONGEST_SOCKET_PATH) return near
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  return join(tmpdir(), `bongsu-${hash}`)
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

const DRAFT = 'postgres.new-'
const ownDrafts = randomUUID().slice(0, 8)
const DRAFT_LIFETIME_MS = 3_600_000

/** initdb works in a folder beside the real one, so that a kill in the middle leaves no half cluster in its place. */
const initialise = async (cluster: Cluster, durable: boolean): Promise<void> => {
  const draft = await mkdtemp(join(cluster.folder, `${DRAFT}${process.pid}-${ownDrafts}-`))
  try {
    await giveTo(cluster.user, draft)
    await runInitdb(cluster, draft, durable)
    await rename(draft, cluster.data).catch(async error => {
      // Another service, started at the same time, was first.
      if (!(await exists(join(cluster.data, 'PG_VERSION')))) throw error
    })
    await syncFolder(cluster.folder)
  } finally {
    await rm(draft, { recursive: true, force: true, maxRetries: 5 })
  }
}

const runInitdb = async ({ user, programs }: Cluster, data: string, durable: boolean): Promise<void> => {
  const { file, args, options } = user.command(programs.initdb, [
    ...['-D', data, '-U', SUPERUSER, '--data-checksums', '--encoding=UTF8', '--locale=C'],
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    // Without a password: whoever reaches the socket through its 0700 folder can read the data folder as well.
    ...['--auth-local=trust', '--auth-host=reject'],
    ...(durable ? [] : ['--no-sync']),
  ])
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`initdb failed (${code}): ${complaint.trim()}`)
}

const removeAbandonedDrafts = async (folder: string): Promise<void> => {
  for (const name of (await readdir(folder)).filter(name => name.startsWith(DRAFT))) {
    const [pid, owner] = name.slice(DRAFT.length).split('-')
    const draft = join(folder, name)
    // In a container every start has the same pid, so the pid alone does not tell whose draft it is.
    const isInUse = Number(pid) === process.pid ? owner === ownDrafts : isAlive(Number(pid))
    const age = Date.now() - (await stat(draft).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs
    if (!isInUse || age > DRAFT_LIFETIME_MS) await rm(draft, { recursive: true, force: true, maxRetries: 5 })
  }
}

export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}

const giveTo = async ({ owner }: PostgresUser, path: string): Promise<void> => {
  if ((await lstat(path)).uid !== owner.uid) await chown(path, owner.uid, owner.gid)
}

/** The socket folder may lie in the common /tmp, where anyone could have made it first. */
export const prepareFolders = async ({ user, folder, data, socketFolder }: Cluster): Promise<void> => {
  await mkdir(socketFolder, { mode: 0o700 }).catch(error => {
    if (error.code !== 'EEXIST') throw error
  })
  const found = await lstat(socketFolder)
  const isOwned = dirname(socketFolder) === folder || [user.owner.uid, process.getuid?.()].includes(found.uid)
  if (!found.isDirectory() || !isOwned)
    throw new Error(`${socketFolder} is not a folder of this user: remove it`)
  await chmod(socketFolder, 0o700)
  await giveTo(user, socketFolder)

  if ((await stat(data)).uid === user.owner.uid) return
  for (const name of ['.', ...(await readdir(data, { recursive: true }))])
    await giveTo(user, join(data, name))
}

/** A postmaster that runs on the cluster, whoever started it. */
export interface Postmaster {
  pid: number
  socketFolder: string
  isReady: boolean
}

export const findPostmaster = async ({ data }: Pick<Cluster, 'data'>): Promise<Postmaster | undefined> => {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const [pid, , , , socketFolder = '', , , status = ''] = text.split('\n')
  if (!(await worksIn(Number(pid), data))) return undefined
  return { pid: Number(pid), socketFolder, isReady: status.startsWith('ready') }
}

/**
 * PostgreSQL sees over a lock file whose process is gone, but not when the pid has passed to another process since,
 * or is a zombie's. Its shared memory still guards the data while old backends live.
 */
export const setAsideStaleLocks = async ({ data, socketFolder }: Cluster): Promise<void> => {
  await setAsideStaleLock(data, join(data, 'postmaster.pid'))
  await setAsideStaleLock(data, join(socketFolder, `.s.PGSQL.${PORT}.lock`))
}

const setAsideStaleLock = async (data: string, lock: string): Promise<void> => {
  const judged = await readFile(lock, 'utf8').catch(() => undefined)
  if (judged === undefined || (await worksIn(Number.parseInt(judged, 10), data))) return
  const aside = `${lock}.${process.pid}`
  try {
    await rename(lock, aside)
    // Another service may have replaced the file in between: then it goes back.
    if ((await readFile(aside, 'utf8')) !== judged) await link(aside, lock)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  await rm(aside, { force: true })
}

const isAlive = (pid: number): boolean => {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Each PostgreSQL process has its data folder as its working folder; a zombie has none. */
export const worksIn = async (pid: number, data: string): Promise<boolean> => {
  if (!isAlive(pid)) return false
  if (process.platform === 'linux') return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === data
  const child = spawn('ps', ['-o', 'args=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] })
  let commandLine = ''
  for await (const text of child.stdout.setEncoding('utf8')) commandLine += text
  return commandLine.includes(data)
}
