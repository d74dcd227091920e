import { beforeAll, expect, test } from 'vitest'
import { cryptoReady, deploymentIdOf } from '../../src/protocol/crypto.ts'
import { toHex } from '../../src/protocol/encoding.ts'
import { receiptCode } from '../../src/protocol/receipt-code.ts'
import { deriveReporterKeys, mailboxIdOf, reportIdOf } from '../../src/protocol/reporter-keys.ts'
import { changedAt, filled } from './support.ts'

beforeAll(() => cryptoReady)

const deployment = deploymentIdOf(filled(32, 1))
const code = receiptCode(filled(16, 2))

function secrets(at = deployment, of = code): string[] {
  const keys = deriveReporterKeys(at, of)
  const { acknowledgementKey, threadKey, logBlind, recipientsKey } = keys
  const seeds = [keys.status.seed, keys.mailbox.seed, keys.sealing.seed]
  return [...seeds, acknowledgementKey, threadKey, logBlind, recipientsKey].map(toHex)
}

test('a code gives the same keys every time, each its own', () => {
  expect(secrets()).toEqual(secrets())
  expect(new Set(secrets()).size).toBe(7)
})

test('another deployment or another code, by one bit, gives unrelated keys', () => {
  const all = [
    secrets(),
    secrets(deploymentIdOf(changedAt(deployment, 31))),
    secrets(deployment, receiptCode(changedAt(code, 0))),
  ].flat()
  expect(new Set(all).size).toBe(21)
})

test('report and mailbox have ids of different keys and lengths', () => {
  const keys = deriveReporterKeys(deployment, code)
  expect(reportIdOf(keys.status.publicKey)).toHaveLength(16)
  expect(mailboxIdOf(keys.mailbox.publicKey)).toHaveLength(32)
  expect(keys.status.publicKey).not.toEqual(keys.mailbox.publicKey)
})
