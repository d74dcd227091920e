// Uploads by the SDK: over wires that tear, through restarts, in another process, and where there is no room.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  caseFiles,
  deviceOf,
  giveUpUpload,
  openCase,
  prepareReport,
  readCase,
  type Service,
  serviceAt,
  submitReport,
  type Trust,
  type UploadedFiles,
  type UploadState,
  uploaderOf,
} from '../../src/client/index.ts'
import { blobKeyOf } from '../../src/protocol/crypto.ts'
import { readAll, upload } from '../support/files.ts'
import { trustOf } from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { caseOf } from '../support/stored.ts'
import { type TornWire, tornWireTo } from '../support/torn-wire.ts'
import { look } from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
const CONTENTS = [randomBytes(2.5 * MIB), randomBytes(0), randomBytes(MIB)]
/** Of the 4 MiB, and room for seals, that these are with their fill. */
const ALL = [0, 1, 2, 3, 4]

let world: World
let wire: TornWire
let trust: Trust
beforeAll(async () => {
  world = await createWorld()
  wire = await tornWireTo(world.reporterUrl)
  trust = await trustOf(world)
})
afterAll(async () => {
  await wire.stop()
  await world.stop()
})

interface Noting {
  readonly service: Service
  /** The offset of each part that goes out, in MiB. */
  readonly parts: number[]
  /** Those of them that the service had said it has. */
  readonly needless: number[]
  /** Most parts that were on their way at once. */
  readonly atOnce: () => number
}

function noting(origin: string, ask: typeof fetch = fetch): Noting {
  const parts: number[] = []
  const needless: number[] = []
  let told = 0
  let underWay = 0
  let atOnce = 0
  const offsetIn = (fields: Headers) => Number(fields.get('upload-offset')) / MIB
  const send: typeof fetch = async (input, init) => {
    const isPart = init?.method === 'PATCH'
    if (isPart) {
      const offset = offsetIn(new Headers(init.headers))
      parts.push(offset)
      if (offset < told) needless.push(offset)
      underWay += 1
      atOnce = Math.max(atOnce, underWay)
    }
    try {
      const answer = await ask(input, init)
      told = Math.max(told, offsetIn(answer.headers))
      return answer
    } finally {
      if (isPart) underWay -= 1
    }
  }
  return { service: serviceAt(origin, { fetch: send }), parts, needless, atOnce: () => atOnce }
}

/** What the agency finds in a report with these files. */
async function contentsOf(files: UploadedFiles): Promise<Buffer[]> {
  const content = { version: 1, language: 'ko', what: '도면' } as const
  const prepared = await prepareReport(trust, { content, agencies: ['police'], files })
  await submitReport(serviceAt(world.reporterUrl), trust, prepared)
  const device = deviceOf(serviceAt(world.agencyUrl), trust, await world.deviceKey('police'))
  const rows = await world.database.query<{ id: Uint8Array }>(
    { name: 'test-report', text: 'select report_id as id from reports where digest = $1' },
    [prepared.digest],
  )
  const id = await caseOf(world, rows[0]?.id ?? new Uint8Array(), 'police')
  const { report } = await openCase(device, await readCase(device, id))
  return readAll(caseFiles(device, id, 0), report.files)
}

test('each part goes out once, up to three of them at a time, and the files are there', async () => {
  const { service, parts, atOnce } = noting(world.reporterUrl)
  const progress: number[] = []
  const files = await upload(uploaderOf(service, trust), CONTENTS, {
    onProgress: ({ sent }) => progress.push(sent / MIB),
  })
  expect(parts).toEqual(ALL)
  expect(atOnce()).toBeLessThanOrEqual(3)
  // Two may be told at once.
  expect(progress).toEqual([...new Set(progress)].sort((a, b) => a - b))
  expect([progress[0], progress.at(-1)]).toEqual([0, 4 * (1025 / 1024)])
  expect(await contentsOf(files)).toEqual(CONTENTS)
})

// By a clock that goes on only when a part is answered.
test.each([
  [500, 3],
  [4_500, 2],
  [5_000, 1],
])('after a part that took %i ms, up to %i are on their way at once', async (milliseconds, most) => {
  let now = 0
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now)
  const { service, parts, atOnce } = noting(world.reporterUrl, async (input, init) => {
    const answer = await fetch(input, init)
    if (init?.method !== 'PATCH') return answer
    now += milliseconds
    // Whatever may be sent meanwhile is.
    await sleep(200)
    return answer
  })
  try {
    await upload(uploaderOf(service, trust), CONTENTS)
  } finally {
    clock.mockRestore()
  }
  expect(parts).toEqual(ALL)
  expect(atOnce()).toBe(most)
})

test('parts that go to one server and another go out once, too', async () => {
  const other = await world.startAnother()
  try {
    const { service, parts } = noting(world.reporterUrl)
    const send: typeof fetch = (input, init) => {
      const isOdd = (Number(new Headers(init?.headers).get('upload-offset')) / MIB) % 2 === 1
      return service.fetch(isOdd ? String(input).replace(service.origin, other.reporterUrl) : input, init)
    }
    const files = await upload(uploaderOf({ ...service, fetch: send }, trust), CONTENTS)
    expect(parts).toEqual(ALL)
    expect(await contentsOf(files)).toEqual(CONTENTS)
  } finally {
    await other.stop()
  }
})

test('a part that is there though its answer says that the service failed is not sent again', async () => {
  const { service, parts } = noting(world.reporterUrl)
  let failed = false
  const send: typeof fetch = async (input, init) => {
    const answer = await service.fetch(input, init)
    if (failed || init?.method !== 'PATCH') return answer
    failed = true
    // As a proxy does that lost the connection behind it.
    return new Response(null, { status: 502 })
  }
  const files = await upload(uploaderOf({ ...service, fetch: send }, trust), CONTENTS)
  expect(parts).toEqual(ALL)
  expect(await contentsOf(files)).toEqual(CONTENTS)
})

test('where the wire is torn it goes on by itself, with what was not taken', async () => {
  const { service, parts, needless } = noting(wire.url)
  const tears = wire.tears()
  let breaks = 0
  wire.tearAfter(2.5 * MIB)
  const files = await upload(uploaderOf(service, trust), CONTENTS, { onBreak: () => breaks++ })
  expect(wire.tears()).toBe(tears + 1)
  expect(breaks).toBeGreaterThan(0)
  expect([...new Set(parts)]).toEqual(ALL)
  // Three were on their way.
  expect(parts.length).toBeLessThanOrEqual(ALL.length + 3)
  expect(needless).toEqual([])
  expect(await contentsOf(files)).toEqual(CONTENTS)
})

/** Stops after so many parts, as a program does that is ended; what it wrote down is all that is left. */
async function interrupted(service: Service, after: number): Promise<UploadState> {
  const ending = new AbortController()
  let state: UploadState | undefined
  const attempt = upload(uploaderOf(service, trust), CONTENTS, {
    signal: ending.signal,
    onState: next => {
      state = structuredClone(next)
    },
    onProgress: ({ sent }) => {
      if (sent >= after * MIB) ending.abort(new Error('ended'))
    },
  })
  await expect(attempt).rejects.toThrow('ended')
  if (!state) throw new Error('nothing was written down')
  return { ...state, blobKey: blobKeyOf(state.blobKey) }
}

test('another program goes on from what the first wrote down, and sends nothing twice', async () => {
  const { service, parts } = noting(world.reporterUrl)
  const resume = await interrupted(service, 2)
  const before = parts.length
  await world.restart()
  const arrived = Number(
    (await look(world.reporterUrl, `/v1/uploads/${resume.upload}`)).headers['upload-offset'],
  )
  const files = await upload(uploaderOf(service, trust), CONTENTS, { resume })
  expect(files.upload).toBe(resume.upload)
  expect(arrived / MIB).toBeGreaterThanOrEqual(2)
  expect(parts.slice(before)).toEqual(ALL.filter(part => part >= arrived / MIB))
  expect(await contentsOf(files)).toEqual(CONTENTS)
})

test('files that changed since are sent to no one under the same key', async () => {
  const { service, parts } = noting(world.reporterUrl)
  const resume = await interrupted(service, 2)
  const before = parts.length
  const [first = Buffer.alloc(0), ...others] = CONTENTS
  const changed = Buffer.from(first)
  changed[100] = ~(changed[100] ?? 0)
  for (const contents of [[changed, ...others], [first, randomBytes(MIB)], [first]]) {
    const attempt = upload(uploaderOf(service, trust), contents, { resume })
    await expect(attempt).rejects.toThrow(/changed since|not those of the upload/)
  }
  expect(parts.length).toBe(before)
})

test('an upload that is over is told so, and giving it up again is no failure', async () => {
  const service = serviceAt(world.reporterUrl)
  const resume = await interrupted(service, 1)
  for (const _ of [1, 2]) await giveUpUpload(service, resume.upload)
  const attempt = upload(uploaderOf(service, trust), CONTENTS, { resume })
  await expect(attempt).rejects.toMatchObject({ kind: 'not-found' })
})

test('where there is no room, or files are too large, it is told before anything is sent', async () => {
  for (const [setting, kind] of [
    ['BONGSU_FILES_ROOM_MIB', 'storage-full'],
    ['BONGSU_FILES_PER_MESSAGE_MIB', 'files-too-large'],
  ] as const) {
    const server = await startBeside(world, { [setting]: '3' })
    try {
      const { service, parts } = noting(server.reporterUrl)
      const attempt = upload(uploaderOf(service, trust), CONTENTS)
      await expect(attempt).rejects.toMatchObject({ kind })
      expect(parts).toEqual([])
    } finally {
      await server.stop()
    }
  }
})
