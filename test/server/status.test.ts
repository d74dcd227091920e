// The answer to a reporter has one of a few lengths, whatever has happened.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBase64url, toBase64url } from '../../src/protocol/encoding.ts'
import { chainStart } from '../../src/protocol/event.ts'
import { openSession } from '../../src/server/database.ts'
import { openAndAcknowledge, sayUnopenable } from '../support/agency.ts'
import { deviceOf, eventBody, headIn, open, record } from '../support/device.ts'
import { look, sealFollowUpFor, submit, withdraw, write } from '../support/reporter.ts'
import { caseOf, until } from '../support/stored.ts'
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

test('a status and a case are one moment’s, though events change in the middle of the look', async () => {
  const reporter = await submit(world, ['police'])
  const caseId = await caseOf(world, reporter.reportId, 'police')
  const device = await deviceOf(world, 'police')
  const { digest } = reporter.sealed
  const key = reporter.keys.acknowledgementKey
  const first = chainStart(digest, 'police')
  const second = headIn(
    await record(device, caseId, eventBody(world, device, { digest, head: first, index: 0, key })),
  )
  const last = headIn(
    await record(device, caseId, eventBody(world, device, { digest, head: second, index: 1, key })),
  )
  const beside = await openSession(world.databaseUrl)
  await beside.query('begin')
  await beside.query('lock table events in access exclusive mode')
  const looks = [look(reporter.caller), open(device, caseId)]
  const waiting = `select 1 from pg_locks where relation = 'events'::regclass and not granted`
  await until(async () => (await beside.query(waiting)).length === 2)
  const id = [fromBase64url(caseId)]
  await beside.query('delete from events where case_id = $1 and index = 1', id)
  await beside.query('update assignments set head = $2, event_count = 1 where case_id = $1', [...id, second])
  await beside.query('commit')
  await beside.close()
  const [status, file] = (await Promise.all(looks)).map(answer => JSON.parse(answer.body.toString()))
  for (const { head, events } of [status.agencies[0], file]) {
    expect([head, events.length]).toEqual([toBase64url(last), 2])
  }
})
