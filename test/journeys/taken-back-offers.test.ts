// Offers that come and go: what is left of them in the case of the agency that was asked.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Device, offersTo, partnersOf } from '../../src/client/index.ts'
import { createWorld, type World } from '../support/world.ts'
import { assessed, done, offer } from './colleagues.ts'
import { caseOf, deviceIn, openById } from './people.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const askedOf = async (device: Device, id: string) =>
  offersTo(device, await openById(device, id)).map(({ event }) => event.verdict)

/** Both hold the report; the one asks the other. */
async function twoHolders(text: string) {
  const { sent, device: sme, id } = await assessed(world, text, ['sme-office', 'police'])
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  const ask = (action: 'hand-over-proposed' | 'agency-invited') =>
    offer(world, { agency: 'sme-office', id }, action, 'police')
  const takeBack = async (action: 'hand-over-withdrawn' | 'invitation-withdrawn') =>
    done(world, await deviceIn(world, 'sme-office', 'investigator'), id, { action })
  return { sme, id, police, theirs, ask, takeBack }
}

test('an agency that has the case by itself keeps nothing of an offer that was taken back', async () => {
  const { police, theirs, ask, takeBack } = await twoHolders('거둬들인 제안')
  const before = await openById(police, theirs)
  for (let turn = 0; turn < 3; turn++) {
    await ask('agency-invited')
    expect(await askedOf(police, theirs)).toEqual(['agency-invited'])
    await takeBack('invitation-withdrawn')
  }
  await ask('hand-over-proposed')
  await done(world, police, theirs, { action: 'hand-over-accepted' })
  await takeBack('hand-over-withdrawn')
  const after = await openById(police, theirs)
  expect(after.file.offers).toEqual([])
  expect(after.file.standing).toEqual(before.file.standing)
})

test('another offer that stands is not touched', async () => {
  const { police, theirs, ask, takeBack } = await twoHolders('남는 제안')
  await ask('agency-invited')
  await done(world, police, theirs, { action: 'invitation-accepted' })
  await ask('hand-over-proposed')
  await takeBack('hand-over-withdrawn')
  expect(await askedOf(police, theirs)).toEqual(['agency-invited'])
})

test('of offers that were answered, and of answers, the last few stay', { timeout: 120_000 }, async () => {
  const { sme, id, police, theirs, ask } = await twoHolders('거듭 거절한 제안')
  const times = 10
  for (let turn = 0; turn < times; turn++) {
    await ask('agency-invited')
    await done(world, police, theirs, { action: 'invitation-refused', code: 'no-capacity' })
  }
  const answers = async () => partnersOf(sme, await openById(sme, id)).flatMap(partner => partner.answers)
  const [asked, answered] = [await askedOf(police, theirs), await answers()]
  expect([asked.length, answered.length]).toEqual([8, 8])
  // The latest.
  const { chain } = await openById(police, theirs)
  expect(answered.at(-1)?.head).toBe(chain.events.at(-1)?.head)

  await ask('agency-invited')
  await done(world, police, theirs, { action: 'invitation-accepted' })
  expect(await askedOf(police, theirs)).toHaveLength(9)
})
