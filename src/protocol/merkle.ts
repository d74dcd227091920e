import { sha256 } from './crypto.ts'
import { concat } from './encoding.ts'

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** Merkle tree hash of the entries (RFC 6962 section 2.1, SHA-256); 32 bytes. */
export async function merkleTreeHash(entries: readonly Uint8Array[]): Promise<Uint8Array> {
  let level = await Promise.all(entries.map(entry => sha256(concat(LEAF, entry))))
  // A level's odd last node goes up as it is: that is the RFC's split at the largest power of two.
  while (level.length > 1) {
    const pairs = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => level.slice(2 * i, 2 * i + 2))
    level = await Promise.all(
      pairs.map(async pair => (pair.length === 2 ? sha256(concat(NODE, ...pair)) : concat(...pair))),
    )
  }
  return level[0] ?? sha256(new Uint8Array(0))
}
