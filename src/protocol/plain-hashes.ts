// SHA-256 and HKDF (RFC 5869) in JavaScript, where the platform has no WebCrypto: on pages whose origin the browser calls
// insecure, as an onion's over http in any but Tor Browser. docs/decisions/0033.
import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'

export const plainSha256 = (bytes: Uint8Array): Uint8Array => sha256(bytes)

export const plainExtract = (salt: Uint8Array, secret: Uint8Array): Uint8Array =>
  extract(sha256, secret, salt)

export const plainExpand = (key: Uint8Array, info: Uint8Array, length: number): Uint8Array =>
  expand(sha256, key, info, length)
