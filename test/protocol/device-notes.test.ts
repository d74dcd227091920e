import { beforeAll, expect, test } from 'vitest'
import { keyId, pad } from '../../src/protocol/crypto.ts'
import {
  type CaseNote,
  NOTES_SIZES,
  openNotes,
  SEALED_NOTES_LENGTHS,
  sealNotes,
} from '../../src/protocol/device-notes.ts'
import { ascii, enc, u32 } from '../../src/protocol/encoding.ts'
import { hpkeSeal } from '../../src/protocol/hpke.ts'
import { filled, refusalOf, tampered } from './support.ts'
import { buildWorld, fixedRandom, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await buildWorld()
})

const device = () => ({ deviceId: keyId(world.north.device.publicKey), agencyId: 'north' })
const sealer = () => ({ ...device(), sealingKey: world.north.deviceSealing.publicKey })
const opener = () => ({ ...device(), pair: world.north.deviceSealing })
const note = (value: number, lastNumber: number): CaseNote => ({ caseId: filled(16, value), lastNumber })
const random = () => fixedRandom('notes')

test('what was sealed opens, in the order of the cases', async () => {
  const sealed = await sealNotes([note(9, 4), note(1, 1), note(5, 4_294_967_295)], 3, sealer(), random())
  expect(sealed).toHaveLength(SEALED_NOTES_LENGTHS[0] ?? 0)
  expect(await openNotes(sealed, 3, opener())).toEqual([note(1, 1), note(5, 4_294_967_295), note(9, 4)])
  expect(await openNotes(await sealNotes([], 1, sealer(), random()), 1, opener())).toEqual([])
})

test('they open under their own version, device and agency, and no other', async () => {
  const sealed = await sealNotes([note(1, 1)], 3, sealer(), random())
  const { south } = world
  for (const attempt of [
    () => openNotes(sealed, 2, opener()),
    () => openNotes(sealed, 4, opener()),
    () => openNotes(sealed, 3, { ...opener(), agencyId: 'south' }),
    () => openNotes(sealed, 3, { ...opener(), deviceId: filled(16, 1) }),
    () => openNotes(sealed, 3, { ...opener(), pair: south.deviceSealing }),
  ])
    expect(await refusalOf(attempt())).toBe('open-failed')
})

test('changed anywhere they do not open', async () => {
  const sealed = await sealNotes([note(1, 1)], 1, sealer(), random())
  for (const other of tampered(sealed, 24)) {
    expect(await refusalOf(openNotes(other, 1, opener()))).toBe('open-failed')
  }
  expect(await refusalOf(openNotes(sealed.subarray(1), 1, opener()))).toBe('open-failed')
})

test('half an entry is none', async () => {
  const info = enc('device-notes', device().deviceId, ascii('north'), u32(1))
  const half = pad(new Uint8Array(30), NOTES_SIZES[0])
  const sealed = await hpkeSeal(sealer().sealingKey, info, half, random())
  expect(await refusalOf(openNotes(sealed, 1, opener()))).toBe('open-failed')
})

test('three lengths, however many cases; more than a mebibyte is refused', async () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      caseId: new Uint8Array([...filled(12, 7), ...u32(i)]),
      lastNumber: i,
    }))
  for (const [count, length] of [
    [819, SEALED_NOTES_LENGTHS[0]],
    [820, SEALED_NOTES_LENGTHS[1]],
    [6554, SEALED_NOTES_LENGTHS[2]],
  ] as const) {
    const sealed = await sealNotes(many(count), 1, sealer(), random())
    expect(sealed).toHaveLength(length ?? 0)
    expect(await openNotes(sealed, 1, opener())).toHaveLength(count)
  }
  expect(await refusalOf(sealNotes(many(52_429), 1, sealer(), random()))).toBe('too-long')
})
