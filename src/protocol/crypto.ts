// The only door to libsodium. Everything here works after `cryptoReady` has resolved.
import sodium from 'libsodium-wrappers'
import { enc, expectLength, isWellFormed } from './encoding.ts'
import { ProtocolError } from './error.ts'
import { plainSha256 } from './plain-hashes.ts'

declare const brand: unique symbol
/** Bytes of one meaning: the wrong key in the wrong place is a compile error. */
export type Branded<Name extends string> = Uint8Array & { readonly [brand]: Name }

/** 32 bytes, Ed25519 seed (RFC 8032). */
export type SigningSeed = Branded<'signing seed'>
/** 32 bytes, Ed25519 public key. */
export type SigningKey = Branded<'signing key'>
/** 32 bytes, X-Wing seed; it is the HPKE private key. */
export type SealingSeed = Branded<'sealing seed'>
/** 1216 bytes, X-Wing public key. */
export type SealingKey = Branded<'sealing key'>
/** 32 bytes; opens one message. */
export type ContentKey = Branded<'content key'>
/** 32 bytes; seals the files of one message. */
export type BlobKey = Branded<'blob key'>
/** 32 bytes, H("deployment", first root document). */
export type DeploymentId = Branded<'deployment id'>
/** `length` bytes of chance. An argument wherever chance enters, so that vectors and tests can fix it. */
export type RandomBytes = (length: number) => Uint8Array

export const cryptoReady: Promise<void> = sodium.ready

/** What JavaScript platforms have, though the portable build declares none of it. */
interface Platform {
  readonly crypto: {
    /** Not on pages that the browser calls insecure. */
    readonly subtle?: { digest(name: 'SHA-256', data: Uint8Array): Promise<ArrayBuffer> }
    getRandomValues(bytes: Uint8Array): void
  }
  readonly TextDecoder: new (
    label: 'utf-8',
    options: { readonly fatal: true; readonly ignoreBOM: true },
  ) => { decode(bytes: Uint8Array): string }
}

const platform = globalThis as unknown as Platform

/** That WebCrypto gives at once. */
const MAX_RANDOM = 65_536

/** From WebCrypto: libsodium's JavaScript asks for it four bytes at a time, which takes milliseconds for kilobytes. */
export const randomBytes: RandomBytes = length => {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += MAX_RANDOM)
    platform.crypto.getRandomValues(bytes.subarray(at, at + MAX_RANDOM))
  return bytes
}

/** UTF-8. Throws `bad-encoding` on a lone surrogate, which would become another character. */
export function textToBytes(text: string): Uint8Array {
  if (!isWellFormed(text)) throw new ProtocolError('bad-encoding', 'lone surrogate')
  return sodium.from_string(text)
}

/** Undoes `textToBytes`, a byte order mark kept. Throws `bad-encoding` on bytes that are not UTF-8. */
export function bytesToText(bytes: Uint8Array): string {
  try {
    return new platform.TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new ProtocolError('bad-encoding', 'UTF-8')
  }
}

/** BLAKE2b-256 (RFC 7693) of raw bytes. */
export function blake2b(bytes: Uint8Array): Uint8Array {
  return sodium.crypto_generichash(32, bytes, null)
}

/** H(tag, …): BLAKE2b-256 of enc(tag, …); 32 bytes. */
export function H(tag: string, ...fields: readonly Uint8Array[]): Uint8Array {
  return sodium.crypto_generichash(32, enc(tag, ...fields), null)
}

/** M(key, tag, …): BLAKE2b-256 of enc(tag, …), keyed with 32 bytes; 32 bytes. */
export function M(key: Uint8Array, tag: string, ...fields: readonly Uint8Array[]): Uint8Array {
  expectLength(key, 32)
  return sodium.crypto_generichash(32, enc(tag, ...fields), key)
}

/** Compares secrets of one length in constant time. */
export function equalSecrets(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && sodium.memcmp(a, b)
}

export const hasWebCrypto = (): boolean => platform.crypto.subtle !== undefined

/** SHA-256, from WebCrypto where there is one: the standard libsodium build has none. */
export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  const { subtle } = platform.crypto
  return subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes)) : plainSha256(bytes)
}

/** First 16 bytes of H("key", public key). */
export function keyId(publicKey: Uint8Array): Uint8Array {
  return H('key', publicKey).slice(0, 16)
}

// Brands are minted here, where the length is checked; an Ed25519 public key is also checked to be a
// canonical point of the prime-order group.
function branded<Name extends string>(bytes: Uint8Array, length: number): Branded<Name> {
  expectLength(bytes, length)
  return bytes as Branded<Name>
}

export const signingSeed = (bytes: Uint8Array): SigningSeed => branded(bytes, 32)
export const sealingSeed = (bytes: Uint8Array): SealingSeed => branded(bytes, 32)
export const sealingKey = (bytes: Uint8Array): SealingKey => branded(bytes, 1216)
export const contentKey = (bytes: Uint8Array): ContentKey => branded(bytes, 32)
export const blobKeyOf = (bytes: Uint8Array): BlobKey => branded(bytes, 32)
export const deploymentIdOf = (bytes: Uint8Array): DeploymentId => branded(bytes, 32)

/** Throws `bad-key` for small-order and non-canonical keys, under which anybody can forge. */
export function signingKey(bytes: Uint8Array): SigningKey {
  expectLength(bytes, 32)
  try {
    // The standard build has no crypto_core_ed25519_is_valid_point. This conversion refuses small orders and
    // what lies outside the prime-order group; of that, only the identity has a spelling with y ≥ 2^255 − 19.
    sodium.crypto_sign_ed25519_pk_to_curve25519(bytes)
  } catch {
    throw new ProtocolError('bad-key')
  }
  return branded(bytes, 32)
}

export interface SigningPair {
  readonly seed: SigningSeed
  readonly publicKey: SigningKey
}

export function deriveSigningPair(seed: SigningSeed): SigningPair {
  const { publicKey } = sodium.crypto_sign_seed_keypair(seed)
  return { seed, publicKey: branded(publicKey, 32) }
}

/** Ed25519 (RFC 8032), 64 bytes. Deterministic. */
export function sign(pair: SigningPair, message: Uint8Array): Uint8Array {
  return sodium.crypto_sign_detached(message, concatKey(pair))
}

// libsodium's secret key is seed ‖ public key.
function concatKey(pair: SigningPair): Uint8Array {
  const key = new Uint8Array(64)
  key.set(pair.seed)
  key.set(pair.publicKey, 32)
  return key
}

/** libsodium's verdict is the rule on every side: it refuses small-order keys and non-canonical encodings. */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  try {
    return sodium.crypto_sign_verify_detached(signature, message, publicKey)
  } catch {
    return false
  }
}

export interface SealingPair {
  readonly seed: SealingSeed
  readonly publicKey: SealingKey
}

export function deriveSealingPair(seed: SealingSeed): SealingPair {
  const { publicKey } = sodium.crypto_kem_xwing_seed_keypair(seed)
  return { seed, publicKey: branded(publicKey, 1216) }
}

/**
 * X-Wing encapsulation with 64 bytes of chance: 1120 bytes for the holder of the seed, 32 bytes shared.
 * Throws `bad-key` where ML-KEM's part is out of range or X25519's gives zero.
 */
export function encapsulate(
  publicKey: SealingKey,
  eseed: Uint8Array,
): { ciphertext: Uint8Array; secret: Uint8Array } {
  expectLength(eseed, 64)
  try {
    const { ciphertext, sharedSecret } = sodium.crypto_kem_xwing_enc_deterministic(publicKey, eseed)
    return { ciphertext, secret: sharedSecret }
  } catch {
    throw new ProtocolError('bad-key')
  }
}

/** A tampered ciphertext gives another secret without an error; a zero X25519 share throws. */
export function decapsulate(seed: SealingSeed, ciphertext: Uint8Array): Uint8Array {
  return sodium.crypto_kem_xwing_dec(ciphertext, seed)
}

/** ChaCha20-Poly1305 (RFC 8439), for HPKE. */
export function chachaSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  return sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, aad, null, nonce, key)
}

export function chachaOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array {
  return sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, ciphertext, aad, nonce, key)
}

/** nonce (24 bytes) ‖ XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): 40 bytes longer than the plaintext. */
export function xchachaSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  expectLength(nonce, 24)
  const ciphertext = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, aad, null, nonce, key)
  const out = new Uint8Array(24 + ciphertext.length)
  out.set(nonce)
  out.set(ciphertext, 24)
  return out
}

/** Undoes `xchachaSeal`. Throws `open-failed`. */
export function xchachaOpen(key: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array {
  try {
    const nonce = sealed.subarray(0, 24)
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed.subarray(24), aad, nonce, key)
  } catch {
    throw new ProtocolError('open-failed')
  }
}

/** ISO 7816-4 to exactly `size` bytes; the text must be shorter. Throws `too-long`. */
export function pad(bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length >= size) throw new ProtocolError('too-long')
  const out = new Uint8Array(size)
  out.set(bytes)
  out[bytes.length] = 0x80
  return out
}

/** Undoes `pad`. Throws `open-failed`: what was opened was not padded by us. */
export function unpad(padded: Uint8Array): Uint8Array {
  const end = padded.findLastIndex(byte => byte !== 0)
  if (end < 0 || padded[end] !== 0x80) throw new ProtocolError('open-failed')
  return padded.subarray(0, end)
}
