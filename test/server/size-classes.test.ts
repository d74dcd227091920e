// The lengths that a blob can have: which are taken, that the largest is counted whole, and what was stored before.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  caseFiles,
  deviceOf as clientDevice,
  openCase,
  prepareReport,
  readCase,
  serviceAt,
  submitReport,
} from '../../src/client/index.ts'
import {
  BLOB_LENGTHS,
  contentOfLength,
  createFileSealer,
  fillBlob,
  MAX_BLOB_LENGTH,
  PART_SIZE,
  partCountOf,
  sealedFileLength,
} from '../../src/protocol/blob.ts'
import { blobKeyOf, H } from '../../src/protocol/crypto.ts'
import { merkleTreeHash } from '../../src/protocol/merkle.ts'
import { GROUP_PARTS, nextStep } from '../../src/server/files/s3-storage.ts'
import { type BlobRow, insertBlob } from '../../src/server/files/store.ts'
import { callAs } from '../support/caller.ts'
import { deviceOf } from '../support/device.ts'
import { readAll } from '../support/files.ts'
import { problemIn } from '../support/http.ts'
import { submit, trustOf } from '../support/reporter.ts'
import { caseOf, fingerprint, rowsOf } from '../support/stored.ts'
import {
  blobIdOf,
  cleanUp,
  creation,
  lastOf,
  look,
  newUpload,
  patch,
  readCaseFiles,
  replyCreation,
  sendParts,
  sha256,
  stranger,
  terminate,
} from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

/** What lengths were while classes counted sealed bytes. */
const BEFORE = BLOB_LENGTHS.map(contentOfLength)

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

test('there is room for a blob of each class', async () => {
  for (const length of BLOB_LENGTHS) {
    const path = await newUpload(world, length)
    expect((await look(world.reporterUrl, path)).headers['upload-length']).toBe(String(length))
    expect((await terminate(world.reporterUrl, path)).status).toBe(204)
  }
  await cleanUp(world)
})

test('for none of the lengths of before, and none beside one of now, of reports and of replies', async () => {
  const { caller } = await deviceOf(world, 'police')
  const beside = BLOB_LENGTHS.flatMap(length => [length - 1, length + 1]).filter(length => length < 2 ** 31)
  const before = await fingerprint(world)
  for (const length of [...BEFORE, ...beside]) {
    const answers = [
      await callAs(stranger(world), creation(length)),
      await callAs(caller, replyCreation(length)),
    ]
    expect([length, ...answers.map(problemIn)]).toEqual([length, 'malformed-request', 'malformed-request'])
  }
  expect(await fingerprint(world)).toEqual(before)
})

describe('the largest, which is longer than 31 bits count', () => {
  test('is counted, kept and read to its last byte', async () => {
    const { reporterUrl } = world
    const path = await newUpload(world, MAX_BLOB_LENGTH)
    const [count, last] = [partCountOf(MAX_BLOB_LENGTH), randomBytes(PART_SIZE)]
    // As if all but the last part had come, of no bytes: nobody reads them here.
    const id = await blobIdOf(world, path)
    const parts = `insert into blob_parts (blob_id, index, hash)
      select $1, i, sha256(i::text::bytea) from generate_series(0, ${count - 2}) i`
    await rowsOf(world, parts, [id])
    await rowsOf(world, `update blobs set parts = ${count - 1} where blob_id = $1`, [id])

    const offset = (count - 1) * PART_SIZE
    expect(offset).toBeGreaterThan(2 ** 31)
    expect((await look(reporterUrl, path)).headers).toMatchObject({
      'upload-offset': String(offset),
      'upload-length': String(MAX_BLOB_LENGTH),
    })
    const answer = await patch(reporterUrl, path, offset, last)
    expect([answer.status, answer.headers['upload-offset']]).toEqual([204, String(MAX_BLOB_LENGTH)])

    const hashes = [...Array.from({ length: count - 1 }, (_, i) => sha256(String(i))), sha256(last)]
    const named = { root: await merkleTreeHash(hashes), partCount: count, upload: lastOf(path) }
    const { reportId } = await submit(world, ['police'], reporterUrl, named)
    const caseId = await caseOf(world, reportId, 'police')
    const police = await deviceOf(world, 'police')
    for (const range of [
      `bytes=${MAX_BLOB_LENGTH - 10}-`,
      'bytes=-10',
      `bytes=${MAX_BLOB_LENGTH - 10}-${2 ** 40}`,
    ]) {
      const { status, headers, body } = await readCaseFiles(police, caseId, 0, { range })
      expect([status, body]).toEqual([206, last.subarray(-10)])
      const places = `${MAX_BLOB_LENGTH - 10}-${MAX_BLOB_LENGTH - 1}/${MAX_BLOB_LENGTH}`
      expect(headers['content-range']).toBe(`bytes ${places}`)
    }
    const listed = await callAs(police.caller, { method: 'GET', path: `/v1/cases/${caseId}` })
    expect(JSON.parse(listed.body.toString()).messages).toMatchObject([{ blobLength: MAX_BLOB_LENGTH }])
  })

  test('goes into an object store in groups, none but the last shorter than it takes', () => {
    const whole: BlobRow = {
      ...{ blob_id: randomBytes(16), state: 'open', kind: 'message', expires: 1, transfer: 'begun' },
      ...{ length: MAX_BLOB_LENGTH, parts: partCountOf(MAX_BLOB_LENGTH), moved: 0 },
    }
    let moved = 0
    const groups: number[] = []
    for (;;) {
      const step = nextStep({ ...whole, moved })
      if (typeof step === 'string') {
        expect(step).toBe('complete')
        break
      }
      expect(step.from).toBe(moved)
      groups.push(step.to - step.from)
      moved = step.to
    }
    expect(groups).toEqual(Array(2050 / GROUP_PARTS).fill(GROUP_PARTS))
    expect(nextStep({ ...whole, moved, transfer: null })).toBe('nothing')
  })
})

test('files that were stored under a length of before are read as ever', async () => {
  const { reporterUrl, agencyUrl, now } = world
  const [key, content, length] = [blobKeyOf(randomBytes(32)), randomBytes(50_000), BEFORE[0] ?? 0]
  const sealer = createFileSealer(key, 0)
  const stream = sealer.seal(content, true)
  sealer.free()
  const bytes = Buffer.concat([stream, ...fillBlob(key, 1, length - sealedFileLength(content.length))])
  expect(bytes.length).toBe(65_536)

  const address = randomBytes(32)
  const expires = Math.floor(now() / 3_600_000) + 20
  const row = {
    id: randomBytes(16),
    capability: H('upload', address),
    kind: 'message',
    length,
    expires,
  } as const
  await insertBlob(world.database, row)
  const upload = address.toString('base64url')
  const blob = { bytes, root: await merkleTreeHash([sha256(bytes)]), partCount: 1, upload }
  await sendParts(reporterUrl, `/v1/uploads/${upload}`, blob)

  const trust = await trustOf(world)
  const file = { name: '도면', type: '', size: content.length, sha256: sha256(content), attached: true }
  const files = { ...blob, list: { blobKey: key, files: [file] } }
  const said = { version: 1, language: 'ko', what: '도면' } as const
  const prepared = await prepareReport(trust, { content: said, agencies: ['police'], files })
  await submitReport(serviceAt(reporterUrl), trust, prepared)
  const [report] = await world.database.query<{ id: Uint8Array }>(
    { name: 'test-report', text: 'select report_id as id from reports where digest = $1' },
    [prepared.digest],
  )
  const id = await caseOf(world, report?.id ?? new Uint8Array(), 'police')
  const device = clientDevice(serviceAt(agencyUrl), trust, await world.deviceKey('police'))
  const opened = await openCase(device, await readCase(device, id))
  expect(await readAll(caseFiles(device, id, 0), opened.report.files)).toEqual([content])
})
