// What an event says beside its kind: a code, a text. Sealed for those who may read it; the service stores it unread.
import {
  bytesToText,
  type ContentKey,
  M,
  pad,
  type RandomBytes,
  textToBytes,
  unpad,
  xchachaOpen,
  xchachaSeal,
} from './crypto.ts'
import { ascii, enc, u32 } from './encoding.ts'
import { ProtocolError } from './error.ts'
import type { EventContent } from './event.ts'
import { isTold } from './lifecycle.ts'
import type { AcknowledgementKey } from './reporter-keys.ts'

/** Padded plaintext, bytes. */
const SIZES = [512, 8192] as const
/** Nonce and tag. */
const OVERHEAD = 40
/** What a sealed text can be long, bytes. */
export const SEALED_PARTICULARS_LENGTHS: readonly number[] = SIZES.map(size => size + OVERHEAD)

/** The place of an event in its chain: what was sealed for one is nothing at another. */
export type EventPlace = Pick<EventContent, 'digest' | 'agencyId' | 'previous' | 'index' | 'kind'>

/** What those who opened the report have of it; null for what this reader has not. */
export interface ReadersKeys {
  readonly acknowledgementKey: AcknowledgementKey | null
  /** Of the report. The reporter has it no more. */
  readonly contentKey: ContentKey | null
}

/** What particulars of this kind are sealed under; null for who cannot read them. */
export function particularsKey(
  { kind, agencyId }: Pick<EventPlace, 'kind' | 'agencyId'>,
  { acknowledgementKey, contentKey }: ReadersKeys,
): Uint8Array | null {
  if (isTold(kind)) return acknowledgementKey && toldKey(acknowledgementKey)
  return contentKey && internalKey(contentKey, agencyId)
}

/** For the reporter and everybody who opened the report. */
export const toldKey = (key: AcknowledgementKey): Uint8Array => M(key, 'particulars-told')

/** For those of one agency who opened the report, and for the one that asked it. */
export const internalKey = (key: ContentKey, agencyId: string): Uint8Array =>
  M(key, 'particulars-internal', ascii(agencyId))

const about = ({ digest, agencyId, previous, index, kind }: EventPlace) =>
  enc('particulars', digest, ascii(agencyId), previous, u32(index), ascii(kind))

/** Throws `too-long` beyond 8191 bytes of UTF-8. */
export function sealParticulars(
  key: Uint8Array,
  place: EventPlace,
  text: string,
  random: RandomBytes,
): Uint8Array {
  const bytes = textToBytes(text)
  const size = SIZES.find(candidate => bytes.length < candidate)
  if (size === undefined) throw new ProtocolError('too-long')
  return xchachaSeal(key, random(24), about(place), pad(bytes, size))
}

/** Throws `open-failed`. */
export function openParticulars(key: Uint8Array, place: EventPlace, sealed: Uint8Array): string {
  const padded = xchachaOpen(key, about(place), sealed)
  try {
    return bytesToText(unpad(padded))
  } catch {
    throw new ProtocolError('open-failed')
  }
}

/** What is said beside a kind: at least one of the two. */
export interface Particulars {
  /** Of the code set that the kind asks for (outcome-codes.ts). */
  readonly code?: string
  readonly text?: string
}

export const particularsText = ({ code, text }: Particulars): string =>
  JSON.stringify({ ...(code === undefined ? {} : { code }), ...(text === undefined ? {} : { text }) })

/** Throws `bad-encoding`; members that this version does not know are passed over. */
export function parseParticulars(json: string): Particulars {
  const parsed = parsedObject(json)
  const member = (name: 'code' | 'text') => {
    const value = parsed[name]
    if (value !== undefined && typeof value !== 'string') throw new ProtocolError('bad-encoding', name)
    return value === undefined ? {} : { [name]: value }
  }
  return { ...member('code'), ...member('text') }
}

function parsedObject(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (isObject) return value as Readonly<Record<string, unknown>>
  } catch {
    // What is no JSON is refused like what is no object.
  }
  throw new ProtocolError('bad-encoding', 'particulars')
}
