import { AEAD_ChaCha20Poly1305, KEM_MLKEM768_X25519 } from '@panva/hpke-noble'
import { CipherSuite, KDF_HKDF_SHA256 } from 'hpke'
import { beforeAll, expect, test } from 'vitest'
import { contentKey, H, sealingKey } from '../../src/protocol/crypto.ts'
import { ascii, concat, enc } from '../../src/protocol/encoding.ts'
import { hpkeOpen, hpkeSeal } from '../../src/protocol/hpke.ts'
import {
  unwrapAsDevice,
  unwrapContentKey,
  WRAPPED_KEY_LENGTH,
  type WrappedKey,
  wrapContentKey,
  wrapForDevice,
  wrapsDigest,
} from '../../src/protocol/wrapped-key.ts'
import { filled, refusalOf, tampered } from './support.ts'
import { buildWorld, fixedRandom, sealing, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await buildWorld()
})

const key = contentKey(filled(32, 7))
const digest = filled(32, 8)
const wrap = () => wrapContentKey(key, digest, world.north.recipient, fixedRandom('wrap'))

test('a content key opens for the agency that it was sealed to', async () => {
  const wrapped = await wrap()
  expect(wrapped.wrapped).toHaveLength(WRAPPED_KEY_LENGTH)
  expect(WRAPPED_KEY_LENGTH).toBe(1168)
  expect(await unwrapContentKey(wrapped, digest, world.north.epoch)).toEqual(key)
})

test('it opens under no other key, digest, key id or agency', async () => {
  const wrapped = await wrap()
  const attempts = [
    unwrapContentKey(wrapped, digest, world.south.epoch),
    unwrapContentKey(wrapped, filled(32, 9), world.north.epoch),
    unwrapContentKey({ ...wrapped, keyId: world.south.recipient.keyId }, digest, world.north.epoch),
    unwrapContentKey({ ...wrapped, agencyId: 'south' }, digest, world.north.epoch),
  ]
  for (const attempt of attempts) expect(await refusalOf(attempt)).toBe('open-failed')
})

test('any byte of it changed is refused with the one failure', async () => {
  const wrapped = await wrap()
  for (const changed of tampered(wrapped.wrapped, 150)) {
    expect(
      await refusalOf(unwrapContentKey({ ...wrapped, wrapped: changed }, digest, world.north.epoch)),
    ).toBe('open-failed')
  }
  for (const length of [0, 31, 32, 1119, 1120, 1136, 1167]) {
    const cut = { ...wrapped, wrapped: wrapped.wrapped.subarray(0, length) }
    expect(await refusalOf(unwrapContentKey(cut, digest, world.north.epoch))).toBe('open-failed')
  }
})

test('an encapsulated share of zeros, on which X25519 gives zero, is the same failure', async () => {
  const wrapped = await wrap()
  const zeroShare = concat(wrapped.wrapped.subarray(0, 1088), filled(32, 0), wrapped.wrapped.subarray(1120))
  expect(
    await refusalOf(unwrapContentKey({ ...wrapped, wrapped: zeroShare }, digest, world.north.epoch)),
  ).toBe('open-failed')
})

test('a sealed key of another length is no content key', async () => {
  const { keyId, sealingKey: to } = world.north.recipient
  const info = enc('wrap', digest, keyId, ascii('north'))
  for (const length of [0, 31, 33]) {
    const wrapped = await hpkeSeal(to, info, filled(length, 1), fixedRandom('short'))
    const attempt = unwrapContentKey({ agencyId: 'north', keyId, wrapped }, digest, world.north.epoch)
    expect(await refusalOf(attempt)).toBe('open-failed')
  }
})

test('a device of the team opens its own wrap and nobody else’s', async () => {
  const { deviceId } = world.north.verifiedDevice
  const to = { deviceId, agencyId: 'north', sealingKey: world.north.deviceSealing.publicKey }
  const wrapped = await wrapForDevice(key, digest, to, fixedRandom('device'))
  const pair = world.north.deviceSealing
  expect(await unwrapAsDevice(wrapped, digest, { deviceId, agencyId: 'north', pair })).toEqual(key)
  const attempts = [
    unwrapAsDevice(wrapped, digest, { deviceId, agencyId: 'south', pair }),
    unwrapAsDevice(wrapped, digest, { deviceId: filled(16, 0), agencyId: 'north', pair }),
    unwrapAsDevice(wrapped, filled(32, 0), { deviceId, agencyId: 'north', pair }),
    unwrapAsDevice(wrapped, digest, { deviceId, agencyId: 'north', pair: sealing('another') }),
    unwrapContentKey({ agencyId: 'north', keyId: deviceId, wrapped }, digest, pair),
  ]
  for (const attempt of attempts) expect(await refusalOf(attempt)).toBe('open-failed')
})

test('an agency whose key is no X-Wing key gets nothing', async () => {
  const broken = sealingKey(concat(filled(1184, 0xff), filled(32, 9)))
  const attempt = wrapContentKey(
    key,
    digest,
    { ...world.north.recipient, sealingKey: broken },
    fixedRandom('x'),
  )
  expect(await refusalOf(attempt)).toBe('bad-key')
})

test('the digest of wrapped keys depends on each of them and not on their order', async () => {
  const south = await wrapContentKey(key, digest, world.south.recipient, fixedRandom('south'))
  const north = await wrap()
  const both = wrapsDigest([north, south])
  expect(wrapsDigest([south, north])).toEqual(both)
  const others: WrappedKey[][] = [
    [],
    [north],
    [north, north],
    [north, { ...south, agencyId: 'west' }],
    [north, { ...south, keyId: filled(16, 0) }],
    ...[...tampered(south.wrapped, 4)].map(wrapped => [north, { ...south, wrapped }]),
  ]
  for (const other of others) expect(wrapsDigest(other)).not.toEqual(both)
})

const peer = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_ChaCha20Poly1305)
const aad = new Uint8Array(0)

test('what we seal, an independent implementation opens', async () => {
  const privateKey = await peer.DeserializePrivateKey(world.north.epoch.seed, true)
  const sealed = await hpkeSeal(
    world.north.epoch.publicKey,
    ascii('info'),
    ascii('text'),
    fixedRandom('ours'),
  )
  const opened = await peer.Open(privateKey, sealed.subarray(0, 1120), sealed.subarray(1120), {
    info: ascii('info'),
    aad,
  })
  expect(opened).toEqual(ascii('text'))
})

test('what an independent implementation seals, we open', async () => {
  const publicKey = await peer.DeserializePublicKey(world.north.epoch.publicKey)
  const { encapsulatedSecret, ciphertext } = await peer.Seal(publicKey, ascii('text'), {
    info: ascii('info'),
    aad,
  })
  const sealed = concat(encapsulatedSecret, ciphertext)
  expect(await hpkeOpen(world.north.epoch, ascii('info'), sealed)).toEqual(ascii('text'))
  expect(await refusalOf(hpkeOpen(world.north.epoch, ascii('Info'), sealed))).toBe('open-failed')
})

test('the seed is the private key: DeriveKeyPair of HPKE gives another one', async () => {
  const { seed, publicKey } = world.north.epoch
  const derived = await peer.DeriveKeyPair(seed, true)
  expect(await peer.SerializePublicKey(derived.publicKey)).not.toEqual(publicKey)
  const sealed = await hpkeSeal(publicKey, ascii('i'), ascii('t'), fixedRandom('derive'))
  const opening = peer.Open(derived.privateKey, sealed.subarray(0, 1120), sealed.subarray(1120), {
    info: ascii('i'),
    aad,
  })
  await expect(opening).rejects.toThrow()
  expect(H('key', publicKey).slice(0, 16)).toEqual(world.north.recipient.keyId)
})
