// Agencies that are asked while they have the report already, are asked by two, had it before, or were withdrawn from.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  caseStateOf,
  choicesOf,
  type Device,
  partnersOf,
  sendFollowUp,
  withdrawReport,
} from '../../src/client/index.ts'
import type { Action } from '../../src/protocol/lifecycle.ts'
import { createWorld, type World } from '../support/world.ts'
import { assessed, cursorOf, done, now, offer, statusOf, takeUp } from './colleagues.ts'
import { caseOf, deviceIn, openById, refusalOf } from './people.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const standingAt = async (device: Device, id: string) => (await openById(device, id)).file.standing

async function opensTo(device: Device, id: string, actions: readonly Action[]) {
  const choices = choicesOf(device, await openById(device, id))
  return actions.filter(action =>
    choices.some(choice => choice.action === action && choice.obstacle === null),
  )
}

test('an agency that is asked goes on with its own case of the report, and answers whatever that has come to', async () => {
  const { sent, id } = await assessed(world, '두 기관의 신고', ['sme-office', 'police'])
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  const both = ['acknowledged', 'hand-over-accepted', 'hand-over-refused'] as const
  expect(await opensTo(police, theirs, both)).toEqual(both)
  await acknowledge(police, await openById(police, theirs), now(world))
  await done(world, police, theirs, { action: 'assessment-started' })
  expect(await standingAt(police, theirs)).toEqual(['holder', 'proposed'])
  await done(world, police, theirs, { action: 'hand-over-accepted' })
  const held = await done(world, police, theirs, { action: 'taken-over' })
  expect(held?.file.standing).toEqual(['holder'])
  expect((await statusOf(sent))['sme-office']?.state).toBe('left')
})

test('a new case can be handed over to whoever never opened its own', async () => {
  const { sent, id } = await assessed(world, '아직 열지 않은 신고', ['sme-office', 'nis'])
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'nis')
  const nis = await deviceIn(world, 'nis')
  const theirs = await caseOf(nis, sent)
  await done(world, nis, theirs, { action: 'hand-over-accepted' })
  const held = await done(world, nis, theirs, { action: 'taken-over' })
  expect(held && caseStateOf(nis, held)).toMatchObject({ state: 'assessing', holder: 'nis' })
})

test('of two agencies that ask a third, neither sees the other, and the third answers one after the other', async () => {
  const { sent, device: sme, id } = await assessed(world, '셋의 일', ['sme-office', 'nis'])
  const { device: nis, id: nisId } = await takeUp(world, sent, 'nis')
  await offer(world, { agency: 'sme-office', id }, 'agency-invited', 'police')
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  await offer(world, { agency: 'nis', id: nisId }, 'agency-invited', 'police')
  const askedOf = async (lead: Device, at: string) => partnersOf(lead, await openById(lead, at))
  expect(await askedOf(sme, id)).toMatchObject([{ agencyId: 'police', standing: ['invited'] }])
  expect(await askedOf(nis, nisId)).toMatchObject([{ agencyId: 'police', standing: ['invited'] }])
  const seen = await openById(police, theirs)
  expect(partnersOf(police, seen).map(({ agencyId }) => agencyId)).toEqual(['sme-office'])

  await done(world, police, theirs, { action: 'invitation-accepted' })
  expect(await askedOf(sme, id)).toMatchObject([{ standing: ['joined'] }])
  expect(await askedOf(nis, nisId)).toMatchObject([{ standing: ['invited'], answers: [] }])
  const investigator = await deviceIn(world, 'police', 'investigator')
  await acknowledge(police, await openById(police, theirs), now(world))
  await done(world, investigator, theirs, { action: 'joint-left' })
  expect(await askedOf(sme, id)).toMatchObject([
    { agencyId: 'police', standing: [], answers: [{ verdict: 'joint-left' }] },
  ])
  const next = await openById(police, theirs)
  expect(partnersOf(police, next).map(({ agencyId }) => agencyId)).toEqual(['nis'])
  await done(world, police, theirs, { action: 'invitation-accepted' })
  // What it had said to the other agency is not among it.
  const verdicts = (await askedOf(nis, nisId)).flatMap(({ answers }) => answers.map(({ verdict }) => verdict))
  expect(verdicts).toEqual(['invitation-accepted'])
})

test('an agency that works jointly and does not want to lead goes on working jointly', async () => {
  const { sent, id } = await assessed(world, '맡지 않겠습니다', ['police'])
  await offer(world, { agency: 'police', id }, 'agency-invited', 'nis')
  const nis = await deviceIn(world, 'nis')
  const theirs = await caseOf(nis, sent)
  await done(world, nis, theirs, { action: 'invitation-accepted' })
  await offer(world, { agency: 'police', id }, 'hand-over-proposed', 'nis')
  expect([...(await standingAt(nis, theirs))].sort()).toEqual(['joined', 'proposed'])
  const after = await done(world, nis, theirs, { action: 'hand-over-refused', code: 'no-capacity' })
  expect(after?.file.standing).toEqual(['joined'])
})

test('an agency that was invited learns who else works on the case when it joins, and not before', async () => {
  const { sent, id } = await assessed(world, '셋이 함께 볼 일', ['police'])
  await offer(world, { agency: 'police', id }, 'agency-invited', 'nis')
  const nis = await deviceIn(world, 'nis')
  await done(world, nis, await caseOf(nis, sent), { action: 'invitation-accepted' })
  await offer(world, { agency: 'police', id }, 'agency-invited', 'sme-office')
  const sme = await deviceIn(world, 'sme-office')
  const theirs = await caseOf(sme, sent)
  const partners = async () => (await openById(sme, theirs)).file.partners.map(({ agency }) => agency)
  expect(await partners()).toEqual(['police'])
  await done(world, sme, theirs, { action: 'invitation-accepted' })
  expect(await partners()).toEqual(['police', 'nis'])
})

test('an agency that handed a case over can be asked again, and reads it whole', async () => {
  const { sent, device: sme, id } = await assessed(world, '돌아온 신고', ['sme-office'])
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  await done(world, police, theirs, { action: 'hand-over-accepted' })
  await done(world, police, theirs, { action: 'taken-over' })
  await acknowledge(police, await openById(police, theirs), now(world))
  await sendFollowUp(sent.reporter, '그 사이의 이야기')
  await acknowledge(police, await openById(police, theirs), now(world))
  await offer(world, { agency: 'police', id: theirs }, 'hand-over-proposed', 'sme-office')
  const again = await openById(sme, id)
  expect(again.file.standing).toEqual(['proposed'])
  expect(again.followUps.map(({ text }) => text)).toEqual(['그 사이의 이야기'])
  await done(world, sme, id, { action: 'hand-over-accepted' })
  expect((await done(world, sme, id, { action: 'taken-over' }))?.file.standing).toEqual(['holder'])
})

test('a case can be offered to an agency that the reporter took it back from, as to a stranger', async () => {
  const { sent, id } = await assessed(world, '일부 철회', ['sme-office', 'police'])
  expect(await withdrawReport(sent.reporter)).toBe('partly-withdrawn')
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  const police = await deviceIn(world, 'police')
  const theirs = await openById(police, await caseOf(police, sent))
  expect(theirs.file.standing).toEqual(['proposed'])
  // The wish goes with the case.
  expect(theirs.withdrawal).toBe('wished')
  await done(world, police, theirs.id, { action: 'hand-over-accepted' })
  expect((await done(world, police, theirs.id, { action: 'taken-over' }))?.file.standing).toEqual(['holder'])
})

test('whoever took a case over has opened it: a withdrawal leaves it a wish and not nothing', async () => {
  const { sent, id } = await assessed(world, '이송 뒤의 철회', ['sme-office'])
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  await done(world, police, theirs, { action: 'hand-over-accepted' })
  await done(world, police, theirs, { action: 'taken-over' })
  expect(await withdrawReport(sent.reporter)).toBe('wish-recorded')
  expect((await openById(police, theirs)).withdrawal).toBe('wished')
  expect((await statusOf(sent))['sme-office']).toMatchObject({ state: 'left', withdrawalWished: false })
})

test('an agency that handed a case over notices nothing of what comes later', async () => {
  const { sent, device: sme, id } = await assessed(world, '떠난 뒤', ['sme-office'])
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  await done(world, police, theirs, { action: 'hand-over-accepted' })
  await done(world, police, theirs, { action: 'taken-over' })
  const cursor = await cursorOf(sme)
  await sendFollowUp(sent.reporter, '떠난 기관은 모를 이야기')
  await acknowledge(police, await openById(police, theirs), now(world))
  await withdrawReport(sent.reporter)
  expect(await cursorOf(sme)).toBe(cursor)
  expect(await refusalOf(openById(sme, id))).toBe('no-key')
})
