// Whose an upload becomes: that of the message which names it, in the transaction that stores the message.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chainStart } from '../../src/protocol/event.ts'
import { freshNonce, signedHeaders } from '../support/caller.ts'
import { deviceOf } from '../support/device.ts'
import { type Answer, ask, json, problemIn } from '../support/http.ts'
import {
  type NamedUpload,
  newReporter,
  put,
  type Submitted,
  sealFollowUpFor,
  sealFor,
  submit,
  write,
} from '../support/reporter.ts'
import { rounds } from '../support/rounds.ts'
import { countOf, fingerprint, settled } from '../support/stored.ts'
import {
  lastOf,
  look,
  makeOld,
  newBlob,
  newUpload,
  ofMib,
  patch,
  sendParts,
  terminate,
  uploadBlob,
  uploadReplyBlob,
} from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
const LONG = ofMib(1.5)

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const receiptIn = (answer: Answer): string => JSON.parse(answer.body.toString()).receipt

async function reportWith(files: NamedUpload) {
  const reporter = newReporter(world)
  return { ...reporter, sealed: await sealFor(world, reporter, ['police'], undefined, files) }
}

const headsOf = ({ sealed }: Submitted) => [{ agencyId: 'police', head: chainStart(sealed.digest, 'police') }]

async function followUpWith(files: NamedUpload, index = 1) {
  const reporter = await submit(world, ['police'])
  return { ...reporter, next: await sealFollowUpFor(world, reporter, index, headsOf(reporter), files) }
}

/** Uploads that no message can have, and what it would say of each. */
const UNFIT: Readonly<Record<string, () => Promise<NamedUpload>>> = {
  'that never was': async () => ({
    ...(await newBlob()),
    upload: lastOf(`/${randomBytes(32).toString('base64url')}`),
  }),
  'without a part': async () => ({ ...(await newBlob()), upload: lastOf(await newUpload(world)) }),
  'without its last part': async () => {
    const [blob, path] = [await newBlob(LONG), await newUpload(world, LONG)]
    await patch(world.reporterUrl, path, 0, blob.bytes.subarray(0, MIB))
    return { ...blob, upload: lastOf(path) }
  },
  'whose root is another': async () => ({ ...(await uploadBlob(world)), root: randomBytes(32) }),
  'with parts of another order': async () => {
    const { bytes, ...named } = await newBlob(ofMib(2))
    const path = await newUpload(world, ofMib(2))
    await sendParts(world.reporterUrl, path, {
      ...named,
      bytes: Buffer.concat([bytes.subarray(MIB, 2 * MIB), bytes.subarray(0, MIB), bytes.subarray(2 * MIB)]),
    })
    return { ...named, upload: lastOf(path) }
  },
  'with fewer parts than are named': async () => ({ ...(await uploadBlob(world)), partCount: 2 }),
  'with more parts than are named': async () => ({ ...(await uploadBlob(world, LONG)), partCount: 1 }),
  'that was given up': async () => {
    const uploaded = await uploadBlob(world)
    await terminate(world.reporterUrl, uploaded.path)
    return uploaded
  },
  'that is too old': async () => {
    const uploaded = await uploadBlob(world)
    await makeOld(world, uploaded.path)
    return uploaded
  },
  'that was made for a reply': async () => uploadReplyBlob(await deviceOf(world, 'police')),
  'that another report has': async () => {
    const uploaded = await uploadBlob(world)
    await submit(world, ['nis'], world.reporterUrl, uploaded)
    return uploaded
  },
}

describe('no message is taken with an upload', () => {
  test.each(Object.entries(UNFIT))('%s', async (_name, unfit) => {
    const files = await unfit()
    const { caller, sealed } = await reportWith(files)
    const followUp = await followUpWith(files)
    await settled(world)
    const before = await fingerprint(world)
    expect(problemIn(await put(caller, sealed.body))).toBe('files-incomplete')
    expect(problemIn(await write(followUp.caller, followUp.next.body))).toBe('files-incomplete')
    expect(await fingerprint(world)).toEqual(before)
  })

  test('where its header names none, nor without one where it does', async () => {
    const files = await uploadBlob(world)
    const plain = newReporter(world)
    const { body } = await sealFor(world, plain, ['police'])
    const named = await reportWith({ ...files, upload: null })
    await settled(world)
    const before = await fingerprint(world)
    expect(problemIn(await put(plain.caller, { ...body, upload: files.upload }))).toBe('envelope-invalid')
    expect(problemIn(await put(named.caller, named.sealed.body))).toBe('envelope-invalid')
    expect(await fingerprint(world)).toEqual(before)
  })
})

test('an upload that a message has can neither be looked at, nor added to, nor given up', async () => {
  const { path, bytes, ...files } = await uploadBlob(world)
  await submit(world, ['police'], world.reporterUrl, files)
  for (const origin of [world.reporterUrl, world.agencyUrl]) {
    expect((await look(origin, path)).status).toBe(404)
    expect(problemIn(await patch(origin, path, bytes.length, bytes))).toBe('not-found')
    expect(problemIn(await terminate(origin, path))).toBe('not-found')
  }
})

test('the same report again gets the same receipt, on any server, and uses its nonce up', async () => {
  const { caller, sealed } = await reportWith(await uploadBlob(world))
  const first = receiptIn(await put(caller, sealed.body))
  expect(receiptIn(await put(caller, sealed.body))).toBe(first)
  const other = await world.startAnother()
  try {
    expect(receiptIn(await put({ ...caller, origin: other.reporterUrl }, sealed.body))).toBe(first)
  } finally {
    await other.stop()
  }
  const nonce = await freshNonce(world.reporterUrl)
  const call = { method: 'PUT', path: '/v1/report', body: Buffer.from(json(sealed.body)), nonce }
  const sent = { ...call, headers: signedHeaders(caller, call) }
  expect((await ask(world.reporterUrl, sent)).status).toBe(200)
  expect(problemIn(await ask(world.reporterUrl, sent))).toBe('challenge-invalid')
})

/** As a client does that has lost its patience: again while the first may still be under way. */
const impatiently = (send: () => Promise<Answer>) =>
  Promise.all(Array.from({ length: 8 }, (_, i) => sleep(3 * i).then(send)))

test('the same report many times at once gets one receipt, and so does the same follow-up', async () => {
  for (let round = 0; round < rounds(12, 300); round++) {
    const { caller, sealed } = await reportWith(await uploadBlob(world))
    const answers = await impatiently(() => put(caller, sealed.body))
    expect(answers.map(answer => (answer.status === 200 ? 'taken' : problemIn(answer)))).toEqual(
      Array(8).fill('taken'),
    )
    expect(new Set(answers.map(receiptIn)).size).toBe(1)

    const { next, ...reporter } = await followUpWith(await uploadBlob(world))
    const written = await impatiently(() => write(reporter.caller, next.body))
    expect(written.map(answer => (answer.status === 204 ? 'taken' : problemIn(answer)))).toEqual(
      Array(8).fill('taken'),
    )
  }
})

/** How many rows of a report there are, table by table. */
const rowsOfReport = async (reportId: Uint8Array) =>
  Promise.all(
    ['reports', 'messages', 'assignments', 'blobs'].map(table =>
      countOf(world, `from ${table} where report_id = $1`, [reportId]),
    ),
  )

test('of reports that name one upload, one is taken whole, and of the others nothing is stored', async () => {
  for (let round = 0; round < 5; round++) {
    const files = await uploadBlob(world)
    const reports = await Promise.all(Array.from({ length: 4 }, () => reportWith(files)))
    const answers = await Promise.all(reports.map(({ caller, sealed }) => put(caller, sealed.body)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
    for (const [i, answer] of answers.entries()) {
      const isTaken = answer.status === 200
      if (!isTaken) expect(problemIn(answer)).toBe('files-incomplete')
      const rows = isTaken ? [1, 1, 1, 1] : [0, 0, 0, 0]
      expect(await rowsOfReport(reports[i]?.reportId ?? new Uint8Array())).toEqual(rows)
    }
  }
  expect(
    await countOf(
      world,
      'from wrapped_keys w where not exists (select from assignments a where a.case_id = w.case_id)',
    ),
  ).toBe(0)
})

test('of a report and a follow-up that name one upload, one is taken', async () => {
  const files = await uploadBlob(world)
  const { next, ...reporter } = await followUpWith(files)
  const report = await reportWith(files)
  const answers = await Promise.all([
    put(report.caller, report.sealed.body),
    write(reporter.caller, next.body),
  ])
  expect(answers.map(answer => answer.status).filter(status => status === 409)).toHaveLength(1)
  const stored = await Promise.all([rowsOfReport(report.reportId), rowsOfReport(reporter.reportId)])
  expect(stored.map(rows => rows[3]).sort()).toEqual([0, 1])
  expect(stored[1]).toEqual(answers[1].status === 204 ? [1, 2, 1, 1] : [1, 1, 1, 0])
})

test('a follow-up that has to be sealed again names the same upload', async () => {
  const files = await uploadBlob(world)
  const reporter = await submit(world, ['police'])
  const stale = [{ agencyId: 'police', head: randomBytes(32) }]
  const first = await sealFollowUpFor(world, reporter, 1, stale, files)
  expect(problemIn(await write(reporter.caller, first.body))).toBe('assignment-changed')
  const second = await sealFollowUpFor(world, reporter, 2, headsOf(reporter), files)
  expect(problemIn(await write(reporter.caller, second.body))).toBe('message-conflict')
  const third = await sealFollowUpFor(world, reporter, 1, headsOf(reporter), files)
  expect((await write(reporter.caller, third.body)).status).toBe(204)
  expect(await countOf(world, 'from blobs where report_id = $1 and index = 1', [reporter.reportId])).toBe(1)
})
