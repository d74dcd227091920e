// Which numbers a device's next replies have: announced in the chain of its case, readable to that device alone.
import type { RandomBytes, SealingKey, SealingPair } from './crypto.ts'
import { ascii, concat, enc, readU32, u32 } from './encoding.ts'
import { ProtocolError } from './error.ts'
import { hpkeOpen, hpkeSeal } from './hpke.ts'

/** Stands where a device's id stands, beside an event: what follows is no content key. */
export const ANNOUNCEMENT_ID: Uint8Array = new Uint8Array(16)

const REST = new Uint8Array(24)

export interface ReplyNumbers {
  /** 1, 2, … */
  readonly first: number
  readonly count: number
}

interface Announcing {
  readonly deviceId: Uint8Array
  readonly agencyId: string
}

const info = (digest: Uint8Array, { deviceId, agencyId }: Announcing) =>
  enc('reply-numbers', digest, deviceId, ascii(agencyId))

/** As long as a wrapped content key. */
export function sealReplyNumbers(
  { first, count }: ReplyNumbers,
  digest: Uint8Array,
  device: Announcing & { readonly sealingKey: SealingKey },
  random: RandomBytes,
): Promise<Uint8Array> {
  return hpkeSeal(device.sealingKey, info(digest, device), concat(u32(first), u32(count), REST), random)
}

/** Throws `open-failed`. */
export async function openReplyNumbers(
  sealed: Uint8Array,
  digest: Uint8Array,
  device: Announcing & { readonly pair: SealingPair },
): Promise<ReplyNumbers> {
  const bytes = await hpkeOpen(device.pair, info(digest, device), sealed)
  if (bytes.length !== 8 + REST.length) throw new ProtocolError('open-failed')
  const numbers = { first: readU32(bytes.subarray(0, 4)), count: readU32(bytes.subarray(4, 8)) }
  if (numbers.first < 1 || numbers.count < 1) throw new ProtocolError('open-failed')
  return numbers
}
