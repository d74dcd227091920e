// The answer to a reporter has one of a few lengths, whatever has happened.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chainStart } from '../../src/protocol/event.ts'
import { openAndAcknowledge, sayUnopenable } from '../support/agency.ts'
import { deviceOf, eventBody, headIn, record } from '../support/device.ts'
import { look, sealFollowUpFor, submit, withdraw, write } from '../support/reporter.ts'
import { caseOf } from '../support/stored.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'

const KIB = 1024
let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const lengthOf = async (reporter: Parameters<typeof look>[0]) => (await look(reporter)).body.length

test('is 32 KiB long for one agency and for four, opened or not, withdrawn or not', async () => {
  const all: AgencyId[] = ['police', 'nis', 'ip-police', 'sme-office']
  const one = await submit(world, ['police'])
  const four = await submit(world, all)
  expect([await lengthOf(one.caller), await lengthOf(four.caller)]).toEqual([32 * KIB, 32 * KIB])
  await openAndAcknowledge(world, 'police', await caseOf(world, four.reportId, 'police'))
  await sayUnopenable(world, 'nis', await caseOf(world, four.reportId, 'nis'))
  expect(await lengthOf(four.caller)).toBe(32 * KIB)
  const heads = [{ agencyId: 'police', head: chainStart(one.sealed.digest, 'police') }]
  await write(one.caller, (await sealFollowUpFor(world, one, 1, heads)).body)
  expect(await lengthOf(one.caller)).toBe(32 * KIB)
  await withdraw(one.caller)
  await withdraw(four.caller)
  expect([await lengthOf(one.caller), await lengthOf(four.caller)]).toEqual([32 * KIB, 32 * KIB])
})

test('grows to 128 and to 512 KiB and to nothing between', async () => {
  const reporter = await submit(world, ['police'])
  const caseId = await caseOf(world, reporter.reportId, 'police')
  const device = await deviceOf(world, 'police')
  let head = chainStart(reporter.sealed.digest, 'police')
  const lengths = new Set<number>()
  for (let index = 0; index < 60; index++) {
    const key = reporter.keys.acknowledgementKey
    const event = eventBody(world, device, { digest: reporter.sealed.digest, head, index, key })
    head = headIn(await record(device, caseId, event))
    lengths.add(await lengthOf(reporter.caller))
  }
  expect([...lengths]).toEqual([32 * KIB, 128 * KIB, 512 * KIB])
})
