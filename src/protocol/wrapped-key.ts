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

const wrapInfo = (digest: Uint8Array, keyId: Uint8Array, agencyId: string) =>
  enc('wrap', digest, keyId, ascii(agencyId))

export async function wrapContentKey(
  key: ContentKey,
  digest: Uint8Array,
  to: Recipient,
  random: RandomBytes,
): Promise<WrappedKey> {
  const wrapped = await hpkeSeal(to.sealingKey, wrapInfo(digest, to.keyId, to.agencyId), key, random)
  return { agencyId: to.agencyId, keyId: to.keyId, wrapped }
}

/** Throws `open-failed`. */
export async function unwrapContentKey(
  wrappedKey: WrappedKey,
  digest: Uint8Array,
  epoch: SealingPair,
): Promise<ContentKey> {
  const info = wrapInfo(digest, wrappedKey.keyId, wrappedKey.agencyId)
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
