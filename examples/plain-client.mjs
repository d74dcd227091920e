// A client of Bongsu in one file, for a reporter and for an agency's intake device. It is written from
// docs/protocol.md alone, whose sections it names (§), and shares no code with the project. It keeps nothing:
// the receipt code and the deployment's id are the caller's to keep. How to call it stands at the end.
import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { XWing } from '@noble/post-quantum/hybrid.js' // below hpke-noble, which hides a seed's public key
import { AEAD_ChaCha20Poly1305, KDF_HKDF_SHA256, KEM_MLKEM768_X25519 } from '@panva/hpke-noble'
import { CipherSuite } from 'hpke'
import sodium from 'libsodium-wrappers'

await sodium.ready
const hpke = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_ChaCha20Poly1305)

const refuse = code => {
  throw new Error(code)
}
const check = (holds, code) => holds || refuse(code)

// §1 Notation and encodings
const utf8 = text => (text.isWellFormed() ? Buffer.from(text) : refuse('bad-encoding'))
const textOf = bytes => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
const uint = (size, value) => Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex')
const b64 = bytes => Buffer.from(bytes).toString('base64url')
const unb64 = (text, encoding = 'base64url') => {
  const bytes = Buffer.from(text, encoding)
  return bytes.toString(encoding) === text ? bytes : refuse('bad-encoding')
}
function enc(tag, ...fields) {
  const parts = fields.map(field => (typeof field === 'string' ? utf8(field) : field))
  const sized = parts.flatMap(part => [uint(4, part.length), part])
  return Buffer.concat([uint(1, tag.length + 10), utf8(`bongsu/v1/${tag}`), ...sized])
}
function dec(tag, count, bytes) {
  const fields = []
  for (let at = tag.length + 11; at < bytes.length; at += 4 + fields.at(-1).length)
    fields.push(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at)))
  check(fields.length === count && enc(tag, ...fields).equals(bytes), 'bad-encoding') // one spelling only
  return fields
}
const hash = (tag, ...fields) => Buffer.from(sodium.crypto_generichash(32, enc(tag, ...fields)))
const mac = (key, tag, ...fields) => Buffer.from(sodium.crypto_generichash(32, enc(tag, ...fields), key))
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest()
const keyIdOf = publicKey => hash('key', publicKey).subarray(0, 16)

function pad(bytes, size) {
  check(bytes.length < size, 'too-long')
  return Buffer.concat([bytes, Buffer.of(0x80), Buffer.alloc(size - bytes.length - 1)])
}
function unpad(bytes) {
  const end = bytes.findLastIndex(byte => byte !== 0)
  return bytes[end] === 0x80 ? bytes.subarray(0, end) : refuse('bad-encoding')
}
const dayOf = time => new Date(time).toISOString().slice(0, 10)
const later = (day, days) => dayOf(Date.parse(day) + days * 86_400_000)
const today = () => dayOf(Date.now() + 9 * 3_600_000) // in Seoul
const covers = ({ validFrom, validUntil }, day) => validFrom <= day && day <= validUntil

// §2 Primitives: a sealing seed is the private key itself
const signingPair = (seed, role) => ({ ...sodium.crypto_sign_seed_keypair(seed), role })
const sign = (pair, bytes) => Buffer.from(sodium.crypto_sign_detached(bytes, pair.privateKey))
function checkSignature(publicKey, signature, bytes) {
  sodium.crypto_sign_ed25519_pk_to_curve25519(publicKey) // throws unless it is a point of the prime-order group
  check(sodium.crypto_sign_verify_detached(signature, bytes, publicKey), 'bad-signature')
}
const sealingPair = seed => ({ seed, publicKey: Buffer.from(XWing.keygen(seed).publicKey) })
async function seal(publicKey, info, bytes) {
  const sealed = await hpke.Seal(await hpke.DeserializePublicKey(publicKey), bytes, { info })
  return Buffer.concat([sealed.encapsulatedSecret, sealed.ciphertext])
}
async function unseal(seed, info, sealed) {
  const key = await hpke.DeserializePrivateKey(seed)
  return Buffer.from(await hpke.Open(key, sealed.subarray(0, 1120), sealed.subarray(1120), { info }))
}

// §12 Signed documents. `signersOf` names the keys, and how many of them, that must have signed.
function readNote(note, title, signersOf) {
  const form = /^([^\n]+\n([^\n]+)\n)\n((?:— [^\n]+\n){1,32})$/
  const [, text, line, lines] = form.exec(note) ?? refuse('bad-document')
  check(text.startsWith(`bongsu/v1/${title}\n`), 'wrong-deployment')
  const json = JSON.parse(line)
  check(JSON.stringify(json) === line, 'bad-document')
  const signatures = lines.trimEnd().split('\n').map(readSignature)
  for (const { keys, threshold } of signersOf(json)) {
    check(threshold > 0 && new Set(keys.map(({ key }) => key)).size === keys.length, 'bad-document')
    const signed = keys.filter(({ name, key }) => {
      const keyHash = sha256(utf8(`${name}\n\x01`), unb64(key)).subarray(0, 4)
      const own = signatures.filter(line => line.name === name && line.keyHash.equals(keyHash))
      for (const { signature } of own) checkSignature(unb64(key), signature, text)
      return own.length > 0
    })
    check(signed.length >= threshold, 'bad-signature')
  }
  return json
}
function readSignature(line) {
  const [, name, base64] = /^— ([!-*,-~]{1,128}) (.+)$/.exec(line) ?? refuse('bad-document')
  const bytes = unb64(base64, 'base64')
  return { name, keyHash: bytes.subarray(0, 4), signature: bytes.subarray(4) }
}
const signedBy = (service, key, type, note) =>
  readNote(note, `${type} ${b64(service.deployment)}`, () => [{ keys: [key], threshold: 1 }])
const agencyIn = (service, id) => service.directory.agencies.find(agency => agency.id === id) ?? refuse(id)

const ROLES = ['intake', 'investigator', 'supervisor', 'auditor', 'machine']
/** The key of a device that could record and reply for this agency on this day. */
function deviceKeyIn(service, agency, certificate, day, scopes = ['cases']) {
  const device = signedBy(service, agencyIn(service, agency).identity, 'device', certificate)
  check(device.agency === agency && ROLES.includes(device.role), 'bad-certificate')
  check(later(day, 0) === day && covers(device, day), 'bad-certificate')
  check(
    scopes.some(scope => device.scopes.includes(scope)),
    'bad-certificate',
  )
  return unb64(device.signingKey)
}
function epochKeyOf(service, id) {
  const agency = agencyIn(service, id)
  const statement = signedBy(service, agency.identity, 'statement', service.statements[id])
  check(statement.agency === id && covers(agency, today()), 'bad-document')
  const current = statement.epochs
    .filter(({ validFrom }) => validFrom <= today() && today() <= later(validFrom, 6))
    .sort((one, other) => (one.validFrom < other.validFrom ? 1 : -1))
  return unb64(current[0]?.key ?? refuse(`${id} has no epoch key for today`))
}

// §3 Deployment, §12 Root chain and freshness. Without a pin it is the caller who keeps the deployment's id.
export async function connect(server, pin) {
  const { roots, directory: note, statements } = await ask({ server }, '/v1/directory')
  const deployment = hash('deployment', roots[0].slice(0, roots[0].indexOf('\n\n') + 1))
  check((pin ?? b64(deployment)) === b64(deployment) && roots.length <= 64, 'wrong-deployment')
  let root
  for (const [i, note] of roots.entries()) {
    const before = root ? [root] : []
    root = readNote(note, `root ${i === 0 ? 'first' : b64(deployment)}`, json => [json, ...before])
    check(root.version === i + 1, 'bad-document')
  }
  const directory = readNote(note, `directory ${b64(deployment)}`, () => [root.directory])
  for (const { expires } of [root, directory]) check(today() <= later(expires, 1), 'expired')
  return { server, deployment, directory, statements }
}

// §4 Receipt code, in its written form of groups: 128 bits of code, two zero bits, ten bits of checksum
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export const newCode = () => randomBytes(16)
export function formatCode(code) {
  const checksum = hash('code-check', code).readUInt16BE() >> 6
  const bits = (BigInt(`0x${code.toString('hex')}`) << 12n) | BigInt(checksum)
  const symbols = [...bits.toString(32).padStart(28, '0')].map(digit => SYMBOLS[Number.parseInt(digit, 32)])
  return symbols.join('').match(/.{4}/g).join('-')
}
export function parseCode(text) {
  const dropped = /[\s\u00AD\u200B-\u200F\u2060\uFEFF\u2010-\u2015\u2212-]/g
  const plain = text.normalize('NFKC').toUpperCase().replace(dropped, '')
  const symbols = plain.replace(/O/g, '0').replace(/[IL]/g, '1')
  check(/^[0-9A-HJKMNP-TV-Z]{28}$/.test(symbols), 'bad-receipt-code')
  const bits = [...symbols].reduce((sum, symbol) => sum * 32n + BigInt(SYMBOLS.indexOf(symbol)), 0n)
  const code = uint(16, bits >> 12n)
  return formatCode(code).replaceAll('-', '') === symbols ? code : refuse('bad-receipt-code')
}

// §5 Derived keys
function keysOf(service, code) {
  const root = hash('root', service.deployment, code)
  const key = use => mac(root, `key/${use}`)
  return {
    status: signingPair(key('status'), 'reporter'),
    mailbox: signingPair(key('mailbox-signing'), 'reporter'),
    mailboxSealing: sealingPair(key('mailbox-sealing')),
    acknowledgement: key('acknowledgement'),
    thread: key('thread'),
    logBlind: key('log-blind'),
    recipients: key('recipients'),
  }
}

// §6 Envelope
const BUCKETS = [8192, 32_768, 131_072, 524_288]
const NO_BLOB = [Buffer.alloc(32), uint(4, 0)] // root and number of parts; this client sends no files
function sealEnvelope(service, reportId, threadIndex, plaintext) {
  const bucket = BUCKETS.find(size => size > plaintext.length) ?? refuse('too-long')
  const header = headerOf(service, reportId, threadIndex, bucket, NO_BLOB)
  const contentKey = randomBytes(32)
  const commitment = mac(contentKey, 'commit', header)
  const nonce = randomBytes(24)
  const aad = Buffer.concat([header, commitment])
  const [padded, key] = [pad(plaintext, bucket), mac(contentKey, 'body')]
  const sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, aad, null, nonce, key)
  return { contentKey, header, commitment, body: Buffer.concat([nonce, sealed]) }
}
function openEnvelope(service, contentKey, { header, commitment, body }, threadIndex) {
  check(sodium.memcmp(commitment, mac(contentKey, 'commit', header)), 'open-failed')
  const [bucket, [, , reportId, , , ...blob]] = [body.length - 40, dec('header', 7, header)]
  const expected = headerOf(service, reportId, threadIndex, bucket, blob)
  check(BUCKETS.includes(bucket) && header.equals(expected), 'open-failed')
  const aad = Buffer.concat([header, commitment])
  const [nonce, sealed, key] = [body.subarray(0, 24), body.subarray(24), mac(contentKey, 'body')]
  const padded = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, aad, nonce, key)
  return { reportId, plaintext: unpad(Buffer.from(padded)) }
}
const headerOf = ({ deployment }, reportId, threadIndex, bucket, blob) =>
  enc('header', uint(2, 1), deployment, reportId, uint(4, threadIndex), uint(4, bucket), ...blob)
const digestOf = ({ header, commitment, body }) => hash('report-digest', header, commitment, body)

// §14 Requests. Each takes a challenge and connections of its own, so that nothing joins two keys.
async function ask({ server }, target, { headers, ...request } = {}) {
  const closing = { ...headers, connection: 'close' }
  const response = await fetch(new URL(target, server), { ...request, headers: closing })
  const body = Buffer.from(await response.arrayBuffer())
  const answer = response.headers.get('content-type')?.includes('json') ? JSON.parse(textOf(body)) : body
  return response.ok ? answer : refuse(`${response.status} ${answer.type}`)
}
async function call(service, key, method, target, body, needsWork = false) {
  const { nonce } = await ask(service, '/v1/challenges', { method: 'POST' })
  const { pathname, search } = new URL(target, service.server)
  const covered = { '@method': method, '@path': pathname, '@query': search || '?' }
  const contentHash = body && sha256(Buffer.from(body))
  if (body) covered['content-digest'] = `sha-256=:${contentHash.toString('base64')}:`
  const names = Object.keys(covered).map(name => `"${name}"`)
  const tag = `bongsu/v1/${key.role}/${b64(service.deployment)}`
  const params = `(${names.join(' ')});keyid="${b64(key.publicKey)}";nonce="${nonce}";tag="${tag}"`
  const base = Object.values(covered).map((value, i) => `${names[i]}: ${value}\n`)
  const signature = sign(key, `${base.join('')}"@signature-params": ${params}`)
  const headers = { 'signature-input': `sig=${params}`, signature: `sig=:${signature.toString('base64')}:` }
  if (body) headers['content-digest'] = covered['content-digest']
  if (body) headers['content-type'] = `application/${typeof body === 'string' ? 'json' : 'octet-stream'}`
  if (needsWork) headers['bongsu-work'] = findWork(unb64(nonce), key.publicKey, contentHash)
  return ask(service, target, { method, headers, body })
}
function findWork(nonce, publicKey, contentHash) {
  for (let counter = 0; ; counter++) {
    const found = hash('pow', nonce, publicKey, contentHash, uint(8, counter))
    if (Math.clz32(found.readUInt32BE()) >= nonce[20]) return b64(uint(8, counter))
  }
}

// §13 Receipts and leaves
function checkReceipt(service, keys, note, digest, wrapsDigest) {
  const receipt = signedBy(service, service.directory.log, 'receipt', note)
  const leaf = hash('leaf', keys.logBlind, keys.status.publicKey, digest, wrapsDigest)
  check(receipt.leaf === b64(sha256(Buffer.of(0), leaf)), 'bad-signature')
}

// Reporter: §6 report, §7 wrapped keys and recipients tag, §15 fill. Make and keep the code before.
export async function report(service, code, content, agencies, urgent = false) {
  const keys = keysOf(service, code)
  const { status, mailbox, mailboxSealing, acknowledgement, thread, logBlind } = keys
  const shared = [mailbox.publicKey, mailboxSealing.publicKey, acknowledgement, thread, logBlind]
  const plaintext = enc('report-body', ...shared, JSON.stringify(content), '')
  const reportId = hash('report', status.publicKey).subarray(0, 16)
  const { contentKey, ...envelope } = sealEnvelope(service, reportId, 0, plaintext)
  const digest = digestOf(envelope)
  const ids = [...agencies].sort() // they are ASCII, so this is the order of their bytes
  const wraps = await Promise.all(
    ids.map(async id => {
      const epochKey = epochKeyOf(service, id)
      const info = enc('wrap', digest, keyIdOf(epochKey), id)
      return [id, keyIdOf(epochKey), await seal(epochKey, info, contentKey)]
    }),
  )
  const message = {
    header: b64(envelope.header),
    commitment: b64(envelope.commitment),
    body: b64(envelope.body),
    wrappedKeys: wraps.map(([agency, keyId, key]) => ({ agency, keyId: b64(keyId), key: b64(key) })),
    logBlind: b64(logBlind),
    recipientsTag: b64(mac(keys.recipients, 'recipients', digest, ...ids)),
    urgent,
    fill: '',
  }
  const missing = message.body.length + 8192 - JSON.stringify(message).length
  message.fill = b64(randomBytes(missing)).slice(0, missing)
  const { receipt } = await call(service, status, 'PUT', '/v1/report', JSON.stringify(message), true)
  checkReceipt(service, keys, receipt, digest, hash('wraps', ...wraps.flat()))
  return receipt
}

/** What the server says of a report; its recipients (§7), receipt (§13) and chains (§11) are proved. */
export async function status(service, code) {
  const keys = keysOf(service, code)
  const { state, day, receipt, followUps, ...told } = await call(service, keys.status, 'GET', '/v1/report')
  const digest = unb64(told.digest)
  const chosen = told.agencies.filter(({ chosen }) => chosen).map(({ agency }) => agency)
  const tag = mac(keys.recipients, 'recipients', digest, ...chosen.sort())
  check(told.recipientsTag === b64(tag), 'bad-signature')
  checkReceipt(service, keys, receipt, digest, unb64(told.wraps))
  const agencies = told.agencies.map(({ agency, state, ...chain }) => {
    return { agency, state, events: readChain(service, digest, agency, chain, keys.acknowledgement) }
  })
  checkOffers(agencies, chosen)
  return { state, day, digest: told.digest, receipt, agencies, followUps }
}
// §11 Whom the reporter did not choose was offered the case, by what an agency signed that is proved itself.
function checkOffers(agencies, chosen) {
  const proved = new Set(chosen)
  check(new Set(agencies.map(({ agency }) => agency)).size === agencies.length, 'bad-signature')
  for (let found = -1; found !== proved.size; ) {
    found = proved.size
    const offers = agencies.filter(({ agency }) => proved.has(agency)).flatMap(({ events }) => events)
    for (const { kind, signed = kind, subject } of offers) if (OFFERS.includes(signed)) proved.add(subject)
  }
  check(
    agencies.every(({ agency }) => proved.has(agency)),
    'bad-signature',
  )
}

// §11 Events and chains: from the start to the head that was told, or not at all. `forged`: signed, with a wrong tag
const OFFERS = ['hand-over-proposed', 'agency-invited']
const UNTAGGED =
  'unopenable conflict-declared conflict-cleared recused hand-over-refused invitation-refused'.split(' ')
function readChain(service, digest, agency, chain, acknowledgementKey) {
  let head = hash('chain', digest, agency)
  const read = chain.events.map((event, index) => {
    const [core, tag] = [unb64(event.core), unb64(event.tag)]
    const [, , , , what, when, , ...beside] = dec('event', 11, core)
    const [kind, day] = [textOf(what), textOf(when)]
    const place = [digest, agency, head, uint(4, index), kind]
    check(
      core.equals(enc('event', ...place, day, hash('document', event.certificate), ...beside)),
      'bad-chain',
    )
    const isFormed = tag.length === 0 ? UNTAGGED.includes(kind) : tag.length === 32 && kind !== 'unopenable'
    check(isFormed, 'bad-encoding')
    const counts = tag.length === 0 || mac(acknowledgementKey, 'acknowledgement', core).equals(tag)
    // A machine that picks up says that it opened the report, and nothing else.
    const scopes = kind === 'acknowledged' && beside[2].length === 0 ? ['cases', 'pickup'] : ['cases']
    const deviceKey = deviceKeyIn(service, agency, event.certificate, day, scopes)
    checkSignature(deviceKey, unb64(event.signature), enc('signed-event', core, tag))
    head = hash('chain-link', core, tag)
    if (!counts) return { kind: 'forged', signed: kind, day, subject: textOf(beside[1]) }
    const said = event.particulars && openSaid(acknowledgementKey, place, unb64(event.particulars), beside[2])
    return { kind, day, subject: textOf(beside[1]), ...(said && { said }) }
  })
  return b64(head) === chain.head ? read : refuse('bad-chain')
}
// §11 Particulars: what the reporter is told. What stays inside an agency does not open with this key.
const toldKey = acknowledgementKey => mac(acknowledgementKey, 'particulars-told')
function sealSaid(acknowledgementKey, place, said) {
  const [text, nonce] = [utf8(JSON.stringify(said)), randomBytes(24)]
  const padded = pad(text, text.length < 512 ? 512 : 8192)
  const parameters = [padded, enc('particulars', ...place), null, nonce, toldKey(acknowledgementKey)]
  return Buffer.concat([nonce, sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(...parameters)])
}
function openSaid(acknowledgementKey, place, sealed, expected) {
  check(hash('event-particulars', sealed).equals(expected), 'bad-chain')
  const parameters = [sealed.subarray(24), enc('particulars', ...place), sealed.subarray(0, 24)]
  try {
    const key = toldKey(acknowledgementKey)
    const padded = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, ...parameters, key)
    return JSON.parse(textOf(unpad(Buffer.from(padded))))
  } catch {
    return null
  }
}

// §9 Replies and mailbox: four slots at a time; a slot is a message where its id is the hash of the rest
export async function mailbox(service, code) {
  const keys = keysOf(service, code)
  const { digest, agencies } = await status(service, code)
  const replies = []
  let cursor = Buffer.alloc(16)
  for (;;) {
    const request = Buffer.concat([cursor, randomBytes(64)]) // deletes nothing
    const answer = await call(service, keys.mailbox, 'POST', '/v1/mailbox', request)
    const slots = [0, 1, 2, 3].map(i => answer.subarray(i * 17_536, (i + 1) * 17_536))
    const found = slots.map(slot => ({ id: slot.subarray(0, 16), sealed: slot.subarray(16) }))
    const messages = found.filter(({ id, sealed }) => id.equals(hash('message', sealed).subarray(0, 16)))
    for (const { sealed } of messages) {
      const tries = agencies.map(({ agency }) => openReply(service, keys, unb64(digest), agency, sealed))
      replies.push(await Promise.any(tries).catch(() => ({ genuine: false })))
    }
    if (messages.length < 4) return replies
    cursor = messages[3].id
  }
}
async function openReply(service, { mailbox, mailboxSealing }, digest, agency, sealed) {
  const mailboxId = hash('mailbox', mailbox.publicKey)
  const info = enc('reply', mailboxId, keyIdOf(mailboxSealing.publicKey), agency)
  const plaintext = unpad(await unseal(mailboxSealing.seed, info, sealed))
  const [content, signature, certificate] = dec('signed-reply', 3, plaintext)
  const [, , , number, day, followUps, , text, files] = dec('reply-content', 9, content)
  const about = [mailboxId, digest, agency, number, day, followUps]
  const expected = enc('reply-content', ...about, hash('document', certificate), text, files)
  check(content.equals(expected) && number.readUInt32BE() > 0, 'open-failed')
  checkSignature(deviceKeyIn(service, agency, textOf(certificate), textOf(day)), signature, content)
  return { genuine: true, agency, number: number.readUInt32BE(), day: textOf(day), text: textOf(text) }
}

// Agency. A device is the JSON of an unsealed key file: agency, signingSeed, certificate, epochs with seeds.
const deviceKeys = device => signingPair(unb64(device.signingSeed), 'agency')

export async function cases(service, device) {
  const found = []
  for (let page = { cursor: 0, more: true }; page.more; found.push(...page.cases))
    page = await call(service, deviceKeys(device), 'GET', `/v1/cases?after=${page.cursor}`)
  return found
}

/** A report and its follow-ups, opened with the seeds of the agency's epochs, and what answering them takes. */
export async function open(service, device, id) {
  const messages = []
  let page = { nextMessage: 0 }
  while (page.nextMessage !== null) {
    page = await call(service, deviceKeys(device), 'GET', `/v1/cases/${id}?from=${page.nextMessage}`)
    for (const message of page.messages)
      messages.push(await openMessage(service, device, message, page.events))
  }
  const [{ digest, reportId, plaintext }, ...followUps] = messages
  const [mailboxKey, mailboxSealingKey, acknowledgement, thread, , content] = dec('report-body', 7, plaintext)
  const events = readChain(service, digest, device.agency, page, acknowledgement)
  const contents = [content, ...followUps.map(message => readFollowUp(message, reportId, thread))]
  return {
    case: id,
    contents: contents.map(json => JSON.parse(textOf(json))),
    digests: messages.map(({ digest }) => digest),
    contentKeys: messages.map(({ contentKey }) => contentKey),
    events,
    head: unb64(page.head),
    reporter: { mailboxKey, mailboxSealingKey, acknowledgement },
  }
}
// §6 Envelope, §7 Wrapped keys; that of a follow-up is bound to the head that its writer saw (§8)
async function openMessage(service, device, { index, wrappedKey, seenHead, ...sealed }, events) {
  const envelope = {}
  for (const part of ['header', 'commitment', 'body']) envelope[part] = unb64(sealed[part])
  const digest = digestOf(envelope)
  const epochs = device.epochs.map(({ seed }) => sealingPair(unb64(seed)))
  const epoch = epochs.find(({ publicKey }) => b64(keyIdOf(publicKey)) === wrappedKey?.keyId)
  const contentKey = epoch
    ? await unwrap(epoch, { digest, agency: device.agency, index, seenHead }, unb64(wrappedKey.key))
    : await handedOn(device, { digest, index }, events)
  return { index, digest, contentKey, ...openEnvelope(service, contentKey, envelope, index) }
}
function unwrap({ seed, publicKey }, { digest, agency, index, seenHead }, wrapped) {
  const bound = [digest, keyIdOf(publicKey), agency]
  const info = index === 0 ? enc('wrap', ...bound) : enc('wrap-follow-up', ...bound, unb64(seenHead))
  return unseal(seed, info, wrapped).catch(() => refuse('open-failed'))
}
/** By a colleague's device, beside one of its events. */
async function handedOn(device, { digest, index }, events) {
  const id = keyIdOf(deviceKeys(device).publicKey)
  const info = enc('device-wrap', digest, id, device.agency)
  const own = events
    .flatMap(event => event.deviceKeys)
    .filter(entry => entry.device === b64(id) && entry.index === index)
  const tries = own.map(({ key }) => unseal(unb64(device.sealingSeed), info, unb64(key)))
  return Promise.any(tries).catch(() => refuse('open-failed'))
}
function readFollowUp(message, reportId, thread) {
  const [tag, content, files] = dec('follow-up-body', 3, message.plaintext)
  const expected = mac(thread, 'thread', uint(4, message.index), hash('follow-up-text', content, files))
  return message.reportId.equals(reportId) && tag.equals(expected) ? content : refuse('open-failed')
}

// §11 An event, whose tag only an opener can make. `said` is a code, a text or both, for the reporter to read. This
// client hands no key to other devices, and says nothing that stays inside the agency.
export async function record(service, device, opened, kind, { subject = '', said, offer } = {}) {
  const { case: id, digests, events, head, reporter } = opened
  const place = [digests[0], device.agency, head, uint(4, events.length), kind]
  const particulars = said ? sealSaid(reporter.acknowledgement, place, said) : null
  const keys = offer?.flatMap(({ index, keyId, key }) => [uint(4, index), keyId, key])
  const core = enc(
    'event',
    ...[...place, today(), hash('document', device.certificate), hash('device-wraps'), subject],
    particulars ? hash('event-particulars', particulars) : '',
    keys ? hash('offered-keys', subject, ...keys) : '',
  )
  const tag = mac(reporter.acknowledgement, 'acknowledgement', core)
  const signature = sign(deviceKeys(device), enc('signed-event', core, tag))
  const event = {
    ...{ core: b64(core), tag: b64(tag), signature: b64(signature), certificate: device.certificate },
    ...{ deviceKeys: [], particulars: particulars && b64(particulars) },
    offer: offer
      ? {
          agency: subject,
          keys: offer.map(({ index, keyId, key }) => ({ index, keyId: b64(keyId), key: b64(key) })),
        }
      : null,
  }
  await call(service, deviceKeys(device), 'POST', `/v1/cases/${id}/events`, JSON.stringify(event))
}
export const acknowledge = (service, device, opened) => record(service, device, opened, 'acknowledged')

/** §11 Proposes a hand-over, or invites: the keys of all messages, wrapped for the other agency. */
export async function offer(service, device, opened, kind, agency, code) {
  const epochKey = epochKeyOf(service, agency)
  const start = hash('chain', opened.digests[0], agency)
  const wrapped = opened.contentKeys.map(async (contentKey, index) => {
    const bound = [opened.digests[index], keyIdOf(epochKey), agency]
    const info = index === 0 ? enc('wrap', ...bound) : enc('wrap-follow-up', ...bound, start)
    return { index, keyId: keyIdOf(epochKey), key: await seal(epochKey, info, contentKey) }
  })
  const beside = { subject: agency, said: { code }, offer: await Promise.all(wrapped) }
  await record(service, device, opened, kind, beside)
}

// §9 A reply. Number counts this device's replies in this case from 1; nobody else keeps count.
export async function reply(service, device, { digests, reporter }, number, text) {
  const [digest, ...followUps] = digests
  const mailboxId = hash('mailbox', reporter.mailboxKey)
  const about = [mailboxId, digest, device.agency, uint(4, number), today(), Buffer.concat(followUps)]
  const content = enc('reply-content', ...about, hash('document', device.certificate), text, '')
  const plaintext = enc('signed-reply', content, sign(deviceKeys(device), content), device.certificate)
  const info = enc('reply', mailboxId, keyIdOf(reporter.mailboxSealingKey), device.agency)
  const sealed = b64(await seal(reporter.mailboxSealingKey, info, pad(plaintext, 16_384)))
  const target = `/v1/mailboxes/${b64(mailboxId)}/messages`
  await call(service, deviceKeys(device), 'POST', target, JSON.stringify({ sealed }))
}

// node examples/plain-client.mjs COMMAND --server URL [--deployment ID]
//   report --agency ID < text           the receipt code is printed first: it is the only way back
//   status | mailbox < code
//   cases | open | acknowledge | reply  --device FILE [--case ID] [--number N < text]
async function main() {
  const names = ['server', 'deployment', 'agency', 'device', 'case', 'number']
  const options = Object.fromEntries(names.map(name => [name, { type: 'string' }]))
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const service = await connect(values.server, values.deployment)
  if (!values.deployment) console.error(`From now on: --deployment ${b64(service.deployment)}`)
  const given = ['report', 'status', 'mailbox', 'reply'].includes(positionals[0])
  const input = given && (await readAll(process.stdin))
  const device = values.device && JSON.parse(await readFile(values.device, 'utf8'))
  const opened = values.case && (await open(service, device, values.case))
  const commands = {
    report() {
      const code = newCode()
      console.log(formatCode(code))
      return report(service, code, { version: 1, language: 'ko', what: input }, [values.agency])
    },
    status: () => status(service, parseCode(input)),
    mailbox: () => mailbox(service, parseCode(input)),
    cases: () => cases(service, device),
    open: () => opened.contents,
    acknowledge: () => acknowledge(service, device, opened),
    reply: () => reply(service, device, opened, Number(values.number), input),
  }
  const result = (await commands[positionals[0]]()) ?? 'done'
  console.log(typeof result === 'string' ? result : JSON.stringify(result, null, 2))
}
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
