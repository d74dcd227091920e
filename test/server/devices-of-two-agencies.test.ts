import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildCertificate, buildDeviceList } from '../../src/protocol/authority.ts'
import {
  deriveSealingPair,
  deriveSigningPair,
  type SigningPair,
  sealingSeed,
  signingSeed,
} from '../../src/protocol/crypto.ts'
import { signerOf } from '../../src/protocol/key-file.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

async function publish(agencyId: string, version: number, devices: readonly SigningPair[]): Promise<number> {
  const identity = await signerOf(await world.store.authorityKey(`${agencyId}-identity`, 'identity'))
  const sealing = deriveSealingPair(sealingSeed(new Uint8Array(32).fill(1)))
  const certificates = devices.map(device => {
    const keys = { signingKey: device.publicKey, sealingKey: sealing.publicKey }
    const rest = {
      role: 'intake',
      scopes: ['cases'],
      validFrom: '2026-01-01',
      validUntil: '2099-12-31',
    } as const
    return buildCertificate({ agencyId, ...keys, ...rest }, world.deploymentId, identity)
  })
  const note = buildDeviceList({ agencyId, version, certificates, revoked: [] }, world.deploymentId, identity)
  const response = await fetch(`${world.agencyUrl}/v1/agencies/${agencyId}/devices`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ devices: note }),
  })
  return response.status
}

test('a device of one agency cannot be put on the list of another, nor twice on one', async () => {
  const device = deriveSigningPair(signingSeed(new Uint8Array(32).fill(7)))
  expect(await publish('nis', 2, [device])).toBe(204)
  expect(await publish('police', 2, [device])).toBe(422)
  expect(await publish('sme-office', 2, [device, device])).toBe(422)
  expect(await publish('nis', 3, [device])).toBe(204)
})
