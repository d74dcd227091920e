// An envelope: a padded plaintext under a content key, which anybody may hold.
import {
  type ContentKey,
  type DeploymentId,
  equalSecrets,
  H,
  M,
  pad,
  type RandomBytes,
  unpad,
  xchachaOpen,
  xchachaSeal,
} from './crypto.ts'
import { concat, decExactly, enc, readU16, readU32, u16, u32 } from './encoding.ts'
import { ProtocolError } from './error.ts'

/** Plaintext sizes after padding, bytes; an envelope of any other size is refused. */
export const SIZE_BUCKETS = [8, 32, 128, 512].map(kib => kib * 1024)
/** What the body has beyond its bucket: nonce (24 bytes) and tag (16 bytes). */
export const BODY_OVERHEAD = 40
const SUITE = 1
/** A header's blob root where no file is attached. */
export const NO_BLOB: Uint8Array = new Uint8Array(32)

export interface EnvelopeHeader {
  readonly deploymentId: Uint8Array
  /** 16 bytes. */
  readonly reportId: Uint8Array
  /** 0 for the report, 1 … for its follow-ups. */
  readonly threadIndex: number
  /** Length of the padded plaintext, bytes. */
  readonly bucket: number
  /** Merkle root of the attached blob's parts; zeros when there is none. */
  readonly blobRoot: Uint8Array
  readonly partCount: number
}

/** What the server stores; any of it may be shown to anybody. */
export interface Envelope {
  readonly header: Uint8Array
  /** 32 bytes: binds the content key, which XChaCha20-Poly1305 alone does not. */
  readonly commitment: Uint8Array
  readonly body: Uint8Array
}

export function encodeHeader(header: EnvelopeHeader): Uint8Array {
  return enc(
    'header',
    u16(SUITE),
    header.deploymentId,
    header.reportId,
    u32(header.threadIndex),
    u32(header.bucket),
    header.blobRoot,
    u32(header.partCount),
  )
}

/** Throws `bad-encoding` on anything that `encodeHeader` would not write. */
export function parseHeader(bytes: Uint8Array): EnvelopeHeader {
  const [suite, deploymentId, reportId, threadIndex, bucket, blobRoot, partCount] = decExactly(
    'header',
    7,
    bytes,
  )
  if (!suite || !deploymentId || !reportId || !threadIndex || !bucket || !blobRoot || !partCount) {
    throw new ProtocolError('bad-encoding', 'header')
  }
  const widths = deploymentId.length === 32 && reportId.length === 16 && blobRoot.length === 32
  const header = {
    deploymentId,
    reportId,
    threadIndex: readU32(threadIndex),
    bucket: readU32(bucket),
    blobRoot,
    partCount: readU32(partCount),
  }
  if (readU16(suite) !== SUITE || !widths || !SIZE_BUCKETS.includes(header.bucket)) {
    throw new ProtocolError('bad-encoding', 'header')
  }
  return header
}

/** 32 bytes; wrapped keys, events, receipts and hand-overs bind it, so the text cannot be swapped. */
export function reportDigest(envelope: Envelope): Uint8Array {
  return H('report-digest', envelope.header, envelope.commitment, envelope.body)
}

/** The smallest bucket that holds a padded plaintext of this length. Throws `too-long`. */
export function bucketFor(length: number): number {
  const bucket = SIZE_BUCKETS.find(size => length < size)
  if (bucket === undefined) throw new ProtocolError('too-long')
  return bucket
}

interface EnvelopeSubject {
  readonly deploymentId: DeploymentId
  readonly reportId: Uint8Array
  readonly threadIndex: number
  readonly blobRoot: Uint8Array
  readonly partCount: number
}

/** Seals under a content key of its own. `plaintext` is padded to `bucketFor(plaintext.length)`. */
export function sealEnvelope(
  key: ContentKey,
  about: EnvelopeSubject,
  plaintext: Uint8Array,
  random: RandomBytes,
): Envelope {
  const bucket = bucketFor(plaintext.length)
  const header = encodeHeader({ ...about, bucket })
  const commitment = M(key, 'commit', header)
  const body = xchachaSeal(M(key, 'body'), random(24), concat(header, commitment), pad(plaintext, bucket))
  return { header, commitment, body }
}

/**
 * Checks the commitment, then opens. Whose report it is, the caller compares with `parseHeader`. Throws
 * `open-failed`, also where the body is not of the size that the header names.
 */
export function openEnvelope({ header, commitment, body }: Envelope, key: ContentKey): Uint8Array {
  const committed = equalSecrets(M(key, 'commit', header), commitment)
  if (!committed || body.length !== bodyLength(header)) throw new ProtocolError('open-failed')
  return unpad(xchachaOpen(M(key, 'body'), concat(header, commitment), body))
}

function bodyLength(header: Uint8Array): number {
  try {
    return parseHeader(header).bucket + BODY_OVERHEAD
  } catch {
    throw new ProtocolError('open-failed')
  }
}
