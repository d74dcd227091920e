// What examples/plain-casework.mjs records and offers, written from docs/protocol.md alone, the SDK takes; and the reverse.
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  act,
  parseReceiptCode,
  pickUp,
  readStatus,
  reporterOf,
  sendFollowUp,
} from '../../src/client/index.ts'
import { chainStart } from '../../src/protocol/event.ts'
import { newMachine } from '../support/machine.ts'
import { plain } from '../support/plain.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'
import { caseOf, deviceIn, openById, reporters, sendReport, trustIn } from './people.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const now = () => ({ now: world.now() })
const deployment = () => Buffer.from(world.deploymentId).toString('base64url')
const asReporter = () => plain.connect(world.reporterUrl, deployment())
const asAgency = () => plain.connect(world.agencyUrl, deployment())
const keyFile = async (agency: AgencyId, role: 'intake' | 'investigator' = 'intake') =>
  JSON.parse(await readFile(world.deviceKeyFile(agency, role), 'utf8'))

const statusOf = async (code: string) => {
  const service = reporters(world)
  const reporter = reporterOf(service, await trustIn(world, service), parseReceiptCode(code))
  return Object.fromEntries((await readStatus(reporter)).agencies.map(agency => [agency.id, agency]))
}

test('a case that the plain client assesses, asks about and hands on arrives whole', async () => {
  const sent = await sendReport(world, '맨손으로 넘기는 신고', ['sme-office'])
  await sendFollowUp(sent.reporter, '덧붙인 말')
  const intake = await deviceIn(world, 'sme-office')
  const id = await caseOf(intake, sent)
  // Hands the keys on to the investigator: the plain client does not.
  await acknowledge(intake, await openById(intake, id), now())

  const [service, desk, investigator] = [
    await asAgency(),
    await keyFile('sme-office'),
    await keyFile('sme-office', 'investigator'),
  ]
  await plain.record(service, desk, await plain.openCase(service, desk, id), 'assessment-started')
  const said = { text: '언제 일입니까?' }
  await plain.record(service, desk, await plain.openCase(service, desk, id), 'information-requested', {
    said,
  })
  expect((await statusOf(sent.code))['sme-office']).toMatchObject({
    chain: 'sound',
    events: [{}, {}, { verdict: 'information-requested', particulars: said }],
  })
  const received = { subject: '1' }
  await plain.record(service, desk, await plain.openCase(service, desk, id), 'information-received', received)
  const opened = await plain.openCase(service, investigator, id)
  await plain.offer(service, investigator, opened, 'hand-over-proposed', 'police', 'power-needed')

  const police = await deviceIn(world, 'police')
  const theirs = await openById(police, await caseOf(police, sent))
  expect(theirs.answers?.what).toBe('맨손으로 넘기는 신고')
  expect(theirs.followUps.map(({ text }) => text)).toEqual(['덧붙인 말'])
  const told = await statusOf(sent.code)
  expect(told['sme-office']?.events.at(-1)?.particulars).toEqual({ code: 'power-needed' })
  expect(told.police).toMatchObject({ offeredBy: 'sme-office', state: 'assigned' })
})

test('a case that the SDK hands on opens in the plain client, which proves who offered it', async () => {
  const sent = await sendReport(world, '넘겨받는 신고', ['sme-office'])
  await sendFollowUp(sent.reporter, '넘기기 전의 말')
  const intake = await deviceIn(world, 'sme-office')
  const id = await caseOf(intake, sent)
  await acknowledge(intake, await openById(intake, id), now())
  await act(intake, await openById(intake, id), { action: 'assessment-started' }, now())
  await act(intake, await openById(intake, id), { action: 'noted', text: '안에서만' }, now())
  const investigator = await deviceIn(world, 'sme-office', 'investigator')
  const wanted = { action: 'hand-over-proposed', subject: 'nis', code: 'power-needed' } as const
  await act(investigator, await openById(investigator, id), wanted, now())

  const theirs = await caseOf(await deviceIn(world, 'nis'), sent)
  const [service, desk] = [await asAgency(), await keyFile('nis')]
  const opened = await plain.openCase(service, desk, theirs)
  expect(opened.contents).toMatchObject([{ what: '넘겨받는 신고' }, { text: '넘기기 전의 말' }])
  await plain.record(service, desk, opened, 'hand-over-accepted')
  await plain.record(service, desk, await plain.openCase(service, desk, theirs), 'taken-over')
  await plain.reply(service, desk, opened, 1, '넘겨받았습니다.')

  const status = await plain.status(await asReporter(), plain.parseCode(sent.code))
  expect(status.agencies).toMatchObject([
    { agency: 'nis', state: 'assigned', events: [{ kind: 'hand-over-accepted' }, { kind: 'taken-over' }] },
    {
      agency: 'sme-office',
      state: 'left',
      events: [
        { kind: 'acknowledged' },
        { kind: 'assessment-started' },
        { kind: 'noted' },
        { kind: 'hand-over-proposed', subject: 'nis', said: { code: 'power-needed' } },
      ],
    },
  ])
  expect(status.agencies[1].events[2]).not.toHaveProperty('said')
  // Without chains, only whom the reporter chose can answer.
  const ask = [await asReporter(), plain.parseCode(sent.code)]
  expect(await plain.mailbox(...ask)).toEqual([{ genuine: false }])
  expect(await plain.allReplies(...ask)).toMatchObject([{ agency: 'nis', text: '넘겨받았습니다.' }])
})

test('what a machine picked up counts for the plain client as opened', async () => {
  const sent = await sendReport(world, '사람보다 먼저', ['ip-police'])
  const { device } = await newMachine(world, 'ip-police')
  const id = await caseOf(await deviceIn(world, 'ip-police'), sent)
  await pickUp(device, { case: id, state: 'new' }, now())
  const status = await plain.status(await asReporter(), plain.parseCode(sent.code))
  expect(status.agencies).toMatchObject([{ agency: 'ip-police', events: [{ kind: 'acknowledged' }] }])
})

test('an agency that the service adds by itself is refused', async () => {
  const sent = await sendReport(world, '끼어든 기관', ['sme-office'])
  await world.database.query(
    {
      name: 'smuggle-agency',
      text: `insert into assignments (case_id, report_id, agency_id, key_id, head, standing, origin, origin_agency)
             select sha256(case_id), report_id, 'police', key_id, $2, 'none', 'proposed', 'sme-office'
             from assignments join reports using (report_id) where digest = $1`,
    },
    [sent.prepared.digest, chainStart(sent.prepared.digest, 'police')],
  )
  await expect(statusOf(sent.code)).rejects.toThrow('agencies')
  const service = await asReporter()
  await expect(plain.status(service, plain.parseCode(sent.code))).rejects.toThrow('bad-signature')
})
