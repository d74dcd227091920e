// One case in the console: what may be done when, and what the reporter and the colleagues see of it.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readReplies, readStatus, sendFollowUp, withdrawReport } from '../../../src/client/index.ts'
import { fromBase64url } from '../../../src/protocol/encoding.ts'
import type { CaseContent } from '../../../src/web/console/case-content.ts'
import { openRoom, type Room } from '../../../src/web/console/case-room.ts'
import { openInbox } from '../../../src/web/console/inbox.ts'
import type { Session } from '../../../src/web/console/session.ts'
import { warningsIn } from '../../../src/web/console/text-warnings.ts'
import { bongsu } from '../../cli/run.ts'
import { caseOf, deviceIn, type SentReport, sendReport } from '../../journeys/people.ts'
import { type AgencyId, createWorld, type World } from '../../support/world.ts'
import { pluggedFetch, sessionOf, stateWhere } from '../support/unlocked.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.lock()
})

async function started(...of: Parameters<typeof sessionOf>): Promise<Session> {
  const session = await sessionOf(...of)
  sessions.push(session)
  return session
}

interface Reported {
  readonly sent: SentReport
  readonly id: string
}

async function reported(text: string, agency: AgencyId = 'nis'): Promise<Reported> {
  const sent = await sendReport(world, text, [agency])
  return { sent, id: await caseOf(await deviceIn(world, agency), sent) }
}

async function openedRoom(session: Session, id: string): Promise<Room> {
  const room = openRoom(session, id)
  room.declare()
  await room.open()
  return room
}

type Kind = CaseContent['kind']

function contentOf<K extends Kind>(room: Room, kind: K): Extract<CaseContent, { kind: K }> {
  const { content } = room.current()
  if (!isOf(content, kind)) throw new Error(`${content.kind}, not ${kind}`)
  return content
}

const isOf = <K extends Kind>(content: CaseContent, kind: K): content is Extract<CaseContent, { kind: K }> =>
  content.kind === kind

async function reply(room: Room, text: string): Promise<void> {
  room.write(text)
  await room.send()
}

const repliesTo = async ({ reporter }: SentReport) =>
  (await readReplies(reporter, await readStatus(reporter))).replies.map(({ number, text, verdict }) => ({
    number,
    text,
    verdict,
  }))

const answerOf = async ({ reporter }: SentReport) => (await readStatus(reporter)).agencies[0]?.answer

test('nothing is fetched before somebody has declared that there is no conflict of interest', async () => {
  const { id } = await reported('먼저 선언')
  const plug = pluggedFetch()
  const session = await started(world, 'nis', 'intake', { fetch: plug.fetch })
  plug.pull()
  const room = openRoom(session, id)
  await room.open()
  expect(room.current()).toMatchObject({ content: { kind: 'closed' }, trouble: null })
  plug.plug()
  room.declare()
  await room.open()
  expect(contentOf(room, 'opened').opened.answers?.what).toBe('먼저 선언')
})

test('whoever has a part in it says so without opening it, and does not open it until a supervisor has looked', async () => {
  const { id } = await reported('당사자가 받은 신고')
  const session = await started(world, 'nis', 'investigator')
  const room = openRoom(session, id)
  await room.declareConflict()
  expect(contentOf(room, 'barred')).toMatchObject({
    reason: 'conflict',
    history: { verdict: 'sound', entries: [{ kind: 'conflict-declared', text: null }] },
  })
  // Not by saying the contrary, nor from a new page.
  room.declare()
  await room.open()
  expect(contentOf(room, 'barred').reason).toBe('conflict')
  const again = openRoom(await started(world, 'nis', 'investigator'), id)
  again.declare()
  await again.open()
  expect(contentOf(again, 'barred').reason).toBe('conflict')

  const intake = await openedRoom(await started(world, 'nis'), id)
  await intake.acknowledge()
  const supervisor = await openedRoom(await started(world, 'nis', 'supervisor'), id)
  const [conflict] = contentOf(supervisor, 'opened').work.state.conflicts
  await supervisor.act({ action: 'conflict-cleared', subject: conflict?.device ?? '' })
  await intake.open()
  await intake.acknowledge()
  // What was declared before counts no more: it is asked anew.
  await room.open()
  room.declare()
  await room.open()
  expect(contentOf(room, 'opened').opened.answers?.what).toBe('당사자가 받은 신고')
})

test('opening alone tells the reporter nothing; acknowledging does', async () => {
  const { sent, id } = await reported('열어 보기')
  const room = await openedRoom(await started(world, 'nis'), id)
  expect(contentOf(room, 'opened').isAcknowledged).toBe(false)
  expect(await answerOf(sent)).toBe('waiting')
  await room.acknowledge()
  expect(contentOf(room, 'opened').isAcknowledged).toBe(true)
  expect(await answerOf(sent)).toBe('acknowledged')
  expect(contentOf(room, 'opened').history).toMatchObject({
    verdict: 'sound',
    entries: [{ index: 0, what: 'acknowledged', device: { role: 'intake', isOwn: true } }],
  })
})

test('an investigator without a key is told so, and reads once an intake device has acknowledged', async () => {
  const { id } = await reported('건네받기')
  const room = await openedRoom(await started(world, 'nis', 'investigator'), id)
  expect(room.current().content.kind).toBe('no-key')
  await (await openedRoom(await started(world, 'nis'), id)).acknowledge()
  await room.open()
  expect(contentOf(room, 'opened').opened.answers?.what).toBe('건네받기')
})

test('two at once: both record, and each sees what the other did', async () => {
  const { sent, id } = await reported('둘이 함께')
  const intake = await openedRoom(await started(world, 'nis'), id)
  await intake.acknowledge()
  const other = await openedRoom(await started(world, 'nis', 'investigator'), id)
  await Promise.all([reply(intake, '접수 담당의 답'), reply(other, '조사 담당의 답')])
  for (const room of [intake, other]) {
    await room.open()
    expect(room.current().outgoing).toMatchObject([{ state: 'sent', firstNumber: 1 }])
    const { history } = contentOf(room, 'opened')
    expect(history.verdict).toBe('sound')
    expect(history.entries.map(({ what }) => what)).toEqual(['acknowledged'])
  }
  const replies = await repliesTo(sent)
  expect(new Set(replies.map(({ text }) => text))).toEqual(new Set(['접수 담당의 답', '조사 담당의 답']))
  expect(replies.every(({ verdict, number }) => verdict === 'genuine' && number === 1)).toBe(true)
})

describe('reply numbers', () => {
  test('go on in the next session, and in the command line, with the same key', async () => {
    const { sent, id } = await reported('번호 잇기', 'police')
    const first = await started(world, 'police')
    await reply(await openedRoom(first, id), '첫째')
    first.lock()
    const file = join(world.folder, 'second.txt')
    await writeFile(file, '둘째')
    const shown = Buffer.from(fromBase64url(id)).toString('hex')
    const key = world.deviceKeyFile('police')
    const outcome = await bongsu(['reply', shown, file, '--key', key, '--server', world.agencyUrl])
    expect(outcome.code).toBe(0)
    await reply(await openedRoom(await started(world, 'police'), id), '셋째')
    const byNumber = (await repliesTo(sent)).sort((a, b) => a.number - b.number)
    expect(byNumber.map(({ number, text }) => [number, text.trim()])).toEqual([
      [1, '첫째'],
      [2, '둘째'],
      [3, '셋째'],
    ])
  })

  test('are never given twice to two windows at once', async () => {
    const { sent, id } = await reported('두 창에서', 'police')
    const rooms = await Promise.all([
      openedRoom(await started(world, 'police'), id),
      openedRoom(await started(world, 'police'), id),
    ])
    await Promise.all(rooms.map((room, i) => reply(room, `창 ${i}`)))
    expect((await repliesTo(sent)).map(({ number }) => number).sort()).toEqual([1, 2])
  })

  test('are never given twice in one session, even where the service forgets what it was given', async () => {
    const { sent, id } = await reported('잊는 서비스', 'police')
    const forgetful: typeof fetch = async (input, init) => {
      if (!String(input).endsWith('/v1/notes')) return fetch(input, init)
      if (init?.method === 'PUT') return new Response(null, { status: 204 })
      return Response.json({ version: 0, sealed: null })
    }
    const session = await started(world, 'police', 'intake', { fetch: forgetful })
    // Two rooms of one session, as somebody who leaves a case and comes back.
    for (const text of ['하나', '둘']) await reply(await openedRoom(session, id), text)
    expect((await repliesTo(sent)).map(({ number }) => number).sort()).toEqual([1, 2])
  })

  test('a long text is several replies in a row', async () => {
    const { sent, id } = await reported('긴 답', 'police')
    const room = await openedRoom(await started(world, 'police'), id)
    await reply(room, '긴 답입니다. '.repeat(2000))
    expect(room.current().outgoing[0]?.parts).toBeGreaterThan(1)
    const numbers = (await repliesTo(sent)).map(({ number }) => number)
    expect(numbers).toEqual(numbers.map((_, i) => i + 1))
  })
})

test('a reply that did not go through keeps its text, its number and its bytes', async () => {
  const { sent, id } = await reported('끊긴 답', 'sme-office')
  const plug = pluggedFetch()
  const room = await openedRoom(await started(world, 'sme-office', 'intake', { fetch: plug.fetch }), id)
  plug.pull(/\/v1\/mailboxes\//)
  await reply(room, '끊긴 답장')
  expect(room.current()).toMatchObject({
    draft: '',
    outgoing: [{ state: 'failed', trouble: 'away', text: '끊긴 답장', firstNumber: 1 }],
  })
  plug.plug()
  await room.resend(1)
  expect(room.current().outgoing).toMatchObject([{ state: 'sent', firstNumber: 1 }])
  expect(await repliesTo(sent)).toEqual([{ number: 1, text: '끊긴 답장', verdict: 'genuine' }])
})

test('a follow-up comes by itself where an inbox is open, with what its writer had seen', async () => {
  const { sent, id } = await reported('이어 쓰기', 'ip-police')
  const session = await started(world, 'ip-police')
  const inbox = openInbox(session)
  await stateWhere(inbox, ({ cases }) => cases.has(id))
  const room = openRoom(session, id, inbox)
  room.declare()
  await room.open()
  await sendFollowUp(sent.reporter, '열어 보기 전의 추가 진술')
  await stateWhere(room, ({ content }) => content.kind === 'opened' && content.seen.length === 1)
  await room.acknowledge()
  await sendFollowUp(sent.reporter, '열어 본 뒤의 추가 진술')
  await stateWhere(room, ({ content }) => content.kind === 'opened' && content.seen.length === 2)
  const { opened, seen, isHandOnDue } = contentOf(room, 'opened')
  expect(opened.followUps.map(({ text }) => text)).toEqual([
    '열어 보기 전의 추가 진술',
    '열어 본 뒤의 추가 진술',
  ])
  expect(seen).toEqual([0, 1])
  // The investigator cannot read the second one yet.
  expect(isHandOnDue).toBe(true)
  await room.acknowledge()
  expect(contentOf(room, 'opened').isHandOnDue).toBe(false)
  const colleague = await openedRoom(await started(world, 'ip-police', 'investigator'), id)
  expect(contentOf(colleague, 'opened').opened.followUps.map(({ text }) => text)).not.toContain(null)
})

test('a wish to withdraw is shown as signed; a case withdrawn before it was opened is shown as that', async () => {
  const late = await reported('늦은 철회', 'serious-crimes')
  const room = await openedRoom(await started(world, 'serious-crimes'), late.id)
  await room.acknowledge()
  await withdrawReport(late.sent.reporter)
  await room.open()
  expect(contentOf(room, 'opened').opened.withdrawal).toBe('wished')
  const early = await reported('이른 철회', 'serious-crimes')
  await withdrawReport(early.sent.reporter)
  const gone = await openedRoom(await started(world, 'serious-crimes'), early.id)
  expect(gone.current().content).toEqual({ kind: 'withdrawn' })
})

describe('what a service could do', () => {
  const change = (text: string, id: string, more: readonly unknown[] = []) =>
    world.database.query({ name: `change-${text.length}`, text }, [fromBase64url(id), ...more])

  test('a report that no key opens is shown as such, and recorded for its reporter', async () => {
    const { sent, id } = await reported('열리지 않는 신고')
    await change(`update wrapped_keys set wrapped = decode(repeat('07', 1168), 'hex') where case_id = $1`, id)
    const room = await openedRoom(await started(world, 'nis'), id)
    expect(contentOf(room, 'unopenable').isRecorded).toBe(false)
    await room.recordUnopenable()
    expect(contentOf(room, 'unopenable')).toMatchObject({
      isRecorded: true,
      history: { verdict: 'sound', entries: [{ what: 'unopenable' }] },
    })
    expect(await answerOf(sent)).toBe('unopenable')
  })

  test('an entry whose signature was changed is forged, and the text is still shown', async () => {
    const { id } = await reported('위조된 이력')
    const room = await openedRoom(await started(world, 'nis'), id)
    await room.acknowledge()
    await change(`update events set signature = decode(repeat('00', 64), 'hex') where case_id = $1`, id)
    await room.open()
    const { history, isAcknowledged } = contentOf(room, 'opened')
    expect(history).toMatchObject({ verdict: 'forged-entries', entries: [{ what: 'forged', device: null }] })
    expect(isAcknowledged).toBe(false)
  })

  test('an entry that was taken out breaks the history, and nothing of the case is relied on', async () => {
    const { id } = await reported('지워진 이력')
    const room = await openedRoom(await started(world, 'nis'), id)
    await room.acknowledge()
    await change('delete from events where case_id = $1', id)
    await room.open()
    expect(contentOf(room, 'unproven')).toMatchObject({ subject: 'chain', history: { verdict: 'broken' } })
  })

  test('a body that was exchanged for another report’s does not verify', async () => {
    const [one, other] = [await reported('하나의 본문'), await reported('다른 본문')]
    await change(
      `update messages m set body = o.body from messages o, assignments a, assignments b
       where a.case_id = $1 and b.case_id = $2 and m.report_id = a.report_id and o.report_id = b.report_id`,
      one.id,
      [fromBase64url(other.id)],
    )
    const room = await openedRoom(await started(world, 'nis'), one.id)
    expect(room.current().content.kind).toBe('unopenable')
  })
})

test('a hostile report of 512 KiB is passed on letter by letter, and what is odd in it is told', async () => {
  const odd = '<script>alert(1)</script>\u202e\u0000\u200b javascript:alert(1) \ud800 '
  const what = odd + 'ㅋ'.repeat(160_000)
  const { id } = await reported(what)
  const session = await started(world, 'nis')
  const { opened } = contentOf(await openedRoom(session, id), 'opened')
  // What has no UTF-8 of its own is written as an escape in JSON, and comes back.
  expect(opened.answers?.what).toBe(what)
  const { warnings } = warningsIn(what)
  const kinds = new Set(warnings.map(({ kind }) => kind))
  expect(kinds).toEqual(new Set(['direction', 'control', 'invisible', 'link', 'long-line']))
})

test('another agency’s case is not there', async () => {
  const { id } = await reported('남의 사건', 'police')
  expect((await openedRoom(await started(world, 'nis'), id)).current().content.kind).toBe('not-found')
})

test('with the service away, what was opened stays, and the trouble is told', async () => {
  const { id } = await reported('끊김')
  const plug = pluggedFetch()
  const room = await openedRoom(await started(world, 'nis', 'intake', { fetch: plug.fetch }), id)
  plug.pull()
  await room.open()
  expect(room.current()).toMatchObject({ content: { kind: 'opened' }, trouble: 'away', busy: null })
  plug.plug()
  await room.open()
  expect(room.current().trouble).toBeNull()
})

test('locking forgets text, draft and replies', async () => {
  const { id } = await reported('잊어야 할 것')
  const session = await started(world, 'nis')
  const room = await openedRoom(session, id)
  await reply(room, '보낸 답')
  room.write('쓰던 답')
  room.writeNote('쓰던 메모')
  session.lock()
  expect(room.current()).toEqual({
    isDeclared: false,
    content: { kind: 'closed' },
    busy: null,
    trouble: null,
    acted: null,
    team: null,
    note: '',
    draft: '',
    attached: [],
    notAttached: null,
    outgoing: [],
    files: new Map(),
  })
})
