// C2SP signed-note: text, a blank line, one line for each signature. https://c2sp.org/signed-note
import {
  type SigningKey,
  type SigningPair,
  sha256,
  sign,
  signingKey,
  textToBytes,
  verifySignature,
} from './crypto.ts'
import { concat, equalBytes, fromBase64, isWellFormed, toBase64 } from './encoding.ts'
import { ProtocolError } from './error.ts'

const ED25519 = 0x01
/** A rotation of roots carries the signatures of two sets of keys, of up to 16 each. */
const MAX_SIGNATURES = 32
/** Key hash and one byte at least, as C2SP has it. */
const MIN_SIGNATURE = 5

/** A named key as notes know it. */
export interface NoteKey {
  readonly name: string
  readonly publicKey: SigningKey
  /** First 4 bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ public key). */
  readonly hash: Uint8Array
}

export interface NoteSigner {
  readonly key: NoteKey
  readonly pair: SigningPair
  /** A platform's faster Ed25519 with that pair: it is deterministic, so the notes are the same. */
  readonly sign?: (message: Uint8Array) => Uint8Array
}

export interface OpenedNote {
  /** Ends in a newline; what was signed. */
  readonly text: string
  /** Those of the given keys that signed, each once. */
  readonly signers: readonly NoteKey[]
}

/** Throws `bad-key` for small-order keys, `bad-document` for names with spaces or plus signs. */
export async function noteKey(name: string, publicKey: Uint8Array): Promise<NoteKey> {
  if (!/^[!-*,-~]{1,128}$/.test(name)) throw new ProtocolError('bad-document', 'key name')
  const preimage = concat(textToBytes(`${name}\n`), Uint8Array.of(ED25519), publicKey)
  return { name, publicKey: signingKey(publicKey), hash: (await sha256(preimage)).slice(0, 4) }
}

export async function noteSigner(name: string, pair: SigningPair): Promise<NoteSigner> {
  return { key: await noteKey(name, pair.publicKey), pair }
}

/** The note of `text`, which ends in a newline, with a signature line for each signer. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  if (!text.endsWith('\n')) throw new ProtocolError('bad-document', 'no newline at the end')
  const bytes = textToBytes(text)
  const lines = signers.map(signer => {
    const signature = signer.sign?.(bytes) ?? sign(signer.pair, bytes)
    return `\u2014 ${signer.key.name} ${toBase64(concat(signer.key.hash, signature))}\n`
  })
  return `${text}\n${lines.join('')}`
}

/** What a note says, before anybody's signature was looked at. Throws `bad-document`. */
export function noteText(note: string): string {
  return splitNote(note).text
}

/**
 * Counts which of the keys signed. Lines of other keys are passed over; a wrong signature of a key that
 * is asked for throws `bad-signature`, as C2SP demands.
 */
export function openNote(note: string, keys: readonly NoteKey[]): OpenedNote {
  const { text, lines } = splitNote(note)
  const bytes = textToBytes(text)
  const signers = new Set<NoteKey>()
  for (const line of lines) {
    const { name, hash, signature } = parseLine(line)
    const key = keys.find(known => known.name === name && equalBytes(known.hash, hash))
    if (!key) continue
    if (!verifySignature(key.publicKey, bytes, signature)) throw new ProtocolError('bad-signature')
    signers.add(key)
  }
  return { text, signers: [...signers] }
}

function splitNote(note: string): { text: string; lines: readonly string[] } {
  const at = note.lastIndexOf('\n\n')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: C2SP forbids control characters other than newline.
  if (at < 0 || !note.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(note) || !isWellFormed(note)) {
    throw new ProtocolError('bad-document', 'not a signed note')
  }
  const lines = note.slice(at + 2, -1).split('\n')
  if (lines.length > MAX_SIGNATURES) throw new ProtocolError('bad-document', 'signatures')
  return { text: note.slice(0, at + 1), lines }
}

function parseLine(line: string): { name: string; hash: Uint8Array; signature: Uint8Array } {
  const [, name, encoded] = /^\u2014 ([!-*,-~]+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? []
  if (!name || !encoded) throw new ProtocolError('bad-document', 'signature line')
  const bytes = signatureBytes(encoded)
  return { name, hash: bytes.subarray(0, 4), signature: bytes.subarray(4) }
}

function signatureBytes(encoded: string): Uint8Array {
  try {
    const bytes = fromBase64(encoded)
    if (bytes.length >= MIN_SIGNATURE) return bytes
  } catch {
    // falls through: one failure for every malformed line
  }
  throw new ProtocolError('bad-document', 'signature line')
}
