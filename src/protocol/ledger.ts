// What a receipt proves. The leaf's bytes are final: the transparency log will hold the same.
import { H } from './crypto.ts'
import { concat } from './encoding.ts'
import type { LogBlind } from './reporter-keys.ts'

export interface LeafInput {
  readonly blind: LogBlind
  readonly statusKey: Uint8Array
  readonly digest: Uint8Array
  /** `wrapsDigest` of the report's wrapped keys. */
  readonly wraps: Uint8Array
}

/** 0x00 ‖ H("leaf", …), 33 bytes: its SHA-256 is the leaf (RFC 6962 section 2.1). */
export function leafPreimage(leaf: LeafInput): Uint8Array {
  return concat(Uint8Array.of(0), H('leaf', leaf.blind, leaf.statusKey, leaf.digest, leaf.wraps))
}
