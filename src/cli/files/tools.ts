// What Node does better than WebAssembly: hashing and sealing with OpenSSL.
import { createCipheriv, createDecipheriv, createHash, createSecretKey } from 'node:crypto'
import type { FileTools } from '../../client/index.ts'
import { giveBack } from '../../server/memory.ts'

const CIPHER = 'chacha20-poly1305'
const MAC = { authTagLength: 16 }

export const fileTools: Required<FileTools> = {
  createHasher() {
    const hash = createHash('sha256')
    return {
      update: bytes => {
        hash.update(bytes)
      },
      digest: () => new Uint8Array(hash.digest()),
    }
  },
  hash: bytes => createHash('sha256').update(bytes).digest(),
  cipher: bytes => {
    const key = createSecretKey(bytes)
    return {
      seal(nonce, pieces, target) {
        const cipher = createCipheriv(CIPHER, key, nonce, MAC)
        let at = 0
        for (const piece of pieces) {
          const sealed = cipher.update(piece)
          target.set(sealed, at)
          at += sealed.length
          giveBack(sealed)
        }
        cipher.final()
        return cipher.getAuthTag()
      },
      open(nonce, [first, second], mac) {
        const decipher = createDecipheriv(CIPHER, key, nonce, MAC).setAuthTag(mac)
        const pieces = [decipher.update(first), decipher.update(second)] as const
        try {
          decipher.final()
        } catch {
          return null
        }
        return pieces
      },
    }
  },
}
