// Vectors of events and their chains, of what is said beside them, and of keys that are offered.
import { type ContentKey, contentKey, H, textToBytes } from '../src/protocol/crypto.ts'
import { ascii, concat, enc, toHex, u32 } from '../src/protocol/encoding.ts'
import {
  chainStart,
  deviceWrapsHash,
  documentHash,
  headAfter,
  type NewEventContent,
  offeredKeysHash,
  parseEvent,
  particularsHash,
  type SignedEvent,
  signEvent,
} from '../src/protocol/event.ts'
import { internalKey, particularsText, sealParticulars, toldKey } from '../src/protocol/particulars.ts'
import type { AcknowledgementKey } from '../src/protocol/reporter-keys.ts'
import { wrapContentKey } from '../src/protocol/wrapped-key.ts'
import { fixedRandom, type World } from '../test/protocol/world.ts'

const DAY = '2026-03-02'
const digest = () => H('report-digest', ascii('example'))
const messageKey = (index: number): ContentKey => contentKey(fixedRandom(`content-${index}`)(32))
const wrapsOf = ({ north }: World) =>
  [0, 2].map(index => ({
    deviceId: north.verifiedDevice.deviceId,
    index,
    wrapped: fixedRandom(index === 0 ? 'wrap' : `wrap-${index}`)(1168),
  }))

export async function eventVectors(world: World) {
  const { reporter, north } = world
  const { certificate } = north.verifiedDevice
  const wraps = wrapsOf(world)
  const offer = await offerOf(world)
  const chain = chainOf(world, offer.hash)
  return {
    digest: toHex(digest()),
    agency: north.id,
    day: DAY,
    acknowledgementKey: toHex(reporter.acknowledgementKey),
    contentKey: toHex(messageKey(0)),
    deviceSeed: toHex(north.device.seed),
    deviceKey: toHex(north.device.publicKey),
    certificate,
    certificateHash: toHex(documentHash(certificate)),
    deviceWraps: wraps.map(({ deviceId, index, wrapped }) => ({
      device: toHex(deviceId),
      index,
      wrapped: toHex(wrapped),
    })),
    deviceWrapsHash: toHex(deviceWrapsHash(wraps)),
    noDeviceWrapsHash: toHex(deviceWrapsHash([])),
    start: toHex(chainStart(digest(), north.id)),
    chain: chain.map(({ event }) => eventEntry(event)),
    unopenable: eventEntry(alone(world, 'unopenable')),
    conflict: eventEntry(alone(world, 'conflict-declared')),
    particulars: chain.flatMap(({ said }, event) => (said ? [{ event, ...said }] : [])),
    particularsRefused: refusedParticulars(chain),
    offer: { ...offer, hash: toHex(offer.hash) },
    chainsRefused: [
      { why: 'the first event missing', events: [1] },
      { why: 'an event repeated', events: [0, 0] },
      { why: 'the order reversed', events: [1, 0] },
      { why: 'an event left out', events: [0, 1, 3] },
    ].map(entry => ({ ...entry, error: 'bad-chain' })),
    eventsRefused: refusedEvents(chain.map(({ event }) => event)),
  }
}

const eventEntry = (event: SignedEvent) => ({
  core: toHex(event.core),
  tag: toHex(event.tag),
  signature: toHex(event.signature),
  head: toHex(headAfter(event)),
})

interface Step extends Pick<NewEventContent, 'kind' | 'subject' | 'offerHash' | 'wrapsHash'> {
  readonly said?: { readonly told: boolean; readonly code?: string; readonly text?: string }
}

/** What a case can come to before it is proposed to another agency. */
const steps = (world: World, offerHash: Uint8Array): Partial<Step>[] => [
  { kind: 'acknowledged', wrapsHash: deviceWrapsHash(wrapsOf(world)) },
  { kind: 'acknowledged' },
  { kind: 'assessment-started' },
  { kind: 'information-requested', said: { told: true, text: '언제 있었던 일입니까?' } },
  { kind: 'information-received', subject: '1' },
  { kind: 'noted', said: { told: false, text: '메모: '.repeat(200) } },
  { kind: 'out-of-scope', said: { told: false, code: 'too-vague' } },
  { kind: 'confirmed', said: { told: true, code: 'too-vague' } },
  { kind: 'reopened', said: { told: true, code: 'mistake' } },
  { kind: 'invitation-refused', said: { told: false, code: 'no-capacity' } },
  { kind: 'hand-over-proposed', subject: 'south', offerHash, said: { told: true, code: 'power-needed' } },
]

function chainOf(world: World, offerHash: Uint8Array) {
  const { reporter, north } = world
  let previous = chainStart(digest(), north.id)
  return steps(world, offerHash).map(({ said, kind = 'acknowledged', ...step }, index) => {
    const place = { digest: digest(), agencyId: north.id, previous, index, kind }
    const beside = said && saidBeside(place, said, reporter.acknowledgementKey)
    const content = { ...contentOf(world, place), ...step }
    const hash = beside ? { particularsHash: particularsHash(beside.sealed) } : {}
    const event = signEvent({ ...content, ...hash }, reporter.acknowledgementKey, north.device)
    previous = headAfter(event)
    return { event, said: beside?.entry }
  })
}

type Place = Pick<NewEventContent, 'digest' | 'agencyId' | 'previous' | 'index' | 'kind'>

const contentOf = ({ north }: World, place: Place): NewEventContent => ({
  ...place,
  day: DAY,
  certificateHash: documentHash(north.verifiedDevice.certificate),
  wrapsHash: deviceWrapsHash([]),
})

function saidBeside(place: Place, { told, ...said }: NonNullable<Step['said']>, key: AcknowledgementKey) {
  const under = told ? toldKey(key) : internalKey(messageKey(0), place.agencyId)
  const nonce = fixedRandom(`particulars-${place.index}`)(24)
  const text = particularsText(said)
  const sealed = sealParticulars(under, place, text, () => nonce)
  const keys = { key: toHex(under), nonce: toHex(nonce) }
  const entry = { told, text, ...keys, sealed: toHex(sealed), hash: toHex(particularsHash(sealed)) }
  return { sealed, entry }
}

/** By somebody who never opened the report. */
function alone(world: World, kind: 'unopenable' | 'conflict-declared'): SignedEvent {
  const { id, device } = world.north
  const place = { digest: digest(), agencyId: id, previous: chainStart(digest(), id), index: 0, kind }
  return signEvent(contentOf(world, place), null, device)
}

/** The report and one follow-up, for an agency that has neither. */
async function offerOf({ south }: World) {
  const start = chainStart(digest(), south.id)
  const keys = []
  for (const index of [0, 1]) {
    const about = index === 0 ? digest() : H('report-digest', ascii('follow-up'))
    const eseed = fixedRandom(`offer-${index}`)(64)
    const to = index === 0 ? south.recipient : { ...south.recipient, head: start }
    const wrapped = await wrapContentKey(messageKey(index), about, to, () => eseed)
    keys.push({ index, digest: about, contentKey: messageKey(index), eseed, ...wrapped })
  }
  return {
    agency: south.id,
    start: toHex(start),
    epochSeed: toHex(south.epoch.seed),
    keys: keys.map(key => ({
      index: key.index,
      digest: toHex(key.digest),
      contentKey: toHex(key.contentKey),
      keyId: toHex(key.keyId),
      eseed: toHex(key.eseed),
      wrapped: toHex(key.wrapped),
    })),
    hash: offeredKeysHash(south.id, keys),
  }
}

function refusedParticulars(chain: ReturnType<typeof chainOf>) {
  const at = (event: number) => {
    const said = chain[event]?.said
    if (!said) throw new Error(`nothing is said beside ${event}`)
    return { key: said.key, sealed: said.sealed }
  }
  const changed = (hex: string) => `${hex.slice(0, -2)}${hex.endsWith('00') ? '01' : '00'}`
  return [
    { why: 'beside another event', event: 6, ...at(3) },
    { why: 'the key of what stays inside', event: 3, ...at(3), key: at(5).key },
    { why: 'the last byte changed', event: 3, key: at(3).key, sealed: changed(at(3).sealed) },
    { why: 'the last byte missing', event: 3, key: at(3).key, sealed: at(3).sealed.slice(0, -2) },
    { why: 'shorter than its nonce', event: 3, key: at(3).key, sealed: at(3).sealed.slice(0, 46) },
  ].map(entry => ({ ...entry, error: 'open-failed' }))
}

/** Well signed by nobody: the form alone is refused. */
function refusedEvents(chain: readonly SignedEvent[]) {
  const [first] = chain
  if (!first) throw new Error('no event')
  const { core, tag } = first
  const swap = (from: string, to: string) =>
    Buffer.from(toHex(core).replace(toHex(textToBytes(from)), toHex(textToBytes(to))), 'hex')
  const [received = first, confirmed = first, proposed = first] = [chain[4], chain[7], chain.at(-1)]
  const hash = parseEvent(proposed).offerHash
  const none = new Uint8Array(0)
  const entries: [string, Uint8Array, Uint8Array?][] = [
    ['a day that there is not', swap(DAY, '2026-02-30')],
    ['an unknown kind', swap('acknowledged', 'acknowledgee')],
    ['an agency id in capitals', swap('north', 'North')],
    ['no tag', core, none],
    ['a tag where the report did not open', withField(first, 'kind', ascii('unopenable'))],
    ['a tag of 31 bytes', core, tag.slice(1)],
    ['a note by somebody who never opened the report', withField(first, 'kind', ascii('noted')), none],
    ['bytes behind it', concat(core, new Uint8Array(4))],
    ['a field too few', enc('event', ...fieldsOf(first).slice(0, 10))],
    ['a previous head of 31 bytes', withField(first, 'previous', new Uint8Array(31))],
    ['an index of 8 bytes', withField(first, 'index', concat(u32(0), u32(0)))],
    ['a subject where the kind names nobody', withField(first, 'subject', ascii('south'))],
    ['an agency that is none', withField(proposed, 'subject', ascii('-south'))],
    ['a follow-up with a zero in front', withField(received, 'subject', ascii('01'))],
    ['a follow-up in another spelling', withField(received, 'subject', ascii('1e3'))],
    ['a hand-over without a code', withField(proposed, 'particulars', none)],
    ['a decision confirmed without a word', withField(confirmed, 'particulars', none)],
    ['a hand-over without keys', withField(proposed, 'offer', none)],
    ['keys beside an acknowledgement', withField(first, 'offer', hash)],
    ['a hash of 16 bytes', withField(proposed, 'particulars', hash.slice(16))],
  ]
  return entries.map(([why, bytes, own = tag]) => ({
    why,
    core: toHex(bytes),
    tag: toHex(own),
    error: 'bad-encoding',
  }))
}

const PLACES = { previous: 2, index: 3, kind: 4, subject: 8, particulars: 9, offer: 10 } as const

function fieldsOf(event: SignedEvent): Uint8Array[] {
  const content = parseEvent(event)
  return [
    content.digest,
    ascii(content.agencyId),
    content.previous,
    u32(content.index),
    ascii(content.kind),
    ascii(content.day),
    content.certificateHash,
    content.wrapsHash,
    ascii(content.subject),
    content.particularsHash,
    content.offerHash,
  ]
}

const withField = (event: SignedEvent, name: keyof typeof PLACES, value: Uint8Array): Uint8Array =>
  enc('event', ...fieldsOf(event).map((field, i) => (i === PLACES[name] ? value : field)))
