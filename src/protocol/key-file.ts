// Key files: one JSON format for every key that somebody keeps. Where they lie and how they are locked is
// the program's business (mode 0600, or sealed by a passphrase in age's format).
import { deriveSigningPair, type SealingSeed, type SigningSeed, sealingSeed, signingSeed } from './crypto.ts'
import { type Json, type JsonObject, read } from './document.ts'
import { toBase64url } from './encoding.ts'
import { ProtocolError } from './error.ts'
import { type NoteSigner, noteSigner } from './signed-note.ts'

const FORMAT = 'bongsu key file 1'

/** Signs documents: a root key, the directory's key, or an agency's identity. */
export interface AuthorityKey {
  readonly kind: 'root' | 'directory' | 'identity'
  /** The key's name in signed notes. */
  readonly name: string
  readonly seed: SigningSeed
}

export interface EpochSeed {
  readonly seed: SealingSeed
  readonly validFrom: string
}

/** A device of an agency; intake devices also hold the agency's epoch seeds. */
export interface DeviceKey {
  readonly kind: 'device'
  readonly deployment: Uint8Array
  readonly agencyId: string
  readonly signingSeed: SigningSeed
  readonly sealingSeed: SealingSeed
  readonly certificate: string
  readonly epochs: readonly EpochSeed[]
}

export type KeyFile = AuthorityKey | DeviceKey

export function formatKeyFile(key: KeyFile): string {
  const content =
    key.kind === 'device'
      ? {
          kind: key.kind,
          deployment: toBase64url(key.deployment),
          agency: key.agencyId,
          signingSeed: toBase64url(key.signingSeed),
          sealingSeed: toBase64url(key.sealingSeed),
          certificate: key.certificate,
          epochs: key.epochs.map(({ seed, validFrom }) => ({ seed: toBase64url(seed), validFrom })),
        }
      : { kind: key.kind, name: key.name, seed: toBase64url(key.seed) }
  return `${JSON.stringify({ format: FORMAT, ...content }, null, 2)}\n`
}

/** Throws `bad-document`. */
export function parseKeyFile(text: string): KeyFile {
  const content = parseObject(text)
  if (content.format !== FORMAT) throw new ProtocolError('bad-document', 'not a key file')
  const kind = read.text(content, 'kind')
  if (kind === 'device') {
    return {
      kind,
      deployment: read.bytes(content, 'deployment', 32),
      agencyId: read.id(content, 'agency'),
      signingSeed: signingSeed(read.bytes(content, 'signingSeed', 32)),
      sealingSeed: sealingSeed(read.bytes(content, 'sealingSeed', 32)),
      certificate: read.text(content, 'certificate', 16_384),
      epochs: read.list(content, 'epochs', epoch => ({
        seed: sealingSeed(read.bytes(epoch, 'seed', 32)),
        validFrom: read.day(epoch, 'validFrom'),
      })),
    }
  }
  if (kind !== 'root' && kind !== 'directory' && kind !== 'identity')
    throw new ProtocolError('bad-document', 'kind')
  return { kind, name: read.text(content, 'name', 128), seed: signingSeed(read.bytes(content, 'seed', 32)) }
}

function parseObject(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as Json
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  } catch {
    // falls through: one failure for everything that is not an object
  }
  throw new ProtocolError('bad-document', 'not a key file')
}

export function signerOf(key: AuthorityKey): Promise<NoteSigner> {
  return noteSigner(key.name, deriveSigningPair(key.seed))
}
