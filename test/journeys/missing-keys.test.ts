// A follow-up that one device cannot open: it does not offer the case without it, and another device adds its key.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  type Device,
  KeysMissing,
  missingHere,
  readCase,
  sendFollowUp,
} from '../../src/client/index.ts'
import { toHex } from '../../src/protocol/encoding.ts'
import { createWorld, type World } from '../support/world.ts'
import { assessed, done, handOnWithoutFirst, now, offer } from './colleagues.ts'
import { caseOf, deviceIn, openById } from './people.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const idOf = ({ certified }: Device) => toHex(certified.deviceId)

test('which keys are missing is told, and whoever has them adds those and no others', async () => {
  const { sent, device: intake, id } = await assessed(world, '열쇠가 빠진 사건', ['sme-office'])
  await sendFollowUp(sent.reporter, '첫째 이야기')
  await sendFollowUp(sent.reporter, '둘째 이야기')
  await handOnWithoutFirst(world, intake, id)
  const investigator = await deviceIn(world, 'sme-office', 'investigator')
  const partly = await openById(investigator, id)
  expect(partly.followUps.map(({ text }) => text)).toEqual([null, '둘째 이야기'])
  expect(missingHere(partly)).toEqual([{ index: 1, heldBy: [] }])

  const offering = offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  await expect(offering).rejects.toThrow(KeysMissing)
  await expect(offering).rejects.toMatchObject({ missing: [{ index: 1, heldBy: [] }] })

  // The device that opens it is not hindered by what another one could not.
  expect(await acknowledge(intake, await openById(intake, id), now(world))).toBe(true)
  const whole = await openById(investigator, id)
  expect(whole.followUps.map(({ text }) => text)).toEqual(['첫째 이야기', '둘째 이야기'])
  const handed = whole.file.events.flatMap(event => event.deviceKeys)
  const entries = handed.map(({ device, index }) => `${device} ${index}`)
  expect(new Set(entries).size).toBe(entries.length)
  expect(await acknowledge(intake, await openById(intake, id), now(world))).toBe(false)

  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  const police = await deviceIn(world, 'police')
  const theirs = await openById(police, await caseOf(police, sent))
  expect(theirs.followUps.map(({ text }) => text)).toEqual(['첫째 이야기', '둘째 이야기'])
})

test('who was handed a key can hand it on to whoever was not, and is named', async () => {
  const { sent, device: intake, id } = await assessed(world, '동료가 가진 열쇠', ['sme-office'])
  await sendFollowUp(sent.reporter, '하나뿐인 이야기')
  await acknowledge(intake, await openById(intake, id), now(world))
  const [investigator, supervisor] = [
    await deviceIn(world, 'sme-office', 'investigator'),
    await deviceIn(world, 'sme-office', 'supervisor'),
  ]
  // As it would be had the supervisor's entry for the follow-up not been made.
  const read = await readCase(supervisor, id)
  const without = read.file.events.map(event => ({
    ...event,
    deviceKeys: event.deviceKeys.filter(({ index }) => index === 0),
  }))
  const opened = await openById(supervisor, id)
  const [followUp] = opened.followUps
  if (!followUp) throw new Error('a follow-up')
  const closed = { ...followUp, contentKey: null }
  const { heldBy = [] } = missingHere({ file: { events: read.file.events }, followUps: [closed] })[0] ?? {}
  expect([...heldBy].sort()).toEqual([intake, investigator, supervisor].map(idOf).sort())
  expect(missingHere({ file: { events: without }, followUps: [closed] })).toEqual([{ index: 1, heldBy: [] }])
})

test('an agency that joined passes on among its own devices what each of them opens', async () => {
  const { sent, id } = await assessed(world, '참여한 기관의 열쇠', ['sme-office'])
  await offer(world, { agency: 'sme-office', id }, 'agency-invited', 'police')
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  await done(world, police, theirs, { action: 'invitation-accepted' })
  await sendFollowUp(sent.reporter, '첫째')
  await sendFollowUp(sent.reporter, '둘째')
  await handOnWithoutFirst(world, police, theirs)
  const investigator = await deviceIn(world, 'police', 'investigator')
  expect((await openById(investigator, theirs)).followUps.map(({ text }) => text)).toEqual([null, '둘째'])
  await acknowledge(police, await openById(police, theirs), now(world))
  expect((await openById(investigator, theirs)).followUps.map(({ text }) => text)).toEqual(['첫째', '둘째'])
})
