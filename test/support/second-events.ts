// The second reader's events: chains, what is said beside them, keys that are offered; from section 11 of
// docs/protocol.md. Nothing of src/.
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import {
  demand,
  enc,
  fieldsOf,
  followUpWrapInfo,
  hash,
  hpkeOpen,
  mac,
  number,
  numberOf,
  same,
  text,
  unpad,
  utf8,
  verify,
  wrapInfo,
} from './second-implementation.ts'

type Bytes = Uint8Array

export interface Event {
  readonly core: Bytes
  readonly tag: Bytes
  readonly signature: Bytes
}

/** Kinds, by what their subject is. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^[a-z0-9][a-z0-9-]{0,31}$/, 'redirected hand-over-proposed agency-invited joint-ended'],
  [/^[0-9a-f]{32}$/, 'conflict-cleared recused'],
  [/^[1-9][0-9]{0,8}$/, 'information-received objected'],
  [
    /^$/,
    `acknowledged unopenable assessment-started assessment-extended accepted out-of-scope confirmed declined
     information-requested information-lapsed feedback-given feedback-extended outcome-reported closed
     objection-rejected reopened noted conflict-declared hand-over-withdrawn hand-over-accepted hand-over-refused
     taken-over invitation-accepted invitation-refused invitation-withdrawn joint-left petition-registered
     petition-extended investigation-finished result-returned`,
  ],
]
const CODED = `assessment-extended out-of-scope redirected feedback-extended outcome-reported objection-rejected
  reopened conflict-declared recused hand-over-proposed hand-over-refused agency-invited invitation-refused
  petition-extended confirmed`
const INTERNAL = `assessment-started out-of-scope redirected declined noted conflict-declared conflict-cleared
  investigation-finished result-returned recused hand-over-refused invitation-refused`
const OFFERS = 'hand-over-proposed agency-invited'
const UNTAGGED = 'unopenable conflict-declared conflict-cleared recused hand-over-refused invitation-refused'
const among = (kinds: string, kind: string) => kinds.split(/\s+/).includes(kind)

export const isTold = (kind: string): boolean => !among(INTERNAL, kind)

/** What it says, where its form is one that a device may sign. */
export function readEvent({ core, tag }: Pick<Event, 'core' | 'tag'>) {
  const [digest, agency, previous, index, kind, day, certificate, wraps, ...beside] = fieldsOf('event', core)
  const [subject, particulars, offer, ...rest] = beside
  if (!digest || !agency || !previous || !index || !kind || !day || !certificate || !wraps)
    throw new Error('a field')
  if (!subject || !particulars || !offer) throw new Error('a field')
  const what = text(kind)
  const form = NAMES.find(([, kinds]) => among(kinds, what))?.[0]
  demand(!!form?.test(text(subject)) && rest.length === 0)
  demand([digest, previous, certificate, wraps].every(field => field.length === 32) && index.length === 4)
  demand(/^[a-z0-9][a-z0-9-]{0,31}$/.test(text(agency)) && isDay(text(day)))
  demand(tag.length === 32 ? what !== 'unopenable' : tag.length === 0 && among(UNTAGGED, what))
  demand(
    particulars.length === 32 || (particulars.length === 0 && !(tag.length === 32 && among(CODED, what))),
  )
  demand(offer.length === (among(OFFERS, what) ? 32 : 0))
  return {
    ...{ digest, agency: text(agency), previous, index: numberOf(index), kind: what, subject: text(subject) },
    ...{ certificate, wraps, particulars, offer },
  }
}

const isDay = (day: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(day) &&
  !Number.isNaN(Date.parse(day)) &&
  new Date(day).toISOString().startsWith(day)

export const chainStart = (digest: Bytes, agency: string): Bytes => hash('chain', digest, utf8(agency))
export const headAfter = ({ core, tag }: Event): Bytes => hash('chain-link', core, tag)
export const isEventSignedBy = ({ core, tag, signature }: Event, deviceKey: Bytes): boolean =>
  verify(deviceKey, enc('signed-event', core, tag), signature)
export const acknowledgement = (key: Bytes, core: Bytes): Bytes => mac(key, 'acknowledgement', core)
export const deviceWrapsHash = (wraps: readonly { device: Bytes; index: number; wrapped: Bytes }[]): Bytes =>
  hash('device-wraps', ...wraps.flatMap(({ device, index, wrapped }) => [device, number(index, 4), wrapped]))

/** The head that a chain leads to. */
export function follow(digest: Bytes, agency: string, events: readonly Event[]): Bytes {
  return events.reduce(
    (head, event, at) => {
      const read = readEvent(event)
      demand(same(read.digest, digest) && read.agency === agency && read.index === at)
      demand(same(read.previous, head))
      return headAfter(event)
    },
    chainStart(digest, agency),
  )
}

export const toldKey = (acknowledgementKey: Bytes): Bytes => mac(acknowledgementKey, 'particulars-told')
export const internalKey = (contentKey: Bytes, agency: string): Bytes =>
  mac(contentKey, 'particulars-internal', utf8(agency))
export const particularsHash = (sealed: Bytes): Bytes => hash('event-particulars', sealed)

function place(event: Event): Bytes {
  const { digest, agency, previous, index, kind } = readEvent(event)
  return enc('particulars', digest, utf8(agency), previous, number(index, 4), utf8(kind))
}

/** The JSON that was sealed for this place in a chain. */
export function openParticulars(key: Bytes, event: Event, sealed: Bytes): string {
  demand(sealed.length > 40)
  return text(unpad(xchacha20poly1305(key, sealed.slice(0, 24), place(event)).decrypt(sealed.slice(24))))
}

export function sealParticulars(key: Bytes, event: Event, json: string, nonce: Bytes): Bytes {
  const bytes = utf8(json)
  const padded = new Uint8Array(bytes.length < 512 ? 512 : 8192)
  padded.set([...bytes, 0x80])
  return Uint8Array.from([...nonce, ...xchacha20poly1305(key, nonce, place(event)).encrypt(padded)])
}

interface OfferedKey {
  readonly index: number
  /** Of the message whose content key it is. */
  readonly digest: Bytes
  readonly keyId: Bytes
  readonly wrapped: Bytes
}

export const offeredKeysHash = (agency: string, keys: readonly OfferedKey[]): Bytes =>
  hash(
    'offered-keys',
    utf8(agency),
    ...keys.flatMap(({ index, keyId, wrapped }) => [number(index, 4), keyId, wrapped]),
  )

/** With the start of the chain of the agency that the case is offered to, and the seed of its epoch key. */
export function openOfferedKey(seed: Bytes, agency: string, start: Bytes, key: OfferedKey): Bytes {
  const { index, digest, keyId, wrapped } = key
  const info = index === 0 ? wrapInfo(digest, keyId, agency) : followUpWrapInfo(digest, keyId, agency, start)
  return hpkeOpen(seed, info, wrapped)
}
