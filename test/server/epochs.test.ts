// Which cases lie under an epoch key: its agency may ask, nobody else learns anything.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBase64url } from '../../src/protocol/encoding.ts'
import { chainStart } from '../../src/protocol/event.ts'
import { deviceOf, open, underEpoch } from '../support/device.ts'
import { problemIn } from '../support/http.ts'
import { sealFollowUpFor, submit, withdraw, write } from '../support/reporter.ts'
import { caseOf, rowsOf } from '../support/stored.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const arrived = async (agencies: readonly AgencyId[]) => {
  const reporter = await submit(world, agencies)
  return { reporter, caseId: await caseOf(world, reporter.reportId, agencies[0] ?? 'nis') }
}

/** The epoch key that the case's report was sealed to. */
async function epochOf(agencyId: AgencyId, caseId: string): Promise<Uint8Array> {
  const { messages } = JSON.parse((await open(await deviceOf(world, agencyId), caseId)).body.toString())
  return fromBase64url(messages[0].wrappedKey.keyId)
}

async function under(
  agencyId: AgencyId,
  epoch: Uint8Array,
  query = '',
): Promise<{ cases: string[]; more: boolean }> {
  return JSON.parse((await underEpoch(await deviceOf(world, agencyId), epoch, query)).body.toString())
}

test('lists the agency’s cases, page by page, and forgets one that is withdrawn', async () => {
  const [first, second] = [await arrived(['police']), await arrived(['police'])]
  const epoch = await epochOf('police', first.caseId)
  const { cases, more } = await under('police', epoch)
  expect([...cases].sort()).toEqual([first.caseId, second.caseId].sort())
  expect(more).toBe(false)
  expect((await under('police', epoch, `?after=${cases[0]}`)).cases).toEqual([cases[1]])
  expect((await under('police', epoch, `?after=${cases[1]}`)).cases).toEqual([])
  await withdraw(first.reporter.caller)
  expect((await under('police', epoch)).cases).toEqual([second.caseId])
})

test('counts a case of which only a follow-up lies under the key', async () => {
  const { reporter, caseId } = await arrived(['ip-police'])
  const heads = [{ agencyId: 'ip-police', head: chainStart(reporter.sealed.digest, 'ip-police') }]
  await write(reporter.caller, (await sealFollowUpFor(world, reporter, 1, heads)).body)
  const other = randomBytes(16)
  await rowsOf(world, 'update wrapped_keys set key_id = $1 where index = 1', [other])
  expect(await under('ip-police', other)).toEqual({ cases: [caseId], more: false })
})

test('says nothing of a case before the feed has shown it', async () => {
  const { caseId } = await arrived(['serious-crimes'])
  const epoch = await epochOf('serious-crimes', caseId)
  expect((await under('serious-crimes', epoch)).cases).toEqual([caseId])
  await rowsOf(world, 'update assignments set position = null where case_id = $1', [fromBase64url(caseId)])
  expect((await under('serious-crimes', epoch)).cases).toEqual([])
})

test('says nothing of another agency’s cases, whose keys’ ids are public', async () => {
  const { caseId } = await arrived(['nis', 'sme-office'])
  const epoch = await epochOf('nis', caseId)
  expect((await under('nis', epoch)).cases).toEqual([caseId])
  const [foreign, unknown] = [await under('sme-office', epoch), await under('sme-office', randomBytes(16))]
  expect(foreign).toEqual({ cases: [], more: false })
  expect(foreign).toEqual(unknown)
})

test('is for devices that hold seeds', async () => {
  const investigator = await deviceOf(world, 'police', 'investigator')
  expect(problemIn(await underEpoch(investigator, randomBytes(16)))).toBe('scope-missing')
})
