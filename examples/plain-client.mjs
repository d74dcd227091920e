// A client of Bongsu to be read in twenty minutes: it reports, reads the answers, and opens a report as an agency.
// Written from docs/protocol.md alone, whose sections it names (§), with none of the project's code; §1 and §2 lie beside
// it. It keeps nothing: the code (§4: 16 random bytes) and the deployment's id are the caller's to keep. Left out are
// files (§10) and sending again (§15); plain-casework.mjs has follow-ups (§8) and chains of events (§11).
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { b64, check, days, dec, enc, jsonOf, refuse, textOf, uint, unb64, unpad } from './plain-encodings.mjs'
import { attempt, ed25519, hash, hpke, keyIdOf, mac, sha256, xchacha } from './plain-primitives.mjs'

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
  const keyHash = sha256(Buffer.from(`${name}\n\x01`), unb64(key)).subarray(0, 4)
  const named = lines.map(line => line.split(' ')).filter(([, signer]) => signer === name)
  const signatures = named.map(([, , base64]) => unb64(base64, 'base64'))
  const own = signatures.filter(bytes => keyHash.equals(bytes.subarray(0, 4)))
  for (const bytes of own) ed25519.verify(unb64(key), bytes.subarray(4), text)
  return own.length > 0
}
const signedBy = (service, key, type, note) =>
  readNote(note, `${type} ${b64(service.deployment)}`, () => [{ keys: [key], threshold: 1 }])
const agencyIn = ({ directory }, id) => directory.agencies.find(agency => agency.id === id) ?? refuse(id)

const ROLES = ['intake', 'investigator', 'supervisor', 'auditor', 'machine']
/** The signing key of a device that could record or reply for this agency on this day. There is one failure (§16). */
export const deviceKeyIn = (...given) => attempt(() => tryDeviceKey(...given), 'bad-certificate')
function tryDeviceKey(service, agency, certificate, day, scopes = ['cases']) {
  const device = signedBy(service, agencyIn(service, agency).identity, 'device', certificate)
  const isValid = device.agency === agency && days.isWithin(day, device.validFrom, device.validUntil)
  const mayAct = ROLES.includes(device.role) && scopes.some(scope => device.scopes.includes(scope))
  return isValid && mayAct ? unb64(device.signingKey) : refuse('bad-certificate')
}
function epochKeyOf(service, id) {
  const today = days.today()
  const { identity, validFrom, validUntil } = agencyIn(service, id)
  const { agency, epochs } = signedBy(service, identity, 'statement', service.statements[id])
  check(agency === id && days.isWithin(today, validFrom, validUntil), 'bad-document')
  const valid = epochs.filter(({ validFrom: from }) => days.isWithin(today, from, days.after(from, 6)))
  valid.sort((one, other) => (one.validFrom < other.validFrom ? 1 : -1))
  return unb64(valid[0]?.key ?? refuse('expired'))
}

/** §3 Deployment, §12 Root chain and freshness. The pin is the deployment's id in base64url. */
export async function connect(server, pin) {
  const { roots, directory: note, statements } = await ask({ server }, 'GET', '/v1/directory')
  const deployment = hash('deployment', roots[0].slice(0, roots[0].indexOf('\n\n') + 1))
  check(b64(deployment) === pin && roots.length <= 64, 'wrong-deployment')
  let root
  for (const [i, note] of roots.entries()) {
    const before = root ? [root] : []
    root = readNote(note, `root ${i === 0 ? 'first' : pin}`, json => [json, ...before])
    check(root.version === i + 1, 'bad-document')
  }
  const directory = readNote(note, `directory ${pin}`, () => [root.directory])
  for (const { expires } of [root, directory]) check(days.today() <= days.after(expires, 1), 'expired')
  return { server, deployment, directory, statements }
}

// §14 Requests. Each takes a challenge and connections of its own, so that nothing joins two keys.
async function ask({ server }, method, target, headers, body) {
  const request = { method, headers: { ...headers, connection: 'close' }, body }
  const response = await fetch(new URL(target, server), request)
  const bytes = Buffer.from(await response.arrayBuffer())
  const answer = response.headers.get('content-type')?.includes('json') ? JSON.parse(textOf(bytes)) : bytes
  return response.ok ? answer : refuse(`${response.status} ${answer.type}`)
}
/** Signed. The content is bytes, or what becomes JSON. */
export async function call(service, pair, method, target, content) {
  const { nonce } = await ask(service, 'POST', '/v1/challenges')
  const body = Buffer.isBuffer(content) ? content : Buffer.from(content ? jsonOf(content) : '')
  const contentHash = sha256(body)
  const ofBody = content && { 'content-digest': `sha-256=:${contentHash.toString('base64')}:` }
  const [path, query = ''] = target.split('?')
  const signed = { '@method': method, '@path': path, '@query': `?${query}`, ...ofBody }
  const names = Object.keys(signed).map(name => `"${name}"`)
  const lines = Object.values(signed).map((value, i) => `${names[i]}: ${value}\n`)
  const tag = `bongsu/v1/${pair.role}/${b64(service.deployment)}`
  const params = `(${names.join(' ')});keyid="${b64(pair.publicKey)}";nonce="${nonce}";tag="${tag}"`
  const signature = pair.sign(`${lines.join('')}"@signature-params": ${params}`).toString('base64')
  const headers = { ...ofBody, 'signature-input': `sig=${params}`, signature: `sig=:${signature}:` }
  if (content) headers['content-type'] = `application/${body === content ? 'octet-stream' : 'json'}`
  if (method === 'PUT') headers['bongsu-work'] = findWork(unb64(nonce), pair.publicKey, contentHash)
  return ask(service, method, target, headers, content && body)
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
  const [status, mailbox] = ['status', 'mailbox-signing'].map(use => ed25519.pair(key(use), 'reporter'))
  const [acknowledgement, thread, logBlind] = ['acknowledgement', 'thread', 'log-blind'].map(key)
  const [mailboxSealing, recipients] = [hpke.pair(key('mailbox-sealing')), key('recipients')]
  return { status, mailbox, mailboxSealing, acknowledgement, thread, logBlind, recipients }
}

// §6 Envelope
const BUCKETS = [8192, 32_768, 131_072, 524_288]
function sealEnvelope({ deployment }, reportId, contentKey, plaintext) {
  const bucket = BUCKETS.find(size => size > plaintext.length) ?? refuse('too-long')
  const rest = [uint(4, 0), uint(4, bucket), Buffer.alloc(32), uint(4, 0)] // a report, without files
  const header = enc('header', uint(2, 1), deployment, reportId, ...rest)
  const commitment = mac(contentKey, 'commit', header)
  const aad = Buffer.concat([header, commitment])
  return { header, commitment, body: xchacha.seal(mac(contentKey, 'body'), aad, plaintext, bucket) }
}
/** Of a report, whose index is 0, or of a follow-up; `keyOf` finds the content key. There is one failure (§2). */
export const openEnvelope = (...given) => tryEnvelope(...given).catch(() => refuse('open-failed'))
async function tryEnvelope({ deployment }, message, index, keyOf) {
  const [header, commitment, body] = ['header', 'commitment', 'body'].map(part => unb64(message[part]))
  const digest = hash('report-digest', header, commitment, body)
  const contentKey = await keyOf(digest)
  const isKey = contentKey.length === 32 && timingSafeEqual(commitment, mac(contentKey, 'commit', header))
  check(isKey && BUCKETS.includes(body.length - 40), 'open-failed')
  const [suite, threadIndex, bucket] = [uint(2, 1), uint(4, index), uint(4, body.length - 40)]
  const { reportId } = dec('header', header, { suite, deployment, threadIndex, bucket })
  const plaintext = xchacha.open(mac(contentKey, 'body'), Buffer.concat([header, commitment]), body)
  return { digest, contentKey, reportId, plaintext }
}
// §7 Wrapped keys, and those of follow-ups (§8), which are bound to a head as well
export async function wrap(service, agency, contentKey, tag, digest, ...head) {
  const epochKey = epochKeyOf(service, agency)
  const keyId = keyIdOf(epochKey)
  const key = await hpke.seal(epochKey, enc(tag, digest, keyId, agency, ...head), contentKey)
  return { agency, keyId, key }
}
export async function unwrap({ agency, epochs }, { keyId, key }, tag, digest, ...head) {
  const pairs = epochs.map(({ seed }) => hpke.pair(unb64(seed)))
  const pair = pairs.find(({ publicKey }) => b64(keyIdOf(publicKey)) === keyId)
  return hpke.open(pair, enc(tag, digest, unb64(keyId), agency, ...head), unb64(key))
}

/** Reports: §6 Report, §7 Wrapped keys, §13 Receipts, §15 Fill. The code is kept before. */
export async function report(service, code, content, agencies) {
  const keys = keysOf(service, code)
  const { status, mailbox, mailboxSealing, acknowledgement, thread, logBlind, recipients } = keys
  const shared = [mailbox.publicKey, mailboxSealing.publicKey, acknowledgement, thread, logBlind]
  const plaintext = enc('report-body', ...shared, JSON.stringify(content), '')
  const [reportId, contentKey] = [hash('report', status.publicKey).subarray(0, 16), randomBytes(32)]
  const envelope = sealEnvelope(service, reportId, contentKey, plaintext)
  const digest = hash('report-digest', envelope.header, envelope.commitment, envelope.body)
  const ids = [...agencies].sort() // by their bytes, which are ASCII
  const wrappedKeys = await Promise.all(ids.map(id => wrap(service, id, contentKey, 'wrap', digest)))
  const recipientsTag = mac(recipients, 'recipients', digest, ...ids)
  const message = { ...envelope, wrappedKeys, logBlind, recipientsTag, urgent: false, fill: '' }
  const missing = b64(envelope.body).length + 8192 - jsonOf(message).length
  message.fill = b64(randomBytes(missing)).slice(0, missing)
  const { receipt } = await call(service, status, 'PUT', '/v1/report', message)
  const wraps = wrappedKeys.flatMap(({ agency, keyId, key }) => [agency, keyId, key])
  checkReceipt(service, keys, receipt, digest, hash('wraps', ...wraps))
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
  const replies = (await readMessages(service, keys.mailbox)).map(sealed => {
    const tries = agencies.map(agency => openReply(service, keys, unb64(state.digest), agency, sealed))
    return Promise.any(tries).catch(() => ({ genuine: false }))
  })
  return Promise.all(replies)
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
  const plaintext = unpad(await hpke.open(mailboxSealing, info, sealed))
  const { content, signature, certificate } = dec('signed-reply', plaintext)
  const expected = { mailboxId, digest, agency, certificate: hash('document', certificate) }
  const { number, day, text } = dec('reply-content', content, expected)
  check(number.length === 4 && number.readUInt32BE() > 0, 'open-failed')
  ed25519.verify(deviceKeyIn(service, agency, textOf(certificate), textOf(day)), signature, content)
  return { genuine: true, agency, number: number.readUInt32BE(), day: textOf(day), text: textOf(text) }
}

/** §15 A device is the JSON of an unsealed key file: agency, signingSeed, certificate, epochs with their seeds. */
export const keysOfDevice = device => ed25519.pair(unb64(device.signingSeed), 'agency')
/** Opens a report as an agency (§6 Opening, §7 Wrapped keys). Follow-ups and files are not read. */
export async function open(service, device, id) {
  const page = await call(service, keysOfDevice(device), 'GET', `/v1/cases/${id}`)
  const keyOf = digest => unwrap(device, page.messages[0].wrappedKey, 'wrap', digest)
  const { digest, plaintext } = await openEnvelope(service, page.messages[0], 0, keyOf)
  const { content } = dec('report-body', plaintext)
  return { digest, content: JSON.parse(textOf(content)) }
}
