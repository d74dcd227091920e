// A case moves from one agency to another, and two work together: keys are wrapped anew on the holder's device.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Act,
  acknowledge,
  act,
  caseStateOf,
  type Device,
  NotAllowed,
  type OpenedCase,
  partnersOf,
  readCase,
  readStatus,
  sendFollowUp,
} from '../../src/client/index.ts'
import { reportIdOf } from '../../src/protocol/reporter-keys.ts'
import { rowsOf } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'
import { caseOf, deviceIn, openById, type SentReport, sendReport } from './people.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const now = () => ({ now: world.now() })

/** Does something after which the case is still there. */
async function done(device: Device, opened: OpenedCase, wanted: Act): Promise<OpenedCase> {
  const after = await act(device, opened, wanted, now())
  if (!after) throw new Error('the case is gone')
  return after
}

/** Opened, acknowledged and under assessment at the agency that it was sent to. */
async function assessed(text: string, agency: 'sme-office' | 'police' = 'sme-office') {
  const sent = await sendReport(world, text, [agency])
  const device = await deviceIn(world, agency)
  const opened = await openById(device, await caseOf(device, sent))
  await acknowledge(device, opened, now())
  const again = await openById(device, opened.id)
  return { sent, device, opened: await done(device, again, { action: 'assessment-started' }) }
}

const statusOf = async ({ reporter }: SentReport) => {
  const { agencies } = await readStatus(reporter)
  return Object.fromEntries(agencies.map(agency => [agency.id, agency]))
}

/** By an investigator: whoever takes reports in does not send them on. */
async function offer(of: 'sme-office' | 'police', id: string, action: Act['action'], subject: string) {
  const investigator = await deviceIn(world, of, 'investigator')
  const opened = await openById(investigator, id)
  return act(investigator, opened, { action, subject, code: 'power-needed' }, now())
}

test('a case that is taken over opens for the new agency whole, and for the old one not at all', async () => {
  const { sent, device, opened } = await assessed('경찰에 넘길 신고')
  await sendFollowUp(sent.reporter, '더 알게 된 것')
  const police = await deviceIn(world, 'police')
  // Hands the follow-up's key on to the investigator.
  await acknowledge(device, await openById(device, opened.id), now())
  await offer('sme-office', opened.id, 'hand-over-proposed', 'police')
  expect((await statusOf(sent)).police?.offeredBy).toBe('sme-office')

  const theirs = await openById(police, await caseOf(police, sent))
  expect(theirs.file.standing).toEqual(['proposed'])
  expect(theirs.answers?.what).toBe('경찰에 넘길 신고')
  expect(theirs.followUps.map(({ text }) => text)).toEqual(['더 알게 된 것'])
  const accepted = await done(police, theirs, { action: 'hand-over-accepted' })

  const seen = await openById(device, opened.id)
  expect(caseStateOf(device, seen).proposed).toEqual({ agency: 'police', accepted: true })
  expect(partnersOf(device, seen)).toMatchObject([
    { agencyId: 'police', standing: ['taking-over'], answers: [{ verdict: 'hand-over-accepted' }] },
  ])
  const held = await done(police, accepted, { action: 'taken-over' })
  expect(caseStateOf(police, held)).toMatchObject({ state: 'assessing', holder: 'police', proposed: null })
  await expect(openById(device, opened.id)).rejects.toThrow()
  const { file } = await readCase(device, opened.id).catch(() => ({ file: null }))
  expect(file).toBeNull()
  // Nor by the keys that were handed to its own devices beside events.
  const left = await rowsOf(
    world,
    `select length(e.device_keys) as keys from events e join assignments a using (case_id)
     where a.report_id = $1 and a.agency_id = 'sme-office'`,
    [reportIdOf(sent.reporter.keys.status.publicKey)],
  )
  expect(new Set(left.map(({ keys }) => keys))).toEqual(new Set([0]))
  await sendFollowUp(sent.reporter, '넘어간 뒤의 이야기')
  expect((await openById(police, held.id)).followUps.at(-1)?.text).toBe('넘어간 뒤의 이야기')
  const after = await statusOf(sent)
  expect(after['sme-office']?.state).toBe('left')
  expect(after.police?.state).toBe('assigned')
})

test('a hand-over that is refused leaves everything with its holder, and nothing with the other', async () => {
  const { sent, device, opened } = await assessed('거절될 이송')
  const nis = await deviceIn(world, 'nis')
  await offer('sme-office', opened.id, 'hand-over-proposed', 'nis')
  const theirs = await openById(nis, await caseOf(nis, sent))
  expect(await act(nis, theirs, { action: 'hand-over-refused', code: 'no-power' }, now())).toBeNull()
  await expect(openById(nis, theirs.id)).rejects.toThrow()
  const mine = await openById(device, opened.id)
  expect(caseStateOf(device, mine).proposed).toBeNull()
  await offer('sme-office', opened.id, 'hand-over-proposed', 'police')
})

test('an agency that works jointly reads what comes, and leaves when it is sent away', async () => {
  const { sent, device, opened } = await assessed('공동 조사', 'police')
  const nis = await deviceIn(world, 'nis')
  await offer('police', opened.id, 'agency-invited', 'nis')
  const theirs = await openById(nis, await caseOf(nis, sent))
  const joined = await done(nis, theirs, { action: 'invitation-accepted' })
  expect(caseStateOf(nis, joined)).toMatchObject({ holder: 'police', joined: ['nis'] })
  await sendFollowUp(sent.reporter, '두 기관에게')
  expect((await openById(nis, theirs.id)).followUps.at(-1)?.text).toBe('두 기관에게')
  expect((await openById(device, opened.id)).followUps.at(-1)?.text).toBe('두 기관에게')
  const investigator = await deviceIn(world, 'police', 'investigator')
  const shared = await openById(investigator, opened.id)
  await act(investigator, shared, { action: 'joint-ended', subject: 'nis' }, now())
  await expect(openById(nis, theirs.id)).rejects.toThrow()
})

test('whoever is asked cannot be told from whoever has the report already', async () => {
  const sent = await sendReport(world, '두 기관에 보낸 신고', ['sme-office', 'police'])
  const device = await deviceIn(world, 'sme-office')
  const police = await deviceIn(world, 'police')
  const opened = await openById(device, await caseOf(device, sent))
  await acknowledge(device, opened, now())
  await act(device, await openById(device, opened.id), { action: 'assessment-started' }, now())
  await offer('sme-office', opened.id, 'hand-over-proposed', 'police')
  const after = await openById(device, opened.id)
  expect(partnersOf(device, after)).toEqual([
    { agencyId: 'police', lead: 'sme-office', standing: ['proposed'], answers: [] },
  ])
  const theirs = await openById(police, await caseOf(police, sent))
  expect([...theirs.file.standing].sort()).toEqual(['holder', 'proposed'])
})

test('the table bars what it bars: roles, two people, conflicts', async () => {
  const { device, opened, sent } = await assessed('규칙')
  await expect(act(device, opened, { action: 'closed' }, now())).rejects.toThrow(NotAllowed)
  const investigator = await deviceIn(world, 'sme-office', 'investigator')
  const proposed = await done(device, opened, { action: 'out-of-scope', code: 'not-technology' })
  await expect(act(device, proposed, { action: 'confirmed' }, now())).rejects.toThrow(NotAllowed)
  const theirs = await openById(investigator, opened.id)
  const ended = await done(investigator, theirs, { action: 'confirmed' })
  expect(caseStateOf(investigator, ended)).toMatchObject({
    state: 'out-of-scope',
    decision: { code: 'not-technology' },
  })
  const [event] = (await statusOf(sent))['sme-office']?.events.slice(-1) ?? []
  expect(event?.particulars).toEqual({ code: 'not-technology' })
})

test('what is noted inside stays inside', async () => {
  const { device, opened, sent } = await assessed('메모')
  const noted = await done(device, opened, { action: 'noted', text: '내부 메모: 확인 요망' })
  expect(noted.chain.events.at(-1)?.particulars?.text).toBe('내부 메모: 확인 요망')
  expect((await statusOf(sent))['sme-office']?.events.at(-1)?.particulars).toBeNull()
})
