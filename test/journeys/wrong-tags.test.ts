// A holder signs and does not tag as it should. The service cannot check tags and acts on what is signed: nobody is locked out.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Act,
  acknowledge,
  act,
  type Device,
  type OpenedCase,
  readReplies,
  readStatus,
  sendFollowUp,
  sendReply,
} from '../../src/client/index.ts'
import { recordEvent } from '../../src/client/recording.ts'
import { toldBy } from '../../src/client/told.ts'
import { randomBytes } from '../../src/protocol/crypto.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { toldKey } from '../../src/protocol/particulars.ts'
import type { AcknowledgementKey } from '../../src/protocol/reporter-keys.ts'
import { plain } from '../support/plain.ts'
import { createWorld, type World } from '../support/world.ts'
import { assessed, done, now, standingsOf, statusOf } from './colleagues.ts'
import { caseOf, deviceIn, openById, refusalOf, type SentReport, trustIn } from './people.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

/** As a device that opened the report, with a tag of 32 bytes of its own. */
async function badly(device: Device, id: string, wanted: Act) {
  const opened = await openById(device, id)
  const acknowledgementKey = randomBytes(32) as AcknowledgementKey
  const replyKeys = { ...opened.report.replyKeys, acknowledgementKey }
  const wrong: OpenedCase = { ...opened, report: { ...opened.report, replyKeys } }
  return act(device, wrong, wanted, now(world))
}

const written = ({ reporter }: SentReport) => refusalOf(sendFollowUp(reporter, '이어지는 이야기'))
const contradicted = async (sent: SentReport) =>
  Object.values(await statusOf(sent)).flatMap(agency => (agency.contradicted ? [agency.id] : []))

const invite = { action: 'agency-invited', subject: 'nis', code: 'power-needed' } as const
const handOver = { action: 'hand-over-proposed', subject: 'police', code: 'power-needed' } as const

test('an agency that was invited with a wrong tag is there, and the reporter writes and reads', async () => {
  const { sent, device, id } = await assessed(world, '꼬리표가 틀린 초대', ['sme-office'])
  await badly(await deviceIn(world, 'sme-office', 'investigator'), id, invite)
  const { 'sme-office': lead, nis } = await statusOf(sent)
  expect(lead).toMatchObject({ answer: 'forged', contradicted: false, offeredBy: null })
  expect(lead?.events.at(-1)).toMatchObject({ verdict: 'forged', particulars: null })
  expect(nis).toMatchObject({ state: 'assigned', offeredBy: 'sme-office', contradicted: false })
  expect((await standingsOf(sent)).nis).toEqual(['invited sme-office'])
  expect(await written(sent)).toBe('accepted')
  await sendReply(device, await openById(device, id), { text: '읽었습니다.', number: 1 }, now(world))
  const { replies } = await readReplies(sent.reporter, await readStatus(sent.reporter))
  expect(replies).toMatchObject([{ text: '읽었습니다.', verdict: 'genuine' }])
})

test('the plain client goes by the signature of an offer, too, and calls the event forged', async () => {
  const { sent, id } = await assessed(world, '맨손으로 본 초대', ['sme-office'])
  await badly(await deviceIn(world, 'sme-office', 'investigator'), id, invite)
  const service = await plain.connect(world.reporterUrl, toBase64url(world.deploymentId))
  const { agencies } = await plain.status(service, plain.parseCode(sent.code))
  expect(agencies).toMatchObject([
    { agency: 'nis', state: 'assigned' },
    {
      agency: 'sme-office',
      events: [
        { kind: 'acknowledged' },
        { kind: 'assessment-started' },
        { kind: 'forged', signed: 'agency-invited', subject: 'nis' },
      ],
    },
  ])
})

test('a case that changed hands by a wrong tag is where the service says', async () => {
  const { sent, id } = await assessed(world, '꼬리표가 틀린 이송', ['sme-office'])
  await badly(await deviceIn(world, 'sme-office', 'investigator'), id, handOver)
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  await done(world, police, theirs, { action: 'hand-over-accepted' })
  await badly(police, theirs, { action: 'taken-over' })
  expect(await contradicted(sent)).toEqual([])
  expect(await standingsOf(sent)).toEqual({
    'sme-office': ['handed-over police'],
    police: ['holder sme-office'],
  })
  expect(await written(sent)).toBe('accepted')
})

test('a chosen agency that refuses what it was asked with a wrong tag stays one that has the case', async () => {
  const { sent, id } = await assessed(world, '두 기관 중 하나', ['sme-office', 'police'])
  const investigator = await deviceIn(world, 'sme-office', 'investigator')
  await badly(investigator, id, { ...invite, subject: 'police' })
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  await acknowledge(police, await openById(police, theirs), now(world))
  await done(world, police, theirs, { action: 'invitation-refused', code: 'no-capacity' })
  expect((await statusOf(sent)).police).toMatchObject({ state: 'assigned', contradicted: false })
  expect(await written(sent)).toBe('accepted')
})

test('a decision that was proposed with a wrong tag and confirmed is not told, and the rest is', async () => {
  const { sent, device, id } = await assessed(world, '꼬리표가 틀린 결정', ['sme-office'])
  await badly(device, id, { action: 'out-of-scope', code: 'private-dispute' })
  const supervisor = await deviceIn(world, 'sme-office', 'supervisor')
  const opened = await openById(supervisor, id)
  const key = opened.report.replyKeys.acknowledgementKey
  const said = { key: toldKey(key), particulars: { code: 'private-dispute' } }
  await recordEvent(supervisor, opened, { kind: 'confirmed', key, wraps: [], said }, now(world))
  const status = await readStatus(sent.reporter)
  const [agency] = status.agencies
  expect(agency?.events.map(({ verdict }) => verdict)).toEqual([
    'acknowledged',
    'assessment-started',
    'forged',
    'confirmed',
  ])
  const told = agency && toldBy(await trustIn(world), status, agency)
  expect(told?.state.decision).toBeNull()
  expect(told?.events.map(({ action }) => action)).toEqual(['acknowledged'])
})
