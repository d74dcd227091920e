// Sealed files, from a reporter to the agency that holds the case, over HTTP on a real PostgreSQL.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  caseFiles,
  deviceOf,
  fetchTrust,
  openCase,
  prepareReport,
  readCase,
  readCases,
  serviceAt,
  submitReport,
  type Trust,
  uploaderOf,
} from '../../src/client/index.ts'
import { readAll, upload } from '../support/files.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let trust: Trust
beforeAll(async () => {
  world = await createWorld()
  trust = await fetchTrust(serviceAt(world.reporterUrl), { now: world.now() })
})
afterAll(() => world.stop())

test('files of a report arrive whole at the agency that holds the case', async () => {
  const service = serviceAt(world.reporterUrl)
  const contents = [randomBytes(3_000_000), randomBytes(0), randomBytes(65_536), randomBytes(10)]
  const files = await upload(uploaderOf(service, trust), contents)
  const content = { version: 1, language: 'ko', what: '도면이 나갔습니다' } as const
  const prepared = await prepareReport(trust, { content, agencies: ['police'], files })
  const first = await submitReport(service, trust, prepared)
  expect((await submitReport(service, trust, prepared)).note).toBe(first.note)

  const key = await world.deviceKey('police')
  const device = deviceOf(serviceAt(world.agencyUrl), trust, key)
  const list = await readCases(device, { wait: 5 })
  const opened = await openCase(device, await readCase(device, list?.cases[0]?.case ?? ''))
  const found = opened.report.files
  expect(found?.files.map(({ size }) => size)).toEqual(contents.map(({ length }) => length))
  expect(await readAll(caseFiles(device, opened.id, 0), found)).toEqual(contents)
})
