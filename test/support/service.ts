// Services in processes of their own, and the PostgreSQL processes behind them.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DeviceKey, parseKeyFile } from '../../src/protocol/key-file.ts'
import { COMPILED } from './compiled.ts'

/** Named so that the next run finds and ends what a killed one left behind. */
export async function dataFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), `bongsu-test-${process.pid}-`))
}

export const remove = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 5 })

export interface ServiceProcess {
  readonly child: ChildProcess
  readonly pid: number
  /** Rejects where the process ends before it listens. */
  readonly running: Promise<Listening>
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>
  /** Everything that it wrote, whatever the stream. */
  output(): string
  stop(): Promise<void>
  kill(): void
}

export interface Listening {
  readonly reporterUrl: string
  readonly agencyUrl: string
  readonly demonstrationFolder: string | null
}

const ENTRY = join(import.meta.dirname, 'service-process.ts')

/** `within`: a command that runs the one behind it, in another namespace say. */
export function spawnService(
  settings: Readonly<Record<string, string>>,
  within: readonly string[] = [],
): ServiceProcess {
  const env = {
    PATH: process.env.PATH ?? '',
    ...COMPILED,
    BONGSU_REPORTER_LISTEN: '127.0.0.1:0',
    BONGSU_AGENCY_LISTEN: '127.0.0.1:0',
    BONGSU_WORK_BITS: '2',
    BONGSU_RATE_LIMIT: '0',
    ...settings,
  }
  const [file = process.execPath, ...args] = [...within, process.execPath, ENTRY]
  const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => {})
  const lines: string[] = []
  const listening = Promise.withResolvers<Listening>()
  createInterface({ input: child.stdout }).on('line', line => {
    lines.push(line)
    if (line.startsWith('{"running":')) listening.resolve(JSON.parse(line).running)
  })
  createInterface({ input: child.stderr }).on('line', line => lines.push(line))
  const ended = once(child, 'exit').then(() => {})
  ended.then(() => listening.reject(new Error(`the service ended: ${lines.slice(-5).join('\n')}`)))
  listening.promise.catch(() => {})
  return {
    child,
    pid: child.pid ?? 0,
    running: listening.promise,
    ended,
    output: () => lines.join('\n'),
    kill: () => child.kill('SIGKILL'),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** A demonstration on a PostgreSQL of its own, stopped again: another service can be started on its data. */
export async function foundDeployment(folder: string): Promise<void> {
  const service = spawnService({ BONGSU_DATA: folder })
  await service.running.finally(() => service.stop())
}

/** For a service that finds a demonstration's data in a PostgreSQL that somebody else runs. */
export const onExternal = (folder: string, databaseUrl: string) => ({
  DATABASE_URL: databaseUrl,
  BONGSU_DATA: folder,
  BONGSU_SERVER_KEY_FILE: join(folder, 'server.key'),
})

export async function deviceKeyIn(
  folder: string,
  agency: string,
  role: 'intake' | 'investigator' | 'supervisor',
): Promise<DeviceKey> {
  const key = parseKeyFile(await readFile(join(folder, 'demo', `${agency}-${role}.key.json`), 'utf8'))
  if (key.kind !== 'device') throw new Error('not a device')
  return key
}

/** Listens where another service listened before. */
export const at = ({ reporterUrl, agencyUrl }: Listening) => ({
  BONGSU_REPORTER_LISTEN: new URL(reporterUrl).host,
  BONGSU_AGENCY_LISTEN: new URL(agencyUrl).host,
})

export const socketUrl = (folder: string) =>
  `postgresql://bongsu@localhost:5432/postgres?host=${encodeURIComponent(join(folder, 'postgres-socket'))}`

export async function postmasterOf(folder: string): Promise<number | null> {
  const text = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  return pid > 0 && (await worksIn(pid, folder)) ? pid : null
}

/** Postmaster, backends and helpers; known by their working folder. */
export async function postgresProcesses(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(pid => pid > 0)
  const mine = await Promise.all(pids.map(pid => worksIn(pid, folder)))
  return pids.filter((_, i) => mine[i])
}

async function worksIn(pid: number, folder: string): Promise<boolean> {
  return (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === join(folder, 'postgres')
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has just ended.
  }
}

/** Polls until it is so; a bound against hangs, not a measurement. */
export async function until(isSo: () => boolean | Promise<boolean>, milliseconds = 60_000): Promise<void> {
  for (const deadline = Date.now() + milliseconds; !(await isSo()); await sleep(30)) {
    if (Date.now() > deadline) throw new Error('waited in vain')
  }
}

export async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/v1/health`, { signal: AbortSignal.timeout(5_000) })
    const { database } = (await response.json()) as { database: boolean }
    return database
  } catch {
    return false
  }
}
