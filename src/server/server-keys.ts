// The server's one secret, 32 bytes in a file, and what is derived from it. Nothing of it is in the database.
import { createPrivateKey, sign } from 'node:crypto'
import { access, link, open, readFile, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { deriveSigningPair, M, randomBytes, type SigningPair, signingSeed } from '../protocol/crypto.ts'
import { fromBase64url, toBase64url, toHex } from '../protocol/encoding.ts'
import type { RequestRole } from '../protocol/request-signature.ts'
import { type NoteSigner, noteSigner } from '../protocol/signed-note.ts'
import { makeFolder } from './folders.ts'

export interface ServerKeys {
  /** Signs receipts; the directory names it. */
  readonly log: NoteSigner
  /** Recognise nonces that any server of this deployment issued; a nonce of one listener is none on the other. */
  readonly challengeKeys: Readonly<Record<RequestRole, Uint8Array>>
  /** Hides whom a quota row is about. */
  readonly quotaKey: Uint8Array
}

export const LOG_KEY_NAME = 'bongsu-log'

export async function deriveServerKeys(secret: Uint8Array): Promise<ServerKeys> {
  return {
    log: await noteSigner(LOG_KEY_NAME, logPair(secret)),
    challengeKeys: {
      reporter: M(secret, 'server/challenge/reporter'),
      agency: M(secret, 'server/challenge/agency'),
    },
    quotaKey: M(secret, 'server/quota'),
  }
}

const logPair = (secret: Uint8Array): SigningPair => deriveSigningPair(signingSeed(M(secret, 'server/log')))

/** Signs what libsodium's WebAssembly would, byte for byte, in two thirds of its time: every report gets a receipt. */
export function signingNatively(signer: NoteSigner): NoteSigner {
  const { seed, publicKey } = signer.pair
  const jwk = { kty: 'OKP', crv: 'Ed25519', d: toBase64url(seed), x: toBase64url(publicKey) }
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  return { ...signer, sign: message => sign(null, message, key) }
}

export async function loadServerKeys(file: string): Promise<ServerKeys> {
  const secret = fromBase64url((await readFile(file, 'utf8')).trim())
  return deriveServerKeys(secret)
}

/** Makes the file unless it exists; it is on the disk when this returns. */
export async function ensureServerKeyFile(file: string): Promise<void> {
  await makeFolder(dirname(file))
  if (
    await access(file).then(
      () => true,
      () => false,
    )
  )
    return
  const draft = `${file}.${toHex(randomBytes(8))}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(`${toBase64url(randomBytes(32))}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  // A link is there whole or not at all, and fails where another process was first.
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await unlink(draft)
}
