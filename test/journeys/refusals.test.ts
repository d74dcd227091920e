// Agencies that are asked are told why, and who is refused is told why: each by what the other signed, and nobody else.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, type Device, offersTo, openCase, partnersOf, readCase } from '../../src/client/index.ts'
import { getReport } from '../../src/contract/report.ts'
import { fromBase64url } from '../../src/protocol/encoding.ts'
import { parseEvent } from '../../src/protocol/event.ts'
import { openParticulars, toldKey } from '../../src/protocol/particulars.ts'
import { reportIdOf } from '../../src/protocol/reporter-keys.ts'
import { caseOf as caseIn, rowsOf, settled } from '../support/stored.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'
import { assessed, cursorOf, done, offer, statusOf, takeUp } from './colleagues.ts'
import { caseOf, deviceIn, openById, refusalOf, type SentReport } from './people.ts'

const reportOf = ({ reporter }: SentReport) => reportIdOf(reporter.keys.status.publicKey)

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const REASON = { code: 'already-handled', text: '같은 사건을 이미 수사하고 있습니다.' }

async function refused(sent: SentReport, agency: AgencyId): Promise<Device> {
  const device = await deviceIn(world, agency)
  await done(world, device, await caseOf(device, sent), { action: 'hand-over-refused', ...REASON })
  return device
}

const partnersAt = async (device: Device, id: string) => partnersOf(device, await openById(device, id))

test('a refusal reaches whoever asked, proven and with its reason, and another agency can be asked', async () => {
  const { sent, device: sme, id } = await assessed(world, '거절당한 이송', ['sme-office'])
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  await refused(sent, 'police')
  const [partner, ...others] = await partnersAt(sme, id)
  expect(others).toEqual([])
  expect(partner).toMatchObject({
    agencyId: 'police',
    standing: [],
    answers: [{ verdict: 'hand-over-refused', role: 'intake', particulars: REASON }],
  })
  // Colleagues who opened the case read it too.
  const supervisor = await deviceIn(world, 'sme-office', 'investigator')
  expect((await partnersAt(supervisor, id))[0]?.answers[0]?.particulars).toEqual(REASON)

  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'nis')
  const nis = await deviceIn(world, 'nis')
  const theirs = await caseOf(nis, sent)
  expect((await openById(nis, theirs)).file.standing).toEqual(['proposed'])
  // Who is asked next does not learn that somebody said no before.
  expect((await partnersAt(nis, theirs)).map(({ agencyId }) => agencyId)).toEqual(['sme-office'])
  expect((await partnersAt(sme, id)).map(({ agencyId, standing }) => [agencyId, standing])).toEqual([
    ['nis', ['proposed']],
    ['police', []],
  ])
})

test('the reporter sees that an agency refused, and cannot read why', async () => {
  const { sent, id } = await assessed(world, '까닭은 기관 사이에', ['sme-office'])
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  await refused(sent, 'police')
  const { reporter } = sent
  expect((await statusOf(sent)).police).toMatchObject({
    state: 'left',
    events: [{ verdict: 'hand-over-refused', particulars: null }],
  })
  const { reply } = await call(reporter.service, getReport, { signer: reporter.status })
  const police = reply.agencies.find(({ agency }) => agency === 'police')
  expect(police?.events.map(({ particulars }) => particulars)).toEqual([null])
  // Nor with what the service keeps.
  const [row] = await rowsOf(
    world,
    `select e.core, e.particulars from events e join assignments using (case_id)
     where report_id = $1 and agency_id = 'police'`,
    [reportOf(sent)],
  )
  const content = parseEvent({ core: row?.core as Uint8Array, tag: new Uint8Array(32) })
  const key = toldKey(reporter.keys.acknowledgementKey)
  expect(() => openParticulars(key, content, row?.particulars as Uint8Array)).toThrow('open-failed')
})

test('other agencies of the report notice neither an offer nor its refusal', async () => {
  const { sent, id } = await assessed(world, '셋째는 모르는 일', ['sme-office', 'nis'])
  const { device: nis, id: nisId } = await takeUp(world, sent, 'nis')
  const cursor = await cursorOf(nis)
  const before = (await readCase(nis, nisId)).file
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  await refused(sent, 'police')
  await settled(world)
  expect((await readCase(nis, nisId)).file).toEqual(before)
  expect(await cursorOf(nis)).toBe(cursor)
})

test('a refusal that its agency did not sign is shown as forged', async () => {
  const { sent, device: sme, id } = await assessed(world, '위조된 거절', ['sme-office'])
  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  await refused(sent, 'police')
  const theirs = await caseIn(world, reportOf(sent), 'police')
  await rowsOf(world, 'update events set signature = $1 where case_id = $2', [
    new Uint8Array(64),
    fromBase64url(theirs),
  ])
  expect((await partnersAt(sme, id))[0]?.answers).toMatchObject([{ verdict: 'forged', particulars: null }])
})

test('an agency that is asked reads why, signed by the one that asks, and its colleagues do', async () => {
  const { sent, id } = await assessed(world, '사유를 아는 기관', ['sme-office'])
  const investigator = await deviceIn(world, 'sme-office', 'investigator')
  const why = { code: 'power-needed', text: '압수수색이 필요합니다.' }
  await done(world, investigator, id, { action: 'agency-invited', subject: 'police', ...why })
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  const asked = offersTo(police, await openById(police, theirs))
  expect(asked).toMatchObject([
    { agencyId: 'sme-office', event: { verdict: 'agency-invited', role: 'investigator', particulars: why } },
  ])
  // Without the keys, who asks is proven all the same, and why stays sealed.
  const sealed = offersTo(police, await readCase(police, theirs))
  expect(sealed).toMatchObject([{ agencyId: 'sme-office', event: { verdict: 'agency-invited' } }])
  expect(sealed[0]?.event.particulars).toBeNull()

  // It still knows after it has said yes; one that says no keeps nothing.
  await done(world, police, theirs, { action: 'invitation-accepted' })
  expect(offersTo(police, await openById(police, theirs))).toHaveLength(1)
  const lead = await deviceIn(world, 'police', 'investigator')
  expect(await refusalOf(openById(lead, theirs))).toBe('no-key')
})

test('an offer of another agency, or for another, does not pass for one', async () => {
  const { sent, id } = await assessed(world, '남에게 온 제안', ['sme-office'])
  await offer(world, { agency: 'sme-office', id }, 'agency-invited', 'police')
  const police = await deviceIn(world, 'police')
  const read = await readCase(police, await caseOf(police, sent))
  const opened = await openCase(police, read)
  const [real] = read.file.offers
  if (!real) throw new Error('an offer')
  const posing = { ...opened, file: { ...opened.file, offers: [{ ...real, agency: 'nis' }] } }
  expect(offersTo(police, posing)).toMatchObject([{ agencyId: 'nis', event: { verdict: 'forged' } }])
  const nis = await deviceIn(world, 'nis')
  const misled = { ...opened, file: { ...opened.file, offers: [real] } }
  expect(offersTo(nis, misled)).toMatchObject([{ event: { verdict: 'forged', particulars: null } }])
})

test('of two that ask, the second one’s reason comes when it is that one’s turn', async () => {
  const { sent, id } = await assessed(world, '차례를 기다리는 사유', ['sme-office', 'nis'])
  const { id: nisId } = await takeUp(world, sent, 'nis')
  await offer(world, { agency: 'sme-office', id }, 'agency-invited', 'police')
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  await offer(world, { agency: 'nis', id: nisId }, 'agency-invited', 'police')
  const askers = async () =>
    offersTo(police, await openById(police, theirs)).map(({ agencyId, event }) => [agencyId, event.verdict])
  expect(await askers()).toEqual([['sme-office', 'agency-invited']])
  await done(world, police, theirs, { action: 'invitation-refused', ...REASON })
  expect(await askers()).toContainEqual(['nis', 'agency-invited'])
})
