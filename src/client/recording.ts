// Signing an event of a case and recording it on the chain's head.
import { postEvent } from '../contract/casework.ts'
import { type RandomBytes, randomBytes } from '../protocol/crypto.ts'
import { dayOf } from '../protocol/day.ts'
import { equalBytes, fromBase64url, toBase64url } from '../protocol/encoding.ts'
import {
  type DeviceWrap,
  deviceWrapsHash,
  documentHash,
  type EventKind,
  headAfter,
  type OfferedKey,
  offeredKeysHash,
  particularsHash,
  signEvent,
} from '../protocol/event.ts'
import { type Particulars, particularsText, sealParticulars } from '../protocol/particulars.ts'
import type { AcknowledgementKey } from '../protocol/reporter-keys.ts'
import type { Device } from './device.ts'
import { RequestProblem, VerificationFailed } from './failure.ts'
import { call } from './http.ts'
import type { ReadCase } from './opening.ts'

export interface EventOptions {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly random?: RandomBytes
  readonly signal?: AbortSignal
}

export interface NewEvent {
  readonly kind: EventKind
  /** Null for who never opened the report. */
  readonly key: AcknowledgementKey | null
  readonly wraps: readonly DeviceWrap[]
  /** The agency, device or follow-up that the kind names. */
  readonly subject?: string
  /** With the key that it is sealed under. */
  readonly said?: { readonly key: Uint8Array; readonly particulars: Particulars } | null
  /** To the agency that is the subject. */
  readonly offered?: readonly OfferedKey[] | null
}

/** False where somebody else of the agency was first. */
export async function recordEvent(
  { agency, certified, service, signer }: Device,
  current: ReadCase,
  event: NewEvent,
  { now, random = randomBytes, signal }: EventOptions,
): Promise<boolean> {
  const { kind, key, wraps, subject = '', said = null, offered = null } = event
  const { certificate } = certified
  const place = {
    digest: current.digest,
    agencyId: agency.id,
    previous: current.head,
    index: current.file.events.length,
    kind,
  }
  const sealed = said && sealParticulars(said.key, place, particularsText(said.particulars), random)
  const content = {
    ...place,
    day: dayOf(now),
    certificateHash: documentHash(certificate),
    wrapsHash: deviceWrapsHash(wraps),
    subject,
    ...(sealed ? { particularsHash: particularsHash(sealed) } : {}),
    ...(offered ? { offerHash: offeredKeysHash(subject, offered) } : {}),
  }
  const signed = signEvent(content, key, signer.pair)
  const body = {
    core: toBase64url(signed.core),
    tag: toBase64url(signed.tag),
    signature: toBase64url(signed.signature),
    certificate,
    deviceKeys: wraps.map(({ deviceId, index, wrapped }) => ({
      device: toBase64url(deviceId),
      index,
      key: toBase64url(wrapped),
    })),
    particulars: sealed && toBase64url(sealed),
    offer: offered && { agency: subject, keys: offered.map(offeredKey) },
  }
  try {
    const { reply } = await call(service, postEvent, { params: { case: current.id }, body, signer, signal })
    if (!equalBytes(fromBase64url(reply.head), headAfter(signed))) throw new VerificationFailed('chain')
    return true
  } catch (error) {
    if (error instanceof RequestProblem && error.kind === 'chain-moved') return false
    throw error
  }
}

const offeredKey = ({ index, keyId, wrapped }: OfferedKey) => ({
  index,
  keyId: toBase64url(keyId),
  key: toBase64url(wrapped),
})
