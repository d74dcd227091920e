// Agencies that a report must never get to, written inside it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { InvalidInput, prepareReport } from '../../src/client/index.ts'
import { recommendAgencies } from '../../src/protocol/directory.ts'
import { createWorld, type World } from '../support/world.ts'
import { done, offer, takeUp } from './colleagues.ts'
import { caseOf, deviceIn, openById, refusalOf, reporters, sendReport, trustIn } from './people.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const content = { version: 1, language: 'ko', what: '도면이 나갔습니다.' } as const

test('a report is sealed for nobody that it excludes', async () => {
  const trust = await trustIn(world)
  const both = prepareReport(trust, { content: { ...content, notFor: ['nis'] }, agencies: ['police', 'nis'] })
  await expect(both).rejects.toThrow(InvalidInput)
  await expect(both).rejects.toThrow('nis')
  const answers = { kind: 'K02', field: 'F03' }
  const recommended = recommendAgencies(trust.directory, answers, trust.today)
  const [first = ''] = recommended
  expect(recommended.length).toBeGreaterThan(1)
  const prepared = await prepareReport(trust, { content: { ...content, ...answers, notFor: [first] } })
  expect([...prepared.agencies].sort()).toEqual(recommended.slice(1).sort())
})

test('the holder’s device offers the case to none of them, and to others', async () => {
  const sent = await sendReport(world, '넘기면 안 되는 곳', ['sme-office'], reporters(world), ['nis'])
  const { device, id } = await takeUp(world, sent, 'sme-office')
  expect((await openById(device, id)).answers?.notFor).toEqual(['nis'])
  for (const action of ['hand-over-proposed', 'agency-invited'] as const) {
    expect(await refusalOf(offer(world, { agency: 'sme-office', id }, action, 'nis'))).toBe('InvalidInput')
  }
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  await done(world, police, theirs, { action: 'hand-over-accepted' })
  await done(world, police, theirs, { action: 'taken-over' })
  // The exclusion goes with the case.
  expect((await openById(police, theirs)).answers?.notFor).toEqual(['nis'])
})
