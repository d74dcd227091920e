// Files over slow lines. Sixty times as fast as slow ones are, and everybody has a sixtieth of the time.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  caseFiles,
  deviceOf,
  openCase,
  prepareReport,
  type ReadRange,
  readCase,
  readFile,
  type Service,
  serviceAt,
  submitReport,
  type Trust,
  uploaderOf,
} from '../../src/client/index.ts'
import { CONNECTION_LIMITS } from '../../src/server/http/connections.ts'
import type { RunningServer } from '../../src/server/main.ts'
import { createHasher, upload } from '../support/files.ts'
import { trustOf } from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { type SlowWire, slowWireTo } from '../support/slow-wire.ts'
import { caseOf } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'

const KIB = 1024
const SCALE = 60
/** Two parts, the second half as long. */
const CONTENTS = randomBytes(1_100 * KIB)

let world: World
let server: RunningServer
let trust: Trust
const wires: SlowWire[] = []
beforeAll(async () => {
  world = await createWorld()
  trust = await trustOf(world)
  const { requestMs, partMs, progressMs, answerMs } = CONNECTION_LIMITS
  const scaled = {
    requestMs: requestMs / SCALE,
    partMs: partMs / SCALE,
    progressMs: progressMs / SCALE,
    answerMs: answerMs / SCALE,
    checkMs: 20,
  }
  server = await startBeside(world, {}, { ...CONNECTION_LIMITS, ...scaled })
})
afterAll(async () => {
  for (const wire of wires) await wire.stop()
  await server.stop()
  await world.stop()
})

/** KiB/s as it were without the scale. */
async function over(origin: string, rate: number): Promise<Service> {
  const wire = await slowWireTo(origin, rate * KIB * SCALE)
  wires.push(wire)
  const { timeout, partTimeout } = serviceAt(wire.url)
  return serviceAt(wire.url, { timeout: timeout / SCALE, partTimeout: Math.ceil(partTimeout / SCALE) })
}

test('an upload over a little more than 2 KiB/s arrives, and is waited for longer once that is known', async () => {
  const service = await over(server.reporterUrl, 2.2)
  const begun: string[] = []
  const noting: Service = {
    ...service,
    fetch: (input, init) => {
      const offset = new Headers(init?.headers).get('upload-offset')
      if (offset !== null) begun.push(offset)
      return service.fetch(input, init)
    },
  }
  const files = await upload(uploaderOf(noting, trust), [CONTENTS])
  const once = begun.filter(offset => offset !== '0')
  expect(begun.length - once.length).toBeLessThanOrEqual(3)
  expect(once).toEqual([String(1024 * KIB)])
  const content = { version: 1, language: 'ko', what: '도면' } as const
  const prepared = await prepareReport(trust, { content, agencies: ['police'], files })
  await submitReport(serviceAt(world.reporterUrl), trust, prepared)
})

test('an upload that is given up ends at once, in the middle of a part', async () => {
  const service = await over(server.reporterUrl, 2.2)
  const stop = new AbortController()
  const noting: Service = {
    ...service,
    fetch: (input, init) => {
      if (init?.method === 'PATCH') setTimeout(() => stop.abort(new Error('given up')), 200)
      return service.fetch(input, init)
    },
  }
  const patient = { ...noting, timeout: 600_000 }
  await expect(upload(uploaderOf(patient, trust), [CONTENTS], { signal: stop.signal })).rejects.toThrow(
    'given up',
  )
})

test('a download over 3 KiB/s arrives, and nothing is asked for in vain', async () => {
  const files = await upload(uploaderOf(serviceAt(world.reporterUrl), trust), [CONTENTS])
  const content = { version: 1, language: 'ko', what: '도면' } as const
  const prepared = await prepareReport(trust, { content, agencies: ['police'], files })
  await submitReport(serviceAt(world.reporterUrl), trust, prepared)
  const [row] = await world.database.query<{ id: Uint8Array }>(
    { name: 'test-report', text: 'select report_id as id from reports where digest = $1' },
    [prepared.digest],
  )
  const id = await caseOf(world, row?.id ?? new Uint8Array(), 'police')
  const key = await world.deviceKey('police')
  const near = deviceOf(serviceAt(world.agencyUrl), trust, key)
  const { report } = await openCase(near, await readCase(near, id))
  const slow = deviceOf(await over(server.agencyUrl, 3), trust, key)
  let failed = 0
  const read = caseFiles(slow, id, 0)
  const counting: ReadRange = (...range) =>
    read(...range).catch(error => {
      failed++
      throw error
    })
  if (!report.files) throw new Error('no files')
  const chunks: Uint8Array[] = []
  const pace = { quickMs: 5_000 / SCALE, slowMs: 20_000 / SCALE }
  for await (const chunk of readFile(counting, report.files, 0, { createHasher, pace })) chunks.push(chunk)
  expect(Buffer.concat(chunks).equals(CONTENTS)).toBe(true)
  expect(failed).toBe(0)
})
