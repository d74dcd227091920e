import { beforeAll, expect, test } from 'vitest'
import {
  agenciesToday,
  deploymentIdOf,
  prepareReport,
  VerificationFailed,
  verifyPublished,
} from '../../src/client/index.ts'
import { buildStatement } from '../../src/protocol/authority.ts'
import { buildWorld, fixedRandom, sealing, type World } from '../protocol/world.ts'
import { DAY_MS, NOW, publishedBy } from './published.ts'

let world: World

beforeAll(async () => {
  world = await buildWorld()
})

const content = { version: 1, language: 'ko', what: '내용' } as const

/** What did not verify; says so where everything did. */
const unproven = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (error instanceof VerificationFailed ? error.subject : String(error)),
  )

test('a pinned deployment is verified down to each agency’s epoch key', async () => {
  const trust = await verifyPublished(publishedBy(world), { pinned: world.deployment, now: NOW })
  expect(trust.pinned).toBe(true)
  expect(agenciesToday(trust).map(({ id }) => id)).toEqual(['north', 'south'])
})

test('without a pin the deployment is taken as it comes, and says so', async () => {
  const trust = await verifyPublished(publishedBy(world), { now: NOW })
  expect(trust.pinned).toBe(false)
  expect(trust.deploymentId).toEqual(world.deployment)
})

test('any deployment but the pinned one is refused', async () => {
  const pinned = deploymentIdOf(fixedRandom('another deployment')(32))
  expect(await unproven(verifyPublished(publishedBy(world), { pinned, now: NOW }))).toBe('deployment')
})

test('a deployment id that is not the first root’s is refused', async () => {
  const documents = { ...publishedBy(world), deployment: Buffer.alloc(32).toString('base64url') }
  expect(await unproven(verifyPublished(documents, { now: NOW }))).toBe('deployment')
})

test('epoch keys that the agency did not sign are refused', async () => {
  const documents = publishedBy(world)
  const epochs = [{ sealingKey: sealing('a thief').publicKey, validFrom: '2026-03-01' }]
  const forged = buildStatement(
    { agencyId: 'north', version: 2, epochs },
    world.deployment,
    world.south.identity,
  )
  const swapped = { ...documents, statements: { ...documents.statements, north: forged } }
  expect(await unproven(verifyPublished(swapped, { pinned: world.deployment, now: NOW }))).toBe('statement')
})

test('another agency’s statement does not count', async () => {
  const documents = publishedBy(world)
  const { south = '' } = documents.statements
  const swapped = { ...documents, statements: { north: south, south } }
  expect(await unproven(verifyPublished(swapped, { now: NOW }))).toBe('statement')
})

test('a directory past its last day is refused, unless the caller says otherwise in so many words', async () => {
  const now = NOW + 30 * DAY_MS
  expect(await unproven(verifyPublished(publishedBy(world), { now }))).toBe('directory')
  const trust = await verifyPublished(publishedBy(world), { now, allowStale: true })
  expect(trust.stale).toBe(true)
})

test('a clock may be a day wrong', async () => {
  const lastDay = Date.parse(`${world.directoryInput.expires}T03:00:00Z`)
  expect((await verifyPublished(publishedBy(world), { now: lastDay + DAY_MS })).stale).toBe(false)
  expect(await unproven(verifyPublished(publishedBy(world), { now: lastDay + 2 * DAY_MS }))).toBe('directory')
})

test('an agency without an epoch key for today cannot be written to', async () => {
  const { statements, ...documents } = publishedBy(world)
  const { north = '' } = statements
  const trust = await verifyPublished({ ...documents, statements: { north } }, { now: NOW })
  expect(agenciesToday(trust).map(({ id }) => id)).toEqual(['north'])
  await expect(prepareReport(trust, { content, agencies: ['south'] })).rejects.toThrow('south')
})

test('a report goes to one to four agencies that exist', async () => {
  const trust = await verifyPublished(publishedBy(world), { now: NOW })
  await expect(prepareReport(trust, { content, agencies: [] })).rejects.toThrow('one to 4')
  await expect(prepareReport(trust, { content, agencies: ['west'] })).rejects.toThrow('west')
})

test('without a choice a report goes where the route table says', async () => {
  const trust = await verifyPublished(publishedBy(world), { now: NOW })
  expect((await prepareReport(trust, { content })).agencies).toEqual(['north', 'south'])
})
