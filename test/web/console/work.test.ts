// A case in hand, through the console's engine: what is offered, to whom, and what both sides see of it.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Act, acknowledge, act, sendFollowUp } from '../../../src/client/index.ts'
import type { CaseContent } from '../../../src/web/console/case-content.ts'
import { openRoom, type Room } from '../../../src/web/console/case-room.ts'
import { nameable } from '../../../src/web/console/subjects.ts'
import { caseOf, deviceIn, openById, reporters, type SentReport, sendReport } from '../../journeys/people.ts'
import { type AgencyId, createWorld, type World } from '../../support/world.ts'
import { sessionOf } from '../support/unlocked.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const rooms: Room[] = []
afterEach(() => {
  for (const room of rooms.splice(0)) room.close()
})

type Role = 'intake' | 'investigator' | 'supervisor'

async function roomOf(agency: AgencyId, role: Role, id: string): Promise<Room> {
  const room = openRoom(await sessionOf(world, agency, role), id)
  rooms.push(room)
  room.declare()
  await room.open()
  return room
}

function opened(room: Room): Extract<CaseContent, { kind: 'opened' }> {
  const { content } = room.current()
  if (content.kind !== 'opened') throw new Error(content.kind)
  return content
}

/** At the agency that it was sent to, as its intake device left it. */
async function assessed(notFor: readonly AgencyId[] = []): Promise<{ sent: SentReport; id: string }> {
  const sent = await sendReport(world, '처리할 신고', ['sme-office'], reporters(world), notFor)
  const device = await deviceIn(world, 'sme-office')
  const id = await caseOf(device, sent)
  await acknowledge(device, await openById(device, id), { now: world.now() })
  await act(device, await openById(device, id), { action: 'assessment-started' }, { now: world.now() })
  return { sent, id }
}

const agenciesFor = (room: Room, action: Act['action']) =>
  nameable({ action, names: 'agency' }, opened(room), []).map(({ id }) => id)

test('an agency that the reporter excluded is in no list', async () => {
  const { id } = await assessed(['police', 'ip-police'])
  const room = await roomOf('sme-office', 'investigator', id)
  for (const action of ['hand-over-proposed', 'agency-invited', 'redirected'] as const)
    expect(agenciesFor(room, action).sort()).toEqual(['nis', 'serious-crimes'])
})

test('a hand-over goes from room to room, and the old one says that it is another agency’s', async () => {
  const { sent, id } = await assessed()
  const investigator = await roomOf('sme-office', 'investigator', id)
  await investigator.act({ action: 'noted', text: '안에 남을 메모' })
  await investigator.act({
    action: 'hand-over-proposed',
    subject: 'police',
    code: 'power-needed',
    text: '수사 권한',
  })
  expect(investigator.current().acted).toEqual({ action: 'hand-over-proposed', notDone: null })
  const police = await deviceIn(world, 'police')
  const theirs = await roomOf('police', 'intake', await caseOf(police, sent))
  expect(opened(theirs).work).toMatchObject({
    standing: ['proposed'],
    partners: [{ id: 'sme-office', standing: ['holder'], isAsked: false }],
  })
  expect(opened(theirs).history.entries).toEqual([])
  await theirs.act({ action: 'hand-over-accepted' })
  await investigator.open()
  const { entries, answers, verdict } = opened(investigator).history
  expect(verdict).toBe('sound')
  expect(entries.slice(-2)).toMatchObject([
    { kind: 'noted', text: '안에 남을 메모', readers: 'inside', code: null },
    {
      kind: 'hand-over-proposed',
      subject: { kind: 'agency', id: 'police' },
      code: { en: 'the other agency’s power is needed' },
      text: '수사 권한',
      readers: 'told',
    },
  ])
  expect(answers).toMatchObject([
    { agency: { id: 'police' }, kind: 'hand-over-accepted', after: entries.length - 1 },
  ])
  await theirs.act({ action: 'taken-over' })
  expect(opened(theirs).work.state).toMatchObject({ state: 'assessing', holder: 'police' })
  await investigator.open()
  expect(investigator.current().content).toEqual({ kind: 'left' })
})

test('an offer that is refused is gone from who refused', async () => {
  const { sent, id } = await assessed()
  const investigator = await roomOf('sme-office', 'investigator', id)
  await investigator.act({ action: 'agency-invited', subject: 'nis', code: 'legal-duty' })
  const theirs = await roomOf('nis', 'intake', await caseOf(await deviceIn(world, 'nis'), sent))
  await theirs.act({ action: 'invitation-refused', code: 'no-power' })
  expect(theirs.current()).toMatchObject({ content: { kind: 'left' }, acted: { notDone: null } })
})

test('two people: who proposed cannot confirm, and is told why', async () => {
  const { id } = await assessed()
  const [investigator, supervisor] = [
    await roomOf('sme-office', 'investigator', id),
    await roomOf('sme-office', 'supervisor', id),
  ]
  await investigator.act({ action: 'out-of-scope', code: 'private-dispute' })
  await investigator.act({ action: 'confirmed' })
  expect(investigator.current()).toMatchObject({
    trouble: null,
    acted: { action: 'confirmed', notDone: { kind: 'obstacle', obstacle: 'own-proposal' } },
  })
  await supervisor.open()
  await supervisor.act({ action: 'confirmed' })
  expect(opened(supervisor).work.state).toMatchObject({
    state: 'out-of-scope',
    decision: { code: 'private-dispute' },
  })
})

test('who confirms, confirms what they saw: another decision meanwhile is another question', async () => {
  const { id } = await assessed()
  const investigator = await roomOf('sme-office', 'investigator', id)
  await investigator.act({ action: 'out-of-scope', code: 'private-dispute' })
  const supervisor = await roomOf('sme-office', 'supervisor', id)
  await investigator.act({ action: 'declined' })
  await investigator.act({ action: 'out-of-scope', code: 'clearly-false' })
  await supervisor.act({ action: 'confirmed' })
  expect(supervisor.current().acted).toEqual({ action: 'confirmed', notDone: { kind: 'overtaken' } })
  expect(opened(supervisor).work.state).toMatchObject({
    state: 'assessing',
    pending: { code: 'clearly-false' },
  })
  await supervisor.act({ action: 'confirmed' })
  expect(opened(supervisor).work.state.decision?.code).toBe('clearly-false')
})

test('a conflict bars, and a supervisor names the device that has none', async () => {
  const { id } = await assessed()
  const [investigator, supervisor] = [
    await roomOf('sme-office', 'investigator', id),
    await roomOf('sme-office', 'supervisor', id),
  ]
  await investigator.act({ action: 'conflict-declared', code: 'kin' })
  const { device } = opened(investigator).work.actor
  const obstacles = opened(investigator).work.choices.map(({ obstacle }) => obstacle)
  expect(obstacles).toContain('conflict')
  await supervisor.open()
  await supervisor.findTeam()
  const team = supervisor.current().team ?? []
  const named = (action: Act['action']) => nameable({ action, names: 'device' }, opened(supervisor), team)
  expect(named('conflict-cleared')).toEqual([{ kind: 'device', id: device, role: 'investigator' }])
  expect(named('recused').map(({ id: one }) => one)).not.toContain(opened(supervisor).work.actor.device)
  await supervisor.act({ action: 'conflict-cleared', subject: device })
  await investigator.open()
  await investigator.act({ action: 'accepted' })
  expect(opened(investigator).work.state.state).toBe('addressing')
})

test('what the service refuses is told, and nothing is lost of what stands', async () => {
  const { id } = await assessed()
  const room = await roomOf('sme-office', 'investigator', id)
  await room.act({ action: 'joint-ended', subject: 'nis' })
  expect(room.current().acted?.notDone).toEqual({ kind: 'obstacle', obstacle: 'nobody-joined' })
  await room.act({ action: 'hand-over-proposed', subject: 'nobody', code: 'legal-duty' })
  expect(room.current()).toMatchObject({
    content: { kind: 'opened' },
    trouble: null,
    acted: { notDone: { kind: 'incomplete' } },
  })
})

test('an answer rests on a follow-up that no step rested on before', async () => {
  const { sent, id } = await assessed()
  const room = await roomOf('sme-office', 'intake', id)
  const messages = () => nameable({ action: 'information-received', names: 'message' }, opened(room), [])
  await room.act({ action: 'information-requested' })
  expect(messages()).toEqual([])
  await sendFollowUp(sent.reporter, '보완합니다')
  await room.open()
  expect(messages()).toMatchObject([{ id: '1' }])
  await room.act({ action: 'information-received', subject: '1' })
  expect(messages()).toEqual([])
  expect(opened(room).history.entries.at(-1)?.subject).toEqual({ kind: 'message', id: '1', names: null })
})

test('the clocks of the case are those of its verified history', async () => {
  const { id } = await assessed()
  const { clocks } = opened(await roomOf('sme-office', 'intake', id)).work
  const shown = Object.fromEntries(clocks.map(({ policy, state }) => [policy.id, state.condition]))
  expect(shown).toMatchObject({ 'eu-acknowledgement': 'met', 'kr-assessment': 'running' })
})
