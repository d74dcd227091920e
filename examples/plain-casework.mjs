// What plain-client.mjs leaves out, from docs/protocol.md alone as well: chains of events with their offers (§11), for a
// reporter; follow-ups, events and replies, for an agency. Files (§10) are left out here, too.
import * as client from './plain-client.mjs'
import { b64, check, days, dec, enc, pad, refuse, textOf, uint, unb64 } from './plain-encodings.mjs'
import { ed25519, hash, hpke, keyIdOf, mac, xchacha } from './plain-primitives.mjs'

/** What the server says of a report; its recipients (§7), receipt (§13) and chains (§11) are proved. */
export async function status(service, code) {
  const keys = client.keysOf(service, code)
  const told = await client.call(service, keys.status, 'GET', '/v1/report')
  const [{ state, day, receipt, followUps }, digest] = [told, unb64(told.digest)]
  client.checkReceipt(service, keys, receipt, digest, unb64(told.wraps))
  const agencies = told.agencies.map(({ agency, state, ...chain }) => {
    return { agency, state, events: readChain(service, digest, agency, chain, keys.acknowledgement) }
  })
  checkOffers(agencies, client.chosenIn(told, keys))
  return { state, day, digest: told.digest, receipt, agencies, followUps }
}
// §11 Whom the reporter did not choose was offered the case, by what an agency signed that is proved itself.
function checkOffers(agencies, chosen) {
  const [told, proved] = [agencies.map(({ agency }) => agency), new Set(chosen)]
  for (const id of proved)
    for (const { kind, signed = kind, subject } of agencies[told.indexOf(id)]?.events ?? [])
      if (OFFERS.includes(signed)) proved.add(subject) // and comes to its turn
  const isProved = new Set(told).size === told.length && told.every(id => proved.has(id))
  check(isProved, 'bad-signature')
}

// §11 Events and chains: from the start to the head that was told, or not at all. `forged`: signed, with a wrong tag
const OFFERS = ['hand-over-proposed', 'agency-invited']
const UNTAGGED =
  'unopenable conflict-declared conflict-cleared recused hand-over-refused invitation-refused'.split(' ')
function readChain(service, digest, agency, chain, acknowledgement) {
  let head = hash('chain', digest, agency)
  const read = chain.events.map((event, i) => {
    const [core, tag] = [unb64(event.core), unb64(event.tag)]
    const [index, certificate] = [uint(4, i), hash('document', event.certificate)]
    const expected = { digest, agency, head, index, certificate }
    const { kind: what, day: when, particulars, ...fields } = dec('event', core, expected, 'bad-chain')
    const [kind, day, subject] = [what, when, fields.subject].map(textOf)
    const isFormed = tag.length === 0 ? UNTAGGED.includes(kind) : tag.length === 32 && kind !== 'unopenable'
    check(isFormed, 'bad-encoding')
    // A machine that picks up says that it opened the report, and nothing else.
    const scopes = kind === 'acknowledged' && particulars.length === 0 ? ['cases', 'pickup'] : ['cases']
    const deviceKey = client.deviceKeyIn(service, agency, event.certificate, day, scopes)
    ed25519.verify(deviceKey, unb64(event.signature), enc('signed-event', core, tag))
    const place = [digest, agency, head, index, kind]
    head = hash('chain-link', core, tag)
    const counts = tag.length === 0 || mac(acknowledgement, 'acknowledgement', core).equals(tag)
    if (!counts) return { kind: 'forged', signed: kind, day, subject }
    const said = event.particulars && openSaid(acknowledgement, place, unb64(event.particulars), particulars)
    return { kind, day, subject, ...(said && { said }) }
  })
  return b64(head) === chain.head ? read : refuse('bad-chain')
}
// §11 Particulars: what the reporter is told. What stays inside an agency does not open with this key.
function sealSaid(acknowledgement, place, said) {
  const text = Buffer.from(JSON.stringify(said))
  const key = mac(acknowledgement, 'particulars-told')
  return xchacha.seal(key, enc('particulars', ...place), text, text.length < 512 ? 512 : 8192)
}
function openSaid(acknowledgement, place, sealed, expected) {
  check(hash('event-particulars', sealed).equals(expected), 'bad-chain')
  try {
    const key = mac(acknowledgement, 'particulars-told')
    return JSON.parse(textOf(xchacha.open(key, enc('particulars', ...place), sealed)))
  } catch {
    return null
  }
}

/** §9 All answers: also of agencies that were offered the case, and of none whose chain is broken. */
export async function allReplies(service, code) {
  const { agencies } = await status(service, code)
  const ids = agencies.map(({ agency }) => agency)
  return client.mailbox(service, code, ids)
}

// Agency
const ask = (service, device, ...request) => client.call(service, client.keysOfDevice(device), ...request)
export async function cases(service, device) {
  const found = []
  for (let page = { cursor: 0, more: true }; page.more; found.push(...page.cases))
    page = await ask(service, device, 'GET', `/v1/cases?after=${page.cursor}`)
  return found
}

/** A report and its follow-ups, opened with the seeds of the agency's epochs, and what answering them takes. */
export async function openCase(service, device, id) {
  const messages = []
  let page = { nextMessage: 0 }
  while (page.nextMessage !== null) {
    page = await ask(service, device, 'GET', `/v1/cases/${id}?from=${page.nextMessage}`)
    for (const message of page.messages)
      messages.push(await openMessage(service, device, message, page.events))
  }
  const [{ digest, plaintext }, ...followUps] = messages
  const { content, ...reporter } = dec('report-body', plaintext)
  const texts = [content, ...followUps.map(message => readFollowUp(message, messages[0], reporter))]
  const events = readChain(service, digest, device.agency, page, reporter.acknowledgement)
  const contents = texts.map(json => JSON.parse(textOf(json)))
  const digests = messages.map(({ digest }) => digest)
  return { case: id, contents, digests, messages, events, head: unb64(page.head), reporter }
}
// §6 Envelope, §7 Wrapped keys; that of a follow-up is bound to the head that its writer saw (§8)
const boundTo = (index, digest, head) => (index === 0 ? ['wrap', digest] : ['wrap-follow-up', digest, head])
async function openMessage(service, device, { index, wrappedKey, seenHead, ...envelope }, events) {
  const keyOf = digest => {
    const bound = boundTo(index, digest, seenHead && unb64(seenHead))
    return client.unwrap(device, wrappedKey, ...bound).catch(() => handedOn(device, digest, index, events))
  }
  return { index, ...(await client.openEnvelope(service, envelope, index, keyOf)) }
}
/** By a colleague's device, beside one of its events. */
async function handedOn(device, digest, index, events) {
  const id = keyIdOf(client.keysOfDevice(device).publicKey)
  const own = events
    .flatMap(event => event.deviceKeys)
    .filter(entry => entry.device === b64(id) && entry.index === index)
  const [pair, info] = [hpke.pair(unb64(device.sealingSeed)), enc('device-wrap', digest, id, device.agency)]
  return Promise.any(own.map(({ key }) => hpke.open(pair, info, unb64(key))))
}
function readFollowUp({ index, reportId, plaintext }, report, { thread }) {
  const { tag, content, files } = dec('follow-up-body', plaintext)
  const expected = mac(thread, 'thread', uint(4, index), hash('follow-up-text', content, files))
  return reportId.equals(report.reportId) && tag.equals(expected) ? content : refuse('open-failed')
}

// §11 An event, whose tag only an opener can make. `said` is a code, a text or both, for the reporter to read. This
// client hands no key to other devices, and says nothing that stays inside the agency.
export async function record(service, device, opened, kind, { subject = '', said, keys } = {}) {
  const { case: id, digests, events, head, reporter } = opened
  const { agency, certificate } = device
  const place = [digests[0], agency, head, uint(4, events.length), kind]
  const particulars = said ? sealSaid(reporter.acknowledgement, place, said) : null
  const offered = keys?.flatMap(({ index, keyId, key }) => [uint(4, index), keyId, key])
  const core = enc(
    'event',
    ...[...place, days.today(), hash('document', certificate), hash('device-wraps'), subject],
    particulars ? hash('event-particulars', particulars) : '',
    keys ? hash('offered-keys', subject, ...offered) : '',
  )
  const tag = mac(reporter.acknowledgement, 'acknowledgement', core)
  const signature = client.keysOfDevice(device).sign(enc('signed-event', core, tag))
  const offer = keys ? { agency: subject, keys } : null
  const event = { core, tag, signature, certificate, deviceKeys: [], particulars, offer }
  await ask(service, device, 'POST', `/v1/cases/${id}/events`, event)
}
export const acknowledge = (service, device, opened) => record(service, device, opened, 'acknowledged')

/** §11 Proposes a hand-over, or invites: the keys of all messages, wrapped for the other agency. */
export async function offer(service, device, opened, kind, agency, code) {
  const start = hash('chain', opened.digests[0], agency)
  const wrapped = opened.messages.map(async ({ index, digest, contentKey }) => {
    const bound = boundTo(index, digest, start)
    const { keyId, key } = await client.wrap(service, agency, contentKey, ...bound)
    return { index, keyId, key }
  })
  const keys = await Promise.all(wrapped)
  await record(service, device, opened, kind, { subject: agency, said: { code }, keys })
}

// §9 A reply. Number counts this device's replies in this case from 1; nobody else keeps count.
export async function reply(service, device, { digests, reporter }, number, text) {
  const { mailboxKey, mailboxSealingKey } = reporter
  const [mailboxId, [digest, ...followUps]] = [hash('mailbox', mailboxKey), digests]
  const about = [mailboxId, digest, device.agency, uint(4, number), days.today(), Buffer.concat(followUps)]
  const content = enc('reply-content', ...about, hash('document', device.certificate), text, '')
  const signature = client.keysOfDevice(device).sign(content)
  const plaintext = pad(enc('signed-reply', content, signature, device.certificate), 16_384)
  const info = enc('reply', mailboxId, keyIdOf(mailboxSealingKey), device.agency)
  const sealed = await hpke.seal(mailboxSealingKey, info, plaintext)
  await ask(service, device, 'POST', `/v1/mailboxes/${b64(mailboxId)}/messages`, { sealed })
}
