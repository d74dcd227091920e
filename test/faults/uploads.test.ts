// Uploads while the service, PostgreSQL, the wire and the uploading programs themselves are killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import {
  caseFiles,
  deviceOf,
  fetchTrust,
  openCase,
  type PreparedReport,
  prepareReport,
  readCase,
  readCases,
  reporterOf,
  serviceAt,
  submitReport,
  type Trust,
  type UploadedFiles,
  withdrawReport,
} from '../../src/client/index.ts'
import { PART_SIZE } from '../../src/protocol/blob.ts'
import { blobKeyOf, H } from '../../src/protocol/crypto.ts'
import { fromBase64url, toHex } from '../../src/protocol/encoding.ts'
import { type Database, openDatabase } from '../../src/server/database.ts'
import { readAll } from '../support/files.ts'
import { dataFolder, deviceKeyIn, isHealthy, remove, socketUrl, until } from '../support/service.ts'
import { fewOrAll } from '../support/soak.ts'
import { type TornWire, tornWireTo } from '../support/torn-wire.ts'
import { findFaults, patiently } from './invariants.ts'
import { type Ledger, newLedger, persist, recording } from './load.ts'
import { KILLING, supervise, WAYS } from './supervisor.ts'
import { contentOf, type UploadJob } from './upload-client.ts'

const KILLS = fewOrAll(7, 100)
const UPLOADERS = 3
const PATIENCE_MS = 180_000
const MIB = 1024 * 1024

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** What becomes of an upload once it is whole: a report's, a report's that is withdrawn, or nobody's. */
type Fate = 'kept' | 'withdrawn' | 'abandoned'

interface Story {
  readonly job: UploadJob
  readonly fate: Fate
  client: ChildProcess | null
  /** Address, once the program has written it down. */
  upload: string | null
  /** Bytes of which it was told that they are there. */
  arrived: number
  /** Parts of which it was told so. */
  readonly taken: number[]
  prepared: PreparedReport | null
  /** From when on its upload may be over. */
  isEnding: boolean
  isDone: boolean
}

interface Scene {
  readonly trust: Trust
  readonly wire: TornWire
  readonly reporterUrl: string
  readonly folder: string
  readonly ledger: Ledger
  readonly stories: Story[]
  readonly faults: string[]
  readonly ending: AbortSignal
}

const CLIENT = join(import.meta.dirname, 'upload-client.ts')

/** Runs the program until it has ended by itself, started again whenever it was killed. */
async function upload(scene: Scene, story: Story): Promise<UploadedFiles> {
  for (;;) {
    const client = spawn(process.execPath, [CLIENT, JSON.stringify(story.job)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    story.client = client
    let done: UploadedFiles | null = null
    const lines = createInterface({ input: client.stdout })
    lines.on('line', line => {
      done = hear(scene, story, JSON.parse(line)) ?? done
    })
    const [code] = await once(client, 'close')
    story.client = null
    if (done) return done
    if (code !== null) scene.faults.push(`${story.job.seed}: the program ended with ${code}`)
  }
}

/** Notes what the program knows, and what it does that it should not do. */
function hear({ faults }: Scene, story: Story, said: Record<string, unknown>): UploadedFiles | null {
  const { patch, taken, arrived, broken } = said
  if (typeof said.upload === 'string') {
    if (story.upload !== null && story.upload !== said.upload)
      faults.push(`${story.job.seed}: another upload`)
    story.upload = said.upload
  }
  if (typeof patch === 'number' && patch < story.arrived)
    faults.push(`${story.job.seed}: ${patch} is sent again`)
  if (typeof taken === 'number') story.taken.push(taken)
  if (typeof taken === 'number' || typeof arrived === 'number')
    story.arrived = Math.max(story.arrived, Number(taken ?? arrived))
  if (broken !== undefined) faults.push(`${story.job.seed}: ${broken}`)
  return said.done === undefined ? null : uploadedIn(said.done as Done)
}

interface Done {
  upload: string
  root: string
  partCount: number
  key: string
  files: { name: string; type: string; size: number; sha256: string; attached: boolean }[]
}

function uploadedIn({ upload: address, root, partCount, key, files }: Done): UploadedFiles {
  const listed = files.map(file => ({ ...file, sha256: fromBase64url(file.sha256) }))
  const list = { blobKey: blobKeyOf(fromBase64url(key)), files: listed }
  return { upload: address, root: fromBase64url(root), partCount, list }
}

const FATES: readonly Fate[] = ['kept', 'kept', 'withdrawn', 'abandoned']

/** One report after another, each with files. */
async function reportWithFiles(scene: Scene, worker: number): Promise<void> {
  const { trust, ledger, reporterUrl, stories, ending } = scene
  for (let number = 0; !ending.aborted; number++) {
    const seed = `${worker}-${number}`
    const sizes = Array.from(
      { length: 1 + (number % 3) },
      (_, i) => Math.floor(Math.random() * 3 * MIB) * (i === 1 ? 0 : 1),
    )
    const job = { url: scene.wire.url, state: join(scene.folder, `${seed}.json`), seed, sizes }
    const fate = FATES[(worker + number) % FATES.length] ?? 'kept'
    const story: Story = {
      job,
      fate,
      client: null,
      upload: null,
      arrived: 0,
      taken: [],
      prepared: null,
      isEnding: false,
      isDone: false,
    }
    stories.push(story)
    const files = await upload(scene, story)
    if (new Set(story.taken).size !== story.taken.length) scene.faults.push(`${seed}: a part was taken twice`)
    if (fate !== 'abandoned') {
      const content = { version: 1, language: 'en', what: seed } as const
      const prepared = await prepareReport(trust, { content, agencies: ['police'], files })
      story.prepared = prepared
      story.isEnding = true
      const service = serviceAt(reporterUrl, { fetch: recording(ledger) })
      // What has begun is ended, also where nothing new is begun any more.
      const never = new AbortController().signal
      await persist(() => submitReport(service, trust, prepared), never)
      const reporter = reporterOf(service, trust, prepared.code)
      if (fate === 'withdrawn') await persist(() => withdrawReport(reporter), never)
    }
    story.isDone = true
  }
}

/** Parts that some program was told of, and that are not there. */
async function findLostParts(database: Database, stories: readonly Story[]): Promise<string[]> {
  const known = stories.map(({ job, upload: address, arrived, isEnding }) => ({
    seed: job.seed,
    address,
    arrived,
    isEnding,
  }))
  const rows = await patiently(() =>
    database.query<{ capability: Uint8Array; parts: number; length: number }>({
      name: 'open-uploads',
      text: 'select capability, parts, length::float8 as length from blobs where capability is not null',
    }),
  )
  const arrivedAt = new Map(
    rows.map(({ capability, parts, length }) => [toHex(capability), Math.min(parts * PART_SIZE, length)]),
  )
  return known.flatMap(({ seed, address, arrived, isEnding }) => {
    if (address === null || isEnding) return []
    const there = arrivedAt.get(toHex(H('upload', fromBase64url(address))))
    return there !== undefined && there >= arrived ? [] : [`${seed}: ${there} of ${arrived} bytes are there`]
  })
}

const taken = (stories: readonly Story[]) => stories.reduce((sum, story) => sum + story.taken.length, 0)

/** What agencies read of reports that were acknowledged, byte for byte. */
async function readBack(scene: Scene, agencyUrl: string): Promise<string[]> {
  const device = deviceOf(
    serviceAt(agencyUrl),
    scene.trust,
    await deviceKeyIn(scene.folder, 'police', 'intake'),
  )
  const faults: string[] = []
  const left = new Map(scene.stories.map(story => [story.job.seed, story]))
  for (let after = 0; ; ) {
    const list = await readCases(device, { after })
    for (const { case: id, state } of list?.cases ?? []) {
      if (state === 'withdrawn') continue
      const { report, answers } = await openCase(device, await readCase(device, id))
      const { job, fate } = left.get(answers?.what ?? '') ?? {}
      if (!job || fate !== 'kept') {
        faults.push(`${answers?.what}: not to be here`)
        continue
      }
      left.delete(job.seed)
      const contents = await readAll(caseFiles(device, id, 0), report.files)
      const isSame = contents.every((bytes, i) => bytes.equals(contentOf(job.seed, i, job.sizes[i] ?? -1)))
      if (!isSame || contents.length !== job.sizes.length) faults.push(`${job.seed}: other files`)
    }
    if (!list?.more) break
    after = list.cursor
  }
  for (const { job, fate } of left.values()) if (fate === 'kept') faults.push(`${job.seed}: lost`)
  return faults
}

const choose = <T>(items: readonly T[]): T | undefined => items[Math.floor(Math.random() * items.length)]

test(`no part and no file that was acknowledged is lost after ${KILLS} kills while files are sent`, {
  timeout: PATIENCE_MS + KILLS * 60_000,
}, async ({ annotate }) => {
  const folder = await dataFolder()
  cleanups.push(() => remove(folder))
  const supervisor = await supervise(folder)
  cleanups.push(() => supervisor.end())
  const { reporterUrl, agencyUrl } = supervisor.listening
  const wire = await tornWireTo(reporterUrl)
  cleanups.push(() => wire.stop())
  const database = openDatabase({ url: socketUrl(folder), max: 2 })
  cleanups.push(() => database.close())
  const working = new AbortController()
  const trust = await fetchTrust(serviceAt(reporterUrl), { now: Date.now() })
  const scene: Scene = {
    trust,
    wire,
    reporterUrl,
    folder,
    ledger: newLedger(),
    stories: [],
    faults: [],
    ending: working.signal,
  }
  const { stories } = scene
  const failures: unknown[] = []
  const work = Array.from({ length: UPLOADERS }, (_, worker) =>
    reportWithFiles(scene, worker).catch(error => void failures.push(error)),
  )
  cleanups.push(async () => {
    working.abort()
    for (const { client } of stories) client?.kill('SIGKILL')
  })

  const ways = {
    ...KILLING,
    client: async () => void choose(stories.filter(({ client }) => client !== null))?.client?.kill('SIGKILL'),
    wire: async () => wire.tearAfter(Math.floor(Math.random() * 2 * MIB)),
  }
  const names = [...WAYS, 'client', 'wire', 'client', 'wire'] as const
  for (let kills = 0; kills < KILLS; kills++) {
    const before = taken(stories)
    await until(() => taken(stories) > before + 2, PATIENCE_MS)
    await sleep(400 * Math.random())
    supervisor.excuse()
    await ways[names[kills % names.length] ?? 'both'](supervisor, folder)
    await until(() => isHealthy(reporterUrl), PATIENCE_MS)
    expect(await findLostParts(database, stories)).toEqual([])
    expect(await findFaults(database, scene.ledger)).toEqual([])
    expect([...failures, ...scene.faults]).toEqual([])
  }
  working.abort()
  await Promise.all(work)
  expect([...failures, ...scene.faults]).toEqual([])
  expect(await findLostParts(database, stories)).toEqual([])
  expect(await findFaults(database, scene.ledger)).toEqual([])

  // The day of what nobody has claimed is over; a service cleans up as it starts.
  await patiently(() =>
    database.query({ name: 'end', text: `update blobs set expires = 1 where state = 'open'` }),
  )
  supervisor.killService()
  const kept = stories.filter(({ fate }) => fate === 'kept')
  const counts = async () => {
    const text = `select (select count(*)::int from blobs) as blobs, (select count(*)::int from blob_parts) as parts,
      (select sum(parts)::int from blobs) as due`
    return (await patiently(() => database.query({ name: 'counts', text })))[0]
  }
  await until(async () => (await counts())?.blobs === kept.length, PATIENCE_MS)
  const { parts, due } = (await counts()) ?? {}
  expect(parts).toBe(due)
  await until(() => isHealthy(reporterUrl), PATIENCE_MS)
  expect(await findFaults(database, scene.ledger)).toEqual([])
  expect(await readBack(scene, agencyUrl)).toEqual([])
  expect(supervisor.deserted).toEqual([])
  const figures = {
    uploads: stories.length,
    kept: kept.length,
    partsAcknowledged: taken(stories),
    tears: wire.tears(),
  }
  await annotate(
    `${KILLS} kills; ${JSON.stringify(figures)}; parts lost 0, sent again 0, files lost 0, left behind 0`,
  )
})
