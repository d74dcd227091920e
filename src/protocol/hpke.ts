import { type AEAD, CipherSuite, type KDF, KDF_HKDF_SHA256, type KEM, type Key } from 'hpke'
import {
  chachaOpen,
  chachaSeal,
  decapsulate,
  deriveSealingPair,
  encapsulate,
  hasWebCrypto,
  type RandomBytes,
  type SealingKey,
  type SealingPair,
  sealingKey,
  sealingSeed,
} from './crypto.ts'
import { concat } from './encoding.ts'
import { ProtocolError } from './error.ts'
import { plainExpand, plainExtract } from './plain-hashes.ts'

/** X-Wing encapsulated secret, bytes. */
export const ENCAPSULATED_LENGTH = 1120
/** What sealing adds to a plaintext: encapsulated secret and Poly1305 tag. */
export const SEAL_OVERHEAD = ENCAPSULATED_LENGTH + 16

const NO_BYTES = new Uint8Array(0)

interface XWingKey extends Key {
  readonly bytes: Uint8Array
}

function unsupported(): never {
  // HPKE's DeriveKeyPair would give another key than the seed itself; this protocol never uses it.
  throw new Error('not used: the X-Wing seed is the private key')
}

const xwingKey = (type: 'public' | 'private', bytes: Uint8Array): XWingKey => ({
  algorithm: { name: 'MLKEM768-X25519' },
  extractable: true,
  type,
  bytes,
})

/** KEM 0x647a over libsodium; `random` gives the 64 bytes of an encapsulation. */
export const xwing = (random: RandomBytes): KEM<XWingKey> => ({
  id: 0x647a,
  type: 'KEM',
  name: 'MLKEM768-X25519',
  Nsecret: 32,
  Nenc: ENCAPSULATED_LENGTH,
  Npk: 1216,
  Nsk: 32,
  DeriveKeyPair: async () => unsupported(),
  GenerateKeyPair: async () => unsupported(),
  SerializePublicKey: async key => key.bytes,
  DeserializePublicKey: async bytes => xwingKey('public', bytes),
  SerializePrivateKey: async key => key.bytes,
  DeserializePrivateKey: async bytes => xwingKey('private', bytes),
  Encap: async publicKey => {
    const { ciphertext, secret } = encapsulate(sealingKey(publicKey.bytes), random(64))
    return { enc: ciphertext, shared_secret: secret }
  },
  Decap: async (encapsulated, privateKey) => decapsulate(sealingSeed(privateKey.bytes), encapsulated),
})

/** AEAD 0x0003 over libsodium. */
export const chacha20poly1305: AEAD = {
  id: 0x0003,
  type: 'AEAD',
  name: 'ChaCha20Poly1305',
  Nk: 32,
  Nn: 12,
  Nt: 16,
  Seal: async (key, nonce, aad, plaintext) => chachaSeal(key, nonce, aad, plaintext),
  Open: async (key, nonce, aad, ciphertext) => chachaOpen(key, nonce, aad, ciphertext),
}

/** KDF 0x0001 without WebCrypto. */
export const plainHkdfSha256 = (): KDF => ({
  id: 0x0001,
  type: 'KDF',
  name: 'HKDF-SHA256',
  Nh: 32,
  stages: 2,
  Extract: async (salt, ikm) => plainExtract(salt, ikm),
  Expand: async (prk, info, length) => plainExpand(prk, info, length),
  Derive: async () => {
    throw new Error('not used: of KDFs with one stage')
  },
})

const suite = (random: RandomBytes) =>
  new CipherSuite(
    () => xwing(random),
    () => (hasWebCrypto() ? KDF_HKDF_SHA256() : plainHkdfSha256()),
    () => chacha20poly1305,
  )

const opener = suite(unsupported)

/**
 * HPKE base mode (RFC 9180; KEM 0x647a, KDF 0x0001, AEAD 0x0003), AAD empty:
 * encapsulated secret (1120 bytes) ‖ ciphertext (plaintext + 16 bytes). Throws `bad-key`.
 */
export async function hpkeSeal(
  to: SealingKey,
  info: Uint8Array,
  plaintext: Uint8Array,
  random: RandomBytes,
): Promise<Uint8Array> {
  try {
    const sealed = await suite(random).Seal(xwingKey('public', to), plaintext, { info, aad: NO_BYTES })
    return concat(sealed.encapsulatedSecret, sealed.ciphertext)
  } catch (error) {
    throw error instanceof Error && error.cause instanceof ProtocolError ? error.cause : error
  }
}

/** Undoes `hpkeSeal`. Throws `open-failed`, whatever went wrong. */
export async function hpkeOpen(pair: SealingPair, info: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
  try {
    const keys = { privateKey: xwingKey('private', pair.seed), publicKey: xwingKey('public', pair.publicKey) }
    const encapsulated = sealed.subarray(0, ENCAPSULATED_LENGTH)
    return await opener.Open(keys, encapsulated, sealed.subarray(ENCAPSULATED_LENGTH), {
      info,
      aad: NO_BYTES,
    })
  } catch {
    throw new ProtocolError('open-failed')
  }
}

/** The pair of an X-Wing seed that was received as bytes. */
export const sealingPairOf = (seed: Uint8Array): SealingPair => deriveSealingPair(sealingSeed(seed))
