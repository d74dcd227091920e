// The content key of a message, sealed to an agency's epoch key or to a device of a case team.
import {
  type ContentKey,
  contentKey,
  H,
  type RandomBytes,
  type SealingKey,
  type SealingPair,
} from './crypto.ts'
import { ascii, compareBytes, enc } from './encoding.ts'
import { ProtocolError } from './error.ts'
import { hpkeOpen, hpkeSeal, SEAL_OVERHEAD } from './hpke.ts'

/** A sealed 32-byte content key, bytes. */
export const WRAPPED_KEY_LENGTH = 32 + SEAL_OVERHEAD

export interface Recipient {
  readonly agencyId: string
  readonly keyId: Uint8Array
  readonly sealingKey: SealingKey
}

/** Of a follow-up: its key opens only together with the head of the agency's own chain that the writer saw. */
export interface FollowUpRecipient extends Recipient {
  /** 32 bytes. */
  readonly head: Uint8Array
}

export interface WrappedKey {
  readonly agencyId: string
  /** 16 bytes, of the epoch key that it was sealed to. */
  readonly keyId: Uint8Array
  /** 1168 bytes. */
  readonly wrapped: Uint8Array
}

/** 32 bytes over all wrapped keys, in the order of their agencies' ids. */
export function wrapsDigest(wrappedKeys: readonly WrappedKey[]): Uint8Array {
  const sorted = [...wrappedKeys].sort((a, b) => compareBytes(ascii(a.agencyId), ascii(b.agencyId)))
  return H('wraps', ...sorted.flatMap(({ agencyId, keyId, wrapped }) => [ascii(agencyId), keyId, wrapped]))
}

// A head travels here and not inside the envelope, which every recipient opens: none learns who the others are.
const wrapInfo = (digest: Uint8Array, keyId: Uint8Array, agencyId: string, head: Uint8Array | null) =>
  head
    ? enc('wrap-follow-up', digest, keyId, ascii(agencyId), head)
    : enc('wrap', digest, keyId, ascii(agencyId))

export async function wrapContentKey(
  key: ContentKey,
  digest: Uint8Array,
  to: Recipient | FollowUpRecipient,
  random: RandomBytes,
): Promise<WrappedKey> {
  const info = wrapInfo(digest, to.keyId, to.agencyId, 'head' in to ? to.head : null)
  const wrapped = await hpkeSeal(to.sealingKey, info, key, random)
  return { agencyId: to.agencyId, keyId: to.keyId, wrapped }
}

/** `head`: for a follow-up, the one that its writer saw; null for a report. Throws `open-failed`. */
export async function unwrapContentKey(
  wrappedKey: WrappedKey,
  digest: Uint8Array,
  epoch: SealingPair,
  head: Uint8Array | null = null,
): Promise<ContentKey> {
  const info = wrapInfo(digest, wrappedKey.keyId, wrappedKey.agencyId, head)
  return asContentKey(await hpkeOpen(epoch, info, wrappedKey.wrapped))
}

function asContentKey(bytes: Uint8Array): ContentKey {
  if (bytes.length !== 32) throw new ProtocolError('open-failed')
  return contentKey(bytes)
}

const deviceWrapInfo = (digest: Uint8Array, deviceId: Uint8Array, agencyId: string) =>
  enc('device-wrap', digest, deviceId, ascii(agencyId))

/** Wraps for one device of the agency's own case team; it travels beside a signed event. */
export function wrapForDevice(
  key: ContentKey,
  digest: Uint8Array,
  device: { deviceId: Uint8Array; agencyId: string; sealingKey: SealingKey },
  random: RandomBytes,
): Promise<Uint8Array> {
  return hpkeSeal(device.sealingKey, deviceWrapInfo(digest, device.deviceId, device.agencyId), key, random)
}

/** Throws `open-failed`. */
export async function unwrapAsDevice(
  wrapped: Uint8Array,
  digest: Uint8Array,
  device: { deviceId: Uint8Array; agencyId: string; pair: SealingPair },
): Promise<ContentKey> {
  return asContentKey(
    await hpkeOpen(device.pair, deviceWrapInfo(digest, device.deviceId, device.agencyId), wrapped),
  )
}
