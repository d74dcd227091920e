// What stands in the way for now ends with a code of its own: a script goes on to the next case and comes back.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { EXIT, failureOf } from '../../src/cli/exit.ts'
import {
  InvalidInput,
  KeysMissing,
  NotAllowed,
  RequestProblem,
  sendFollowUp,
} from '../../src/client/index.ts'
import { handOnWithoutFirst } from '../journeys/colleagues.ts'
import { deviceIn } from '../journeys/people.ts'
import { did, type Offices, openOffices } from '../support/offices.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 })

let offices: Offices
beforeAll(async () => {
  offices = await openOffices()
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

test('it is the same code whether the device sees the obstacle or the service', () => {
  const exits = [
    new NotAllowed('own-decision'),
    new KeysMissing([{ index: 1, heldBy: [] }]),
    new RequestProblem('action-refused', 409),
    new RequestProblem('device-refused', 403),
    new RequestProblem('not-found', 404),
    new InvalidInput('no such action'),
  ].map(error => failureOf(error).exit)
  expect(exits).toEqual([EXIT.notNow, EXIT.notNow, EXIT.notNow, EXIT.refused, EXIT.refused, EXIT.usage])
})
