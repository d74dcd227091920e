// Who has a case: the service's word to the reporter's program against what the agencies signed.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { acknowledge, sendFollowUp } from '../../src/client/index.ts'
import { reportIdOf } from '../../src/protocol/reporter-keys.ts'
import { rowsOf } from '../support/stored.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'
import { assessed, done, now, offer, statusOf } from './colleagues.ts'
import { caseOf, deviceIn, openById, refusalOf, type SentReport } from './people.ts'

const reportOf = ({ reporter }: SentReport) => reportIdOf(reporter.keys.status.publicKey)

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

let sent: SentReport
let id: string
beforeEach(async () => {
  const found = await assessed(world, '누가 맡고 있는가', ['sme-office'])
  sent = found.sent
  id = found.id
})

/** The service lies, or somebody with its database. */
const claim = (agency: AgencyId, standing: 'holder' | 'left') =>
  rowsOf(world, 'update assignments set standing = $1 where report_id = $2 and agency_id = $3', [
    standing,
    reportOf(sent),
    agency,
  ])

async function takenOver(by: AgencyId, from: AgencyId, at: string): Promise<string> {
  await offer(world, { agency: from, id: at }, 'hand-over-proposed', by)
  const device = await deviceIn(world, by)
  const theirs = await caseOf(device, sent)
  await done(world, device, theirs, { action: 'hand-over-accepted' })
  await done(world, device, theirs, { action: 'taken-over' })
  await acknowledge(device, await openById(device, theirs), now(world))
  return theirs
}

const written = () => refusalOf(sendFollowUp(sent.reporter, '이어지는 이야기'))
const contradicted = async () =>
  Object.values(await statusOf(sent)).flatMap(agency => (agency.contradicted ? [agency.id] : []))

test('a former holder that the service keeps gets no follow-up', async () => {
  await takenOver('police', 'sme-office', id)
  expect(await contradicted()).toEqual([])
  await claim('sme-office', 'holder')
  expect(await contradicted()).toEqual(['sme-office'])
  expect(await written()).toBe('agencies')
  await claim('sme-office', 'left')
  expect(await written()).toBe('accepted')
})

test('a holder that the service hides without a take-over stops the follow-up, too', async () => {
  await offer(world, { agency: 'sme-office', id }, 'agency-invited', 'police')
  await claim('sme-office', 'left')
  expect(await contradicted()).toEqual(['sme-office'])
  expect(await written()).toBe('agencies')
})

test('a new holder that the service hides stops the follow-up, too: it was asked once, and took over', async () => {
  await takenOver('police', 'sme-office', id)
  await claim('police', 'left')
  expect(await contradicted()).toEqual(['police'])
  await claim('sme-office', 'holder')
  expect(await written()).toBe('agencies')
})

test.each(['invitation-refused', 'joint-left', 'joint-ended', 'invitation-withdrawn'] as const)(
  'an agency that is kept after %s gets no follow-up',
  async end => {
    await offer(world, { agency: 'sme-office', id }, 'agency-invited', 'police')
    const police = await deviceIn(world, 'police')
    const theirs = await caseOf(police, sent)
    const lead = await deviceIn(world, 'sme-office', 'investigator')
    if (end.startsWith('joint')) await done(world, police, theirs, { action: 'invitation-accepted' })
    if (end === 'joint-left') {
      await acknowledge(police, await openById(police, theirs), now(world))
      await done(world, await deviceIn(world, 'police', 'investigator'), theirs, { action: end })
    }
    if (end === 'invitation-refused') await done(world, police, theirs, { action: end, code: 'no-capacity' })
    if (end === 'joint-ended') await done(world, lead, id, { action: end, subject: 'police' })
    if (end === 'invitation-withdrawn') await done(world, lead, id, { action: end })
    expect(await contradicted()).toEqual([])
    await claim('police', 'holder')
    expect(await contradicted()).toEqual(['police'])
    expect(await written()).toBe('agencies')
  },
)

test('a case that comes back and goes again is followed', async () => {
  const theirs = await takenOver('police', 'sme-office', id)
  await takenOver('sme-office', 'police', theirs)
  expect(await contradicted()).toEqual([])
  expect(await written()).toBe('accepted')
  await claim('police', 'holder')
  expect(await contradicted()).toEqual(['police'])
  await claim('police', 'left')
  const sme = await deviceIn(world, 'sme-office')
  await acknowledge(sme, await openById(sme, id), now(world))
  await takenOver('police', 'sme-office', id)
  expect(await contradicted()).toEqual([])
  await claim('sme-office', 'holder')
  expect(await contradicted()).toEqual(['sme-office'])
})
