// Unlocking: the same file as the command line's, and one answer for each thing that can be wrong with it.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeNewKeyFile } from '../../../src/cli/keyring.ts'
import { randomBytes, signingSeed } from '../../../src/protocol/crypto.ts'
import { addDays, dayOf } from '../../../src/protocol/day.ts'
import { type DeviceKey, formatKeyFile, type KeyFile } from '../../../src/protocol/key-file.ts'
import { idleLock } from '../../../src/web/console/idle.ts'
import { Locked } from '../../../src/web/console/session.ts'
import { newDevice, publishDevices, type TestDevice } from '../../support/device.ts'
import { createWorld, type World } from '../../support/world.ts'
import { sessionOf, unlockAt } from '../support/unlocked.ts'

const PASSPHRASE = '봉수대에 불을 올려라 4'

let world: World
let key: DeviceKey
let sealed: Buffer
beforeAll(async () => {
  world = await createWorld()
  key = await world.deviceKey('nis')
  sealed = await readFile(await written(key, PASSPHRASE))
})
afterAll(() => world.stop())

/** As the command line writes it. */
async function written(file: KeyFile, passphrase: string | null): Promise<string> {
  const path = join(world.folder, `${Buffer.from(randomBytes(8)).toString('hex')}.key`)
  await rm(path, { force: true })
  await writeNewKeyFile(path, file, passphrase)
  return path
}

const bytes = (text: string) => new TextEncoder().encode(text)
const fileOf = (file: KeyFile) => bytes(formatKeyFile(file))
const kindOf = async (file: Uint8Array, more = {}) => (await unlockAt(world, { file, ...more })).kind

describe('a key file that the command line sealed', () => {
  test('opens with its passphrase', async () => {
    const outcome = await unlockAt(world, { file: sealed, passphrase: PASSPHRASE })
    if (outcome.kind !== 'unlocked') throw new Error(outcome.kind)
    const { agency, role, scopes, wasSealed, demonstration } = outcome.session
    expect([agency.id, role, wasSealed, demonstration]).toEqual(['nis', 'intake', true, true])
    expect(scopes).toContain('intake')
  })

  test('asks for a passphrase where none was given', async () => {
    expect(await kindOf(sealed)).toBe('passphrase-needed')
  })

  test('does not open with another', async () => {
    expect(await kindOf(sealed, { passphrase: '봉수대에 불을 올려라 5' })).toBe('passphrase-wrong')
  })

  test('is told to be damaged where it is', async () => {
    const text = sealed.toString()
    const lines = text.trim().split('\n')
    const half = bytes(`${lines.slice(0, lines.length / 2).join('\n')}\n`)
    expect(await kindOf(half, { passphrase: PASSPHRASE })).toBe('file-damaged')
    const at = lines.length - 3
    const other = (lines[at] ?? '').replace(/^./, letter => (letter === 'A' ? 'B' : 'A'))
    const changed = bytes([...lines.slice(0, at), other, ...lines.slice(at + 1)].join('\n'))
    expect(await kindOf(changed, { passphrase: PASSPHRASE })).toBe('file-damaged')
  })
})

test('a plain key file opens too, and the session says that it was plain', async () => {
  expect((await sessionOf(world, 'nis')).wasSealed).toBe(false)
})

test.each([
  ['a text', '안녕하세요'],
  ['nothing', ''],
  ['another JSON', '{"format":"bongsu key file 2"}'],
  ['bytes', '\u0000\u0001\uffff'],
])('%s is no key file', async (_name, text) => {
  expect(await kindOf(bytes(text))).toBe('not-a-key-file')
})

test('an authority’s key is refused: it belongs on no machine with a browser', async () => {
  const seed = signingSeed(randomBytes(32))
  expect(await kindOf(fileOf({ kind: 'identity', name: 'nis', seed }))).toBe('not-a-device-key')
})

test('a file of another deployment is told so, by the service and by a copy that carries a deployment', async () => {
  const other = { ...key, deployment: randomBytes(32) }
  expect(await kindOf(fileOf(other))).toBe('other-deployment')
  expect(await kindOf(fileOf(key), { deployment: 'A'.repeat(43) })).toBe('other-deployment')
})

test('an agency that the directory does not know', async () => {
  expect(await kindOf(fileOf({ ...key, agencyId: 'nobody' }))).toBe('agency-unknown')
})

test('a device that is not certified yet, and one with another’s certificate', async () => {
  expect(await kindOf(fileOf({ ...key, certificate: 'none yet: bongsu authority install' }))).toBe(
    'certificate-missing',
  )
  const police = await world.deviceKey('police')
  expect(await kindOf(fileOf({ ...key, certificate: police.certificate }))).toBe('certificate-wrong')
})

const keyOf = (device: TestDevice): DeviceKey => ({
  ...key,
  signingSeed: device.caller.pair.seed,
  sealingSeed: device.sealing.seed,
  certificate: device.certificate,
  epochs: [],
})

test('a certificate that has ended, and one that has not begun', async () => {
  const today = dayOf(world.now())
  const ended = await newDevice(world, 'nis', ['cases'], { validUntil: addDays(today, -1) })
  expect(await kindOf(fileOf(keyOf(ended)))).toBe('certificate-expired')
  const early = await newDevice(world, 'nis', ['cases'], { validFrom: addDays(today, 1) })
  expect(await kindOf(fileOf(keyOf(early)))).toBe('certificate-early')
})

test('a device that its agency’s list does not name is refused, like one that was revoked', async () => {
  const device = await newDevice(world, 'nis', ['cases'])
  expect(await kindOf(fileOf(keyOf(device)))).toBe('refused')
  await publishDevices(world, 'nis', { version: 10, devices: [device], revoked: [device] })
  expect(await kindOf(fileOf(keyOf(device)))).toBe('refused')
})

test('a service that is away', async () => {
  expect(await kindOf(fileOf(key), { serviceUrl: 'http://127.0.0.1:9' })).toBe('away')
})

test('locking overwrites the keys and ends the session', async () => {
  const session = await sessionOf(world, 'nis')
  const device = await session.device()
  session.lock()
  for (const seed of [device.key.signingSeed, device.key.sealingSeed, ...device.key.epochs.map(e => e.seed)])
    expect(Buffer.from(seed).equals(Buffer.alloc(32))).toBe(true)
  expect(Buffer.from(device.signer.pair.seed).equals(Buffer.alloc(32))).toBe(true)
  expect(session.signal.aborted).toBe(true)
  await expect(session.device()).rejects.toThrow(Locked)
})

test('the documents of a new day are fetched once the day has come', async () => {
  const session = await sessionOf(world, 'nis')
  const before = (await session.device()).trust.today
  world.advance(86_400_000)
  expect((await session.device()).trust.today).toBe(addDays(before, 1))
  world.advance(-86_400_000)
})

test('a directory past its last day is told of, and taken where somebody says so', async () => {
  world.advance(20 * 86_400_000)
  try {
    expect(await kindOf(fileOf(key))).toBe('directory-expired')
    const session = await sessionOf(world, 'nis', 'intake', { allowStale: true })
    expect(session.isStale).toBe(true)
    session.lock()
  } finally {
    world.advance(-20 * 86_400_000)
  }
})

describe('the idle lock', () => {
  test('is due after its time without a touch, and not before', () => {
    const lock = idleLock(0, 1000)
    expect(lock.remaining(999)).toBe(1)
    lock.touched(999)
    expect([lock.remaining(1998), lock.remaining(1999), lock.remaining(9999)]).toEqual([1, 0, 0])
  })

  test('is due where the clock was set back', () => {
    expect(idleLock(5000, 1000).remaining(4000)).toBe(0)
  })
})
