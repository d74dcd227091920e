// Sealed files go where the case goes: whoever holds it, or was asked, gets them, and nobody else.
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  caseFiles,
  type Device,
  openCase,
  prepareReport,
  readCase,
  readFile,
  reporterOf,
  submitReport,
  uploaderOf,
  uploadFiles,
} from '../../src/client/index.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'
import { done, now, offer } from './colleagues.ts'
import { caseOf, deviceIn, openById, refusalOf, reporters, trustIn } from './people.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const evidence = randomBytes(100_000)
const createHasher = () => {
  const hash = createHash('sha256')
  return {
    update: (bytes: Uint8Array) => void hash.update(bytes),
    digest: () => new Uint8Array(hash.digest()),
  }
}

/** A report with a file, to one agency that has it under assessment. */
async function sentWithFile(agency: AgencyId) {
  const service = reporters(world)
  const trust = await trustIn(world, service)
  const source = {
    name: '도면.pdf',
    type: 'application/pdf',
    size: evidence.length,
    async *read() {
      yield new Uint8Array(evidence)
    },
  }
  const files = await uploadFiles(uploaderOf(service, trust), [source], [], { createHasher })
  const content = { version: 1, language: 'ko', what: '도면과 함께' } as const
  const prepared = await prepareReport(trust, { content, agencies: [agency], files })
  await submitReport(service, trust, prepared)
  const sent = { prepared, reporter: reporterOf(service, trust, prepared.code), code: '' }
  const device = await deviceIn(world, agency)
  const id = await caseOf(device, sent)
  await acknowledge(device, await openById(device, id), now(world))
  await done(world, device, id, { action: 'assessment-started' })
  return { sent, device, id }
}

async function fileOf(device: Device, id: string): Promise<Buffer> {
  const { report } = await openCase(device, await readCase(device, id))
  if (!report.files) throw new Error('no file')
  const parts: Uint8Array[] = []
  for await (const part of readFile(caseFiles(device, id, 0), report.files, 0, { createHasher }))
    parts.push(part)
  return Buffer.concat(parts)
}

/** Of the bytes as they lie there, whatever the device could open. */
const refused = (device: Device, id: string) => refusalOf(caseFiles(device, id, 0)(0, 1000))

test('files open to whoever takes a case over, and not to whoever had it', async () => {
  const { sent, device, id } = await sentWithFile('sme-office')
  const other = await deviceIn(world, 'police')
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  const theirs = await caseOf(other, sent)
  expect(await refused(other, id)).toBe('not-found')
  expect(await fileOf(other, theirs)).toEqual(evidence)
  expect(await fileOf(device, id)).toEqual(evidence)
  await done(world, other, theirs, { action: 'hand-over-accepted' })
  await done(world, other, theirs, { action: 'taken-over' })
  expect(await fileOf(other, theirs)).toEqual(evidence)
  expect(await refused(device, id)).toBe('not-found')
})

test('files close to an agency that refuses, and to one whose joint work is ended', async () => {
  const { sent, id } = await sentWithFile('police')
  const other = await deviceIn(world, 'nis')
  const invite = () => offer(world, { agency: 'police', id }, 'agency-invited', 'nis')
  await invite()
  const theirs = await caseOf(other, sent)
  expect(await fileOf(other, theirs)).toEqual(evidence)
  await done(world, other, theirs, { action: 'invitation-refused', code: 'no-capacity' })
  expect(await refused(other, theirs)).toBe('not-found')
  await invite()
  await done(world, other, theirs, { action: 'invitation-accepted' })
  expect(await fileOf(other, theirs)).toEqual(evidence)
  const investigator = await deviceIn(world, 'police', 'investigator')
  await done(world, investigator, id, { action: 'joint-ended', subject: 'nis' })
  expect(await refused(other, theirs)).toBe('not-found')
})
