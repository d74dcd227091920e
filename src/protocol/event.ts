// What an agency records about a case: one signed chain for each (report, agency).
import { isAgencyId } from './agency-id.ts'
import { equalSecrets, H, M, type SigningPair, sign, textToBytes, verifySignature } from './crypto.ts'
import { isDay } from './day.ts'
import { ascii, decExactly, enc, equalBytes, fromAscii, readU32, u32 } from './encoding.ts'
import { ProtocolError } from './error.ts'
import { ACTIONS, type Action, confirmsDecision, rowsOf } from './lifecycle.ts'
import type { AcknowledgementKey } from './reporter-keys.ts'

/** `acknowledged`: this device opened the report. `unopenable`: it could not be opened. Others: lifecycle.ts. */
export const EVENT_KINDS: readonly EventKind[] = ACTIONS
export type EventKind = Action

/** What somebody may have to say who never opened the report, and so cannot make a tag. */
export const UNTAGGED: readonly EventKind[] = [
  'unopenable',
  'conflict-declared',
  'conflict-cleared',
  'recused',
  'hand-over-refused',
  'invitation-refused',
]

/** What keys for another agency travel beside. */
const OFFERS: readonly EventKind[] = ['hand-over-proposed', 'agency-invited']
export const isOffer = (kind: EventKind): boolean => OFFERS.includes(kind)

/** The content key of one message, sealed to an epoch key of the agency that the case is offered to. */
export interface OfferedKey {
  /** 0 for the report, 1 … for its follow-ups. */
  readonly index: number
  readonly keyId: Uint8Array
  readonly wrapped: Uint8Array
}

/** The content key of one message, sealed for one device of the case team. */
export interface DeviceWrap {
  readonly deviceId: Uint8Array
  /** 0 for the report, 1 … for its follow-ups. */
  readonly index: number
  readonly wrapped: Uint8Array
}

export interface EventContent {
  readonly digest: Uint8Array
  readonly agencyId: string
  /** Head of the chain before this event. */
  readonly previous: Uint8Array
  /** 0, 1, … */
  readonly index: number
  readonly kind: EventKind
  /** YYYY-MM-DD, in Seoul. */
  readonly day: string
  /** `documentHash` of the device's certificate. */
  readonly certificateHash: Uint8Array
  /** `deviceWrapsHash`. */
  readonly wrapsHash: Uint8Array
  /** The agency, device (hexadecimal) or follow-up (decimal) that the event names; empty for none. */
  readonly subject: string
  /** `particularsHash`; empty where nothing is said beside the kind. */
  readonly particularsHash: Uint8Array
  /** `offeredKeysHash`; empty where no key is offered to another agency. */
  readonly offerHash: Uint8Array
}

type Beside = 'subject' | 'particularsHash' | 'offerHash'
const NOTHING_BESIDE: Pick<EventContent, Beside> = {
  subject: '',
  particularsHash: new Uint8Array(0),
  offerHash: new Uint8Array(0),
}

/** What is left out is empty. */
export type NewEventContent = Omit<EventContent, Beside> & Partial<Pick<EventContent, Beside>>

/** As it travels: everybody who holds the case, and its reporter, sees these bytes. */
export interface SignedEvent {
  /** enc("event", …) of the content. */
  readonly core: Uint8Array
  /** M(acknowledgement key, "acknowledgement", core): 32 bytes; empty where the report would not open. */
  readonly tag: Uint8Array
  /** Ed25519 by the device over enc("signed-event", core, tag). */
  readonly signature: Uint8Array
}

/** Where the chain of a (report, agency) starts. */
export function chainStart(digest: Uint8Array, agencyId: string): Uint8Array {
  return H('chain', digest, ascii(agencyId))
}

/** The chain's head after this event. The signature has no part in it: a signature's bytes are never an id. */
export function headAfter(event: Pick<SignedEvent, 'core' | 'tag'>): Uint8Array {
  return H('chain-link', event.core, event.tag)
}

export function deviceWrapsHash(wraps: readonly DeviceWrap[]): Uint8Array {
  return H(
    'device-wraps',
    ...wraps.flatMap(({ deviceId, index, wrapped }) => [deviceId, u32(index), wrapped]),
  )
}

/** Names a signed note by its text, so that it need not be repeated. */
export function documentHash(note: string): Uint8Array {
  return H('document', textToBytes(note))
}

/** Over the sealed text that travels beside an event. */
export const particularsHash = (sealed: Uint8Array): Uint8Array => H('event-particulars', sealed)

export function offeredKeysHash(agencyId: string, keys: readonly OfferedKey[]): Uint8Array {
  return H(
    'offered-keys',
    ascii(agencyId),
    ...keys.flatMap(({ index, keyId, wrapped }) => [u32(index), keyId, wrapped]),
  )
}

const signedBytes = (core: Uint8Array, tag: Uint8Array) => enc('signed-event', core, tag)

/** `acknowledgementKey` is null for who never opened the report; few kinds allow that. Throws `bad-encoding`. */
export function signEvent(
  given: NewEventContent,
  acknowledgementKey: AcknowledgementKey | null,
  device: SigningPair,
): SignedEvent {
  const content = { ...NOTHING_BESIDE, ...given }
  const core = enc(
    'event',
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
  )
  const tag = acknowledgementKey ? M(acknowledgementKey, 'acknowledgement', core) : new Uint8Array(0)
  parseEvent({ core, tag })
  return { core, tag, signature: sign(device, signedBytes(core, tag)) }
}

/** Throws `bad-encoding` on anything that `signEvent` would not write. */
export function parseEvent(event: Pick<SignedEvent, 'core' | 'tag'>): EventContent {
  const fields = decExactly('event', 11, event.core)
  const [digest, agencyId, previous, index, kind, day, certificateHash, wrapsHash, ...more] = fields
  const [subject, particulars, offer] = more
  const isWhole = digest && agencyId && previous && index && kind && day && certificateHash && wrapsHash
  if (!isWhole || !subject || !particulars || !offer) throw new ProtocolError('bad-encoding', 'event')
  const known = EVENT_KINDS.find(name => name === fromAscii(kind))
  const hashes = [digest, previous, certificateHash, wrapsHash].every(field => field.length === 32)
  if (!known || !hashes || !tagFits(known, event.tag)) throw new ProtocolError('bad-encoding', 'event')
  const content = {
    digest,
    agencyId: fromAscii(agencyId),
    previous,
    index: readU32(index),
    kind: known,
    day: fromAscii(day),
    certificateHash,
    wrapsHash,
    subject: fromAscii(subject),
    particularsHash: particulars,
    offerHash: offer,
  }
  const fits = isAgencyId(content.agencyId) && isDay(content.day) && besideFits(content, event.tag.length > 0)
  if (!fits) throw new ProtocolError('bad-encoding', 'event')
  return content
}

const tagFits = (kind: EventKind, { length }: Uint8Array) =>
  kind === 'unopenable' ? length === 0 : length === 32 || (length === 0 && UNTAGGED.includes(kind))

/** In one spelling each: two programs come to one answer. */
const SUBJECTS: Readonly<Record<'agency' | 'device' | 'message' | 'nobody', (subject: string) => boolean>> = {
  agency: isAgencyId,
  device: subject => /^[0-9a-f]{32}$/.test(subject),
  message: subject => /^[1-9][0-9]{0,8}$/.test(subject),
  nobody: subject => subject === '',
}

/** What the table asks for beside the kind; who has no tag has no key either to say a code under. */
function besideFits({ kind, subject, ...beside }: EventContent, isTagged: boolean): boolean {
  const { names, code } = rowsOf(kind)[0] ?? {}
  const said = beside.particularsHash.length
  const saysEnough = said === 32 || (said === 0 && !((code || confirmsDecision(kind)) && isTagged))
  return (
    SUBJECTS[names ?? 'nobody'](subject) && saysEnough && beside.offerHash.length === (isOffer(kind) ? 32 : 0)
  )
}

/** Whether the device signed; libsodium's verdict. */
export function isSignedBy(event: SignedEvent, deviceKey: Uint8Array): boolean {
  return verifySignature(deviceKey, signedBytes(event.core, event.tag), event.signature)
}

/** Whether somebody who opened the report made the tag. It proves nothing to third parties. */
export function isAcknowledgedWith(event: SignedEvent, key: AcknowledgementKey): boolean {
  return event.tag.length === 32 && equalSecrets(event.tag, M(key, 'acknowledgement', event.core))
}

/**
 * Follows a chain from its start: order, digest, agency. Signatures and tags are the caller's to check,
 * since who must have signed depends on who asks. Throws `bad-chain`.
 */
export function followChain(
  digest: Uint8Array,
  agencyId: string,
  events: readonly Pick<SignedEvent, 'core' | 'tag'>[],
): { contents: readonly EventContent[]; head: Uint8Array } {
  let head = chainStart(digest, agencyId)
  const contents = events.map((event, index) => {
    const content = parseEvent(event)
    const linked = equalBytes(content.previous, head) && content.index === index
    if (!linked || content.agencyId !== agencyId || !equalBytes(content.digest, digest)) {
      throw new ProtocolError('bad-chain')
    }
    head = headAfter(event)
    return content
  })
  return { contents, head }
}
