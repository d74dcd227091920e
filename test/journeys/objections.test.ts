// What a reporter sees of agencies between which a case moves, and how objecting reaches the one that it is about.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  InvalidInput,
  objectableIn,
  objectionsIn,
  readStatus,
  sendFollowUp,
  whereMoved,
} from '../../src/client/index.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'
import { assessed, done, now, object, offer, standingsOf } from './colleagues.ts'
import { caseOf, deviceIn, openById, type SentReport } from './people.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

async function objectable({ reporter }: SentReport): Promise<Record<string, readonly string[]>> {
  const status = await readStatus(reporter)
  const shown = status.agencies.map(agency => {
    const events = objectableIn(reporter.trust, status, agency)
    return [agency.id, events.map(({ action, subject }) => `${action} ${subject}`.trim())] as const
  })
  return Object.fromEntries(shown.filter(([, events]) => events.length > 0))
}

/** Of the newest follow-up, as a device of the agency sees it. */
async function objectionAt(agency: AgencyId, id: string, role: 'intake' | 'investigator' = 'intake') {
  const device = await deviceIn(world, agency, role)
  const objection = objectionsIn(device, await openById(device, id)).at(-1)
  return objection && { kind: objection.event?.verdict ?? null, answers: objection.answers }
}

test('a hand-over step by step, and the objection to it, which a third agency cannot place', async () => {
  const { sent, device, id } = await assessed(world, '넘어갈 신고', ['sme-office', 'nis'])
  expect(await standingsOf(sent)).toEqual({ 'sme-office': ['holder'], nis: ['holder'] })
  expect(await objectable(sent)).toEqual({})
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  expect(await standingsOf(sent)).toMatchObject({
    'sme-office': ['holder'],
    police: ['proposed sme-office'],
  })
  expect(await objectable(sent)).toEqual({ 'sme-office': ['hand-over-proposed police'] })

  await object(sent, 'sme-office', '경찰에는 넘기지 마세요.')
  await acknowledge(device, await openById(device, id), now(world))
  expect(await objectionAt('sme-office', id, 'investigator')).toEqual({
    kind: 'hand-over-proposed',
    answers: ['hand-over-withdrawn'],
  })
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  const nis = await deviceIn(world, 'nis')
  // Who was asked was shown the offer; the third reads the text, and does not learn from the mark whose act it is about.
  expect(await objectionAt('police', theirs)).toEqual({ kind: 'hand-over-proposed', answers: [] })
  expect(await objectionAt('nis', await caseOf(nis, sent))).toEqual({ kind: null, answers: [] })

  await done(world, police, theirs, { action: 'hand-over-accepted' })
  expect((await standingsOf(sent)).police).toEqual(['taking-over sme-office'])
  await done(world, police, theirs, { action: 'taken-over' })
  expect(await standingsOf(sent)).toEqual({
    'sme-office': ['handed-over police'],
    nis: ['holder'],
    police: ['holder sme-office'],
  })
  const status = await readStatus(sent.reporter)
  expect(whereMoved(status)).toEqual({ now: ['police'], before: ['sme-office'] })
  // What the old holder did cannot be objected to any more: it would not read it.
  expect(await objectable(sent)).toEqual({ police: ['taken-over'] })
  await object(sent, 'police', '돌려보내 주세요.')
  expect(await objectionAt('police', theirs)).toEqual({ kind: 'taken-over', answers: [] })
})

test('what was refused, taken back, joined, ended and left', async () => {
  const { sent, id } = await assessed(world, '여럿에게 물을 신고', ['sme-office'])
  const from = { agency: 'sme-office', id } as const
  const investigator = await deviceIn(world, 'sme-office', 'investigator')
  const police = await deviceIn(world, 'police')
  await offer(world, from, 'hand-over-proposed', 'police')
  const theirs = await caseOf(police, sent)
  await done(world, police, theirs, { action: 'hand-over-refused', code: 'no-power' })
  expect((await standingsOf(sent)).police).toEqual(['refused sme-office'])
  expect(await objectable(sent)).toEqual({})
  // Asked again, on the same day.
  await offer(world, from, 'hand-over-proposed', 'police')
  expect((await standingsOf(sent)).police).toEqual(['proposed sme-office'])
  await done(world, investigator, id, { action: 'hand-over-withdrawn' })
  expect((await standingsOf(sent)).police).toEqual(['offer-withdrawn sme-office'])

  await offer(world, from, 'agency-invited', 'nis')
  expect((await standingsOf(sent)).nis).toEqual(['invited sme-office'])
  const nis = await deviceIn(world, 'nis')
  const joint = await caseOf(nis, sent)
  await done(world, nis, joint, { action: 'invitation-accepted' })
  expect((await standingsOf(sent)).nis).toEqual(['joined sme-office'])
  await object(sent, 'sme-office', '국정원은 빼 주세요.')
  const intake = await deviceIn(world, 'sme-office')
  await acknowledge(intake, await openById(intake, id), now(world))
  expect(await objectionAt('sme-office', id, 'investigator')).toEqual({
    kind: 'agency-invited',
    answers: ['joint-ended'],
  })
  await done(world, investigator, id, { action: 'joint-ended', subject: 'nis' })
  expect((await standingsOf(sent)).nis).toEqual(['joint-ended sme-office'])
  expect(await objectionAt('sme-office', id, 'investigator')).toEqual({ kind: 'agency-invited', answers: [] })

  await offer(world, from, 'agency-invited', 'nis')
  await done(world, nis, joint, { action: 'invitation-accepted' })
  await acknowledge(nis, await openById(nis, joint), now(world))
  const theirInvestigator = await deviceIn(world, 'nis', 'investigator')
  // Joined again: whoever the first invitation brought in was sent away, and this one stands.
  expect((await standingsOf(sent)).nis).toEqual(['joined sme-office'])
  await offer(world, from, 'hand-over-proposed', 'police')
  await done(world, police, theirs, { action: 'hand-over-accepted' })
  await done(world, police, theirs, { action: 'taken-over' })
  // Who worked with the old holder works with the new one.
  expect(await standingsOf(sent)).toEqual({
    'sme-office': ['handed-over police'],
    police: ['holder sme-office'],
    nis: ['joined police'],
  })
  await done(world, theirInvestigator, joint, { action: 'joint-left' })
  expect((await standingsOf(sent)).nis).toEqual(['joint-left sme-office'])
})

test('an objection to a decision is taken from the follow-up that makes it, once', async () => {
  const { sent, device, id } = await assessed(world, '결정에 대한 이의', ['sme-office'])
  await done(world, device, id, { action: 'out-of-scope', code: 'private-dispute' })
  expect(await objectable(sent)).toEqual({})
  const investigator = await deviceIn(world, 'sme-office', 'investigator')
  await done(world, investigator, id, { action: 'confirmed' })
  expect(await objectable(sent)).toEqual({ 'sme-office': ['out-of-scope'] })
  await object(sent, 'sme-office', '다툼이 아니라 유출입니다.')
  expect(await objectionAt('sme-office', id)).toEqual({ kind: 'out-of-scope', answers: ['objected'] })
  await done(world, device, id, { action: 'objected', subject: '1' })
  expect(await objectionAt('sme-office', id)).toEqual({ kind: 'out-of-scope', answers: [] })
  expect(await objectable(sent)).toEqual({})
})

test('nothing is objected to that no agency of the report did; an ordinary follow-up is no objection', async () => {
  const { sent, device, id } = await assessed(world, '이의가 아닌 글', ['sme-office'])
  const objectsTo = Buffer.alloc(32, 7).toString('base64url')
  await expect(sendFollowUp(sent.reporter, '없는 일', { objectsTo })).rejects.toThrow(InvalidInput)
  await sendFollowUp(sent.reporter, '덧붙입니다.')
  expect(objectionsIn(device, await openById(device, id))).toEqual([null])
})
