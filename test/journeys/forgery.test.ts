// What a service that lies can try, and what its reporters and agencies see of it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../../src/client/http.ts'
import {
  acknowledge,
  type Device,
  prepareReport,
  readCase,
  readReplies,
  readStatus,
  recordUnopenable,
  reporterOf,
  sendFollowUp,
  sendReply,
  submitReport,
} from '../../src/client/index.ts'
import { postEvent } from '../../src/contract/casework.ts'
import { putReport } from '../../src/contract/report.ts'
import { buildStatement } from '../../src/protocol/authority.ts'
import { deriveSealingPair, randomBytes, sealingSeed } from '../../src/protocol/crypto.ts'
import { dayOf } from '../../src/protocol/day.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { deviceWrapsHash, documentHash, headAfter, signEvent } from '../../src/protocol/event.ts'
import type { AcknowledgementKey } from '../../src/protocol/reporter-keys.ts'
import { WRAPPED_KEY_LENGTH } from '../../src/protocol/wrapped-key.ts'
import { noteSigning, signing } from '../protocol/world.ts'
import { createWorld, type World } from '../support/world.ts'
import { caseOf, deviceIn, openById, refusalOf, reporters, sendReport, trustIn } from './people.ts'

let world: World

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const now = () => ({ now: world.now() })

/** An acknowledgement by somebody who never opened the report. */
async function forge(device: Device, id: string, signer = device.signer.pair) {
  const read = await readCase(device, id)
  const { certificate } = device.certified
  const content = {
    digest: read.digest,
    agencyId: device.agency.id,
    previous: read.head,
    index: read.file.events.length,
    kind: 'acknowledged' as const,
    day: dayOf(world.now()),
    certificateHash: documentHash(certificate),
    wrapsHash: deviceWrapsHash([]),
  }
  return { event: signEvent(content, randomBytes(32) as AcknowledgementKey, signer), certificate }
}

test('an acknowledgement by a device that did not open the report is shown as forged', async () => {
  const sent = await sendReport(world, '열지 않은 신고', ['nis'])
  const { reporter } = sent
  const device = await deviceIn(world, 'nis')
  const id = await caseOf(device, sent)
  const { event, certificate } = await forge(device, id)
  const { core, tag, signature } = event
  const body = {
    core: toBase64url(core),
    tag: toBase64url(tag),
    signature: toBase64url(signature),
    certificate,
    deviceKeys: [],
    particulars: null,
    offer: null,
  }
  await call(device.service, postEvent, { params: { case: id }, body, signer: device.signer })
  const [agency] = (await readStatus(reporter)).agencies
  expect(agency).toMatchObject({ answer: 'forged', chain: 'sound', events: [{ verdict: 'forged' }] })
})

test('an acknowledgement that the service wrote itself is shown as forged', async () => {
  const sent = await sendReport(world, '서비스가 지어낸 확인', ['police'])
  const { reporter } = sent
  const device = await deviceIn(world, 'police')
  const id = await caseOf(device, sent)
  const { event, certificate } = await forge(device, id, signing('the service'))
  const caseId = Buffer.from(id, 'base64url')
  await world.database.query(
    {
      name: 'forge-event',
      text: `insert into events (case_id, index, core, tag, signature, certificate, device_keys)
             values ($1, 0, $2, $3, $4, $5, '')`,
    },
    [caseId, event.core, event.tag, event.signature, certificate],
  )
  await world.database.query(
    {
      name: 'forge-head',
      text: `update assignments set head = $2, event_count = 1, state = 'acknowledged' where case_id = $1`,
    },
    [caseId, headAfter(event)],
  )
  const [agency] = (await readStatus(reporter)).agencies
  expect(agency).toMatchObject({ answer: 'forged', events: [{ verdict: 'forged', deviceId: null }] })
})

test('a dropped acknowledgement leaves a chain that does not reach its head', async () => {
  const sent = await sendReport(world, '숨긴 확인', ['sme-office'])
  const { reporter } = sent
  const device = await deviceIn(world, 'sme-office')
  const id = await caseOf(device, sent)
  await acknowledge(device, await openById(device, id), now())
  await world.database.query({ name: 'drop-event', text: 'delete from events where case_id = $1' }, [
    Buffer.from(id, 'base64url'),
  ])
  expect((await readStatus(reporter)).agencies).toMatchObject([{ chain: 'broken', answer: 'forged' }])
  expect(await refusalOf(sendFollowUp(reporter, '보내지 않습니다.'))).toBe('chain')
})

test('a substituted agency key is refused before anything is sealed', async () => {
  const thief = deriveSealingPair(sealingSeed(randomBytes(32))).publicKey
  const epochs = [{ sealingKey: thief, validFrom: dayOf(world.now()) }]
  const identity = await noteSigning('demo-nis-identity')
  const statement = buildStatement({ agencyId: 'nis', version: 9, epochs }, world.deploymentId, identity)
  const sent: string[] = []
  const substituting: typeof fetch = async (input, init) => {
    sent.push(`${init?.method} ${input}`)
    const response = await fetch(input, init)
    if (!String(input).endsWith('/v1/directory')) return response
    const documents = (await response.json()) as { statements: Record<string, string> }
    return Response.json({ ...documents, statements: { ...documents.statements, nis: statement } })
  }
  const service = reporters(world, substituting)
  expect(await refusalOf(sendReport(world, '도둑에게 갈 뻔', ['nis'], service))).toBe('statement')
  expect(sent).toEqual([`GET ${world.reporterUrl}/v1/directory`])
})

test('another deployment cannot stand in for the pinned one', async () => {
  const other = await createWorld()
  try {
    expect(await refusalOf(trustIn({ ...world, reporterUrl: other.reporterUrl }))).toBe('deployment')
  } finally {
    await other.stop()
  }
})

test('a receipt for something else is refused', async () => {
  const { prepared: first } = await sendReport(world, '하나', ['nis'])
  const trust = await trustIn(world)
  const content = { version: 1, language: 'ko', what: '둘' } as const
  const second = await prepareReport(trust, { content, agencies: ['nis'] })
  const claimed = { ...second, leaf: first.leaf }
  expect(await refusalOf(submitReport(reporters(world), trust, claimed))).toBe('receipt')
})

test('a report that does not open is recorded as that, and its reporter sees it', async () => {
  const trust = await trustIn(world)
  const content = { version: 1, language: 'ko', what: '열리지 않을 신고' } as const
  const prepared = await prepareReport(trust, { content, agencies: ['ip-police'] })
  const reporter = reporterOf(reporters(world), trust, prepared.code)
  const wrappedKeys = prepared.submission.wrappedKeys.map(wrapped => ({
    ...wrapped,
    key: toBase64url(randomBytes(WRAPPED_KEY_LENGTH)),
  }))
  const body = { ...prepared.submission, wrappedKeys }
  await call(reporter.service, putReport, { signer: reporter.status, body })

  const device = await deviceIn(world, 'ip-police')
  const id = await caseOf(device, { prepared })
  expect(await refusalOf(openById(device, id))).toBe('unopenable')
  expect(await recordUnopenable(device, await readCase(device, id), now())).toBe(true)
  expect(await recordUnopenable(device, await readCase(device, id), now())).toBe(false)
  expect((await readStatus(reporter)).agencies).toMatchObject([{ answer: 'unopenable' }])
})

test('a reply by a device that is not the agency’s is shown as forged; junk is named', async () => {
  const sent = await sendReport(world, '위조된 답변', ['nis'])
  const { reporter } = sent
  const device = await deviceIn(world, 'nis')
  const opened = await openById(device, await caseOf(device, sent))
  const { certificate } = (await deviceIn(world, 'nis', 'investigator')).certified
  const borrowed = { ...device, certified: { ...device.certified, certificate } }
  await sendReply(borrowed, opened, { text: '믿지 마십시오.', number: 1 }, now())
  await sendReply(
    device,
    { ...opened, digest: randomBytes(32) },
    { text: '다른 신고의 답', number: 1 },
    now(),
  )
  const police = await deviceIn(world, 'police')
  await sendReply(police, opened, { text: '담당이 아닌 기관', number: 1 }, now())
  const view = await readReplies(reporter, await readStatus(reporter))
  expect(view.replies.map(({ verdict }) => verdict)).toEqual(['forged', 'forged'])
  expect(view.unreadable).toHaveLength(1)
  expect(view.missing).toEqual([])
})
