import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import {
  deviceOf,
  fetchTrust,
  openCase,
  readCase,
  readReplies,
  readStatus,
  serviceAt,
} from '../../src/client/index.ts'
import { caseSummary } from '../../src/contract/casework.ts'
import { toBase64url, toHex } from '../../src/protocol/encoding.ts'
import { type Database, openDatabase } from '../../src/server/database.ts'
import {
  dataFolder,
  deviceKeyIn,
  isHealthy,
  type Listening,
  remove,
  socketUrl,
  until,
} from '../support/service.ts'
import { fewOrAll } from '../support/soak.ts'
import { findFaults, patiently } from './invariants.ts'
import {
  newLedger,
  recording,
  reportAway,
  reporterIn,
  type Scene,
  type Seen,
  watch,
  workOff,
} from './load.ts'
import { KILLING, supervise, WAYS } from './supervisor.ts'

const KILLS = fewOrAll(6, 200)
const AGENCIES = ['nis', 'police', 'ip-police'] as const
const REPORTERS = 8

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function devices({ agencyUrl }: Listening, folder: string, scene: Scene) {
  const service = serviceAt(agencyUrl, { fetch: recording(scene.ledger) })
  const read = async (agency: string, role: 'intake' | 'investigator') =>
    deviceOf(service, scene.trust, await deviceKeyIn(folder, agency, role))
  return Promise.all(
    AGENCIES.map(async id => ({
      id,
      intake: await read(id, 'intake'),
      investigator: await read(id, 'investigator'),
      seen: { cursor: 0, cases: new Map() } as Seen,
    })),
  )
}

type Agencies = Awaited<ReturnType<typeof devices>>

/** Reads everything back as those would who wrote it. */
async function readBack(scene: Scene, agencies: Agencies): Promise<string[]> {
  const faults: string[] = []
  const texts = new Map<string, string[]>()
  for (const { id, intake, seen } of agencies) {
    for (const [caseId, summary] of seen.cases) {
      const file = await readCase(intake, caseId).catch(() => null)
      if (!file) {
        if (summary.state !== 'withdrawn') faults.push(`${id}: a case is not readable`)
        continue
      }
      const now = caseSummary.strip().parse({ ...file.file, events: file.file.events.length })
      if (!isDeepStrictEqual(now, summary)) {
        faults.push(`${id}: the feed did not tell the last change of a case`)
      }
      const opened = await openCase(intake, file)
      if (opened.withdrawal === 'forged') faults.push(`${id}: a wish that does not verify`)
      const what = opened.answers?.what.trim() ?? ''
      texts.set(`${what} ${id}`, [what, ...opened.followUps.map(followUp => followUp.text ?? 'unopened')])
    }
  }
  for (const story of scene.stories.filter(story => story.submitted)) {
    const reporter = reporterIn(scene, story)
    const status = await readStatus(reporter)
    if (status.state === 'withdrawn') {
      if (story.withdrawal === 'none') faults.push(`${story.text}: withdrawn by nobody`)
      continue
    }
    for (const { id, chain, answer, state } of status.agencies) {
      if (chain !== 'sound' || answer === 'forged') faults.push(`${story.text}: chain of ${id}`)
      if (state === 'withdrawn') continue
      const expected = [story.text, ...story.followUps].join()
      const found = texts.get(`${story.text} ${id}`)?.join()
      const also = story.uncertain ? `${expected},${story.uncertain}` : expected
      if (found !== expected && found !== also)
        faults.push(`${story.text} at ${id}: ${found}, not ${expected}`)
    }
    const { replies, unreadable } = await readReplies(reporter, status)
    const numbers = replies.map(reply => `${reply.deviceId} ${reply.number}`)
    if (new Set(numbers).size !== numbers.length) faults.push(`${story.text}: a reply is there twice`)
    const wrong = replies.filter(reply => reply.verdict !== 'genuine').length + unreadable.length
    if (wrong > 0) faults.push(`${story.text}: a reply does not verify`)
    if (replies.some(reply => scene.ledger.deleted.has(toHex(reply.id))))
      faults.push('a deleted reply is back')
  }
  return faults
}

const sizesOf = ({ reports, followUps, heads, replies, deleted, withdrawn }: Scene['ledger']) => ({
  reports: reports.size,
  followUps: followUps.size,
  events: heads.size,
  replies: replies.size,
  deletions: deleted.size,
  withdrawals: withdrawn.size,
})

const total = (ledger: Scene['ledger']) => Object.values(sizesOf(ledger)).reduce((sum, size) => sum + size, 0)

/** Every change has its position, and the watchers' cursors have reached the last one. */
async function haveAllSeenAll(database: Database, agencies: Agencies): Promise<boolean> {
  const changed = { name: 'changed', text: 'select 1 from assignments where changed limit 1' }
  if ((await database.query(changed)).length > 0) return false
  const feeds = { name: 'feeds', text: 'select agency_id as id, position from feeds' }
  const last = await database.query<{ id: string; position: string }>(feeds)
  return agencies.every(({ id, seen }) => last.find(row => row.id === id)?.position === String(seen.cursor))
}

async function unseenCases(database: Database, agencies: Agencies): Promise<string[]> {
  const rows = await database.query<{ id: Uint8Array; agency: string }>({
    name: 'cases',
    text: 'select case_id as id, agency_id as agency from assignments where position is not null',
  })
  const isSeen = (agency: string, id: Uint8Array) =>
    agencies.find(entry => entry.id === agency)?.seen.cases.has(toBase64url(id))
  return rows.filter(({ id, agency }) => !isSeen(agency, id)).map(({ id }) => toHex(id))
}

test(`nothing acknowledged is lost, doubled or half there after ${KILLS} kills under load`, {
  timeout: 60_000 + KILLS * 15_000,
}, async ({ annotate }) => {
  const folder = await dataFolder()
  cleanups.push(() => remove(folder))
  const supervisor = await supervise(folder)
  cleanups.push(() => supervisor.end())
  const { reporterUrl } = supervisor.listening
  const database = openDatabase({ url: socketUrl(folder), max: 2 })
  cleanups.push(() => database.close())

  const working = new AbortController()
  const watching = new AbortController()
  const trust = await fetchTrust(serviceAt(reporterUrl), { now: Date.now() })
  const scene = { trust, ledger: newLedger(), stories: [], reporterUrl, ending: working.signal }
  const agencies = await devices(supervisor.listening, folder, scene)
  const failures: unknown[] = []
  const start = (work: Promise<void>) => work.catch(error => void failures.push(error))
  const pauseMs = fewOrAll(100, 900)
  const work = [
    ...Array.from({ length: REPORTERS }, () => start(reportAway(scene, AGENCIES, pauseMs))),
    ...agencies.map(({ intake }) => start(workOff(intake, scene))),
  ]
  const watchers = agencies.map(({ investigator, seen }) =>
    start(watch(investigator, seen, { ...scene, ending: watching.signal })),
  )
  cleanups.push(async () => {
    working.abort()
    watching.abort()
  })

  const counts = Object.fromEntries(WAYS.map(way => [way, 0])) as Record<(typeof WAYS)[number], number>
  for (let kills = 0; kills < KILLS; ) {
    const before = total(scene.ledger)
    await until(() => total(scene.ledger) > before + 2)
    await sleep(600 * Math.random())
    // Sometimes the next one comes before all have risen again.
    for (let again = true; again && kills < KILLS; again = Math.random() < 0.25) {
      const way = WAYS[kills % WAYS.length] ?? 'both'
      supervisor.excuse()
      await KILLING[way](supervisor, folder)
      counts[way]++
      kills++
      await sleep(500 * Math.random())
    }
    await until(() => isHealthy(reporterUrl))
    expect(await findFaults(database, scene.ledger)).toEqual([])
    expect(failures).toEqual([])
  }
  await until(() => Object.values(sizesOf(scene.ledger)).every(size => size > 0))
  working.abort()
  await Promise.all(work)
  await until(() => patiently(() => haveAllSeenAll(database, agencies)))
  watching.abort()
  await Promise.all(watchers)

  expect(failures).toEqual([])
  expect(await findFaults(database, scene.ledger)).toEqual([])
  expect(await readBack(scene, agencies)).toEqual([])
  expect(await unseenCases(database, agencies)).toEqual([])
  expect(supervisor.deserted).toEqual([])
  const figures = JSON.stringify(sizesOf(scene.ledger))
  await annotate(`${KILLS} kills ${JSON.stringify(counts)}; acknowledged ${figures}; lost 0, doubled 0`)
})
