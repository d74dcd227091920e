// Machines with narrow scopes: one that hands keys on, one that looks at lists. What they may not do, they cannot.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  acknowledge,
  act,
  type OpenedCase,
  openCase,
  pickUp,
  readCase,
  readCases,
  readStatus,
  sendFollowUp,
} from '../../src/client/index.ts'
import { recordEvent } from '../../src/client/recording.ts'
import { SEALED_NOTES_LENGTHS } from '../../src/protocol/device-notes.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { ACTIONS } from '../../src/protocol/lifecycle.ts'
import { toldKey } from '../../src/protocol/particulars.ts'
import { SEALED_REPLY_LENGTH } from '../../src/protocol/reply.ts'
import { caseOf, deviceIn, openById, refusalOf, type SentReport, sendReport } from '../journeys/people.ts'
import { callAs } from '../support/caller.ts'
import { keepNotes, list, notesOf, open, reply } from '../support/device.ts'
import { json, problemIn } from '../support/http.ts'
import { type Machine, newMachine } from '../support/machine.ts'
import { fingerprint, settled } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let machine: Machine
let watcher: Machine

beforeAll(async () => {
  world = await createWorld()
  machine = await newMachine(world, 'police')
  watcher = await newMachine(world, 'nis', { scopes: ['status'] })
})
afterAll(() => world.stop())

const now = () => ({ now: world.now() })

async function arrived(text: string): Promise<{ sent: SentReport; id: string }> {
  const sent = await sendReport(world, text, ['police'])
  return { sent, id: await caseOf(machine.device, sent) }
}

/** As the machine's list shows it now. */
async function pickedUp(id: string) {
  await settled(world)
  const { cases } = (await readCases(machine.device)) ?? { cases: [] }
  const seen = cases.find(entry => entry.case === id)
  if (!seen) throw new Error('not in the list')
  return pickUp(machine.device, seen, now())
}

describe('a machine that picks up', () => {
  test('hands a new report on, so that every device of the team opens it, and nobody had to look', async () => {
    const { sent, id } = await arrived('밤에 온 신고')
    expect(await pickedUp(id)).toEqual({ id, outcome: 'handed-on', unopened: [] })
    const { answers } = await openById(await deviceIn(world, 'police', 'investigator'), id)
    expect(answers?.what).toBe('밤에 온 신고')
    const [agency] = (await readStatus(sent.reporter)).agencies
    expect(agency).toMatchObject({ answer: 'acknowledged', events: [{ role: 'machine' }] })
  })

  test('hands follow-ups on, once', async () => {
    const { sent, id } = await arrived('덧붙일 신고')
    await pickedUp(id)
    await sendFollowUp(sent.reporter, '덧붙임')
    expect((await pickedUp(id)).outcome).toBe('handed-on')
    expect((await pickedUp(id)).outcome).toBe('nothing-new')
    const { followUps } = await openById(await deviceIn(world, 'police', 'supervisor'), id)
    expect(followUps.map(({ text }) => text)).toEqual(['덧붙임'])
  })

  test('does not stand for a person: the first who opens the report says so, too', async () => {
    const { id } = await arrived('사람이 열 신고')
    await pickedUp(id)
    const investigator = await deviceIn(world, 'police', 'investigator')
    expect(await acknowledge(investigator, await openById(investigator, id), now())).toBe(true)
    expect(await acknowledge(investigator, await openById(investigator, id), now())).toBe(false)
    const { chain } = await openById(investigator, id)
    expect(chain.events.map(({ role }) => role)).toEqual(['machine', 'investigator'])
    expect((await pickedUp(id)).outcome).toBe('nothing-new')
  })

  test('leaves alone what was only offered, and what is gone', async () => {
    const sent = await sendReport(world, '제안만 된 신고', ['sme-office'])
    const intake = await deviceIn(world, 'sme-office')
    const own = await caseOf(intake, sent)
    await acknowledge(intake, await openById(intake, own), now())
    await act(intake, await openById(intake, own), { action: 'assessment-started' }, now())
    const investigator = await deviceIn(world, 'sme-office', 'investigator')
    const offer = { action: 'agency-invited', subject: 'police', code: 'power-needed' } as const
    await act(investigator, await openById(investigator, own), offer, now())
    const id = await caseOf(machine.device, sent)
    expect((await pickedUp(id)).outcome).toBe('not-ours')
    const asked = await openById(await deviceIn(world, 'police'), id)
    await act(
      await deviceIn(world, 'police'),
      asked,
      { action: 'invitation-refused', code: 'conflict' },
      now(),
    )
    expect((await pickedUp(id)).outcome).toBe('not-ours')
  })

  test('says so where it has no key, and goes on with the rest', async () => {
    const { id } = await arrived('다른 열쇠로 봉인된 신고')
    const keyless = { ...machine.device, key: { ...machine.key, epochs: [] } }
    expect((await pickUp(keyless, { case: id, state: 'new' }, now())).outcome).toBe('no-key')
  })

  test('sees no words of the team, to the reporter or among themselves', async () => {
    const { id } = await arrived('메모가 있는 사건')
    await pickedUp(id)
    const intake = await deviceIn(world, 'police')
    await act(intake, await openById(intake, id), { action: 'assessment-started' }, now())
    await act(intake, await openById(intake, id), { action: 'noted', text: '내부 메모' }, now())
    await act(intake, await openById(intake, id), { action: 'feedback-given', text: '알림' }, now())
    const said = (await openById(machine.device, id)).file.events.map(({ particulars }) => particulars)
    expect(said).toEqual([null, null, null, null])
    const read = (await openById(intake, id)).chain.events.map(({ particulars }) => particulars?.text)
    expect(read).toEqual([undefined, undefined, '내부 메모', '알림'])
  })
})

describe('a machine that picks up is refused', () => {
  let opened: OpenedCase
  let before: Awaited<ReturnType<typeof fingerprint>>

  beforeAll(async () => {
    const { id } = await arrived('아무것도 바뀌지 않을 사건')
    await pickedUp(id)
    const intake = await deviceIn(world, 'police')
    await act(intake, await openById(intake, id), { action: 'assessment-started' }, now())
    opened = await openCase(machine.device, await readCase(machine.device, id))
    await settled(world)
    before = await fingerprint(world, ['nonces'])
  })

  const key = () => opened.report.replyKeys.acknowledgementKey
  const event = (kind: (typeof ACTIONS)[number]) =>
    recordEvent(
      machine.device,
      opened,
      {
        kind,
        key: kind === 'unopenable' ? null : key(),
        wraps: [],
        subject: SUBJECTS[kind] ?? '',
        said: { key: toldKey(key()), particulars: { code: 'no-power' } },
        offered: OFFERS.has(kind) ? SOME_KEYS : null,
      },
      now(),
    )

  test.each(ACTIONS.filter(action => action !== 'acknowledged'))('%s', async kind => {
    expect(await refusalOf(event(kind))).toBe('scope-missing')
  })

  test('an acknowledgement that says something beside', async () => {
    expect(await refusalOf(event('acknowledged'))).toBe('scope-missing')
  })

  const mailbox = () => toBase64url(randomBytes(32))
  const post = (path: string, body: object) =>
    callAs(machine.raw.caller, { method: 'POST', path, body: json(body) })
  const room = {
    method: 'POST',
    path: '/v1/reply-uploads',
    headers: { 'tus-resumable': '1.0.0', 'upload-length': '65536' },
  }
  const notes = () => randomBytes(Math.min(...SEALED_NOTES_LENGTHS))
  const upload = { upload: mailbox(), root: mailbox(), parts: 1, reader: mailbox() }

  test.each([
    ['a reply', () => reply(machine.raw, mailbox(), randomBytes(SEALED_REPLY_LENGTH))],
    ['files of a report', () => open(machine.raw, `${opened.id}/messages/0/files`)],
    ['room for files of a reply', () => callAs(machine.raw.caller, room)],
    ['files for a reply', () => post('/v1/reply-files', upload)],
    ['notes to read', () => notesOf(machine.raw)],
    ['notes to keep', () => keepNotes(machine.raw, 1, notes())],
  ])('%s', async (_what, ask) => {
    expect(problemIn(await ask())).toBe('scope-missing')
  })

  test('and nothing of all this has changed anything', async () => {
    await settled(world)
    expect(await fingerprint(world, ['nonces'])).toEqual(before)
  })
})

const SUBJECTS: Readonly<Partial<Record<(typeof ACTIONS)[number], string>>> = {
  redirected: 'nis',
  'hand-over-proposed': 'nis',
  'agency-invited': 'nis',
  'joint-ended': 'nis',
  'information-received': '1',
  objected: '1',
  'conflict-cleared': '00'.repeat(16),
  recused: '00'.repeat(16),
}
const OFFERS: ReadonlySet<string> = new Set(['hand-over-proposed', 'agency-invited'])
const SOME_KEYS = [{ index: 0, keyId: randomBytes(16), wrapped: randomBytes(1168) }]

test('a device with the scope status sees the list, and is refused everything else', async () => {
  const sent = await sendReport(world, '목록만 보는 기기', ['nis'])
  const id = await caseOf(await deviceIn(world, 'nis'), sent)
  const { cases } = (await readCases(watcher.device)) ?? { cases: [] }
  expect(cases.map(entry => entry.case)).toContain(id)
  expect((await list(watcher.raw)).status).toBe(200)
  expect(problemIn(await open(watcher.raw, id))).toBe('scope-missing')
  expect(problemIn(await open(watcher.raw, `${id}/messages/0/files`))).toBe('scope-missing')
  expect(problemIn(await notesOf(watcher.raw))).toBe('scope-missing')
  expect(
    problemIn(await reply(watcher.raw, toBase64url(randomBytes(32)), randomBytes(SEALED_REPLY_LENGTH))),
  ).toBe('scope-missing')
  const theirs = await openById(await deviceIn(world, 'nis'), id)
  const said = { kind: 'acknowledged', key: theirs.report.replyKeys.acknowledgementKey, wraps: [] } as const
  expect(await refusalOf(recordEvent(watcher.device, theirs, said, now()))).toBe('scope-missing')
})
