// §2 of docs/protocol.md, primitives; hash and MAC (§1) as well.
import { createHash, randomBytes } from 'node:crypto'
import { XWing } from '@noble/post-quantum/hybrid.js' // below hpke-noble, which hides a seed's public key
import { AEAD_ChaCha20Poly1305, KDF_HKDF_SHA256, KEM_MLKEM768_X25519 } from '@panva/hpke-noble'
import { CipherSuite } from 'hpke'
import sodium from 'libsodium-wrappers'
import { check, enc, pad, refuse, unpad } from './plain-encodings.mjs'

await sodium.ready
export const mac = (key, ...fields) => Buffer.from(sodium.crypto_generichash(32, enc(...fields), key))
export const hash = (...fields) => mac(null, ...fields)
export const keyIdOf = publicKey => hash('key', publicKey).subarray(0, 16)
export const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest()

/** One failure, whatever it was. */
export function attempt(work, code) {
  try {
    return work()
  } catch {
    return refuse(code)
  }
}

export const ed25519 = {
  pair(seed, role) {
    const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(seed)
    return { role, publicKey, sign: bytes => Buffer.from(sodium.crypto_sign_detached(bytes, privateKey)) }
  },
  verify(publicKey, signature, bytes) {
    sodium.crypto_sign_ed25519_pk_to_curve25519(publicKey) // throws unless it is a point of the prime-order group
    check(sodium.crypto_sign_verify_detached(signature, bytes, publicKey), 'bad-signature')
  },
}

const suite = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_ChaCha20Poly1305)
export const hpke = {
  /** The seed is the private key itself. */
  pair: seed => ({ seed, publicKey: Buffer.from(XWing.keygen(seed).publicKey) }),
  async seal(publicKey, info, bytes) {
    const sealed = await suite.Seal(await suite.DeserializePublicKey(publicKey), bytes, { info })
    return Buffer.concat([sealed.encapsulatedSecret, sealed.ciphertext])
  },
  async open({ seed }, info, sealed) {
    const key = await suite.DeserializePrivateKey(seed)
    const [secret, text] = [sealed.subarray(0, 1120), sealed.subarray(1120)]
    return Buffer.from(await suite.Open(key, secret, text, { info }))
  },
}

/** Of content, padded to a size; the nonce is in front. */
export const xchacha = {
  seal(key, aad, text, size) {
    const [padded, nonce] = [pad(text, size), randomBytes(24)]
    const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, aad, null, nonce, key)
    return Buffer.concat([nonce, sealed])
  },
  open(key, aad, sealed) {
    const [nonce, text] = [sealed.subarray(0, 24), sealed.subarray(24)]
    return unpad(Buffer.from(sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, text, aad, nonce, key)))
  },
}
