// What plain-client.mjs leaves out, from docs/protocol.md alone as well: chains of events with their offers (§11), for a
// reporter; follow-ups, events and replies, for an agency. Files (§10) are left out here, too.
import { randomBytes } from 'node:crypto'
import sodium from 'libsodium-wrappers'
import {
  b64,
  call,
  check,
  checkReceipt,
  checkSignature,
  chosenIn,
  dec,
  deviceKeyIn,
  digestOf,
  each,
  enc,
  epochKeyOf,
  hash,
  keyIdOf,
  keysOf,
  keysOfDevice,
  mac,
  mailbox,
  openEnvelope,
  pad,
  refuse,
  seal,
  sign,
  textOf,
  today,
  uint,
  unb64,
  unpad,
  unseal,
  unwrap,
  utf8,
} from './plain-client.mjs'

/** What the server says of a report; its recipients (§7), receipt (§13) and chains (§11) are proved. */
export async function status(service, code) {
  const keys = keysOf(service, code)
  const { state, day, receipt, followUps, ...told } = await call(service, keys.status, 'GET', '/v1/report')
  const digest = unb64(told.digest)
  const chosen = chosenIn(told, keys)
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

/** §9 All answers: also of agencies that were offered the case, and of none whose chain is broken. */
export async function allReplies(service, code) {
  const { agencies } = await status(service, code)
  const ids = agencies.map(({ agency }) => agency)
  return mailbox(service, code, ids)
}

// Agency
export async function cases(service, device) {
  const found = []
  for (let page = { cursor: 0, more: true }; page.more; found.push(...page.cases))
    page = await call(service, keysOfDevice(device), 'GET', `/v1/cases?after=${page.cursor}`)
  return found
}

/** A report and its follow-ups, opened with the seeds of the agency's epochs, and what answering them takes. */
export async function openCase(service, device, id) {
  const messages = []
  let page = { nextMessage: 0 }
  while (page.nextMessage !== null) {
    page = await call(service, keysOfDevice(device), 'GET', `/v1/cases/${id}?from=${page.nextMessage}`)
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
async function openMessage(service, device, message, events) {
  const { index, header, commitment, body, wrappedKey, seenHead } = message
  const envelope = each(unb64, { header, commitment, body })
  const digest = digestOf(envelope)
  const bound = index === 0 ? ['wrap', digest] : ['wrap-follow-up', digest, wrappedKey && unb64(seenHead)]
  const colleagues = () => handedOn(device, { digest, index }, events)
  const contentKey = await unwrap(device, wrappedKey, ...bound).catch(colleagues)
  return { index, digest, contentKey, ...openEnvelope(service, envelope, contentKey, index) }
}
/** By a colleague's device, beside one of its events. */
async function handedOn(device, { digest, index }, events) {
  const id = keyIdOf(keysOfDevice(device).publicKey)
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
  const signature = sign(keysOfDevice(device), enc('signed-event', core, tag))
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
  await call(service, keysOfDevice(device), 'POST', `/v1/cases/${id}/events`, JSON.stringify(event))
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
  const plaintext = enc('signed-reply', content, sign(keysOfDevice(device), content), device.certificate)
  const info = enc('reply', mailboxId, keyIdOf(reporter.mailboxSealingKey), device.agency)
  const sealed = b64(await seal(reporter.mailboxSealingKey, info, pad(plaintext, 16_384)))
  const target = `/v1/mailboxes/${b64(mailboxId)}/messages`
  await call(service, keysOfDevice(device), 'POST', target, JSON.stringify({ sealed }))
}
