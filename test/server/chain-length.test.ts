// How long a chain may get: the service says so where only what ends a case has room, and what is there can still be read.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MAX_EVENTS, RESERVED_EVENTS } from '../../src/protocol/chain-length.ts'
import { fromBase64url } from '../../src/protocol/encoding.ts'
import { chainStart } from '../../src/protocol/event.ts'
import { deviceOf, eventBody, headIn, open, record } from '../support/device.ts'
import { problemIn } from '../support/http.ts'
import { submit } from '../support/reporter.ts'
import { caseOf, rowsOf } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const FULL = MAX_EVENTS - RESERVED_EVENTS

test('the last event before the reserve is taken, and after it none that ends nothing', async () => {
  const { reportId, sealed, keys } = await submit(world, ['police'])
  const id = await caseOf(world, reportId, 'police')
  const device = await deviceOf(world, 'police')
  const event = (index: number, head: Uint8Array) =>
    eventBody(world, device, { digest: sealed.digest, head, index, key: keys.acknowledgementKey })
  const first = await record(device, id, event(0, chainStart(sealed.digest, 'police')))
  // As if all but the last of these had been recorded.
  await rowsOf(world, 'update assignments set event_count = $1 where case_id = $2', [
    FULL - 1,
    fromBase64url(id),
  ])
  const last = event(FULL - 1, headIn(first))
  const taken = await record(device, id, last)
  expect(taken.status).toBe(200)
  const refused = await record(device, id, event(FULL, headIn(taken)))
  expect([refused.status, problemIn(refused)]).toEqual([409, 'action-refused'])
  expect((await record(device, id, last)).body).toEqual(taken.body)
  expect((await open(device, id)).status).toBe(200)
})
