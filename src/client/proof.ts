// What a receipt must say to prove anything.
import { sha256 } from '../protocol/crypto.ts'
import { equalBytes } from '../protocol/encoding.ts'
import { leafPreimage } from '../protocol/ledger.ts'
import { type Receipt, verifyReceipt } from '../protocol/receipt.ts'
import type { ReporterKeys } from '../protocol/reporter-keys.ts'
import { VerificationFailed } from './failure.ts'
import type { Trust } from './trust.ts'

/** SHA-256 of the leaf's bytes: what a receipt must name. */
export function leafOf(keys: ReporterKeys, digest: Uint8Array, wraps: Uint8Array): Promise<Uint8Array> {
  const statusKey = keys.status.publicKey
  return sha256(leafPreimage({ blind: keys.logBlind, statusKey, digest, wraps }))
}

/** Throws `VerificationFailed` unless the log key signed a receipt for this leaf. */
export function checkReceipt(trust: Trust, note: string, leaf: Uint8Array): Receipt {
  let receipt: Receipt
  try {
    receipt = verifyReceipt(note, trust.deploymentId, trust.directory.logKey)
  } catch (error) {
    throw new VerificationFailed('receipt', error)
  }
  if (!equalBytes(receipt.leaf, leaf)) throw new VerificationFailed('receipt')
  return receipt
}
