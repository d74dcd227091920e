// SHA-256 a piece at a time, as `sha256sum` gives it. docs/decisions/0026 says why this is no matter of libsodium's.
import { sha256 } from '@noble/hashes/sha2.js'

export interface FileHasher {
  update(bytes: Uint8Array): void
  digest(): Uint8Array
}

export function createFileHasher(): FileHasher {
  const hash = sha256.create()
  return {
    update: bytes => void hash.update(bytes),
    digest: () => hash.digest(),
  }
}
