// The agency's devices and epoch keys, on a day.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { VerifiedStatement } from '../../../src/protocol/agency-documents.ts'
import { deriveSealingPair, keyId, randomBytes, sealingSeed } from '../../../src/protocol/crypto.ts'
import { addDays, dayOf } from '../../../src/protocol/day.ts'
import { toHex } from '../../../src/protocol/encoding.ts'
import { agencyKeys, readDevices } from '../../../src/web/console/devices.ts'
import { newDevice, publishDevices } from '../../support/device.ts'
import { createWorld, type World } from '../../support/world.ts'
import { sessionOf } from '../support/unlocked.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

test('all devices of the list are shown with what they may do, revoked and ending ones as that', async () => {
  const today = dayOf(world.now())
  const revoked = await newDevice(world, 'nis', ['cases'])
  const ending = await newDevice(world, 'nis', ['status'], { validUntil: addDays(today, 3) })
  const expired = await newDevice(world, 'nis', ['cases'], { validUntil: addDays(today, -1) })
  await publishDevices(world, 'nis', { version: 10, devices: [revoked, ending, expired], revoked: [revoked] })
  const session = await sessionOf(world, 'nis')
  const { devices, version, certificate } = await readDevices(session, [])
  expect(version).toBe(10)
  expect(devices.find(({ isOwn }) => isOwn)).toMatchObject({ id: session.deviceId, role: 'intake' })
  const stateOf = ({ deviceId }: { deviceId: Uint8Array }) =>
    devices.find(({ id }) => id === toHex(deviceId))?.state
  expect([revoked, ending, expired].map(stateOf)).toEqual(['revoked', 'ending', 'expired'])
  expect(certificate.validUntil).toBe(session.validUntil)
  session.lock()
})

test('the demonstration’s intake device holds the seeds of what its agency published', async () => {
  const session = await sessionOf(world, 'police')
  const { epochs, reachableUntil } = await readDevices(session, [])
  expect(epochs.some(({ state, isHeld, isPublished }) => state === 'current' && isHeld && isPublished)).toBe(
    true,
  )
  expect(reachableUntil).not.toBeNull()
  session.lock()
  const other = await sessionOf(world, 'police', 'investigator')
  expect(
    (await readDevices(other, [])).epochs.every(({ isHeld, todo }) => !isHeld && todo === 'nothing'),
  ).toBe(true)
  other.lock()
})

describe('epoch keys', () => {
  const FIRST = '2026-03-02'

  /** Keys of consecutive weeks. */
  function weeks(count: number) {
    const pairs = Array.from({ length: count }, () => deriveSealingPair(sealingSeed(randomBytes(32))))
    const epochs = pairs.map(({ publicKey }, i) => {
      const validFrom = addDays(FIRST, 7 * i)
      const [validUntil, acceptedUntil] = [addDays(validFrom, 6), addDays(validFrom, 20)]
      return { keyId: keyId(publicKey), sealingKey: publicKey, validFrom, validUntil, acceptedUntil }
    })
    const statement: VerifiedStatement = { agencyId: 'north', version: 1, epochs }
    const held = epochs.map(epoch => ({ keyId: toHex(epoch.keyId), validFrom: epoch.validFrom }))
    return { statement, held }
  }

  const statesOn = (today: string) => {
    const { statement, held } = weeks(3)
    return agencyKeys(statement, held, [], today).epochs.map(({ state }) => state)
  }

  test('follow one another: the newest first', () => {
    expect(statesOn(FIRST)).toEqual(['future', 'future', 'current'])
    expect(statesOn(addDays(FIRST, 7))).toEqual(['future', 'current', 'closing'])
    expect(statesOn(addDays(FIRST, 20))).toEqual(['current', 'closing', 'closing'])
    expect(statesOn(addDays(FIRST, 21))).toEqual(['closing', 'closing', 'ended'])
  })

  test('a seed is kept while anything may come, and destroyed only where nothing of its days is unopened', () => {
    const { statement, held } = weeks(1)
    const [one] = held
    const unopened = { case: 'a', day: addDays(FIRST, 20), state: 'new' } as const
    const opened = { case: 'b', day: FIRST, state: 'acknowledged' } as const
    const before = { case: 'c', day: addDays(FIRST, -1), state: 'new' } as const
    const on = (today: string, cases: Parameters<typeof agencyKeys>[2]) =>
      agencyKeys(statement, one ? [one] : [], cases, today).epochs[0]
    expect(on(addDays(FIRST, 20), [opened])?.todo).toBe('keep')
    expect(on(addDays(FIRST, 21), [opened, unopened, before])).toMatchObject({
      todo: 'open-first',
      unopened: ['a'],
    })
    expect(on(addDays(FIRST, 21), [opened, before])?.todo).toBe('destroy')
  })

  test('the agency can be written to until its keys follow one another no more', () => {
    const { statement, held } = weeks(3)
    const { epochs } = statement
    const keys = (list: typeof epochs, today: string) =>
      agencyKeys({ ...statement, epochs: list }, held, [], today)
    expect(keys(epochs, FIRST)).toMatchObject({ reachableUntil: addDays(FIRST, 20), isRenewalDue: false })
    expect(keys(epochs, addDays(FIRST, 14)).isRenewalDue).toBe(true)
    expect(keys(epochs.toSpliced(1, 1), FIRST)).toMatchObject({ reachableUntil: addDays(FIRST, 6) })
    expect(keys(epochs, addDays(FIRST, 21))).toMatchObject({ reachableUntil: null, isRenewalDue: true })
    expect(agencyKeys(null, held, [], FIRST)).toMatchObject({ reachableUntil: null, isRenewalDue: true })
  })

  test('a seed whose key was never published is shown as that', () => {
    const { held } = weeks(1)
    const { epochs } = agencyKeys(null, held, [], FIRST)
    expect(epochs).toMatchObject([{ isPublished: false, isHeld: true, validUntil: addDays(FIRST, 6) }])
  })
})
