import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  readAuthorityKey,
  readDeviceKey,
  readKeyFile,
  replaceKeyFile,
  sealKeyFile,
  writeNewKeyFile,
} from '../../src/cli/keyring.ts'
import { cryptoReady, randomBytes, sealingSeed, signingSeed } from '../../src/protocol/crypto.ts'
import type { AuthorityKey, DeviceKey } from '../../src/protocol/key-file.ts'

let folder: string

beforeAll(async () => {
  await cryptoReady
  folder = await mkdtemp(join(tmpdir(), 'bongsu-keyring-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const identity = (): AuthorityKey => ({ kind: 'identity', name: 'north', seed: signingSeed(randomBytes(32)) })
const device = (): DeviceKey => ({
  kind: 'device',
  deployment: randomBytes(32),
  agencyId: 'north',
  signingSeed: signingSeed(randomBytes(32)),
  sealingSeed: sealingSeed(randomBytes(32)),
  certificate: 'a certificate\n',
  epochs: [{ seed: sealingSeed(randomBytes(32)), validFrom: '2026-03-01' }],
})
const path = (name: string) => join(folder, name)
const modeOf = async (file: string) => (await stat(file)).mode & 0o777
const nobody = () => Promise.reject(new Error('nobody is to be asked'))
const saying = (passphrase: string) => async () => passphrase

test('a plain key file comes back as it was written, readable by its owner alone', async () => {
  const key = device()
  await writeNewKeyFile(path('plain.json'), key, null)
  expect(await modeOf(path('plain.json'))).toBe(0o600)
  expect(await readDeviceKey(path('plain.json'), nobody)).toEqual(key)
})

test('a key file is never written over', async () => {
  await writeNewKeyFile(path('once.json'), identity(), null)
  const before = await readFile(path('once.json'), 'utf8')
  await expect(writeNewKeyFile(path('once.json'), identity(), null)).rejects.toMatchObject({ code: 'EEXIST' })
  expect(await readFile(path('once.json'), 'utf8')).toBe(before)
})

test('a sealed key file opens with its passphrase and with no other', async () => {
  const key = identity()
  await writeNewKeyFile(path('sealed.age'), key, '열려라 참깨 1234')
  const text = await readFile(path('sealed.age'), 'utf8')
  expect(text).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/)
  expect(text).not.toContain('seed')
  expect(await modeOf(path('sealed.age'))).toBe(0o600)
  expect(await readKeyFile(path('sealed.age'), saying('열려라 참깨 1234'))).toEqual(key)
  await expect(readKeyFile(path('sealed.age'), saying('열려라 들깨'))).rejects.toThrow('passphrase')
})

test('a changed key stays sealed, and keeps its mode', async () => {
  const key = device()
  await writeNewKeyFile(path('changing.age'), key, 'a passphrase')
  const changed = { ...key, certificate: 'another\n' }
  await replaceKeyFile(path('changing.age'), changed, saying('a passphrase'))
  expect(await readFile(path('changing.age'), 'utf8')).toMatch(/^-----BEGIN AGE/)
  expect(await modeOf(path('changing.age'))).toBe(0o600)
  expect(await readKeyFile(path('changing.age'), saying('a passphrase'))).toEqual(changed)
})

test('a plain key file is sealed where it is, once', async () => {
  const key = device()
  await writeNewKeyFile(path('to-seal.json'), key, null)
  await sealKeyFile(path('to-seal.json'), saying('a passphrase'))
  expect(await readFile(path('to-seal.json'), 'utf8')).toMatch(/^-----BEGIN AGE/)
  expect(await modeOf(path('to-seal.json'))).toBe(0o600)
  expect(await readKeyFile(path('to-seal.json'), saying('a passphrase'))).toEqual(key)
  await expect(sealKeyFile(path('to-seal.json'), saying('another'))).rejects.toThrow('sealed already')
})

test('a key file that others may read is refused', async () => {
  await writeNewKeyFile(path('open.json'), identity(), null)
  for (const mode of [0o640, 0o604, 0o644, 0o660]) {
    await chmod(path('open.json'), mode)
    await expect(readKeyFile(path('open.json'), nobody)).rejects.toThrow('chmod 600')
  }
})

test('a key of the wrong kind is refused by name', async () => {
  await writeNewKeyFile(path('identity.json'), identity(), null)
  await writeNewKeyFile(path('device.json'), device(), null)
  await expect(readDeviceKey(path('identity.json'), nobody)).rejects.toThrow('identity')
  await expect(readAuthorityKey(path('device.json'), nobody)).rejects.toThrow('device')
  await expect(readAuthorityKey(path('identity.json'), nobody, 'root')).rejects.toThrow('root')
})

test('what is no key file is refused', async () => {
  for (const text of [
    '',
    '{}',
    '[]',
    'null',
    '{"format":"bongsu key file 2"}',
    'age-encryption.org/v1\njunk',
  ]) {
    await writeFile(path('junk.json'), text, { mode: 0o600 })
    await expect(readKeyFile(path('junk.json'), saying('x'))).rejects.toThrow()
  }
})
