// The service under test: `bongsu serve` as a process of its own, on its own PostgreSQL in a temporary folder.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { fetchTrust, serviceAt, type Trust } from '../src/client/index.ts'
import { cryptoReady } from '../src/protocol/crypto.ts'
import type { RequestRole } from '../src/protocol/request-signature.ts'
import { loadServerKeys } from '../src/server/server-keys.ts'

const MAIN = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
const START_TIMEOUT_MS = 60_000

export interface RunningService {
  readonly folder: string
  readonly reporterPort: number
  readonly agencyPort: number
  /** From the start of the process to the first answer that reaches the database. */
  readonly startSeconds: number
  readonly pid: number
  readonly databaseUrl: string
  stop(): Promise<void>
  /** Ends it without a chance to clean up. */
  kill(): Promise<void>
}

interface Ready {
  readonly reporterUrl: string
  readonly agencyUrl: string
}

export async function startService(folder: string, workBits = 0): Promise<RunningService> {
  const begun = performance.now()
  const child = spawn(process.execPath, [MAIN, 'serve', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_OPTIONS: process.env.BENCH_NODE_OPTIONS,
      BONGSU_DATA: folder,
      BONGSU_REPORTER_LISTEN: '127.0.0.1:0',
      BONGSU_AGENCY_LISTEN: '127.0.0.1:0',
      BONGSU_WORK_BITS: String(workBits),
      BONGSU_RATE_LIMIT: '0',
      BONGSU_LOG_LEVEL: 'silent',
    },
  })
  const { reporterUrl, agencyUrl } = await readiness(child)
  await untilHealthy(reporterUrl)
  const startSeconds = (performance.now() - begun) / 1000
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return {
    folder,
    reporterPort: Number(new URL(reporterUrl).port),
    agencyPort: Number(new URL(agencyUrl).port),
    startSeconds,
    pid: child.pid ?? 0,
    databaseUrl: socketUrl(await socketFolderOf(folder)),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

/** Its first line of output. */
async function readiness(child: ChildProcess): Promise<Ready> {
  if (!child.stdout) throw new Error('no output')
  const lines = createInterface(child.stdout)
  const timeout = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS)
  try {
    for await (const line of lines) return JSON.parse(line) as Ready
    throw new Error('the service did not start')
  } finally {
    clearTimeout(timeout)
  }
}

async function untilHealthy(url: string): Promise<void> {
  for (;;) {
    const answer = (await fetch(`${url}/v1/health`).then(response => response.json())) as {
      database?: boolean
    }
    if (answer.database) return
  }
}

/** The fifth line of PostgreSQL's own pid file. */
async function socketFolderOf(folder: string): Promise<string> {
  return (await postmasterLines(folder))[4] ?? ''
}

export async function postmasterPid(folder: string): Promise<number> {
  return Number((await postmasterLines(folder))[0])
}

const postmasterLines = async (folder: string) =>
  (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')

const socketUrl = (socketFolder: string) =>
  `postgresql://bongsu@localhost:5432/postgres?host=${encodeURIComponent(socketFolder)}`

/** What a client must know, and the server's keys for nonces: the bench owns both sides. */
export interface Known {
  readonly trust: Trust
  readonly challengeKeys: Readonly<Record<RequestRole, Uint8Array>>
}

export async function knownOf(service: RunningService): Promise<Known> {
  await cryptoReady
  const at = serviceAt(`http://127.0.0.1:${service.reporterPort}`)
  const trust = await fetchTrust(at, { now: Date.now() })
  const { challengeKeys } = await loadServerKeys(join(service.folder, 'server.key'))
  return { trust, challengeKeys }
}
