// Mailboxes: any key has one, and from outside an empty one looks like every other.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toBase64url } from '../../src/protocol/encoding.ts'
import {
  MAILBOX_REQUEST_LENGTH,
  MESSAGE_ID_LENGTH,
  messageIdOf,
  SEALED_REPLY_LENGTH,
  SLOT_LENGTH,
  SLOTS,
} from '../../src/protocol/reply.ts'
import { mailboxIdOf } from '../../src/protocol/reporter-keys.ts'
import { ensureServerKeyFile } from '../../src/server/server-keys.ts'
import { callAs } from '../support/caller.ts'
import { at, deviceOf, reply } from '../support/device.ts'
import { type Answer, json, problemIn } from '../support/http.ts'
import { newReporter, readMailbox, type TestReporter } from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { countOf, fingerprint, rowsOf } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'

const DAY_MS = 86_400_000
let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const START = new Uint8Array(MESSAGE_ID_LENGTH)
const aReply = () => randomBytes(SEALED_REPLY_LENGTH)
const idOf = (reporter: TestReporter) => toBase64url(mailboxIdOf(reporter.keys.mailbox.publicKey))
const chance = (count: number) => randomBytes(MESSAGE_ID_LENGTH * count)

const read = (reporter: TestReporter, after: Uint8Array = START, remove: readonly Uint8Array[] = []) =>
  readMailbox(reporter.mailbox, Buffer.concat([after, ...remove, chance(SLOTS - remove.length)]))

/** What only the holder of the key can tell from chance: slots whose id is the hash of what they hold. */
const repliesIn = ({ body }: Answer): Buffer[] =>
  Array.from({ length: SLOTS }, (_, i) => body.subarray(i * SLOT_LENGTH, (i + 1) * SLOT_LENGTH))
    .filter(slot => Buffer.from(messageIdOf(slot.subarray(MESSAGE_ID_LENGTH))).equals(slot.subarray(0, 16)))
    .map(slot => slot.subarray(MESSAGE_ID_LENGTH))

async function withReplies(count: number) {
  const reporter = newReporter(world)
  const device = await deviceOf(world, 'police')
  const sent = Array.from({ length: count }, aReply)
  for (const sealed of sent) expect((await reply(device, idOf(reporter), sealed)).status).toBe(202)
  return { reporter, device, sent }
}

const sorted = (replies: readonly Uint8Array[]) =>
  replies.map(bytes => Buffer.from(bytes)).sort(Buffer.compare)
const alike = ({ status, headers, body }: Answer) => {
  const { 'bongsu-challenge': nonce, date, ...fields } = headers
  return {
    status,
    fields: Object.entries(fields),
    nonce: nonce?.length,
    date: date?.length,
    length: body.length,
  }
}

test('an unknown mailbox, an emptied one and a full one answer alike: status, header fields, length', async () => {
  const unknown = newReporter(world)
  const emptied = await withReplies(1)
  const [only] = emptied.sent
  await read(emptied.reporter, START, [messageIdOf(only ?? START)])
  const { reporter: full } = await withReplies(5)
  const answers = [await read(unknown), await read(emptied.reporter), await read(full)]
  expect(new Set(answers.map(answer => JSON.stringify(alike(answer)))).size).toBe(1)
  expect(answers.map(answer => [answer.status, answer.body.length])).toEqual(
    answers.map(() => [200, SLOTS * 17_536]),
  )
  expect(answers.map(answer => repliesIn(answer).length)).toEqual([0, 0, 4])
  expect(answers[0]?.headers['content-type']).toBe('application/octet-stream')
})

test('empty slots are chance, other chance each time', async () => {
  const reporter = newReporter(world)
  const [one, two] = [(await read(reporter)).body, (await read(reporter)).body]
  expect(one.equals(two)).toBe(false)
  const zeros = one.filter(byte => byte === 0).length
  // 70,144 bytes of chance hold 274 zeros, give or take.
  expect(zeros).toBeGreaterThan(100)
  expect(zeros).toBeLessThan(600)
})

test('replies come four at a time, after the cursor, each once', async () => {
  const { reporter, sent } = await withReplies(10)
  const found: Buffer[] = []
  let cursor: Uint8Array = START
  for (let pages = 0; pages < 3; pages++) {
    const replies = repliesIn(await read(reporter, cursor))
    found.push(...replies)
    cursor = messageIdOf(replies.at(-1) ?? START)
  }
  expect(sorted(found)).toEqual(sorted(sent))
  expect(repliesIn(await read(reporter, cursor))).toEqual([])
})

test('replies are ordered by their ids: when they came does not show', async () => {
  const { reporter, sent } = await withReplies(4)
  const ids = sent.map(sealed => Buffer.from(messageIdOf(sealed))).sort(Buffer.compare)
  expect(repliesIn(await read(reporter)).map(sealed => Buffer.from(messageIdOf(sealed)))).toEqual(ids)
})

test('what is named is deleted for good, four at once, and chance deletes nothing', async () => {
  const { reporter, sent } = await withReplies(6)
  const ids = sent.map(messageIdOf)
  await read(reporter)
  expect(repliesIn(await read(reporter)).length).toBe(4)
  const rest = repliesIn(await read(reporter, START, ids.slice(0, 4)))
  expect(sorted(rest)).toEqual(sorted(sent.slice(4)))
  const mailbox = [mailboxIdOf(reporter.keys.mailbox.publicKey)]
  expect(await countOf(world, 'from replies where mailbox_id = $1', mailbox)).toBe(2)
})

test('nobody else can delete a reply or read it', async () => {
  const { reporter, sent } = await withReplies(2)
  const stranger = newReporter(world)
  const byStatusKey = { ...reporter, mailbox: reporter.caller }
  for (const other of [stranger, byStatusKey]) {
    expect(repliesIn(await read(other, START, sent.map(messageIdOf)))).toEqual([])
  }
  expect(sorted(repliesIn(await read(reporter)))).toEqual(sorted(sent))
})

describe('posting a reply', () => {
  test('answers 202 and no more for any mailbox, known or not', async () => {
    const { reporter, device } = await withReplies(1)
    const answers = [
      await reply(device, idOf(reporter), aReply()),
      await reply(device, idOf(newReporter(world)), aReply()),
      await reply(device, toBase64url(randomBytes(32)), aReply()),
    ]
    expect(new Set(answers.map(answer => JSON.stringify(alike(answer)))).size).toBe(1)
    expect(answers.map(answer => [answer.status, answer.body.length])).toEqual(answers.map(() => [202, 0]))
  })

  test('again with the same bytes is the same reply', async () => {
    const { reporter, device, sent } = await withReplies(1)
    const [sealed] = sent
    expect((await reply(device, idOf(reporter), sealed ?? START)).status).toBe(202)
    expect(repliesIn(await read(reporter))).toHaveLength(1)
  })

  test('again after its reader deleted it does not bring it back on the same day, but on a later one', async () => {
    const { reporter, device, sent } = await withReplies(1)
    const [sealed = START] = sent
    await read(reporter, START, [messageIdOf(sealed)])
    expect((await reply(device, idOf(reporter), sealed)).status).toBe(202)
    expect(repliesIn(await read(reporter))).toHaveLength(0)
    world.advance(DAY_MS)
    expect((await reply(device, idOf(reporter), sealed)).status).toBe(202)
    expect(repliesIn(await read(reporter))).toHaveLength(1)
  })

  test('of another size or form is malformed', async () => {
    const device = await deviceOf(world, 'police')
    const mailbox = toBase64url(randomBytes(32))
    for (const length of [0, SEALED_REPLY_LENGTH - 1, SEALED_REPLY_LENGTH + 1]) {
      expect(problemIn(await reply(device, mailbox, randomBytes(length)))).toBe('malformed-request')
    }
    for (const id of [
      toBase64url(randomBytes(31)),
      toBase64url(randomBytes(33)),
      `${mailbox.slice(0, 42)}_`,
    ]) {
      expect(problemIn(await reply(device, id, aReply()))).toBe('malformed-request')
    }
  })

  test('is limited for an agency and a mailbox, whichever device sends, until the next day', async () => {
    const { reporter, device } = await withReplies(50)
    const colleague = await deviceOf(world, 'police', 'investigator')
    const before = await fingerprint(world)
    expect(problemIn(await reply(device, idOf(reporter), aReply()))).toBe('quota-exceeded')
    expect(problemIn(await reply(colleague, idOf(reporter), aReply()))).toBe('quota-exceeded')
    expect(await fingerprint(world)).toEqual(before)
    const other = await deviceOf(world, 'nis')
    expect((await reply(other, idOf(reporter), aReply())).status).toBe(202)
    expect((await reply(device, idOf(newReporter(world)), aReply())).status).toBe(202)
    world.advance(DAY_MS)
    expect((await reply(device, idOf(reporter), aReply())).status).toBe(202)
  })

  test('is limited for a device, whatever the mailbox', async () => {
    const device = await deviceOf(world, 'ip-police')
    for (let i = 0; i < 3; i++) await reply(device, toBase64url(randomBytes(32)), aReply())
    // The device's own count is the one that went up each time: bring it to the limit.
    const raised = await rowsOf(world, 'update reply_quotas set sent = 500 where sent = 3 returning day')
    expect(raised).toHaveLength(1)
    expect(problemIn(await reply(device, toBase64url(randomBytes(32)), aReply()))).toBe('quota-exceeded')
    const colleague = await deviceOf(world, 'ip-police', 'investigator')
    expect((await reply(colleague, toBase64url(randomBytes(32)), aReply())).status).toBe(202)
    world.advance(DAY_MS)
    expect((await reply(device, toBase64url(randomBytes(32)), aReply())).status).toBe(202)
  })

  test('at the last free place, one of two devices gets it', async () => {
    const { reporter, device } = await withReplies(49)
    const colleague = await deviceOf(world, 'police', 'investigator')
    const answers = await Promise.all(
      [device, colleague].map(sender => reply(sender, idOf(reporter), aReply())),
    )
    expect(answers.map(answer => answer.status).sort()).toEqual([202, 429])
  })
})

test('a reply is stored with mailbox, message and ciphertext, and nothing of who sent it or when', async () => {
  const columns = await rowsOf(
    world,
    `select column_name from information_schema.columns where table_name = 'replies' order by column_name`,
  )
  expect(columns.map(row => row.column_name)).toEqual(['mailbox_id', 'message_id', 'sealed'])
})

test('no table holds what links a report to its mailbox', async () => {
  const { reporter } = await withReplies(1)
  const id = Buffer.from(mailboxIdOf(reporter.keys.mailbox.publicKey)).toString('hex')
  const tables = await rowsOf(
    world,
    `select table_name from information_schema.tables where table_schema = 'public'`,
  )
  const holding: string[] = []
  for (const { table_name: name } of tables) {
    if ((await countOf(world, `from "${name}" t where t::text like '%${id}%'`)) > 0)
      holding.push(String(name))
  }
  expect(holding).toEqual(['replies'])
})

test('a request of another length or type is refused', async () => {
  const { mailbox } = newReporter(world)
  for (const length of [0, MAILBOX_REQUEST_LENGTH - 1]) {
    expect(problemIn(await readMailbox(mailbox, randomBytes(length)))).toBe('malformed-request')
  }
  const body = json({ cursor: toBase64url(START) })
  const answer = await callAs(mailbox, { method: 'POST', path: '/v1/mailbox', body })
  expect(problemIn(answer)).toBe('unsupported-media-type')
})

test('two who delete the same replies in another order at once both get an answer', async () => {
  for (let round = 0; round < 5; round++) {
    const { reporter, sent } = await withReplies(4)
    const ids = sent.map(messageIdOf)
    const answers = await Promise.all(
      [ids, [...ids].reverse(), ids, [...ids].reverse()].map(remove => read(reporter, START, remove)),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(repliesIn(await read(reporter))).toEqual([])
  }
})

const idsIn = (replies: readonly Uint8Array[]) =>
  replies.map(sealed => toBase64url(messageIdOf(sealed))).sort()

test('of many who look at once each reads their own mailbox', async () => {
  const owners = await Promise.all(Array.from({ length: 12 }, (_, i) => withReplies(1 + (i % 4))))
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(owners.map(({ reporter }) => read(reporter)))
    expect(answers.map(answer => idsIn(repliesIn(answer)))).toEqual(owners.map(({ sent }) => idsIn(sent)))
  }
})

test('what is counted is under a key: whoever has the rows alone cannot try whom they are about', async () => {
  const { reporter, device, sent } = await withReplies(1)
  const BONGSU_SERVER_KEY_FILE = join(world.folder, 'another.key')
  await ensureServerKeyFile(BONGSU_SERVER_KEY_FILE)
  const other = await startBeside(world, { BONGSU_SERVER_KEY_FILE })
  const subjects = async () =>
    (await rowsOf(world, `select encode(subject, 'hex') as subject from reply_quotas`)).map(
      row => row.subject,
    )
  const before = new Set(await subjects())
  expect((await reply(at(device, other.agencyUrl), idOf(reporter), sent[0] ?? START)).status).toBe(202)
  await other.stop()
  // Device, agency with mailbox, message: by the other key all of them are new.
  expect((await subjects()).filter(subject => !before.has(subject))).toHaveLength(3)
})
