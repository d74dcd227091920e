// A client of Bongsu to be read in twenty minutes: it reports, reads the answers, and opens a report as an agency.
// Written from docs/protocol.md alone, whose sections it names (§), with none of the project's code. It keeps nothing:
// the code (§4: 16 random bytes) and the deployment's id are the caller's to keep. Left out are files (§10), follow-ups
// (§8), chains of events (§11) and sending again (§15); plain-casework.mjs has more, plain-command.mjs the commands.
import { createHash, randomBytes } from 'node:crypto'
import { XWing } from '@noble/post-quantum/hybrid.js' // below hpke-noble, which hides a seed's public key
import { AEAD_ChaCha20Poly1305, KDF_HKDF_SHA256, KEM_MLKEM768_X25519 } from '@panva/hpke-noble'
import { CipherSuite } from 'hpke'
import sodium from 'libsodium-wrappers'

await sodium.ready
const hpke = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_ChaCha20Poly1305)
export const refuse = code => {
  throw new Error(code)
}
export const check = (holds, code) => holds || refuse(code) // with a code of §16

// §1 Notation and encodings. A field is bytes, or text.
export const uint = (size, value) => Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex')
export const utf8 = text => (text.isWellFormed() ? Buffer.from(text) : refuse('bad-encoding'))
export const textOf = bytes => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
export const b64 = bytes => Buffer.from(bytes).toString('base64url')
export function unb64(text, encoding = 'base64url') {
  const bytes = Buffer.from(text, encoding)
  return bytes.toString(encoding) === text ? bytes : refuse('bad-encoding') // one spelling only
}
export const each = (change, object) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]))
export function enc(tag, ...fields) {
  const parts = [`bongsu/v1/${tag}`, ...fields].map(part => (typeof part === 'string' ? utf8(part) : part))
  return Buffer.concat(parts.flatMap((part, i) => [uint(i === 0 ? 1 : 4, part.length), part]))
}
export function dec(tag, count, bytes) {
  const fields = []
  for (let at = tag.length + 11; at < bytes.length; at += 4 + fields.at(-1).length)
    fields.push(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at)))
  return fields.length === count && enc(tag, ...fields).equals(bytes) ? fields : refuse('bad-encoding')
}
export const mac = (key, ...fields) => Buffer.from(sodium.crypto_generichash(32, enc(...fields), key))
export const hash = (...fields) => mac(null, ...fields)
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest()
export const keyIdOf = publicKey => hash('key', publicKey).subarray(0, 16)
export const pad = (text, to) => Buffer.concat([text, Buffer.of(0x80), Buffer.alloc(to - text.length - 1)])
export function unpad(bytes) {
  const end = bytes.findLastIndex(byte => byte !== 0)
  return bytes[end] === 0x80 ? bytes.subarray(0, end) : refuse('bad-encoding')
}
const dayOf = time => new Date(time).toISOString().slice(0, 10)
const daysAfter = (day, days) => dayOf(Date.parse(day) + days * 86_400_000)
export const today = () => dayOf(Date.now() + 9 * 3_600_000) // in Seoul
const isWithin = (day, from, until) => daysAfter(day, 0) === day && from <= day && day <= until

// §2 Primitives. A sealing seed is the private key itself.
export const signingPair = (seed, role) => ({ ...sodium.crypto_sign_seed_keypair(seed), role })
export const sign = (pair, bytes) => Buffer.from(sodium.crypto_sign_detached(bytes, pair.privateKey))
export function checkSignature(publicKey, signature, bytes) {
  sodium.crypto_sign_ed25519_pk_to_curve25519(publicKey) // throws unless it is a point of the prime-order group
  check(sodium.crypto_sign_verify_detached(signature, bytes, publicKey), 'bad-signature')
}
export const sealingPair = seed => ({ seed, publicKey: Buffer.from(XWing.keygen(seed).publicKey) })
export async function seal(publicKey, info, bytes) {
  const sealed = await hpke.Seal(await hpke.DeserializePublicKey(publicKey), bytes, { info })
  return Buffer.concat([sealed.encapsulatedSecret, sealed.ciphertext])
}
export async function unseal(seed, info, sealed) {
  const key = await hpke.DeserializePrivateKey(seed)
  return Buffer.from(await hpke.Open(key, sealed.subarray(0, 1120), sealed.subarray(1120), { info }))
}

// §12 Signed documents. `signersOf` tells from the JSON which keys, and how many of them, must have signed.
function readNote(note, title, signersOf) {
  const form = /^([ -\u{10ffff}]+\n([ -\u{10ffff}]+)\n)\n((?:— [!-*,-~]{1,128} [\w+/]+=*\n){1,32})$/u
  const [, text, line, lines] = form.exec(note) ?? refuse('bad-document')
  check(text.startsWith(`bongsu/v1/${title}\n`), 'wrong-deployment')
  const json = JSON.parse(line)
  check(JSON.stringify(json) === line, 'bad-document')
  for (const { keys, threshold } of signersOf(json)) {
    const signed = keys.filter(key => hasSigned(key, text, lines.split('\n')))
    check(threshold > 0 && new Set(signed.map(({ key }) => key)).size >= threshold, 'bad-signature')
  }
  return json
}
function hasSigned({ name, key }, text, lines) {
  const keyHash = sha256(utf8(`${name}\n\x01`), unb64(key)).subarray(0, 4)
  const named = lines.map(line => line.split(' ')).filter(([, signer]) => signer === name)
  const signatures = named.map(([, , base64]) => unb64(base64, 'base64'))
  const own = signatures.filter(bytes => keyHash.equals(bytes.subarray(0, 4)))
  for (const bytes of own) checkSignature(unb64(key), bytes.subarray(4), text)
  return own.length > 0
}
const signedBy = (service, key, type, note) =>
  readNote(note, `${type} ${b64(service.deployment)}`, () => [{ keys: [key], threshold: 1 }])
const agencyIn = ({ directory }, id) => directory.agencies.find(agency => agency.id === id) ?? refuse(id)

const ROLES = ['intake', 'investigator', 'supervisor', 'auditor', 'machine']
/** The signing key of a device that could record or reply for this agency on this day. */
export function deviceKeyIn(service, agency, certificate, day, scopes = ['cases']) {
  const device = signedBy(service, agencyIn(service, agency).identity, 'device', certificate)
  const isValid = device.agency === agency && isWithin(day, device.validFrom, device.validUntil)
  const mayAct = ROLES.includes(device.role) && scopes.some(scope => device.scopes.includes(scope))
  return isValid && mayAct ? unb64(device.signingKey) : refuse('bad-certificate')
}
export function epochKeyOf(service, id) {
  const { identity, validFrom, validUntil } = agencyIn(service, id)
  const { agency, epochs } = signedBy(service, identity, 'statement', service.statements[id])
  check(agency === id && isWithin(today(), validFrom, validUntil), 'bad-document')
  const valid = epochs.filter(({ validFrom: from }) => isWithin(today(), from, daysAfter(from, 6)))
  valid.sort((one, other) => (one.validFrom < other.validFrom ? 1 : -1))
  return unb64(valid[0]?.key ?? refuse('expired'))
}

/** §3 Deployment, §12 Root chain and freshness. The pin is the deployment's id in base64url. */
export async function connect(server, pin) {
  const { roots, directory: note, statements } = await ask({ server }, '/v1/directory')
  const deployment = hash('deployment', roots[0].slice(0, roots[0].indexOf('\n\n') + 1))
  check(b64(deployment) === pin && roots.length <= 64, 'wrong-deployment')
  let root
  for (const [i, note] of roots.entries()) {
    const before = root ? [root] : []
    root = readNote(note, `root ${i === 0 ? 'first' : pin}`, json => [json, ...before])
    check(root.version === i + 1, 'bad-document')
  }
  const directory = readNote(note, `directory ${pin}`, () => [root.directory])
  for (const { expires } of [root, directory]) check(today() <= daysAfter(expires, 1), 'expired')
  return { server, deployment, directory, statements }
}

// §14 Requests. Each takes a challenge and connections of its own, so that nothing joins two keys.
async function ask({ server }, target, request) {
  const headers = { ...request?.headers, connection: 'close' }
  const response = await fetch(new URL(target, server), { ...request, headers })
  const bytes = Buffer.from(await response.arrayBuffer())
  const answer = response.headers.get('content-type')?.includes('json') ? JSON.parse(textOf(bytes)) : bytes
  return response.ok ? answer : refuse(`${response.status} ${answer.type}`)
}
export async function call(service, pair, method, target, body) {
  const { nonce } = await ask(service, '/v1/challenges', { method: 'POST' })
  const [path, query = ''] = target.split('?')
  const contentHash = sha256(Buffer.from(body ?? ''))
  const signed = { '@method': method, '@path': path, '@query': `?${query}` }
  if (body) signed['content-digest'] = `sha-256=:${contentHash.toString('base64')}:`
  const names = Object.keys(signed).map(name => `"${name}"`)
  const tag = `bongsu/v1/${pair.role}/${b64(service.deployment)}`
  const params = `(${names.join(' ')});keyid="${b64(pair.publicKey)}";nonce="${nonce}";tag="${tag}"`
  const lines = Object.values(signed).map((value, i) => `${names[i]}: ${value}\n`)
  const signature = sign(pair, `${lines.join('')}"@signature-params": ${params}`)
  const headers = { 'signature-input': `sig=${params}`, signature: `sig=:${signature.toString('base64')}:` }
  if (body) headers['content-digest'] = signed['content-digest']
  if (body) headers['content-type'] = `application/${typeof body === 'string' ? 'json' : 'octet-stream'}`
  if (method === 'PUT') headers['bongsu-work'] = findWork(unb64(nonce), pair.publicKey, contentHash)
  return ask(service, target, { method, headers, body })
}
function findWork(nonce, publicKey, contentHash) {
  for (let counter = 0; ; counter++) {
    const found = hash('pow', nonce, publicKey, contentHash, uint(8, counter))
    if (Math.clz32(found.readUInt32BE()) >= nonce[20]) return b64(uint(8, counter))
  }
}

// §5 Derived keys
export function keysOf({ deployment }, code) {
  const key = use => mac(hash('root', deployment, code), `key/${use}`)
  const [status, mailbox] = ['status', 'mailbox-signing'].map(use => signingPair(key(use), 'reporter'))
  const [acknowledgement, thread, logBlind] = ['acknowledgement', 'thread', 'log-blind'].map(key)
  const [mailboxSealing, recipients] = [sealingPair(key('mailbox-sealing')), key('recipients')]
  return { status, mailbox, mailboxSealing, acknowledgement, thread, logBlind, recipients }
}

// §6 Envelope
const BUCKETS = [8192, 32_768, 131_072, 524_288]
const headerOf = (service, reportId, threadIndex, bucket, ...files) =>
  enc('header', uint(2, 1), service.deployment, reportId, uint(4, threadIndex), uint(4, bucket), ...files)
export const digestOf = ({ header, commitment, body }) => hash('report-digest', header, commitment, body)
/** Of a report, whose thread index is 0, or of a follow-up. */
export function openEnvelope(service, { header, commitment, body }, contentKey, threadIndex) {
  const isKey = contentKey.length === 32 && sodium.memcmp(commitment, mac(contentKey, 'commit', header))
  const [bucket, [, , reportId, , , ...files]] = [body.length - 40, dec('header', 7, header)]
  const isExpected = header.equals(headerOf(service, reportId, threadIndex, bucket, ...files))
  check(isKey && isExpected && BUCKETS.includes(bucket), 'open-failed')
  const [nonce, sealed, aad] = [body.subarray(0, 24), body.subarray(24), Buffer.concat([header, commitment])]
  const key = mac(contentKey, 'body')
  const padded = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, aad, nonce, key)
  return { reportId, plaintext: unpad(Buffer.from(padded)) }
}

/** Reports: §6 Report, §7 Wrapped keys, §13 Receipts, §15 Fill. The code is kept before. */
export async function report(service, code, content, agencies) {
  const keys = keysOf(service, code)
  const { status, mailbox, mailboxSealing, acknowledgement, thread, logBlind } = keys
  const shared = [mailbox.publicKey, mailboxSealing.publicKey, acknowledgement, thread, logBlind]
  const [reportId, contentKey] = [hash('report', status.publicKey).subarray(0, 16), randomBytes(32)]
  const plaintext = enc('report-body', ...shared, JSON.stringify(content), '')
  const bucket = BUCKETS.find(size => size > plaintext.length) ?? refuse('too-long')
  const header = headerOf(service, reportId, 0, bucket, Buffer.alloc(32), uint(4, 0)) // no files
  const commitment = mac(contentKey, 'commit', header)
  const [padded, aad, nonce] = [pad(plaintext, bucket), Buffer.concat([header, commitment]), randomBytes(24)]
  const bodyKey = mac(contentKey, 'body')
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, aad, null, nonce, bodyKey)
  const envelope = { header, commitment, body: Buffer.concat([nonce, sealed]) }
  const digest = digestOf(envelope)
  const wraps = [] // in the order of the bytes of the ids, which are ASCII
  for (const id of [...agencies].sort()) {
    const epochKey = epochKeyOf(service, id)
    const info = enc('wrap', digest, keyIdOf(epochKey), id)
    wraps.push([id, keyIdOf(epochKey), await seal(epochKey, info, contentKey)])
  }
  const recipientsTag = mac(keys.recipients, 'recipients', digest, ...wraps.map(([id]) => id))
  const message = {
    ...each(b64, { ...envelope, logBlind, recipientsTag }),
    wrappedKeys: wraps.map(([agency, keyId, key]) => ({ agency, ...each(b64, { keyId, key }) })),
    urgent: false,
    fill: '',
  }
  const missing = message.body.length + 8192 - JSON.stringify(message).length
  message.fill = b64(randomBytes(missing)).slice(0, missing)
  const { receipt } = await call(service, status, 'PUT', '/v1/report', JSON.stringify(message))
  checkReceipt(service, keys, receipt, digest, hash('wraps', ...wraps.flat()))
  return receipt
}
export function checkReceipt(service, { status, logBlind }, receipt, digest, wraps) {
  const leaf = sha256(Buffer.of(0), hash('leaf', logBlind, status.publicKey, digest, wraps))
  check(signedBy(service, service.directory.log, 'receipt', receipt).leaf === b64(leaf), 'bad-signature')
}

/** Reads the answers: §9 Mailbox, of agencies that the reporter chose, and of `others` that were proved (§11). */
export async function mailbox(service, code, others = []) {
  const keys = keysOf(service, code)
  const state = await call(service, keys.status, 'GET', '/v1/report')
  const agencies = [...chosenIn(state, keys), ...others]
  const replies = []
  for (const sealed of await readMessages(service, keys.mailbox)) {
    const tries = agencies.map(agency => openReply(service, keys, unb64(state.digest), agency, sealed))
    replies.push(await Promise.any(tries).catch(() => ({ genuine: false })))
  }
  return replies
}
/** §7 Whom the reporter chose: only who has the code can make the tag over digest and agencies. */
export function chosenIn({ digest, agencies, recipientsTag }, { recipients }) {
  const ids = agencies.filter(({ chosen }) => chosen).map(({ agency }) => agency)
  const tag = mac(recipients, 'recipients', unb64(digest), ...ids.sort())
  return b64(tag) === recipientsTag ? ids : refuse('bad-signature')
}
/** Four slots at a time; a slot is a message where its id is the hash of the rest. Deletes nothing. */
async function readMessages(service, key, cursor = Buffer.alloc(16)) {
  const answer = await call(service, key, 'POST', '/v1/mailbox', Buffer.concat([cursor, randomBytes(64)]))
  const slots = [0, 1, 2, 3].map(i => answer.subarray(i * 17_536, (i + 1) * 17_536))
  const found = slots.map(slot => [slot.subarray(0, 16), slot.subarray(16)])
  const messages = found.filter(([id, sealed]) => id.equals(hash('message', sealed).subarray(0, 16)))
  const more = messages.length === 4 ? await readMessages(service, key, messages[3][0]) : []
  return [...messages.map(([, sealed]) => sealed), ...more]
}
async function openReply(service, { mailbox, mailboxSealing }, digest, agency, sealed) {
  const mailboxId = hash('mailbox', mailbox.publicKey)
  const info = enc('reply', mailboxId, keyIdOf(mailboxSealing.publicKey), agency)
  const plaintext = unpad(await unseal(mailboxSealing.seed, info, sealed))
  const [content, signature, certificate] = dec('signed-reply', 3, plaintext)
  const [, , , number, day, followUps, , text, files] = dec('reply-content', 9, content)
  const about = [mailboxId, digest, agency, uint(4, number.readUInt32BE()), day, followUps]
  const expected = enc('reply-content', ...about, hash('document', certificate), text, files)
  check(content.equals(expected) && number.readUInt32BE() > 0, 'open-failed')
  checkSignature(deviceKeyIn(service, agency, textOf(certificate), textOf(day)), signature, content)
  return { genuine: true, agency, number: number.readUInt32BE(), day: textOf(day), text: textOf(text) }
}

/** §15 A device is the JSON of an unsealed key file: agency, signingSeed, certificate, epochs with their seeds. */
export const keysOfDevice = device => signingPair(unb64(device.signingSeed), 'agency')
/** Opens a report as an agency (§6 Opening, §7 Wrapped keys). Follow-ups and files are not read. */
export async function open(service, device, id) {
  const { messages } = await call(service, keysOfDevice(device), 'GET', `/v1/cases/${id}`)
  const { header, commitment, body, wrappedKey } = messages[0]
  const envelope = each(unb64, { header, commitment, body })
  const digest = digestOf(envelope)
  const contentKey = await unwrap(device, wrappedKey, 'wrap', digest)
  const { plaintext } = openEnvelope(service, envelope, contentKey, 0)
  const [, , , , , content] = dec('report-body', 7, plaintext)
  return { digest, content: JSON.parse(textOf(content)) }
}
export async function unwrap(device, wrappedKey, tag, digest, ...seen) {
  const epochs = device.epochs.map(({ seed }) => sealingPair(unb64(seed)))
  const epoch = epochs.find(({ publicKey }) => b64(keyIdOf(publicKey)) === wrappedKey?.keyId)
  const { seed, publicKey } = epoch ?? refuse('open-failed')
  return unseal(seed, enc(tag, digest, keyIdOf(publicKey), device.agency, ...seen), unb64(wrappedKey.key))
}
