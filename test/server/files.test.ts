// Sealed files, from a reporter to the agency that holds the case, over HTTP on a real PostgreSQL.
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  caseFiles,
  deviceOf,
  type FileSource,
  fetchTrust,
  openCase,
  prepareReport,
  readCase,
  readCases,
  readFile,
  serviceAt,
  submitReport,
  type Trust,
  uploaderOf,
  uploadFiles,
} from '../../src/client/index.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let trust: Trust
beforeAll(async () => {
  world = await createWorld()
  trust = await fetchTrust(serviceAt(world.reporterUrl), { now: world.now() })
})
afterAll(() => world.stop())

const createHasher = () => {
  const hash = createHash('sha256')
  return {
    update: (bytes: Uint8Array) => void hash.update(bytes),
    digest: () => new Uint8Array(hash.digest()),
  }
}

const fileOf = (name: string, bytes: Uint8Array): FileSource => ({
  name,
  type: '',
  size: bytes.length,
  async *read() {
    yield bytes
  },
})

test('files of a report arrive whole at the agency that holds the case', async () => {
  const service = serviceAt(world.reporterUrl)
  const contents = [randomBytes(3_000_000), randomBytes(0), randomBytes(65_536), randomBytes(10)]
  const sources = contents.map((bytes, i) => fileOf(`evidence ${i}.bin`, bytes))
  const files = await uploadFiles(uploaderOf(service, trust), sources, [], { createHasher })
  const content = { version: 1, language: 'ko', what: '도면이 나갔습니다' } as const
  const prepared = await prepareReport(trust, { content, agencies: ['police'], files })
  const first = await submitReport(service, trust, prepared)
  expect((await submitReport(service, trust, prepared)).note).toBe(first.note)

  const key = await world.deviceKey('police')
  const device = deviceOf(serviceAt(world.agencyUrl), trust, key)
  const list = await readCases(device, { wait: 5 })
  const opened = await openCase(device, await readCase(device, list?.cases[0]?.case ?? ''))
  const found = opened.report.files
  expect(found?.files.map(({ name }) => name)).toEqual(sources.map(({ name }) => name))
  for (const [i, bytes] of contents.entries()) {
    const parts: Uint8Array[] = []
    if (!found) throw new Error('no files')
    for await (const part of readFile(caseFiles(device, opened.id, 0), found, i, { createHasher }))
      parts.push(part)
    expect(Buffer.concat(parts).equals(bytes)).toBe(true)
  }
})
