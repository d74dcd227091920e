import { createHash } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { deploymentIdOf, sha256 } from '../../src/protocol/crypto.ts'
import { signDocument } from '../../src/protocol/document.ts'
import { leafPreimage } from '../../src/protocol/ledger.ts'
import { signReceipt, verifyReceipt } from '../../src/protocol/receipt.ts'
import type { LogBlind } from '../../src/protocol/reporter-keys.ts'
import { filled, refusal } from './support.ts'
import { buildWorld, noteSigning, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await buildWorld()
})

const receipt = { leaf: filled(32, 1), day: '2026-03-02' }

test('a receipt says leaf and day under the log key', async () => {
  const log = await noteSigning('log')
  const note = signReceipt(receipt, world.deployment, log)
  expect(verifyReceipt(note, world.deployment, log.key)).toEqual(receipt)
})

test('a receipt of another key, deployment or type, or changed, is refused', async () => {
  const [log, other] = [await noteSigning('log'), await noteSigning('other')]
  const note = signReceipt(receipt, world.deployment, log)
  const elsewhere = deploymentIdOf(filled(32, 0))
  expect(refusal(() => verifyReceipt(note, world.deployment, other.key))).toBe('bad-signature')
  expect(refusal(() => verifyReceipt(note, elsewhere, log.key))).toBe('wrong-deployment')
  const changed = note.replace('2026-03-02', '2026-03-01')
  expect(refusal(() => verifyReceipt(changed, world.deployment, log.key))).toBe('bad-signature')
  const content = { leaf: 'AAAA', day: '2026-03-02' }
  for (const [type, body] of [
    ['device', content],
    ['receipt', content],
    ['receipt', { ...content, leaf: 'A'.repeat(43), day: '2026-02-30' }],
  ] as const) {
    const wrong = signDocument(type, world.deployment, body, [log])
    expect(refusal(() => verifyReceipt(wrong, world.deployment, log.key))).toBe('bad-document')
  }
})

test('a leaf depends on blind, status key, digest and wraps, and begins as RFC 6962 has it', async () => {
  const input = {
    blind: filled(32, 1) as LogBlind,
    statusKey: filled(32, 2),
    digest: filled(32, 3),
    wraps: filled(32, 4),
  }
  const preimage = leafPreimage(input)
  expect(preimage).toHaveLength(33)
  expect(preimage[0]).toBe(0)
  expect(await sha256(preimage)).toEqual(Uint8Array.from(createHash('sha256').update(preimage).digest()))
  for (const name of ['blind', 'statusKey', 'digest', 'wraps']) {
    expect(leafPreimage({ ...input, [name]: filled(32, 9) })).not.toEqual(preimage)
  }
})
