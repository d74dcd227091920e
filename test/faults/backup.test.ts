// The drill of docs/operations.md: a service that is at work is backed up, and the backup is the service again.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { deviceOf, fetchTrust, readStatus, serviceAt } from '../../src/client/index.ts'
import { openDatabase, openSession } from '../../src/server/database.ts'
import { bongsu } from '../cli/run.ts'
import {
  dataFolder,
  deviceKeyIn,
  isHealthy,
  postmasterOf,
  remove,
  signal,
  socketUrl,
  spawnService,
  until,
} from '../support/service.ts'
import { fewOrAll } from '../support/soak.ts'
import { findFaults } from './invariants.ts'
import {
  copyLedger,
  type Ledger,
  newLedger,
  recording,
  reportAway,
  reporterIn,
  type Scene,
  workOff,
} from './load.ts'

const ROUNDS = fewOrAll(2, 20)

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function folder(): Promise<string> {
  const path = await dataFolder()
  cleanups.push(() => remove(path))
  return path
}

async function started(data: string) {
  const service = spawnService({ BONGSU_DATA: data })
  cleanups.push(() => service.stop())
  return { service, ...(await service.running) }
}

const backup = (data: string, to: string, env: Record<string, string> = {}) =>
  bongsu(['backup', to, '--json'], { env: { BONGSU_DATA: data, ...env } })

interface Sample {
  /** What had been acknowledged … */
  readonly ledger: Ledger
  /** … when PostgreSQL’s log was this long. */
  readonly position: bigint
}

const positionOf = (text: string): bigint => {
  const [upper = '', lower = ''] = text.split('/')
  return (BigInt(`0x${upper}`) << 32n) + BigInt(`0x${lower}`)
}

/** Where the last segment of PostgreSQL’s log that the backup needs begins: it ended behind that. */
async function endOfBackup(to: string): Promise<bigint> {
  const segments = (await readdir(join(to, 'postgres', 'pg_wal'))).filter(name => /^[0-9A-F]{24}$/.test(name))
  const last = segments.sort().at(-1) ?? ''
  return (BigInt(`0x${last.slice(8, 16)}`) << 32n) + (BigInt(`0x${last.slice(16)}`) << 24n)
}

test('everything acknowledged before the end of a backup under load is in it, whole, and the service goes on from it', {
  timeout: 60_000 + ROUNDS * 60_000,
}, async ({ annotate }) => {
  const [data, copies] = [await folder(), await folder()]
  const { service, reporterUrl, agencyUrl } = await started(data)
  const working = new AbortController()
  cleanups.push(async () => working.abort())
  const trust = await fetchTrust(serviceAt(reporterUrl), { now: Date.now() })
  const scene: Scene = { trust, reporterUrl, ledger: newLedger(), stories: [], ending: working.signal }
  const key = await deviceKeyIn(data, 'police', 'intake')
  const device = deviceOf(serviceAt(agencyUrl, { fetch: recording(scene.ledger) }), trust, key)
  const failures: unknown[] = []
  const work = [1, 2, 3, 4, 5, 6]
    .map(() => reportAway(scene, ['police', 'nis'], 20))
    .concat(workOff(device, scene))
  const session = await openSession(socketUrl(data))
  const samples: Sample[] = []
  const sampling = async () => {
    while (!working.signal.aborted) {
      const ledger = copyLedger(scene.ledger)
      // Checkpoints and full segments: what the backup needs of the log must survive them.
      await session.query('checkpoint')
      const [row] = await session.query(
        'select pg_switch_wal(), pg_current_wal_insert_lsn()::text as position',
      )
      samples.push({ ledger, position: positionOf(String(row?.position)) })
      await sleep(20)
    }
  }
  const ended = Promise.all([...work, sampling()].map(task => task.catch(error => void failures.push(error))))

  for (let round = 0; round < ROUNDS; round++) {
    const before = scene.ledger.reports.size
    await until(
      () => failures.length > 0 || (scene.ledger.reports.size > before + 20 && scene.ledger.heads.size > 0),
    )
    const to = join(copies, `backup-${round}`)
    const { code, json } = await backup(data, to)
    expect([code, json]).toEqual([0, { folder: to, serverKey: true }])
    const end = await endOfBackup(to)
    const sample = samples.findLast(({ position }) => position <= end)
    expect(sample?.ledger.reports.size).toBeGreaterThan(before)

    const restored = await started(to)
    const database = openDatabase({ url: socketUrl(to), max: 1 })
    // Deletions go on after the sample.
    const { deleting } = scene.ledger
    const expected = { ...(sample?.ledger ?? newLedger()), deleting }
    expect(await findFaults(database, expected).finally(() => database.close())).toEqual([])
    const story = scene.stories.find(one => one.submitted && one.withdrawal === 'none')
    if (!story) throw new Error('nobody reported')
    const status = await readStatus(reporterIn({ ...scene, reporterUrl: restored.reporterUrl }, story))
    expect([status.state, status.agencies.map(agency => agency.id)]).toEqual([
      'received',
      [...story.agencies].sort(),
    ])
    const again = { ...scene, reporterUrl: restored.reporterUrl, ledger: newLedger(), stories: [] }
    const ending = new AbortController()
    const anew = reportAway({ ...again, ending: ending.signal }, ['nis'], 10)
    await until(() => again.ledger.reports.size > 0)
    ending.abort()
    await anew
    await restored.service.stop()
  }
  working.abort()
  await ended
  await session.close()
  expect([failures, scene.ledger.broken, service.child.exitCode]).toEqual([[], [], null])
  await annotate(`${ROUNDS} backups, ${scene.ledger.reports.size} reports acknowledged, lost 0`)
})

describe('a backup that cannot be made is refused, and leaves nothing behind', () => {
  test('of a service that does not run, or whose PostgreSQL is somebody’s own', async () => {
    const [data, copies] = [await folder(), await folder()]
    const to = join(copies, 'backup')
    const answers = [
      await backup(data, to),
      await backup(join(data, 'nowhere'), to),
      await backup(data, to, { DATABASE_URL: 'postgresql://a/b', BONGSU_SERVER_KEY_FILE: '/k' }),
    ]
    for (const { code, json } of answers) expect([code, json.error]).toEqual([2, expect.anything()])
    expect(await readdir(copies)).toEqual([])
  })

  test('into what is there already, into the data folder, or to nowhere', async () => {
    const [data, copies] = [await folder(), await folder()]
    await started(data)
    const before = await readdir(data)
    for (const to of [
      copies,
      data,
      join(data, 'backup'),
      join(data, 'postgres', 'a'),
      join(copies, 'a', 'b'),
    ])
      expect([to, (await backup(data, to)).code]).toEqual([to, 2])
    expect([await readdir(copies), await readdir(data)]).toEqual([[], before])
  })

  test('when PostgreSQL ends in the middle of it', async () => {
    const [data, copies] = [await folder(), await folder()]
    const { service, reporterUrl } = await started(data)
    const made = backup(data, join(copies, 'backup'))
    await until(async () => (await readdir(copies)).length > 0)
    const pid = await postmasterOf(data)
    if (pid) signal(pid, 'SIGKILL')
    const { code } = await made
    expect([code, await readdir(copies)]).toEqual([5, []])
    await until(() => isHealthy(reporterUrl))
    expect(service.child.exitCode).toBe(null)
    expect((await backup(data, join(copies, 'backup'))).code).toBe(0)
  })
})

test('only its owner can read a backup', async () => {
  const [data, copies] = [await folder(), await folder()]
  await started(data)
  const to = join(copies, 'backup')
  await backup(data, to)
  const modes = ['.', 'server.key', 'postgres', 'demo'].map(
    async name => (await stat(join(to, name))).mode & 0o077,
  )
  expect(await Promise.all(modes)).toEqual([0, 0, 0, 0])
})
