// What stands in the way for now ends with a code of its own: a script goes on to the next case and comes back.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { EXIT, failureOf } from '../../src/cli/exit.ts'
import {
  InvalidInput,
  KeysMissing,
  NotAllowed,
  NotOpened,
  RequestProblem,
  sendFollowUp,
  withdrawReport,
} from '../../src/client/index.ts'
import { handOnWithoutFirst } from '../journeys/colleagues.ts'
import { deviceIn, sendReport } from '../journeys/people.ts'
import { did, type Offices, openOffices } from '../support/offices.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 })

let offices: Offices
/** A file with a text. */
let text: string
beforeAll(async () => {
  offices = await openOffices()
  text = join(offices.folder, 'text.md')
  await writeFile(text, '답')
})
afterAll(() => offices.stop())

test('an action that the lifecycle has no room for ends with 6, and what is not there with 1', async () => {
  const { id } = await offices.assessed('아직 끝나지 않은 사건')
  const closing = await offices.as('sme-office', 'supervisor', 'act', id, 'closed')
  expect([closing.code, closing.json]).toMatchObject([6, { error: { kind: 'not-allowed', exit: 6 } }])
  const elsewhere = await offices.as('police', 'supervisor', 'act', id, 'closed')
  expect([elsewhere.code, elsewhere.json]).toMatchObject([1, { error: { kind: 'not-found', exit: 1 } }])
  expect((await offices.as('sme-office', 'supervisor', 'act', id, 'no-such-action')).code).toBe(2)
})

test('an offer without a key that a colleague has ends with 6, and with 0 once it was handed on', async () => {
  const { id, sent } = await offices.assessed('열쇠가 빠진 사건')
  await sendFollowUp(sent.reporter, '첫째 이야기')
  const intake = await deviceIn(offices.world, 'sme-office')
  await handOnWithoutFirst(offices.world, intake, Buffer.from(id, 'hex').toString('base64url'))
  const offer = ['act', id, 'hand-over-proposed', '--agency', 'police', '--code', 'power-needed', '--yes']
  const refused = await offices.as('sme-office', 'investigator', ...offer)
  expect([refused.code, refused.json]).toMatchObject([6, { error: { kind: 'keys-missing', exit: 6 } }])

  await did(offices.as('sme-office', 'intake', 'act', id, 'acknowledged'))
  expect((await offices.as('sme-office', 'investigator', ...offer)).code).toBe(0)
})

test('a case that nobody opened for this device yet ends with 6, and with 0 once it was handed on', async () => {
  const sent = await sendReport(offices.world, '아직 넘겨받지 못한 사건', ['police'])
  const { case: id } = await offices.caseAt('police', sent)
  for (const command of [
    ['open', id],
    ['case', id],
    ['act', id, 'acknowledged'],
    ['reply', id, text],
  ]) {
    const refused = await offices.as('police', 'investigator', ...command)
    expect([command[0], refused.code, refused.json]).toMatchObject([
      command[0],
      6,
      { error: { kind: 'no-key', exit: 6 } },
    ])
  }
  await did(offices.as('police', 'intake', 'open', id))
  expect((await offices.as('police', 'investigator', 'open', id)).code).toBe(0)
})

test('a case that was withdrawn ends with 6: a script goes on to the next', async () => {
  const sent = await sendReport(offices.world, '철회할 사건', ['nis'])
  const { case: id } = await offices.caseAt('nis', sent)
  await withdrawReport(sent.reporter)
  const refused = await offices.as('nis', 'intake', 'open', id)
  expect([refused.code, refused.json]).toMatchObject([6, { error: { kind: 'no-key', exit: 6 } }])
})

test('it is the same code whether the device sees the obstacle or the service', () => {
  const exits = [
    new NotAllowed('own-decision'),
    new KeysMissing([{ index: 1, heldBy: [] }]),
    new NotOpened('no-key'),
    new RequestProblem('action-refused', 409),
    new RequestProblem('scope-missing', 403),
  ].map(error => failureOf(error).exit)
  expect(new Set(exits)).toEqual(new Set([EXIT.notNow]))
})

test('what a colleague did first, and what is enough for today, is not now either', () => {
  const kinds = [
    'chain-moved',
    'notes-moved',
    'assignment-changed',
    'message-conflict',
    'quota-exceeded',
  ] as const
  expect(kinds.map(kind => failureOf(new RequestProblem(kind, 409)).exit)).toEqual(
    kinds.map(() => EXIT.notNow),
  )
})

test('what is not there, what does not open and what is wrong have codes of their own', () => {
  const exits = [
    new RequestProblem('device-refused', 403),
    new RequestProblem('not-found', 404),
    new NotOpened('unopenable'),
    new InvalidInput('no such action'),
  ].map(error => failureOf(error).exit)
  expect(exits).toEqual([EXIT.refused, EXIT.refused, EXIT.unproven, EXIT.usage])
})

test('a service that asks to come back later ends with 3, as one that is not there', () => {
  const kinds = ['too-many-requests', 'unavailable', 'storage-full'] as const
  expect(kinds.map(kind => failureOf(new RequestProblem(kind, 503)).exit)).toEqual(
    kinds.map(() => EXIT.unreachable),
  )
})
