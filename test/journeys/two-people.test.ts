// A decision for two people: what the reporter can get out of the service before the second one confirms it, and after.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { act, call, readStatus, sendFollowUp, toldBy } from '../../src/client/index.ts'
import { getReport } from '../../src/contract/report.ts'
import { parseEvent } from '../../src/protocol/event.ts'
import { openParticulars, toldKey } from '../../src/protocol/particulars.ts'
import { reportIdOf } from '../../src/protocol/reporter-keys.ts'
import { rowsOf } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'
import { assessed, done, now } from './colleagues.ts'
import { deviceIn, openById, refusalOf, type SentReport } from './people.ts'

const reportOf = ({ reporter }: SentReport) => reportIdOf(reporter.keys.status.publicKey)

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const SAID = { code: 'private-dispute', text: '민사로 다툴 일입니다.' }

async function proposed(text: string) {
  const found = await assessed(world, text, ['sme-office'])
  await done(world, found.device, found.id, { action: 'out-of-scope', ...SAID })
  return { ...found, second: await deviceIn(world, 'sme-office', 'investigator') }
}

/** As it comes, whatever our client makes of it. */
async function rawState({ reporter }: SentReport) {
  const { reply } = await call(reporter.service, getReport, { signer: reporter.status })
  return reply.agencies[0]
}

async function toldTo({ reporter }: SentReport) {
  const status = await readStatus(reporter)
  const [agency] = status.agencies
  if (!agency) throw new Error('an agency')
  return toldBy(reporter.trust, status, agency).events.filter(({ action }) => action !== 'acknowledged')
}

test('nothing of it reaches the reporter before it is confirmed, and all of it then', async () => {
  const { sent, id, second } = await proposed('두 사람이 정할 일')
  const waiting = await rawState(sent)
  expect(JSON.stringify(waiting)).not.toContain(
    Buffer.from('out-of-scope').toString('base64url').slice(1, -2),
  )
  expect(waiting?.events).toHaveLength(2)
  expect((await readStatus(sent.reporter)).agencies[0]).toMatchObject({ chain: 'sound' })
  expect(await toldTo(sent)).toEqual([])
  await done(world, second, id, { action: 'confirmed' })
  expect(await toldTo(sent)).toMatchObject([{ action: 'out-of-scope', ...SAID }])
  const after = await rawState(sent)
  // What was proposed stays with the agency; the confirmation tells it.
  expect(after?.events.map(({ particulars }) => particulars === null)).toEqual([true, true, true, false])
})

test('no key of the reporter opens what lies with the service while it waits', async () => {
  const { sent } = await proposed('서비스도 미리 알릴 수 없는 일')
  const [row] = await rowsOf(
    world,
    `select e.core, e.tag, e.particulars from events e join assignments using (case_id)
     where report_id = $1 and e.index = 2`,
    [reportOf(sent)],
  )
  const content = parseEvent({ core: row?.core as Uint8Array, tag: row?.tag as Uint8Array })
  expect(content.kind).toBe('out-of-scope')
  const key = toldKey(sent.reporter.keys.acknowledgementKey)
  expect(() => openParticulars(key, content, row?.particulars as Uint8Array)).toThrow('open-failed')
})

test('the reporter can write while it waits, and the agency opens it', async () => {
  const { sent, device, id } = await proposed('기다리는 동안의 글')
  await sendFollowUp(sent.reporter, '덧붙일 말이 있습니다.')
  expect((await openById(device, id)).followUps.map(({ text }) => text)).toEqual(['덧붙일 말이 있습니다.'])
})

test('one that is dropped tells its reason to nobody outside, and the chain goes on', async () => {
  const { sent, device, id, second } = await proposed('거둔 결정')
  await done(world, second, id, { action: 'declined' })
  expect(await toldTo(sent)).toEqual([])
  const { agencies } = await readStatus(sent.reporter)
  expect(agencies[0]).toMatchObject({ chain: 'sound' })
  expect(agencies[0]?.events.flatMap(({ particulars }) => particulars ?? [])).toEqual([])
  await done(world, device, id, { action: 'feedback-given', text: '더 살펴보겠습니다.' })
  expect(await toldTo(sent)).toMatchObject([{ action: 'feedback-given' }])
})

test('whoever confirms tells what was proposed, and nothing else', async () => {
  const { id, second } = await proposed('다른 말을 보탤 수 없는 동의')
  const opened = await openById(second, id)
  const adding = act(second, opened, { action: 'confirmed', text: '다른 말' }, now(world))
  expect(await refusalOf(adding)).toBe('InvalidInput')
  const after = await act(second, opened, { action: 'confirmed' }, now(world))
  expect(after?.chain.events.at(-1)?.particulars).toEqual(SAID)
})
