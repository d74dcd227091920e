// A second reader of Bongsu's formats, written from docs/protocol.md: nothing of src/, other cryptographic
// libraries (noble), HPKE's key schedule by hand. Section numbers are those of docs/protocol.md.
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { blake2b } from '@noble/hashes/blake2.js'
import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { XWing } from '@noble/post-quantum/hybrid.js'

type Bytes = Uint8Array

export const join = (...parts: readonly (Bytes | readonly number[])[]): Bytes =>
  Uint8Array.from(parts.flatMap(part => [...part]))
export const utf8 = (text: string): Bytes => new TextEncoder().encode(text)
export const text = (bytes: Bytes): string =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
export const same = (a: Bytes, b: Bytes): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])
const base64url = (bytes: Bytes): string => Buffer.from(bytes).toString('base64url')

/** Whatever is wrong with something that is to be opened. */
export class Refused extends Error {}

export function demand(condition: boolean): void {
  if (!condition) throw new Refused()
}

export function number(value: number, width: 1 | 2 | 4 | 8): Bytes {
  return Uint8Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** (width - 1 - i)) % 256)
}

export const numberOf = (bytes: Bytes): number => bytes.reduce((value, byte) => value * 256 + byte, 0)

// Section 1.

export function enc(tag: string, ...fields: readonly Bytes[]): Bytes {
  const name = utf8(`bongsu/v1/${tag}`)
  return join([name.length], name, ...fields.flatMap(field => [number(field.length, 4), field]))
}

export function fieldsOf(tag: string, encoded: Bytes): Bytes[] {
  const start = enc(tag)
  demand(same(encoded.slice(0, start.length), start))
  const fields: Bytes[] = []
  let rest = encoded.slice(start.length)
  while (rest.length > 0) {
    demand(rest.length >= 4)
    const end = 4 + numberOf(rest.slice(0, 4))
    demand(end <= rest.length)
    fields.push(rest.slice(4, end))
    rest = rest.slice(end)
  }
  return fields
}

export const hash = (tag: string, ...fields: readonly Bytes[]): Bytes =>
  blake2b(enc(tag, ...fields), { dkLen: 32 })

export const mac = (key: Bytes, tag: string, ...fields: readonly Bytes[]): Bytes =>
  blake2b(enc(tag, ...fields), { dkLen: 32, key })

export const keyId = (publicKey: Bytes): Bytes => hash('key', publicKey).slice(0, 16)

export function unpad(padded: Bytes): Bytes {
  let end = padded.length - 1
  while (padded[end] === 0) end--
  demand(padded[end] === 0x80)
  return padded.slice(0, end)
}

// Section 2: HPKE base mode, KEM 0x647a, KDF 0x0001, AEAD 0x0003, one message.

const SUITE = join(utf8('HPKE'), number(0x647a, 2), number(1, 2), number(3, 2))
const labeledExtract = (salt: Bytes, label: string, key: Bytes) =>
  extract(sha256, join(utf8('HPKE-v1'), SUITE, utf8(label), key), salt)
const labeledExpand = (secret: Bytes, label: string, info: Bytes, length: number) =>
  expand(sha256, secret, join(number(length, 2), utf8('HPKE-v1'), SUITE, utf8(label), info), length)

function keySchedule(shared: Bytes, info: Bytes) {
  const empty = new Uint8Array(0)
  const context = join(
    [0],
    labeledExtract(empty, 'psk_id_hash', empty),
    labeledExtract(empty, 'info_hash', info),
  )
  const secret = labeledExtract(shared, 'secret', empty)
  return chacha20poly1305(
    labeledExpand(secret, 'key', context, 32),
    labeledExpand(secret, 'base_nonce', context, 12),
  )
}

export const sealingKeyOf = (seed: Bytes): Bytes => XWing.keygen(seed).publicKey

export function hpkeSeal(publicKey: Bytes, info: Bytes, plaintext: Bytes, eseed: Bytes): Bytes {
  const { cipherText, sharedSecret } = XWing.encapsulate(publicKey, eseed)
  return join(cipherText, keySchedule(sharedSecret, info).encrypt(plaintext))
}

export function hpkeOpen(seed: Bytes, info: Bytes, sealed: Bytes): Bytes {
  try {
    const shared = XWing.decapsulate(sealed.slice(0, 1120), XWing.keygen(seed).secretKey)
    return keySchedule(shared, info).decrypt(sealed.slice(1120))
  } catch {
    throw new Refused()
  }
}

export const verify = (publicKey: Bytes, message: Bytes, signature: Bytes): boolean =>
  ed25519.verify(signature, message, publicKey, { zip215: false })

export const signingKeyOf = (seed: Bytes): Bytes => ed25519.getPublicKey(seed)

/** A canonical point of the prime-order group. */
export function isSigningKey(bytes: Bytes): boolean {
  try {
    const point = ed25519.Point.fromBytes(bytes, false)
    return !point.isSmallOrder() && point.isTorsionFree()
  } catch {
    return false
  }
}

// Section 4.

const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export function codeText(code: Bytes): string {
  const bitsOf = (bytes: Bytes) => [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('')
  const bits = `${bitsOf(code)}00${bitsOf(hash('code-check', code)).slice(0, 10)}`
  const symbols = (bits.match(/.{5}/g) ?? []).map(group => SYMBOLS[Number.parseInt(group, 2)]).join('')
  return (symbols.match(/.{4}/g) ?? []).join('-')
}

// Section 5.

export function deriveKeys(deployment: Bytes, code: Bytes) {
  const root = hash('root', deployment, code)
  const key = (name: string) => mac(root, `key/${name}`)
  const [statusSeed, mailboxSeed, sealingSeed] = [
    key('status'),
    key('mailbox-signing'),
    key('mailbox-sealing'),
  ]
  const [statusKey, mailboxKey] = [signingKeyOf(statusSeed), signingKeyOf(mailboxSeed)]
  return {
    root,
    statusSeed,
    statusKey,
    reportId: hash('report', statusKey).slice(0, 16),
    mailboxSeed,
    mailboxKey,
    mailboxId: hash('mailbox', mailboxKey),
    sealingSeed,
    sealingKey: sealingKeyOf(sealingSeed),
    acknowledgementKey: key('acknowledgement'),
    threadKey: key('thread'),
    logBlind: key('log-blind'),
    recipientsKey: key('recipients'),
  }
}

// Section 6.

export interface Sealed {
  readonly header: Bytes
  readonly commitment: Bytes
  readonly body: Bytes
}

export const digestOf = ({ header, commitment, body }: Sealed): Bytes =>
  hash('report-digest', header, commitment, body)

export interface HeaderFields {
  readonly deployment: Bytes
  readonly reportId: Bytes
  readonly threadIndex: number
  readonly bucket: number
  readonly blobRoot: Bytes
  readonly partCount: number
}

export function headerOf(header: HeaderFields): Bytes {
  const { deployment, reportId, threadIndex, bucket, blobRoot, partCount } = header
  const [suite, index, size] = [number(1, 2), number(threadIndex, 4), number(bucket, 4)]
  return enc('header', suite, deployment, reportId, index, size, blobRoot, number(partCount, 4))
}

export function seal(key: Bytes, nonce: Bytes, header: Bytes, plaintext: Bytes): Sealed {
  const bucket = numberOf(fieldsOf('header', header)[4] ?? new Uint8Array(0))
  const padded = new Uint8Array(bucket)
  padded.set(plaintext)
  padded[plaintext.length] = 0x80
  const commitment = mac(key, 'commit', header)
  const cipher = xchacha20poly1305(mac(key, 'body'), nonce, join(header, commitment))
  return { header, commitment, body: join(nonce, cipher.encrypt(padded)) }
}

export function open({ header, commitment, body }: Sealed, key: Bytes): Bytes {
  demand(same(mac(key, 'commit', header), commitment))
  const [suite = [], deployment, report, index, bucket = new Uint8Array(0), root, parts, ...more] = fieldsOf(
    'header',
    header,
  )
  demand(same(Uint8Array.from(suite), number(1, 2)) && more.length === 0)
  const widths = [deployment, report, index, bucket, root, parts].map(field => field?.length)
  demand(widths.join() === '32,16,4,4,32,4' && body.length === numberOf(bucket) + 40)
  try {
    const cipher = xchacha20poly1305(mac(key, 'body'), body.slice(0, 24), join(header, commitment))
    return unpad(cipher.decrypt(body.slice(24)))
  } catch {
    throw new Refused()
  }
}

export function openReport(sealed: Sealed, key: Bytes) {
  const fields = fieldsOf('report-body', open(sealed, key))
  const index = fieldsOf('header', sealed.header)[3]
  demand(index !== undefined && numberOf(index) === 0)
  demand(
    fields
      .map(field => field.length)
      .slice(0, 5)
      .join() === '32,1216,32,32,32' && fields.length === 7,
  )
  const [mailboxKey, sealingKey, acknowledgementKey, threadKey, logBlind, content, files] = fields
  return {
    mailboxKey,
    sealingKey,
    acknowledgementKey,
    threadKey,
    logBlind,
    content: text(content ?? new Uint8Array(0)),
    files: readFileList(files ?? new Uint8Array(0)),
  }
}

// Sections 7 and 8.

export const wrapInfo = (digest: Bytes, id: Bytes, agency: string): Bytes =>
  enc('wrap', digest, id, utf8(agency))
export const followUpWrapInfo = (digest: Bytes, id: Bytes, agency: string, head: Bytes): Bytes =>
  enc('wrap-follow-up', digest, id, utf8(agency), head)
export const deviceWrapInfo = (digest: Bytes, device: Bytes, agency: string): Bytes =>
  enc('device-wrap', digest, device, utf8(agency))

export function wrapsDigest(wraps: readonly { agency: string; keyId: Bytes; wrapped: Bytes }[]): Bytes {
  const sorted = wraps.toSorted((a, b) => (a.agency < b.agency ? -1 : 1))
  return hash('wraps', ...sorted.flatMap(wrap => [utf8(wrap.agency), wrap.keyId, wrap.wrapped]))
}

export function openFollowUp(sealed: Sealed, key: Bytes, threadKey: Bytes) {
  const [tag, content, files, ...more] = fieldsOf('follow-up-body', open(sealed, key))
  const index = fieldsOf('header', sealed.header)[3]
  if (!tag || !content || !files || !index || more.length > 0) throw new Refused()
  const said = hash('follow-up-text', content, files)
  demand(numberOf(index) > 0 && same(tag, mac(threadKey, 'thread', index, said)))
  return { threadTag: tag, content: text(content), files: readFileList(files) }
}

// Section 9.

export function openReply(sealed: Bytes, agency: string, mailboxKey: Bytes, sealingSeed: Bytes) {
  demand(sealed.length === 17_520)
  const mailboxId = hash('mailbox', mailboxKey)
  const info = enc('reply', mailboxId, keyId(sealingKeyOf(sealingSeed)), utf8(agency))
  const [signed, signature, certificate, ...more] = fieldsOf(
    'signed-reply',
    unpad(hpkeOpen(sealingSeed, info, sealed)),
  )
  if (!signed || !signature || !certificate || more.length > 0) throw new Refused()
  const fields = fieldsOf('reply-content', signed)
  const [to, digest, from, count, day, followUps, certificateHash, content, files] = fields
  if (!to || !digest || !from || !count || !day || !followUps || !certificateHash || !content || !files)
    throw new Refused()
  demand(same(to, mailboxId) && text(from) === agency && same(certificateHash, hash('document', certificate)))
  return {
    mailboxId,
    digest,
    number: numberOf(count),
    day: text(day),
    followUps,
    text: text(content),
    files: readFileList(files),
    certificate: text(certificate),
    isSignedBy: (deviceKey: Bytes) => verify(deviceKey, signed, signature),
  }
}

export function sealNotes(
  sealingKey: Bytes,
  of: { device: Bytes; agency: string; version: number; notes: { caseId: Bytes; lastNumber: number }[] },
  eseed: Bytes,
): Bytes {
  const sorted = [...of.notes].sort((a, b) => Buffer.compare(a.caseId, b.caseId))
  const entries = sorted.map(({ caseId, lastNumber }) => join(caseId, number(lastNumber, 4)))
  const padded = new Uint8Array(16_384)
  const text = join(...entries)
  padded.set(text)
  padded[text.length] = 0x80
  return hpkeSeal(
    sealingKey,
    enc('device-notes', of.device, utf8(of.agency), number(of.version, 4)),
    padded,
    eseed,
  )
}

export const messageId = (sealed: Bytes): Bytes => hash('message', sealed).slice(0, 16)

// Section 10, lists; second-files.ts has the rest.

export function sealedLength(size: number): number {
  return 24 + size + 17 * Math.max(1, Math.ceil(size / 65_536))
}

export function blobLength(sizes: readonly number[]): number {
  const streams = sizes.reduce((sum, size) => sum + sealedLength(size), 0)
  if (streams === 0) return 0
  demand(sizes.reduce((sum, size) => sum + size, 0) <= 2 ** 31)
  // 64 KiB, 96 KiB, 128 KiB … 2 GiB, of each 1025/1024.
  for (let k = 0; k <= 30; k++) {
    const length = (2 + (k % 2)) * 2 ** Math.floor(k / 2) * 32 * 1025
    if (length >= streams) return length
  }
  throw new Refused()
}

export function readFileList(bytes: Bytes) {
  if (bytes.length === 0) return null
  const [blobKey = new Uint8Array(0), ...entries] = fieldsOf('files', bytes)
  demand(blobKey.length === 32 && entries.length >= 1 && entries.length <= 32)
  const files = entries.map(readFile)
  const attached = files.filter(file => file.attached)
  demand(attached.reduce((sum, { size }) => sum + size, 0) <= 2 ** 31)
  return { blobKey, files }
}

function readFile(entry: Bytes) {
  const attached = text(entry.slice(1, 15)) === 'bongsu/v1/file'
  const fields = fieldsOf(attached ? 'file' : 'kept-file', entry)
  const [name, type, size, hash] = fields
  if (!name || !type || !size || !hash) throw new Error('a field')
  demand(fields.length === 4 && name.length >= 1 && name.length <= 255 && type.length <= 127)
  demand(size.length === 8 && numberOf(size) < 2 ** 53 && hash.length === 32)
  return { name: text(name), type: text(type), size: numberOf(size), sha256: hash, attached }
}

// Sections 3 and 12.

export const noteText = (note: string): string => note.slice(0, note.lastIndexOf('\n\n') + 1)
export const deploymentOf = (firstRoot: string): Bytes => hash('deployment', utf8(noteText(firstRoot)))
export const documentHash = (note: string): Bytes => hash('document', utf8(note))
export const noteKeyHash = (name: string, publicKey: Bytes): Bytes =>
  sha256(join(utf8(`${name}\n`), [1], publicKey)).slice(0, 4)

/** How many of the keys signed the note. */
export function signersOf(note: string, keys: readonly { name: string; publicKey: Bytes }[]): number {
  const signed = utf8(noteText(note))
  const lines = note.slice(noteText(note).length + 1).split('\n')
  return keys.filter(({ name, publicKey }) =>
    lines.some(line => {
      const [dash, by, encoded = ''] = line.split(' ')
      const bytes = Uint8Array.from(Buffer.from(encoded, 'base64'))
      const named = dash === '—' && by === name && same(bytes.slice(0, 4), noteKeyHash(name, publicKey))
      return named && verify(publicKey, signed, bytes.slice(4))
    }),
  ).length
}

// Section 13.

export function recipientsTag(key: Bytes, digest: Bytes, agencies: readonly string[]): Bytes {
  return mac(key, 'recipients', digest, ...[...agencies].sort().map(utf8))
}

export function leafOf(blind: Bytes, statusKey: Bytes, digest: Bytes, wraps: Bytes): Bytes {
  return sha256(join([0], hash('leaf', blind, statusKey, digest, wraps)))
}

// Section 14.

export function signedRequest(
  seed: Bytes,
  role: string,
  deployment: Bytes,
  request: { method: string; path: string; query: string; body: string | null; nonce: string },
) {
  const { method, path, query, body, nonce } = request
  const digest = body === null ? null : `sha-256=:${Buffer.from(sha256(utf8(body))).toString('base64')}:`
  const covered = ['"@method"', '"@path"', '"@query"', ...(digest === null ? [] : ['"content-digest"'])]
  const tag = `bongsu/v1/${role}/${base64url(deployment)}`
  const parameters = `(${covered.join(' ')});keyid="${base64url(signingKeyOf(seed))}";nonce="${nonce}";tag="${tag}"`
  const lines = [
    `"@method": ${method}`,
    `"@path": ${path}`,
    `"@query": ${query}`,
    ...(digest === null ? [] : [`"content-digest": ${digest}`]),
    `"@signature-params": ${parameters}`,
  ]
  const base = lines.join('\n')
  const signature = Buffer.from(ed25519.sign(utf8(base), seed)).toString('base64')
  return { base, signatureInput: `sig=${parameters}`, signature: `sig=:${signature}:` }
}

export function nonceOf(key: Bytes, random: Bytes, expiry: number, workBits: number): string {
  const mask = mac(key, 'challenge-expiry', random)
  const hidden = number(expiry, 4).map((byte, i) => byte ^ (mask[i] ?? 0))
  const fields = join(random, hidden, number(workBits, 1))
  return base64url(join(fields, mac(key, 'challenge', fields).slice(0, 16)))
}

/** Leading zero bits of a proof of work. */
export function workBits(nonce: string, statusKey: Bytes, contentHash: Bytes, counter: Bytes): number {
  const bytes = hash('pow', Uint8Array.from(Buffer.from(nonce, 'base64url')), statusKey, contentHash, counter)
  return [...bytes]
    .map(byte => byte.toString(2).padStart(8, '0'))
    .join('')
    .indexOf('1')
}
