// Who reads the files of a report, and for how long.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBase64url } from '../../src/protocol/encoding.ts'
import { chainStart } from '../../src/protocol/event.ts'
import { openAndAcknowledge } from '../support/agency.ts'
import { deviceOf, newDevice, publishDevices, type TestDevice } from '../support/device.ts'
import { type Answer, problemIn } from '../support/http.ts'
import { sealFollowUpFor, submit, withdraw, write } from '../support/reporter.ts'
import { rounds } from '../support/rounds.ts'
import { caseOf, countOf, rowsOf, settled } from '../support/stored.ts'
import { cleanUp, ofMib, readCaseFiles, uploadBlob } from '../support/uploads.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024

let world: World
let police: TestDevice
let nis: TestDevice
beforeAll(async () => {
  world = await createWorld()
  police = await deviceOf(world, 'police')
  nis = await deviceOf(world, 'nis')
})
afterAll(() => world.stop())

async function reportWithFiles(agencies: readonly AgencyId[], length?: number) {
  const blob = await uploadBlob(world, length)
  const reporter = await submit(world, agencies, world.reporterUrl, blob)
  return { ...reporter, blob, caseOf: (agency: AgencyId) => caseOf(world, reporter.reportId, agency) }
}

const isBlob = ({ status, body }: Answer, bytes: Buffer) => status === 200 && body.equals(bytes)

test('each agency of a report reads the same bytes, by any device that may read cases', async () => {
  const { blob, ...report } = await reportWithFiles(['police', 'nis'])
  const colleague = await deviceOf(world, 'police', 'investigator')
  for (const [device, agency] of [
    [police, 'police'],
    [colleague, 'police'],
    [nis, 'nis'],
  ] as const) {
    expect(isBlob(await readCaseFiles(device, await report.caseOf(agency)), blob.bytes)).toBe(true)
  }
})

test('an agency that has no key of a message never gets a byte of its files', async () => {
  const { blob: _, ...report } = await reportWithFiles(['nis'])
  const own = await reportWithFiles(['police'])
  const foreign = await report.caseOf('nis')
  for (const headers of [{}, { range: 'bytes=0-0' }, { range: 'bytes=999999999-' }]) {
    expect(problemIn(await readCaseFiles(police, foreign, 0, headers))).toBe('not-found')
    expect(problemIn(await readCaseFiles(police, await own.caseOf('police'), 1, headers))).toBe('not-found')
  }
  const keyless = await own.caseOf('police')
  await rowsOf(world, 'delete from wrapped_keys where case_id = $1', [fromBase64url(keyless)])
  expect(problemIn(await readCaseFiles(police, keyless))).toBe('not-found')
})

test('a device that was revoked reads nothing from then on', async () => {
  const { blob, ...report } = await reportWithFiles(['sme-office'])
  const device = await newDevice(world, 'sme-office', ['intake', 'cases'])
  await publishDevices(world, 'sme-office', { version: 2, devices: [device] })
  const caseId = await report.caseOf('sme-office')
  expect(isBlob(await readCaseFiles(device, caseId), blob.bytes)).toBe(true)
  await publishDevices(world, 'sme-office', { version: 3, devices: [device], revoked: [device] })
  expect(problemIn(await readCaseFiles(device, caseId))).toBe('device-refused')
})

test('files of follow-ups are read like those of the report, each by its number', async () => {
  const { blob, ...report } = await reportWithFiles(['police'])
  const more = await uploadBlob(world)
  const heads = [{ agencyId: 'police', head: chainStart(report.sealed.digest, 'police') }]
  const plain = await sealFollowUpFor(world, report, 1, heads)
  const second = await sealFollowUpFor(world, report, 2, heads, more)
  for (const { body } of [plain, second]) expect((await write(report.caller, body)).status).toBe(204)
  const caseId = await report.caseOf('police')
  expect(isBlob(await readCaseFiles(police, caseId, 0), blob.bytes)).toBe(true)
  expect(problemIn(await readCaseFiles(police, caseId, 1))).toBe('not-found')
  expect(isBlob(await readCaseFiles(police, caseId, 2), more.bytes)).toBe(true)
})

test('any range is that piece of the blob, across parts too', async () => {
  const { blob, ...report } = await reportWithFiles(['police'], ofMib(3))
  const caseId = await report.caseOf('police')
  const place = fc.oneof(
    fc.nat({ max: blob.bytes.length - 1 }),
    fc.constantFrom(0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB - 1),
  )
  const property = fc.asyncProperty(place, place, async (a, b) => {
    const [first, last] = [Math.min(a, b), Math.max(a, b)]
    const answer = await readCaseFiles(police, caseId, 0, { range: `bytes=${first}-${last}` })
    expect(answer.status).toBe(206)
    expect(answer.headers['content-range']).toBe(`bytes ${first}-${last}/${blob.bytes.length}`)
    expect(answer.body.equals(blob.bytes.subarray(first, last + 1))).toBe(true)
  })
  await fc.assert(property, { numRuns: rounds(25, 1000) })
  const beyond = await readCaseFiles(police, caseId, 0, { range: `bytes=${ofMib(3)}-` })
  expect(beyond.headers['content-range']).toBe(`bytes */${ofMib(3)}`)
})

test('a withdrawal before anybody opened it takes the files from all, and their bytes from the tables', async () => {
  const { blob: _, ...report } = await reportWithFiles(['police', 'nis'], ofMib(3))
  const cases = [await report.caseOf('police'), await report.caseOf('nis')] as const
  const [row] = await rowsOf(world, 'select blob_id from blobs where report_id = $1', [report.reportId])
  expect((await withdraw(report.caller)).status).toBe(200)
  expect(problemIn(await readCaseFiles(police, cases[0]))).toBe('not-found')
  expect(problemIn(await readCaseFiles(nis, cases[1]))).toBe('not-found')
  expect(await countOf(world, 'from blobs where report_id = $1', [report.reportId])).toBe(0)
  await cleanUp(world)
  expect(await countOf(world, 'from blobs where blob_id = $1', [row?.blob_id])).toBe(0)
  expect(await countOf(world, 'from blob_parts where blob_id = $1', [row?.blob_id])).toBe(0)
})

test('a withdrawal after one agency opened it leaves the files to that one alone', async () => {
  const { blob, ...report } = await reportWithFiles(['police', 'nis'])
  const [atPolice, atNis] = [await report.caseOf('police'), await report.caseOf('nis')]
  await settled(world)
  await openAndAcknowledge(world, 'police', atPolice)
  expect(JSON.parse((await withdraw(report.caller)).body.toString()).outcome).toBe('partly-withdrawn')
  await cleanUp(world)
  expect(problemIn(await readCaseFiles(nis, atNis))).toBe('not-found')
  expect(isBlob(await readCaseFiles(police, atPolice), blob.bytes)).toBe(true)
})

test('a download that has begun when its report is withdrawn ends short, and nothing is left', async () => {
  const { blob: _, ...report } = await reportWithFiles(['police'], ofMib(3))
  const caseId = await report.caseOf('police')
  // As if the bytes went between two pieces.
  await rowsOf(
    world,
    'delete from blob_parts where index > 0 and blob_id = (select blob_id from blobs where report_id = $1)',
    [report.reportId],
  )
  await expect(readCaseFiles(police, caseId)).rejects.toThrow(/aborted|hang up|closed/)
  expect(problemIn(await readCaseFiles(police, caseId, 0, { range: `bytes=${MIB}-` }))).toBe('internal-error')
  expect((await readCaseFiles(police, caseId, 0, { range: 'bytes=0-9' })).body.length).toBe(10)
})

test('where a piece of a part is missing nothing is sent in its place', async () => {
  const { blob, ...report } = await reportWithFiles(['police'], ofMib(3))
  const caseId = await report.caseOf('police')
  await rowsOf(
    world,
    `delete from blob_pieces where n = 5 and part = (select part from blob_parts join blobs using (blob_id)
      where report_id = $1 and blob_parts.index = 1)`,
    [report.reportId],
  )
  await expect(readCaseFiles(police, caseId)).rejects.toThrow(/aborted|hang up|closed/)
  expect(problemIn(await readCaseFiles(police, caseId, 0, { range: `bytes=${MIB}-` }))).toBe('internal-error')
  const { body } = await readCaseFiles(police, caseId, 0, { range: `bytes=0-${MIB - 1}` })
  expect(body.equals(blob.bytes.subarray(0, MIB))).toBe(true)
})
