// How much room files get, what it costs, and that messages do not wait for it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isWorkDone, searchWork, uploadBits } from '../../src/protocol/challenge.ts'
import { toBase64url, u32 } from '../../src/protocol/encoding.ts'
import type { RunningServer } from '../../src/server/main.ts'
import { findHalfFiles, readFiles } from '../faults/file-invariants.ts'
import { type Caller, callAs, freshNonce } from '../support/caller.ts'
import { at, deviceOf, type TestDevice } from '../support/device.ts'
import { type Answer, ask, problemIn } from '../support/http.ts'
import { submit, withdraw } from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { countOf, rowsOf, until } from '../support/stored.ts'
import {
  cleanUp,
  creation,
  keepForReader,
  lastOf,
  look,
  newBlob,
  newUpload,
  ofMib,
  replyCreation,
  SMALL,
  sendParts,
  sha256,
  stranger,
  TUS,
  terminate,
  uploadBlob,
  uploadReplyBlob,
} from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const HOUR_MS = 3_600_000

let world: World
beforeAll(async () => {
  world = await createWorld({ workBits: 6 })
})
afterAll(async () => {
  expect(await findHalfFiles(await readFiles(world.database))).toEqual([])
  await world.stop()
})

const outcome = (answer: Answer) => (answer.status === 201 ? 'made' : problemIn(answer))

describe('the work', () => {
  const subjectFor = (length: number) => ({
    contentHash: sha256(String(length)),
    extraBits: uploadBits(length),
  })

  test('is what the nonce asks for up to 16 MiB, and doubles with the length from there', () => {
    const lengths = [1 / 16, 16, 24, 32, 48, 64, 1024, 2048].map(ofMib)
    expect(lengths.map(uploadBits)).toEqual([0, 0, 1, 1, 2, 2, 6, 7])
  })

  test('that is enough for few bytes is not enough for many, nor for another length', async () => {
    const length = ofMib(1024)
    const attempt = async (workFor: (caller: Caller, nonce: string) => Uint8Array) => {
      const caller = stranger(world)
      const nonce = await freshNonce(world.reporterUrl)
      const work = toBase64url(workFor(caller, nonce))
      return outcome(await callAs(caller, { ...creation(length), nonce, work }))
    }
    const found = (task: Parameters<typeof searchWork>[0]) =>
      searchWork(task, 0, 1 << 20) ?? new Uint8Array(8)
    const { contentHash } = subjectFor(length)
    // The first counter that would do for 16 MiB and does not for this.
    const light = ({ pair }: Caller, nonce: string) => {
      for (let i = 0; ; i++) {
        const [counter, task] = [
          Buffer.concat([u32(0), u32(i)]),
          { nonce, statusKey: pair.publicKey, contentHash },
        ]
        if (isWorkDone(task, counter) && !isWorkDone({ ...task, ...subjectFor(length) }, counter))
          return counter
      }
    }
    expect(await attempt(light)).toBe('work-required')
    expect(
      await attempt(({ pair }, nonce) =>
        found({ nonce, statusKey: pair.publicKey, ...subjectFor(ofMib(512)) }),
      ),
    ).toBe('work-required')
    expect(
      await attempt(({ pair }, nonce) => found({ nonce, statusKey: pair.publicKey, ...subjectFor(length) })),
    ).toBe('made')
    await rowsOf(world, `update blobs set expires = 1 where state = 'open'`)
    await cleanUp(world)
  })

  test('is asked of no device, and of nobody where the operator wants none', async () => {
    const device = await deviceOf(world, 'police')
    expect(outcome(await callAs(device.caller, { ...replyCreation(SMALL), work: null }))).toBe('made')
    const free = await startBeside(world, { BONGSU_WORK_BITS: '0' })
    try {
      const call = { ...creation(SMALL), work: null }
      expect(outcome(await callAs(stranger(world, free.reporterUrl), call))).toBe('made')
    } finally {
      await free.stop()
    }
  })
})

describe('of one message', () => {
  test.each([
    [1, 1, 1.5],
    [100, 96, 128],
  ])(
    'what fits no class within %i MiB is refused before it is sent, and how much may come is told',
    async (limit, most, next) => {
      const small = await startBeside(world, { BONGSU_FILES_PER_MESSAGE_MIB: String(limit) })
      try {
        const make = async (length: number) =>
          outcome(await callAs(stranger(world, small.reporterUrl), creation(length)))
        expect(await make(ofMib(most))).toBe('made')
        expect(await make(ofMib(next))).toBe('files-too-large')
        const { headers } = await ask(small.reporterUrl, { method: 'OPTIONS', path: '/v1/uploads' })
        expect(headers['tus-max-size']).toBe(String(ofMib(most)))
      } finally {
        await small.stop()
      }
    },
  )
})

describe('of all together', () => {
  let tight: RunningServer
  let device: TestDevice
  beforeAll(async () => {
    tight = await startBeside(world, { BONGSU_FILES_ROOM_MIB: '4' })
    device = at(await deviceOf(world, 'police'), tight.agencyUrl)
  })
  afterAll(() => tight.stop())
  // As if nobody had ever sent any.
  beforeEach(async () => {
    await rowsOf(world, 'delete from messages m using blobs b where b.report_id = m.report_id')
    for (const table of ['blob_pieces', 'blob_parts', 'blobs']) await rowsOf(world, `delete from ${table}`)
  })

  const make = async (length = SMALL) =>
    outcome(await callAs(stranger(world, tight.reporterUrl), creation(length)))
  const makeForReply = async (length = SMALL) => outcome(await callAs(device.caller, replyCreation(length)))

  async function report(length: number) {
    const [blob, path] = [await newBlob(length), await newUpload(world, length, tight.reporterUrl)]
    await sendParts(tight.reporterUrl, path, blob)
    return submit(world, ['police'], tight.reporterUrl, { ...blob, upload: lastOf(path) })
  }

  async function replyFiles(length: number): Promise<void> {
    const { status } = await keepForReader(
      device,
      await uploadReplyBlob(device, length),
      stranger(world).pair.publicKey,
    )
    expect(status).toBe(204)
  }

  test('what nobody has claimed takes a quarter, and a claim makes room for the next', async () => {
    // A class is stored with room for its seals: that of the whole quarter is a little more.
    expect(await make(ofMib(1))).toBe('storage-full')
    const [blob, path] = [await newBlob(ofMib(0.75)), await newUpload(world, ofMib(0.75), tight.reporterUrl)]
    const quarter = ofMib(0.25)
    expect([await make(quarter), await makeForReply(quarter)]).toEqual(['storage-full', 'storage-full'])
    await sendParts(tight.reporterUrl, path, blob)
    await submit(world, ['police'], tight.reporterUrl, { ...blob, upload: lastOf(path) })
    expect([await make(quarter), await makeForReply(quarter)]).toEqual(['made', 'made'])
  })

  test('when it is all taken, reports and follow-ups without files are taken as ever', async () => {
    const first = await report(ofMib(0.75))
    for (const content of [0.75, 0.75, 0.75, 0.75, 0.1875]) await report(ofMib(content))
    const answer = await callAs(stranger(world, tight.reporterUrl), creation(SMALL))
    expect(problemIn(answer)).toBe('storage-full')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(60)
    expect(await makeForReply()).toBe('storage-full')
    await submit(world, ['police', 'nis'], tight.reporterUrl)
    // What is withdrawn makes room once its bytes are gone.
    expect((await withdraw(first.caller)).status).toBe(200)
    expect(await make()).toBe('storage-full')
    await cleanUp(world)
    expect(await make()).toBe('made')
  })

  test('files of replies take half of it, and leave the rest to reporters', async () => {
    for (let i = 0; i < 2; i++) await replyFiles(ofMib(0.75))
    expect(await makeForReply(ofMib(0.5))).toBe('storage-full')
    expect(await make(ofMib(0.75))).toBe('made')
  })

  test('of many that ask at once, no more get room than there is', async () => {
    const other = await startBeside(world, { BONGSU_FILES_ROOM_MIB: '4' })
    try {
      const origins = [tight.reporterUrl, other.reporterUrl]
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, i) => callAs(stranger(world, origins[i % 2]), creation(ofMib(0.25)))),
      )
      expect(answers.map(outcome).sort()).toEqual([
        ...Array(3).fill('made'),
        ...Array(9).fill('storage-full'),
      ])
    } finally {
      await other.stop()
    }
  })

  test('a thousand unclaimed uploads are enough, however small', async () => {
    const generous = await startBeside(world, { BONGSU_FILES_ROOM_MIB: '2000' })
    try {
      const text = `insert into blobs (blob_id, state, kind, length, expires, capability)
        select sha256(i::text::bytea), 'open', 'message', ${SMALL}, 1000000, sha256(i::text::bytea)
        from generate_series(1, 999) i`
      await rowsOf(world, text)
      const ask1 = async () => outcome(await callAs(stranger(world, generous.reporterUrl), creation(SMALL)))
      expect(await ask1()).toBe('made')
      expect(await ask1()).toBe('storage-full')
    } finally {
      await generous.stop()
    }
  })

  test('an upload that is given up frees its share at once, and its room with the clean-up', async () => {
    const path = await newUpload(world, ofMib(0.75), tight.reporterUrl)
    expect(await make(ofMib(0.5))).toBe('storage-full')
    await terminate(tight.reporterUrl, path, TUS)
    expect(await make(ofMib(0.5))).toBe('made')
    await cleanUp(world)
    expect(await countOf(world, 'from blobs')).toBe(1)
  })
})

test('what nobody has claimed is over after a day, and what was claimed stays', async () => {
  const later = await createWorld()
  try {
    const device = await deviceOf(later, 'police')
    const reporter = await submit(later, ['police'], later.reporterUrl, await uploadBlob(later))
    await keepForReader(device, await uploadReplyBlob(device), stranger(later).pair.publicKey)
    const open = [
      (await uploadBlob(later, ofMib(1.5))).path,
      (await uploadReplyBlob(device)).path,
      await newUpload(later),
    ]
    const statuses = async () =>
      Promise.all(open.map(async path => (await look(later.reporterUrl, path)).status))
    later.advance(22.9 * HOUR_MS)
    await later.restart()
    expect(await statuses()).toEqual([200, 200, 200])
    later.advance(1.1 * HOUR_MS)
    expect(await statuses()).toEqual([404, 404, 404])
    // A service cleans up as it starts, and every minute.
    await later.restart()
    await until(async () => (await countOf(later, 'from blobs')) === 2)
    await until(async () => (await countOf(later, 'from blob_parts')) === 2)
    expect(await countOf(later, 'from blobs where report_id = $1', [reporter.reportId])).toBe(1)
    expect(await findHalfFiles(await readFiles(later.database))).toEqual([])
  } finally {
    await later.stop()
  }
})

test('servers that clean up at once do not get in each other’s way', async () => {
  const blob = `insert into blobs (blob_id, state, kind, length, expires, parts)
    select sha256(i::text::bytea), 'doomed', 'message', ${SMALL}, 0, 2000 from generate_series(1, 3) i`
  const parts = `insert into blob_parts (blob_id, index, hash)
    select sha256(i::text::bytea), n, sha256('') from generate_series(1, 3) i, generate_series(0, 1999) n`
  await rowsOf(world, blob)
  await rowsOf(world, parts)
  await Promise.all(Array.from({ length: 4 }, () => cleanUp(world)))
  await cleanUp(world)
  expect(await countOf(world, `from blobs where state = 'doomed'`)).toBe(0)
})
