// A holder that offers keys which open nothing: whoever was asked can still say no, and is free for the next who asks.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Device, readCase, refuseUnopened } from '../../src/client/index.ts'
import { recordEvent } from '../../src/client/recording.ts'
import { randomBytes } from '../../src/protocol/crypto.ts'
import { toldKey } from '../../src/protocol/particulars.ts'
import { WRAPPED_KEY_LENGTH } from '../../src/protocol/wrapped-key.ts'
import { recipientsOf } from '../support/reporter.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'
import { assessed, done, now, offer, statusOf, takeUp } from './colleagues.ts'
import { caseOf, deviceIn, openById, refusalOf } from './people.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

/** As the SDK would offer it, but for the keys. */
async function offerGarbage(lead: Device, id: string, kind: 'hand-over-proposed' | 'agency-invited') {
  const opened = await openById(lead, id)
  const [to] = await recipientsOf(world, ['nis' satisfies AgencyId])
  if (!to) throw new Error('no agency')
  const key = opened.report.replyKeys.acknowledgementKey
  const event = {
    kind,
    key,
    wraps: [],
    subject: 'nis',
    said: { key: toldKey(key), particulars: { code: 'power-needed' } },
    offered: [{ index: 0, keyId: to.keyId, wrapped: randomBytes(WRAPPED_KEY_LENGTH) }],
  }
  if (!(await recordEvent(lead, opened, event, now(world)))) throw new Error('somebody was first')
}

test('who was handed keys that open nothing refuses, and its reporter sees who said so', async () => {
  const { sent, id } = await assessed(world, '열리지 않는 이송', ['police'])
  await offerGarbage(await deviceIn(world, 'police', 'investigator'), id, 'hand-over-proposed')
  const nis = await deviceIn(world, 'nis')
  const theirs = await caseOf(nis, sent)
  expect(await refusalOf(openById(nis, theirs))).toBe('unopenable')
  await refuseUnopened(nis, await readCase(nis, theirs), 'hand-over-refused', now(world))
  const status = await statusOf(sent)
  expect(status.nis).toMatchObject({
    state: 'left',
    chain: 'sound',
    events: [{ verdict: 'hand-over-refused', particulars: null }],
  })
  await offer(world, { agency: 'police', id }, 'hand-over-proposed', 'nis')
  expect((await openById(nis, theirs)).answers?.what).toBe('열리지 않는 이송')
})

test('an offer of keys that open nothing does not keep the next away', async () => {
  const { sent, id } = await assessed(world, '두 기관의 제안', ['police', 'sme-office'])
  const { id: other } = await takeUp(world, sent, 'sme-office')
  await offerGarbage(await deviceIn(world, 'police', 'investigator'), id, 'agency-invited')
  const nis = await deviceIn(world, 'nis')
  const theirs = await caseOf(nis, sent)
  await offer(world, { agency: 'sme-office', id: other }, 'agency-invited', 'nis')
  expect(await refusalOf(openById(nis, theirs))).toBe('unopenable')
  await refuseUnopened(nis, await readCase(nis, theirs), 'invitation-refused', now(world))
  expect((await openById(nis, theirs)).file.partners).toMatchObject([{ agency: 'sme-office' }])
})

/** The police ask first and rightly, the SME office after them with keys that open nothing. */
async function askedTwice(text: string, kind: 'hand-over-proposed' | 'agency-invited') {
  const { sent, id } = await assessed(world, text, ['police', 'sme-office'])
  const { id: other } = await takeUp(world, sent, 'sme-office')
  await offer(world, { agency: 'police', id }, kind, 'nis')
  await offerGarbage(await deviceIn(world, 'sme-office', 'investigator'), other, 'agency-invited')
  const nis = await deviceIn(world, 'nis')
  return { id, nis, theirs: await caseOf(nis, sent) }
}

test('keys that open nothing, and waited, spoil nothing for whoever took the case over meanwhile', async () => {
  const { nis, theirs } = await askedTwice('인수 뒤의 열쇠', 'hand-over-proposed')
  await done(world, nis, theirs, { action: 'hand-over-accepted' })
  await done(world, nis, theirs, { action: 'taken-over' })
  const held = await openById(nis, theirs)
  expect([...held.file.standing].sort()).toEqual(['holder', 'invited'])
  expect(held.answers?.what).toBe('인수 뒤의 열쇠')
})

test('nor for whoever worked jointly with another agency', async () => {
  const { id, nis, theirs } = await askedTwice('공동 조사 뒤의 열쇠', 'agency-invited')
  await done(world, nis, theirs, { action: 'invitation-accepted' })
  const lead = await deviceIn(world, 'police', 'investigator')
  await done(world, lead, id, { action: 'joint-ended', subject: 'nis' })
  const asked = await openById(nis, theirs)
  expect(asked.file.partners).toMatchObject([{ agency: 'sme-office' }])
  expect(asked.answers?.what).toBe('공동 조사 뒤의 열쇠')
})

test('nobody refuses in that way what nobody offered', async () => {
  const { sent, device } = await assessed(world, '제안이 없음', ['police'])
  const read = await readCase(device, await caseOf(device, sent))
  const refused = refuseUnopened(device, read, 'hand-over-refused', now(world))
  expect(await refusalOf(refused)).toBe('action-refused')
})
