// Key files sealed by a passphrase, in age's format (https://age-encryption.org): the same for every program of ours.

// Loaded where a file is sealed: most callers never need it.
const loadAge = () => import('age-encryption')

const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----'
const BINARY = 'age-encryption.org/v1'
/** What age says where the one stanza of a passphrase does not open. */
const NOT_MATCHED = /no identity matched/

/** `passphrase`: another one sealed it. `damaged`: no passphrase opens it as it is. */
export class UnsealFailed extends Error {
  readonly reason: 'passphrase' | 'damaged'

  constructor(reason: 'passphrase' | 'damaged', cause?: unknown) {
    super(reason, { cause })
    this.name = 'UnsealFailed'
    this.reason = reason
  }
}

const latin1 = new TextDecoder('latin1')

export function isSealed(bytes: Uint8Array): boolean {
  const start = latin1.decode(bytes.subarray(0, ARMOR.length))
  return start.startsWith(ARMOR) || start.startsWith(BINARY)
}

/** Armored, by scrypt with age's own work factor. */
export async function sealText(text: string, passphrase: string): Promise<string> {
  const { armor, Encrypter } = await loadAge()
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  return armor.encode(await encrypter.encrypt(text))
}

/** Throws `UnsealFailed`. */
export async function unsealText(bytes: Uint8Array, passphrase: string): Promise<string> {
  const { armor, Decrypter } = await loadAge()
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  try {
    const text = latin1.decode(bytes)
    return await decrypter.decrypt(text.startsWith(ARMOR) ? armor.decode(text) : bytes, 'text')
  } catch (error) {
    const isOther = error instanceof Error && NOT_MATCHED.test(error.message)
    throw new UnsealFailed(isOther ? 'passphrase' : 'damaged', error)
  }
}
