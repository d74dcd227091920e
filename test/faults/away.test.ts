import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  createSigner,
  deviceOf,
  fetchTrust,
  prepareReport,
  reporterOf,
  serviceAt,
  type Trust,
} from '../../src/client/index.ts'
import { listCases } from '../../src/contract/casework.ts'
import { readMailbox } from '../../src/contract/mailbox.ts'
import { deleteReport, getReport, putReport } from '../../src/contract/report.ts'
import { deriveSigningPair, randomBytes, signingSeed } from '../../src/protocol/crypto.ts'
import { openDatabase } from '../../src/server/database.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/server/embedded-postgres.ts'
import { askNonce, type SignedRequest, send, signedRequest } from '../support/request.ts'
import {
  dataFolder,
  deviceKeyIn,
  foundDeployment,
  isHealthy,
  type Listening,
  onExternal,
  postgresProcesses,
  remove,
  type ServiceProcess,
  signal,
  spawnService,
  until,
} from '../support/service.ts'
import { fewOrAll } from '../support/soak.ts'
import { findFaults } from './invariants.ts'
import { newLedger, recording, reportAway, type Scene, type Story, workOff } from './load.ts'

const AWAY_MS = fewOrAll(3_000, 60_000)
const FROZEN_MS = fewOrAll(1_000, 60_000)
/** Nobody waits longer for an answer, however PostgreSQL is away: a bound against hangs on a busy machine. */
const LONGEST_MS = 15_000
const WAITING = 100

let folder = ''
let postgres: EmbeddedPostgres
let service: ServiceProcess
let listening: Listening
let trust: Trust

beforeAll(async () => {
  folder = await dataFolder()
  await foundDeployment(folder)
  postgres = await startEmbeddedPostgres({ dataFolder: folder })
  service = spawnService(onExternal(folder, postgres.connectionString))
  listening = await service.running
  trust = await fetchTrust(serviceAt(listening.reporterUrl), { now: Date.now() })
})

afterAll(async () => {
  await service?.stop()
  for (const pid of await postgresProcesses(folder)) signal(pid, 'SIGCONT')
  await postgres?.stop()
  await remove(folder)
})

let scene: Scene
let working: AbortController
let finish: () => Promise<unknown[]>

beforeEach(async () => {
  working = new AbortController()
  const stories: Story[] = []
  const { reporterUrl, agencyUrl } = listening
  scene = { trust, ledger: newLedger(), stories, reporterUrl, ending: working.signal }
  const key = await deviceKeyIn(folder, 'police', 'intake')
  const device = deviceOf(serviceAt(agencyUrl, { fetch: recording(scene.ledger) }), trust, key)
  const failures: unknown[] = []
  const work = [1, 2, 3].map(() => reportAway(scene, ['police', 'nis'], 100)).concat(workOff(device, scene))
  const ended = Promise.all(work.map(task => task.catch(error => void failures.push(error))))
  finish = async () => {
    working.abort()
    await ended
    return failures
  }
  await until(() => failures.length > 0 || (scene.ledger.reports.size > 3 && scene.ledger.heads.size > 0))
  expect(failures).toEqual([])
  return () => working.abort()
})

const newSigner = () =>
  createSigner(deriveSigningPair(signingSeed(randomBytes(32))), 'reporter', trust.deploymentId)

interface Prepared {
  readonly origin: string
  readonly request: SignedRequest
}

/** What reporters and devices ask, signed and ready. */
async function prepareRequests(count: number): Promise<Prepared[]> {
  const { reporterUrl, agencyUrl } = listening
  const key = await deviceKeyIn(folder, 'nis', 'investigator')
  const device = deviceOf(serviceAt(agencyUrl), trust, key)
  const kinds = [
    async () => {
      const content = { version: 1, language: 'en', what: 'away' } as const
      const { code, submission } = await prepareReport(trust, { content, agencies: ['nis'] })
      const { status } = reporterOf(serviceAt(reporterUrl), trust, code)
      return signedRequest(putReport, status, await askNonce(reporterUrl), { body: submission })
    },
    async () =>
      signedRequest(readMailbox, newSigner(), await askNonce(reporterUrl), { body: randomBytes(80) }),
    async () => signedRequest(getReport, newSigner(), await askNonce(reporterUrl)),
    async () => signedRequest(deleteReport, newSigner(), await askNonce(reporterUrl)),
    async () => signedRequest(listCases, device.signer, await askNonce(agencyUrl)),
  ]
  const prepared: Prepared[] = []
  for (let i = 0; i < count; i++) {
    const request = await kinds[i % kinds.length]?.()
    if (request) prepared.push({ request, origin: request.path.includes('cases') ? agencyUrl : reporterUrl })
  }
  return prepared
}

async function ask({ origin, request }: Prepared) {
  const start = Date.now()
  const response = await send(origin, request)
  const { type } = (await response.json().catch(() => ({}))) as { type?: string }
  return {
    status: response.status,
    mediaType: response.headers.get('content-type'),
    type,
    waits: Number(response.headers.get('retry-after')) > 0,
    inTime: Date.now() - start < LONGEST_MS,
  }
}

const AWAY = {
  status: 503,
  mediaType: 'application/problem+json',
  type: '/problems/unavailable',
  waits: true,
  inTime: true,
}

/** Whatever needs the database is refused, soon and clearly; the rest works as ever. */
async function expectAway(requests: readonly Prepared[]): Promise<void> {
  const answers = await Promise.all(requests.map(ask))
  const log = service.output().split('\n')
  expect(log.filter(line => line.includes('"failed"'))).toEqual([])
  expect(answers.filter(answer => JSON.stringify(answer) !== JSON.stringify(AWAY))).toEqual([])
  const health = await fetch(`${listening.reporterUrl}/v1/health`)
  expect([health.status, await health.json()]).toEqual([200, { alive: true, database: false }])
  expect((await fetch(`${listening.reporterUrl}/v1/directory`)).status).toBe(200)
  expect(await askNonce(listening.agencyUrl)).toMatch(/./)
}

async function expectRecovery(): Promise<void> {
  const { reporterUrl } = listening
  await until(() => isHealthy(reporterUrl))
  const before = scene.ledger.reports.size
  await until(() => scene.ledger.reports.size > before)
  expect(await finish()).toEqual([])
  const database = openDatabase({ url: postgres.connectionString, max: 1 })
  expect(await findFaults(database, scene.ledger).finally(() => database.close())).toEqual([])
  expect(service.child.exitCode).toBeNull()
}

test(`PostgreSQL stopped for ${AWAY_MS / 1000} s: refusals at once, recovery by itself, nothing lost`, {
  timeout: AWAY_MS + 60_000,
}, async () => {
  const requests = await prepareRequests(WAITING)
  await postgres.stop()
  for (const end = Date.now() + AWAY_MS; Date.now() < end; await sleep(500)) await expectAway(requests)
  postgres = await startEmbeddedPostgres({ dataFolder: folder })
  await expectRecovery()
})

test.runIf(process.platform === 'linux')(
  'PostgreSQL that answers nobody any more: refusals within seconds, recovery by itself, nothing lost',
  { timeout: FROZEN_MS + 90_000 },
  async () => {
    const requests = await prepareRequests(WAITING)
    const pids = await postgresProcesses(folder)
    for (const pid of pids) signal(pid, 'SIGSTOP')
    await expectAway(requests)
    // As many as PostgreSQL lets wait before its door: from then on there is not even a place in the queue.
    const crowd = Array.from({ length: 300 }, () =>
      connect(join(folder, 'postgres-socket', '.s.PGSQL.5432')).on('error', () => {}),
    )
    const end = Date.now() + FROZEN_MS
    do await expectAway(requests)
    while (Date.now() < end)
    for (const one of crowd) one.destroy()
    for (const pid of pids) signal(pid, 'SIGCONT')
    await expectRecovery()
  },
)
