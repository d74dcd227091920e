import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile, rename, rmdir, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigError } from './config.ts'
import { isUnavailable, openSession, type Session } from './database.ts'
import {
  type Cluster,
  findPostmaster,
  PORT,
  type Postmaster,
  prepareCluster,
  prepareFolders,
  SUPERUSER,
  setAsideStaleLocks,
  worksIn,
} from './embedded-postgres-cluster.ts'

export type EmbeddedPostgresEvent = 'started' | 'adopted' | 'lost' | 'start-failed' | 'stopped'

export interface EmbeddedPostgresOptions {
  dataFolder: string
  log?: (event: EmbeddedPostgresEvent, error?: unknown) => void
  /** On top of those below. Tests switch `fsync` off; nothing else may. */
  settings?: Record<string, string>
}

export interface EmbeddedPostgres {
  /** Over a Unix socket; the same for as long as the service runs. */
  connectionString: string
  isHealthy(): boolean
  stop(): Promise<void>
}

/**
 * Runs PostgreSQL for this service alone, from the binaries in node_modules. It outlives a killed service and is
 * adopted by the next one; when it dies while the service runs, it is started again.
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const { dataFolder, settings = {}, log = () => {} } = options
  const cluster = await prepareCluster(dataFolder, settings.fsync !== 'off')
  const stopping = new AbortController()
  const run: Run = { cluster, settings: { ...SETTINGS, ...settings }, log, signal: stopping.signal }
  try {
    run.session = await reach(run)
  } catch (error) {
    if (run.child?.pid !== undefined && isRunning(run.child)) await end(cluster, run.child.pid)
    throw error
  }
  const watching = watch(run)

  let stopped: Promise<void> | undefined
  const stop = async () => {
    stopping.abort()
    await watching
    await run.session?.close()
    const pid = isRunning(run.child) ? run.child?.pid : (await findPostmaster(cluster))?.pid
    if (pid !== undefined) await end(cluster, pid)
    await rmdir(cluster.socketFolder).catch(() => {})
    log('stopped')
  }
  return {
    connectionString: urlOf(cluster.socketFolder),
    isHealthy: () => run.session !== undefined && !run.signal.aborted,
    stop: () => {
      stopped ??= stop()
      return stopped
    },
  }
}

interface Run {
  cluster: Cluster
  settings: Record<string, string>
  log: NonNullable<EmbeddedPostgresOptions['log']>
  signal: AbortSignal
  /** The postmaster, when this process started it. */
  child?: ChildProcess | undefined
  /** Holds the lock that makes PostgreSQL this service's own; its end is how a crash is noticed. */
  session?: Session | undefined
}

const SETTINGS: Record<string, string> = {
  listen_addresses: '',
  port: String(PORT),
  unix_socket_permissions: '0700',
  max_connections: '60',
  shared_buffers: '64MB',
  // Pages are written while files come in: a checkpoint that has them all to write holds up every commit.
  bgwriter_delay: '50ms',
  bgwriter_lru_maxpages: '1000',
  bgwriter_lru_multiplier: '4',
  fsync: 'on',
  synchronous_commit: 'on',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The log must not hold what reporters sent: errors quote values, so only PostgreSQL's own life is logged.
  logging_collector: 'off',
  log_destination: 'stderr',
  log_line_prefix: '%t [%p] ',
  log_min_messages: 'log',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_connections: '',
  log_disconnections: 'off',
  // How much is written, and when, tells when reports arrive.
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
}

const START_TIMEOUT_MS = 30_000
const UNREACHABLE_TIMEOUT_MS = 5_000
const POLL_MS = 15
const RELAUNCH_PAUSE_MS = 100

/** Adopts the postmaster that runs, or starts one, and takes the service's lock in it. */
const reach = async (run: Run): Promise<Session> => {
  const { cluster, signal } = run
  const deadline = Date.now() + START_TIMEOUT_MS
  let unreachableSince = Number.POSITIVE_INFINITY
  let launch: Launch | undefined
  for (;;) {
    signal.throwIfAborted()
    if (Date.now() > deadline) throw new Error(`PostgreSQL did not start in time: see ${cluster.logFile}`)
    const postmaster = await findPostmaster(cluster)
    if (postmaster?.isReady) {
      const session = await adopt(run, postmaster)
      if (typeof session === 'object') {
        run.log(postmaster.pid === run.child?.pid ? 'started' : 'adopted')
        return session
      }
      unreachableSince =
        session === 'unreachable' ? Math.min(unreachableSince, Date.now()) : Number.POSITIVE_INFINITY
      // Its socket is gone, say with a cleaned /tmp: it is of no use to anyone.
      if (Date.now() - unreachableSince > UNREACHABLE_TIMEOUT_MS) signalProcess(postmaster.pid, 'SIGQUIT')
    } else if (!postmaster && !isRunning(run.child)) {
      if (launch) {
        // Killed in the middle of its start, it says nothing and may well succeed the next time.
        if (!run.child?.signalCode) await expectPassingFailure(cluster, launch)
        await sleep(RELAUNCH_PAUSE_MS)
      }
      launch = await launchPostmaster(run)
    }
    await sleep(POLL_MS)
  }
}

export const urlOf = (socketFolder: string): string =>
  `postgresql://${SUPERUSER}@localhost:${PORT}/postgres?host=${encodeURIComponent(socketFolder)}`

const SERVICE_LOCK = 'select pg_try_advisory_lock(1651469927, 2) as taken'
const LOCK_TIMEOUT_MS = 2_000

const adopt = async (run: Run, postmaster: Postmaster): Promise<Session | 'busy' | 'unreachable'> => {
  const { cluster } = run
  let session: Session | undefined
  try {
    session = await openSession(urlOf(postmaster.socketFolder))
    // The connection of a killed service lasts for a moment after it.
    for (const deadline = Date.now() + LOCK_TIMEOUT_MS; Date.now() < deadline; await sleep(POLL_MS)) {
      const [row] = await session.query(SERVICE_LOCK)
      if (row?.taken !== true) continue
      if (postmaster.socketFolder === cluster.socketFolder) return session
      // Left by a service that had another folder for its sockets.
      signalProcess(postmaster.pid, 'SIGINT')
      await session.close()
      return 'busy'
    }
  } catch (error) {
    await session?.close().catch(() => {})
    if (isSocketGone(error)) return 'unreachable'
    if (isUnavailable(error)) return 'busy'
    throw error
  }
  await session.close()
  // Even if this process started it: the other one owns it now.
  run.child = undefined
  throw new ConfigError(`BONGSU_DATA: another running service uses the data folder ${cluster.folder}`)
}

const isSocketGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED')

interface Launch {
  logOffset: number
}

const LONGEST_LOG = 1_000_000

const launchPostmaster = async (run: Run): Promise<Launch> => {
  const { cluster, settings } = run
  await prepareFolders(cluster)
  await setAsideStaleLocks(cluster)
  const logOffset = (await stat(cluster.logFile).catch(() => undefined))?.size ?? 0
  if (logOffset > LONGEST_LOG) await rename(cluster.logFile, `${cluster.logFile}.1`)
  const log = await open(cluster.logFile, 'a', 0o600)
  try {
    const sockets = `"${cluster.socketFolder.replaceAll('"', '""')}"`
    const { file, args, options } = cluster.user.command(cluster.programs.postgres, [
      ...['-D', cluster.data, '-c', `unix_socket_directories=${sockets}`],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ])
    // A session of its own: Ctrl-C in the terminal is for the service, which stops PostgreSQL last.
    const child = spawn(file, args, { ...options, stdio: ['ignore', log.fd, log.fd], detached: true })
    child.on('error', () => {})
    child.unref()
    run.child = child
  } finally {
    await log.close()
  }
  return { logOffset: logOffset > LONGEST_LOG ? 0 : logOffset }
}

// Backends of a killed postmaster on their way out, or another service that starts at the same time.
const PASSING_FAILURE = /is still in use|lock file ".*" (already exists|is empty)|could not create lock file/

const expectPassingFailure = async ({ logFile }: Cluster, { logOffset }: Launch): Promise<void> => {
  const text = (await readFile(logFile)).subarray(logOffset).toString()
  if (PASSING_FAILURE.test(text)) return
  const reason = text.split('\n').findLast(line => /FATAL|PANIC/.test(line)) ?? text.trim()
  throw new Error(`PostgreSQL did not start, see ${logFile}: ${reason}`)
}

const SHORTEST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 10_000

/** Starts PostgreSQL again whenever it ends, ever more slowly while it does not last. */
const watch = async (run: Run): Promise<void> => {
  const { signal, log } = run
  const aborted = new Promise<void>(resolve => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  let pause = 0
  while (!signal.aborted) {
    if (run.session) {
      const since = Date.now()
      await Promise.race([run.session.closed, aborted])
      if (signal.aborted) return
      run.session = undefined
      log('lost')
      if (Date.now() - since > LONGEST_PAUSE_MS) pause = 0
    }
    await Promise.race([sleep(pause, undefined, { ref: false }), aborted])
    pause = Math.min(Math.max(pause * 2, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS)
    try {
      run.session = await reach(run)
    } catch (error) {
      if (!signal.aborted) log('start-failed', error)
    }
  }
}

const isRunning = (child: ChildProcess | undefined): boolean =>
  child?.pid !== undefined && child.exitCode === null && child.signalCode === null

const signalProcess = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal)
  } catch {
    // It has just ended.
  }
}

const FAST_SHUTDOWN_MS = 10_000

/** SIGINT is PostgreSQL's "fast" shutdown: it ends the connections and writes a checkpoint. */
const end = async (cluster: Cluster, pid: number): Promise<void> => {
  signalProcess(pid, 'SIGINT')
  for (
    const deadline = Date.now() + FAST_SHUTDOWN_MS;
    await worksIn(pid, cluster.data);
    await sleep(POLL_MS)
  ) {
    if (Date.now() > deadline) return signalProcess(pid, 'SIGQUIT')
  }
}
