// Files of a case, in and out, at the console's engine: whole and right, or nothing of them.
import { existsSync } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readReplies, readStatus, replyFiles, withdrawReport } from '../../../src/client/index.ts'
import { openRoom, type Room } from '../../../src/web/console/case-room.ts'
import { hasRoom } from '../../../src/web/console/letter-files.ts'
import type { Session } from '../../../src/web/console/session.ts'
import { sourceOf } from '../../../src/web/page/file-source.ts'
import type { Destination } from '../../../src/web/page/save-file.ts'
import { caseOf, deviceIn, openById, type SentReport } from '../../journeys/people.ts'
import { readAll } from '../../support/files.ts'
import { createWorld, type World } from '../../support/world.ts'
import { type Evidence, KEPT, reportWith } from '../support/evidence.ts'
import { pluggedFetch, sessionOf, stateWhere } from '../support/unlocked.ts'

const EVIDENCE: readonly Evidence[] = [
  { name: 'log.txt', type: 'text/plain', bytes: Buffer.alloc(5_000_000, '기록 ') },
  { name: 'empty', type: '', bytes: Buffer.alloc(0) },
]
const LOG = { message: 0, at: 0 }
const EMPTY = { message: 0, at: 1 }

let world: World
let sent: SentReport
let caseId: string
beforeAll(async () => {
  world = await createWorld({ workBits: 2 })
  sent = await reportWith(world, ['nis'], EVIDENCE, [KEPT])
  caseId = await caseOf(await deviceIn(world, 'nis'), sent)
})
afterAll(() => world.stop())

async function openedRoom(more = {}, id = caseId): Promise<{ room: Room; session: Session }> {
  const session = await sessionOf(world, 'nis', 'intake', more)
  const room = openRoom(session, id)
  room.declare()
  await room.open()
  await room.acknowledge()
  return { room, session }
}

/** A file that is there only when it is finished, as a browser writes one. */
async function onDisk(
  name: string,
): Promise<Destination & { readonly path: string; readonly isLeft: () => boolean }> {
  const path = join(world.folder, name)
  const draft = await open(`${path}.part`, 'w')
  const end = () => draft.close()
  return {
    path,
    isLeft: () => existsSync(path) || existsSync(`${path}.part`),
    write: async bytes => void (await draft.write(bytes)),
    finish: () => end().then(() => rename(`${path}.part`, path)),
    discard: () => end().then(() => rm(`${path}.part`)),
  }
}

const workOf = (room: Room, key = '0.0') => room.current().files.get(key)

test('a file is saved byte for byte, and an empty one, too', async () => {
  const { room } = await openedRoom()
  for (const [i, place] of [LOG, EMPTY].entries()) {
    const destination = await onDisk(`saved ${i}`)
    await room.files.save(place, destination)
    expect(workOf(room, `0.${i}`)).toMatchObject({ doing: null, isSaved: true, trouble: null })
    expect((await readFile(destination.path)).equals(EVIDENCE[i]?.bytes ?? KEPT.bytes)).toBe(true)
  }
})

test('what this machine cannot write is not left half', async () => {
  const { room } = await openedRoom()
  const destination = await onDisk('full disk')
  let written = 0
  const write = async (bytes: Uint8Array) => {
    written += bytes.length
    if (written > 1_000_000) throw new DOMException('no room', 'QuotaExceededError')
    await destination.write(bytes)
  }
  await room.files.save(LOG, { ...destination, write })
  expect(workOf(room)).toMatchObject({ doing: null, isSaved: false, trouble: 'disk' })
  expect(destination.isLeft()).toBe(false)
})

/** Answers the first range of a blob, then no other. */
function endlessFetch(): typeof fetch {
  let ranges = 0
  return async (input, init) => {
    if (!String(input).endsWith('/files') || ++ranges <= 2) return fetch(input, init)
    return new Promise((_, reject) =>
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
    )
  }
}

describe.each([
  ['cancelling', (room: Room) => room.files.cancel(LOG)],
  ['leaving the case', (room: Room) => room.leave()],
  ['closing the room', (room: Room) => room.close()],
  ['locking', (_room: Room, session: Session) => session.lock()],
])('%s', (what, end) => {
  test('stops what is under way, and nothing of it is kept', async () => {
    const { room, session } = await openedRoom({ fetch: endlessFetch() })
    const destination = await onDisk(what)
    const saving = room.files.save(LOG, destination)
    await stateWhere(room, () => (workOf(room)?.read ?? 0) > 0)
    end(room, session)
    await saving
    expect(destination.isLeft()).toBe(false)
    expect(workOf(room)?.trouble ?? null).toBeNull()
    expect(workOf(room)?.doing ?? null).toBeNull()
  })
})

test('leaving the case forgets previews', async () => {
  const { room } = await openedRoom()
  await room.files.look(LOG)
  expect(workOf(room)?.preview).toMatchObject({ kind: 'text', size: 5_000_000 })
  room.leave()
  expect(room.current().files.size).toBe(0)
})

test('files of a report that was withdrawn meanwhile are said to be gone', async () => {
  const early = await reportWith(world, ['nis'], EVIDENCE)
  const id = await caseOf(await deviceIn(world, 'nis'), early)
  const room = openRoom(await sessionOf(world, 'nis'), id)
  room.declare()
  await room.open()
  await withdrawReport(early.reporter)
  await room.files.look(LOG)
  expect(workOf(room)).toMatchObject({ preview: null, trouble: 'gone' })
})

const textFile = (name: string, size: number) => new File([new Uint8Array(size).fill(97)], name)
const repliesTo = async () => (await readReplies(sent.reporter, await readStatus(sent.reporter))).replies
const lastOf = (room: Room) => room.current().outgoing.at(-1)

describe('a reply with files', () => {
  test('goes on by itself after the service was away, and arrives in one piece', async () => {
    const plug = pluggedFetch()
    const { room } = await openedRoom({ fetch: plug.fetch })
    room.write('끊겼다 이어진 답')
    room.attach([textFile('하나.txt', 2_500_000), textFile('빈 것', 0)])
    plug.pull(/\/v1\/uploads\//)
    const sending = room.send()
    await stateWhere(room, () => lastOf(room)?.upload?.isBroken === true)
    plug.plug()
    await sending
    expect(lastOf(room)).toMatchObject({ state: 'sent', canTakeBack: false, trouble: null })
    const reply = (await repliesTo()).find(({ text }) => text === '끊겼다 이어진 답')
    expect(reply?.files?.files.map(({ name, size }) => [name, size])).toEqual([
      ['하나.txt', 2_500_000],
      ['빈 것', 0],
    ])
    if (!reply?.files) throw new Error('no files came')
    const [first] = await readAll(replyFiles(sent.reporter, reply.files.blobKey), reply.files)
    expect(first?.equals(Buffer.alloc(2_500_000, 'a'))).toBe(true)
  })

  test('of several parts has them in the last', async () => {
    const { room } = await openedRoom()
    const text = '긴 답입니다. '.repeat(2000)
    room.write(text)
    room.attach([textFile('one.txt', 10)])
    await room.send()
    const parts = lastOf(room)?.parts ?? 0
    expect(parts).toBeGreaterThan(1)
    const own = (await repliesTo())
      .filter(reply => reply.text.includes('긴 답'))
      .sort((a, b) => a.number - b.number)
    expect(own.map(({ files }) => files?.files.length ?? 0)).toEqual([...Array(parts - 1).fill(0), 1])
  })

  test('is taken back while it waits, paused or not, and is a draft again', async () => {
    const { room } = await openedRoom()
    const file = textFile('one.txt', 2_000_000)
    room.write('거둘 답')
    room.attach([file])
    const sending = room.send()
    const id = lastOf(room)?.id ?? 0
    room.pause(id)
    await stateWhere(room, () => lastOf(room)?.upload?.isPaused === true)
    room.write('그 사이에 쓴 글')
    room.takeBack(id)
    await sending
    expect(room.current()).toMatchObject({
      outgoing: [],
      attached: [file],
      draft: '거둘 답\n\n그 사이에 쓴 글',
    })
    // What was under way does not hold up what comes after it.
    room.detach(0)
    await room.send()
    expect(lastOf(room)).toMatchObject({ state: 'sent', files: [] })
    expect((await repliesTo()).some(({ text, files }) => text.startsWith('거둘 답') && files)).toBe(false)
  })

  test('whose names leave no room for a text is known before anything is sent', async () => {
    const device = await deviceIn(world, 'nis')
    const opened = await openById(device, caseId)
    const sources = Array.from({ length: 32 }, (_, i) => sourceOf(textFile(`${i}${'x'.repeat(250)}`, 1)))
    expect(hasRoom(device, opened, '글', sources)).toBe(true)
    // As many follow-ups as a reply lists.
    const { contentKey, digest } = opened
    const said = { text: '', objectsTo: null, files: null }
    const followUp = { index: 1, day: '2026-11-20', digest, contentKey, ...said }
    const long = { ...opened, followUps: Array.from({ length: 64 }, () => followUp) }
    const types = sources.map(source => ({ ...source, type: `x/${'y'.repeat(125)}` }))
    expect(hasRoom(device, long, '글', types)).toBe(false)
  })

  test('takes no more than 32 files, and no more than fits one message', async () => {
    const { room } = await openedRoom()
    room.attach(Array.from({ length: 32 }, (_, i) => textFile(`${i}`, 1)))
    room.attach([textFile('one more', 1)])
    expect(room.current()).toMatchObject({ notAttached: 'too-many' })
    expect(room.current().attached).toHaveLength(32)
    room.detach(0)
    const huge = textFile('huge', 1)
    Object.defineProperty(huge, 'size', { value: 3 * 1024 ** 3 })
    room.attach([huge])
    expect(room.current()).toMatchObject({ notAttached: 'too-large' })
    room.leave()
    expect(room.current()).toMatchObject({ attached: [], notAttached: null })
  })
})
