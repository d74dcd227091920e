// What the files of a message are: a list inside its sealed body.
import { attachedContent, MAX_CONTENT } from './blob.ts'
import { type BlobKey, blobKeyOf, bytesToText, textToBytes } from './crypto.ts'
import { dec, decExactly, enc, readU64, u64 } from './encoding.ts'
import { ProtocolError } from './error.ts'

/** Of one message, attached and kept ones together. */
export const MAX_FILES = 32
const MAX_NAME = 255
const MAX_TYPE = 127

export interface ListedFile {
  /** As the sender's system had it: not to be trusted with a path. 1 to 255 bytes. */
  readonly name: string
  /** A media type as the sender gave it, or empty; at most 127 bytes. */
  readonly type: string
  /** Bytes. */
  readonly size: number
  /** SHA-256 of the file, as `sha256sum` gives it. */
  readonly sha256: Uint8Array
  /** False: it stays with the sender, who can show later that it is the one. */
  readonly attached: boolean
}

export interface FileList {
  readonly blobKey: BlobKey
  readonly files: readonly ListedFile[]
}

/** The list as it stands inside a sealed body; empty for none. Throws `bad-encoding` on what it cannot hold. */
export function encodeFileList(list: FileList | null): Uint8Array {
  if (list === null) return new Uint8Array(0)
  const bytes = enc('files', list.blobKey, ...list.files.map(encodeFile))
  parseFileList(bytes)
  return bytes
}

function encodeFile({ attached, name, type, size, sha256: hash }: ListedFile): Uint8Array {
  return enc(attached ? 'file' : 'kept-file', textToBytes(name), textToBytes(type), u64(size), hash)
}

/** Throws `bad-encoding`. */
export function parseFileList(bytes: Uint8Array): FileList | null {
  if (bytes.length === 0) return null
  const [key, ...entries] = dec('files', bytes)
  if (key?.length !== 32 || entries.length === 0 || entries.length > MAX_FILES) {
    throw new ProtocolError('bad-encoding', 'files')
  }
  const files = entries.map(parseFile)
  if (attachedContent(files) > MAX_CONTENT) throw new ProtocolError('bad-encoding', 'files')
  return { blobKey: blobKeyOf(key), files }
}

function parseFile(bytes: Uint8Array): ListedFile {
  const attached = bytes[0] === enc('file')[0]
  const fields = decExactly(attached ? 'file' : 'kept-file', 4, bytes)
  const [name, type, size, hash] = fields
  if (!name || !type || !size || !hash) throw new ProtocolError('bad-encoding', 'file')
  const fits = name.length > 0 && name.length <= MAX_NAME && type.length <= MAX_TYPE && hash.length === 32
  if (!fits) throw new ProtocolError('bad-encoding', 'file')
  return {
    attached,
    name: bytesToText(name),
    type: bytesToText(type),
    size: readU64(size),
    sha256: hash.slice(),
  }
}

/** What a message that has files needs to know of their blob; null in it where there are none. */
export interface MessageFiles {
  readonly list: FileList
  /** Of the parts as uploaded; `blobRoot` of none where no file is attached. */
  readonly root: Uint8Array
  readonly partCount: number
}
