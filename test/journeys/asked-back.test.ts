// Agencies that are asked after the reporter took the report back from them, or after the lead changed: how they stand to it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acknowledge, sendFollowUp, withdrawReport } from '../../src/client/index.ts'
import { createWorld, type World } from '../support/world.ts'
import { assessed, done, now, offer, standingsOf, statusOf } from './colleagues.ts'
import { caseOf, deviceIn, openById, refusalOf, type SentReport } from './people.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const written = ({ reporter }: SentReport) => refusalOf(sendFollowUp(reporter, '이어지는 이야기'))

/** Chosen, taken back before it opened the report, and invited by the other one. */
async function takenBackAndInvited() {
  const { sent, id } = await assessed(world, '거둔 뒤에 다시 부른 기관', ['sme-office', 'police'])
  expect(await withdrawReport(sent.reporter)).toBe('partly-withdrawn')
  await offer(world, { agency: 'sme-office', id }, 'agency-invited', 'police')
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  return { sent, id, police, theirs, lead: await deviceIn(world, 'sme-office', 'investigator') }
}

test.each(['invitation-refused', 'joint-left', 'joint-ended', 'invitation-withdrawn'] as const)(
  'an agency that the reporter took the report back from may be asked and go by %s',
  async end => {
    const { sent, id, police, theirs, lead } = await takenBackAndInvited()
    expect((await standingsOf(sent)).police).toEqual(['invited sme-office'])
    if (end.startsWith('joint')) {
      await done(world, police, theirs, { action: 'invitation-accepted' })
      await acknowledge(police, await openById(police, theirs), now(world))
      expect((await standingsOf(sent)).police).toEqual(['joined sme-office'])
    }
    if (end === 'invitation-refused') await done(world, police, theirs, { action: end, code: 'no-capacity' })
    if (end === 'joint-left')
      await done(world, await deviceIn(world, 'police', 'investigator'), theirs, { action: end })
    if (end === 'joint-ended') await done(world, lead, id, { action: end, subject: 'police' })
    if (end === 'invitation-withdrawn') await done(world, lead, id, { action: end })
    expect((await statusOf(sent)).police).toMatchObject({ state: 'left', contradicted: false })
    expect(await written(sent)).toBe('accepted')
  },
)

test('a chosen agency that opened the report before its reporter wished it back goes on holding it, asked or not', async () => {
  const { sent, id } = await assessed(world, '열어 본 뒤의 바람', ['sme-office', 'police'])
  const police = await deviceIn(world, 'police')
  await acknowledge(police, await openById(police, await caseOf(police, sent)), now(world))
  expect(await withdrawReport(sent.reporter)).toBe('wish-recorded')
  await offer(world, { agency: 'sme-office', id }, 'agency-invited', 'police')
  expect((await standingsOf(sent)).police).toEqual(['holder', 'invited sme-office'])
})

test('an agency that the new lead sends away and invites again is only invited', async () => {
  const { sent, id } = await assessed(world, '새 주관 기관이 다시 부르는 기관', ['sme-office'])
  await offer(world, { agency: 'sme-office', id }, 'agency-invited', 'nis')
  const nis = await deviceIn(world, 'nis')
  const joint = await caseOf(nis, sent)
  await done(world, nis, joint, { action: 'invitation-accepted' })
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  await done(world, police, theirs, { action: 'hand-over-accepted' })
  await done(world, police, theirs, { action: 'taken-over' })
  await acknowledge(police, await openById(police, theirs), now(world))
  const lead = await deviceIn(world, 'police', 'investigator')
  await done(world, lead, theirs, { action: 'joint-ended', subject: 'nis' })
  expect((await standingsOf(sent)).nis).toEqual(['joint-ended police'])
  await offer(world, { agency: 'police', id: theirs }, 'agency-invited', 'nis')
  expect((await standingsOf(sent)).nis).toEqual(['invited police'])
  await done(world, nis, joint, { action: 'invitation-accepted' })
  expect((await standingsOf(sent)).nis).toEqual(['joined police'])
  await done(world, lead, theirs, { action: 'joint-ended', subject: 'nis' })
  expect((await standingsOf(sent)).nis).toEqual(['joint-ended police'])
})
