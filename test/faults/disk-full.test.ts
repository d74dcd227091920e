// A disk without room: what PostgreSQL cannot write is refused, what was acknowledged stays, and room is enough to go on.
import { execFileSync } from 'node:child_process'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { deviceOf, fetchTrust, serviceAt } from '../../src/client/index.ts'
import { type Database, openDatabase } from '../../src/server/database.ts'
import {
  dataFolder,
  deviceKeyIn,
  isHealthy,
  remove,
  socketUrl,
  spawnService,
  until,
} from '../support/service.ts'
import { fewOrAll } from '../support/soak.ts'
import { findFaults } from './invariants.ts'
import { newLedger, recording, reportAway, type Scene, workOff } from './load.ts'

const FULL_MS = fewOrAll(5_000, 60_000)
const ROUNDS = fewOrAll(2, 20)
const SIZE = '160m'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A namespace of its own, in which the folder is a small file system: it is gone with its last process. */
const smallDisk = (folder: string) => [
  ...['unshare', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])],
  ...['--mount', 'sh', '-c', 'mount -t tmpfs -o "size=$1" tmpfs "$0" && shift && exec "$@"', folder, SIZE],
]

function whyNot(folder: string): string | null {
  if (process.platform !== 'linux') return 'small file systems are made with Linux’s unshare and mount'
  try {
    execFileSync('unshare', [...smallDisk(folder).slice(1), 'true'], { stdio: 'ignore' })
    return null
  } catch {
    return 'this machine does not let us mount a small file system'
  }
}

/** Writes until nothing more can be written. */
async function fill(file: string): Promise<void> {
  const handle = await open(file, 'a')
  try {
    for (let size = 1 << 20; size >= 1; ) {
      const { bytesWritten } = await handle.write(Buffer.alloc(size)).catch(() => ({ bytesWritten: 0 }))
      if (bytesWritten < size) size >>= 1
    }
  } finally {
    await handle.close()
  }
}

/** Uses up the segments that PostgreSQL has in store for its log: the next one has no room, and PostgreSQL ends. */
async function useUpLog(database: Database): Promise<void> {
  const text = "select pg_logical_emit_message(false, '', repeat('x', 1000)), pg_switch_wal()"
  for (let segment = 0; segment < 20; segment++) {
    if (await database.query({ name: 'switch', text }).catch(() => null)) continue
    return
  }
}

interface Counts {
  refused: number
  readonly wrong: string[]
}

/** Counts what is refused, and what is refused in another way than it should be. */
function watching(counts: Counts): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (response.status < 500) return response
    const { type } = (await response.clone().json()) as { type?: string }
    const waits = response.headers.get('retry-after')
    if (type === '/problems/unavailable' && Number(waits) > 0) counts.refused++
    else counts.wrong.push(`${response.status} ${type} ${waits}`)
    return response
  }
}

test('a full disk: clear refusals, nothing acknowledged is lost, and the service goes on when there is room', {
  timeout: 120_000 + ROUNDS * (FULL_MS + 60_000),
}, async ({ skip, annotate }) => {
  const folder = await dataFolder()
  cleanups.push(() => remove(folder))
  const reason = whyNot(folder)
  if (reason) {
    process.stderr.write(`A full disk was not tried: ${reason}.\n`)
    skip(reason)
  }
  const service = spawnService({ BONGSU_DATA: folder }, smallDisk(folder))
  cleanups.push(() => service.stop())
  const { reporterUrl, agencyUrl } = await service.running
  const disk = join('/proc', String(service.pid), 'root', folder)
  const database = openDatabase({ url: socketUrl(disk), max: 1 })
  cleanups.push(() => database.close())

  const working = new AbortController()
  const counts: Counts = { refused: 0, wrong: [] }
  const send = watching(counts)
  const trust = await fetchTrust(serviceAt(reporterUrl), { now: Date.now() })
  const scene: Scene = {
    ...{ trust, reporterUrl, send, ending: working.signal },
    ...{ ledger: newLedger(), stories: [] },
  }
  const key = await deviceKeyIn(disk, 'police', 'intake')
  const device = deviceOf(serviceAt(agencyUrl, { fetch: recording(scene.ledger, send) }), trust, key)
  const failures: unknown[] = []
  const work = [1, 2, 3, 4].map(() => reportAway(scene, ['police', 'nis'], 20)).concat(workOff(device, scene))
  const ended = Promise.all(work.map(task => task.catch(error => void failures.push(error))))
  cleanups.push(async () => working.abort())

  const growth = () => scene.ledger.reports.size
  for (let round = 0; round < ROUNDS; round++) {
    const before = growth()
    await until(() => failures.length > 0 || (growth() > before + 3 && scene.ledger.heads.size > 0))
    const refused = counts.refused
    const filler = join(disk, 'filler')
    await fill(filler)
    if (round % 2 === 1) await useUpLog(database)
    await until(() => failures.length > 0 || counts.refused > refused + 10)
    for (const end = Date.now() + FULL_MS; Date.now() < end; await sleep(500)) {
      const health = await fetch(`${reporterUrl}/v1/health`)
      expect([health.status, await health.json()]).toEqual([200, expect.objectContaining({ alive: true })])
      expect((await fetch(`${reporterUrl}/v1/directory`)).status).toBe(200)
    }
    await rm(filler)
    await until(() => isHealthy(reporterUrl))
    expect(await findFaults(database, scene.ledger)).toEqual([])
    expect([failures, counts.wrong]).toEqual([[], []])
  }
  const before = growth()
  await until(() => failures.length > 0 || growth() > before + 3)
  working.abort()
  await ended
  expect(await findFaults(database, scene.ledger)).toEqual([])
  expect([failures, counts.wrong, service.child.exitCode]).toEqual([[], [], null])
  const log = service.output().split('\n')
  expect(log.filter(line => line.includes('"failed"') || line.includes('job failed'))).toEqual([])
  await annotate(`${growth()} reports acknowledged, ${counts.refused} requests refused, lost 0`)
})
