// What the service signs is what anybody else would with its key.
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { cryptoReady, deploymentIdOf } from '../../src/protocol/crypto.ts'
import { signReceipt } from '../../src/protocol/receipt.ts'
import { deriveServerKeys, signingNatively } from '../../src/server/server-keys.ts'

test('a receipt that the service signs is the one that libsodium signs, byte for byte', async () => {
  await cryptoReady
  for (let i = 0; i < 32; i++) {
    const { log } = await deriveServerKeys(randomBytes(32))
    const receipt = { leaf: randomBytes(32), day: '2026-03-01' }
    const deployment = deploymentIdOf(randomBytes(32))
    const signed = signReceipt(receipt, deployment, signingNatively(log))
    expect(signed).toBe(signReceipt(receipt, deployment, log))
  }
})
