// One agency's chain of events, read by its reporter or by the agency itself.

import type { z } from 'zod'
import type { particulars, signedEvent } from '../contract/report.ts'
import { type DeviceRole, type VerifiedDevice, verifyCertificate } from '../protocol/agency-documents.ts'
import type { ContentKey, DeploymentId } from '../protocol/crypto.ts'
import { type Agency, isValidOn } from '../protocol/directory.ts'
import { equalBytes, fromBase64url, toBase64url, toHex } from '../protocol/encoding.ts'
import {
  documentHash,
  type EventContent,
  type EventKind,
  followChain,
  headAfter,
  isAcknowledgedWith,
  isSignedBy,
  parseEvent,
  particularsHash,
  type SignedEvent,
} from '../protocol/event.ts'
import {
  openParticulars,
  type Particulars,
  parseParticulars,
  particularsKey,
} from '../protocol/particulars.ts'
import type { AcknowledgementKey } from '../protocol/reporter-keys.ts'
import { mayRecord } from '../protocol/scopes.ts'

type RecordedEvent = z.output<typeof signedEvent> & { readonly particulars: z.output<typeof particulars> }

export interface CheckedEvent {
  /** `forged`: not what a device of this agency signed, or tagged by somebody who never opened the report. */
  readonly verdict: EventKind | 'forged'
  /**
   * What a device of this agency signed, whatever its tag; null where none did. The service, which cannot check tags, did what
   * it says: that tells who is here, and nothing else.
   */
  readonly signed: EventKind | null
  /** Null where the event cannot even be read. */
  readonly day: string | null
  /** Hexadecimal, of the device that signed; null unless it verified. */
  readonly deviceId: string | null
  readonly role: DeviceRole | null
  /** What it says; null where the event cannot even be read. */
  readonly content: EventContent | null
  /** Said beside the kind; null for nothing, or where this reader has no key for it. */
  readonly particulars: Particulars | null
  /** Of the chain behind it, base64url: names this event and no other. Null where it cannot even be read. */
  readonly head: string | null
}

export interface CheckedChain {
  /** `broken`: the events do not follow from one another or from the head. */
  readonly chain: 'sound' | 'broken'
  readonly events: readonly CheckedEvent[]
  readonly head: Uint8Array
}

export interface ChainSubject {
  /** Null where the directory does not know the agency any more. */
  readonly agency: Agency | null
  readonly deploymentId: DeploymentId
  readonly digest: Uint8Array
  /** Null where the caller never opened the report: tags are then left unchecked. */
  readonly acknowledgementKey: AcknowledgementKey | null
  /** Of the report, where the caller is one of the agency that opened it: opens what stays inside. */
  readonly contentKey?: ContentKey | null
}

/** Checks everything that can be checked and hides nothing: what does not verify is `forged`. */
export function checkChain(
  subject: ChainSubject,
  recorded: readonly RecordedEvent[],
  head: string,
): CheckedChain {
  const events = recorded.map(decodeEvent)
  return {
    chain: isSound(subject, events, head) ? 'sound' : 'broken',
    events: recorded.map((entry, i) => checkEvent(subject, events[i] ?? null, entry)),
    head: fromBase64url(head),
  }
}

/** One event by itself, out of a chain that the caller does not see. */
export const checkLoose = (subject: ChainSubject, recorded: RecordedEvent): CheckedEvent =>
  checkEvent(subject, decodeEvent(recorded), recorded)

export function decodeEvent({
  core,
  tag,
  signature,
}: Pick<RecordedEvent, 'core' | 'tag' | 'signature'>): SignedEvent | null {
  try {
    return {
      core: fromBase64url(core),
      tag: fromBase64url(tag),
      signature: fromBase64url(signature),
    }
  } catch {
    return null
  }
}

function isSound(
  { agency, digest }: ChainSubject,
  events: readonly (SignedEvent | null)[],
  head: string,
): boolean {
  const readable = events.filter(event => event !== null)
  if (!agency || readable.length !== events.length) return false
  try {
    return equalBytes(followChain(digest, agency.id, readable).head, fromBase64url(head))
  } catch {
    return false
  }
}

function checkEvent(subject: ChainSubject, event: SignedEvent | null, recorded: RecordedEvent): CheckedEvent {
  const content = event && readContent(event)
  if (!event || !content) return NOTHING_READ
  const signer = signerOf(subject, event, content, recorded.certificate)
  const tagged =
    event.tag.length === 0 ||
    subject.acknowledgementKey === null ||
    isAcknowledgedWith(event, subject.acknowledgementKey)
  const verdict = signer && tagged ? content.kind : 'forged'
  return {
    verdict,
    signed: signer && content.kind,
    day: content.day,
    deviceId: signer && toHex(signer.deviceId),
    role: signer?.role ?? null,
    content,
    particulars: verdict === 'forged' ? null : readParticulars(subject, content, recorded.particulars),
    head: toBase64url(headAfter(event)),
  }
}

const NOTHING_READ: CheckedEvent = {
  verdict: 'forged',
  signed: null,
  day: null,
  deviceId: null,
  role: null,
  content: null,
  particulars: null,
  head: null,
}

/** Null also for what does not open, or is not what the event names. */
function readParticulars(
  { acknowledgementKey, contentKey = null }: ChainSubject,
  content: EventContent,
  sent: string | null,
): Particulars | null {
  const key = particularsKey(content, { acknowledgementKey, contentKey })
  if (sent === null || !key) return null
  try {
    const sealed = fromBase64url(sent)
    if (!equalBytes(particularsHash(sealed), content.particularsHash)) return null
    return parseParticulars(openParticulars(key, content, sealed))
  } catch {
    return null
  }
}

function readContent(event: SignedEvent): EventContent | null {
  try {
    return parseEvent(event)
  } catch {
    return null
  }
}

function signerOf(
  { agency, deploymentId, digest }: ChainSubject,
  event: SignedEvent,
  content: EventContent,
  certificate: string,
): VerifiedDevice | null {
  if (!agency || content.agencyId !== agency.id || !equalBytes(content.digest, digest)) return null
  try {
    const device = verifyCertificate(certificate, agency, deploymentId)
    const named = equalBytes(documentHash(certificate), content.certificateHash)
    const able = isValidOn(device, content.day) && mayRecord(device.scopes, content)
    return named && able && isSignedBy(event, device.signingKey) ? device : null
  } catch {
    return null
  }
}
