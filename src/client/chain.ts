// One agency's chain of events, read by its reporter or by the agency itself.

import type { z } from 'zod'
import type { signedEvent } from '../contract/report.ts'
import { verifyCertificate } from '../protocol/agency-documents.ts'
import type { DeploymentId } from '../protocol/crypto.ts'
import { type Agency, isValidOn } from '../protocol/directory.ts'
import { equalBytes, fromBase64url, toHex } from '../protocol/encoding.ts'
import {
  documentHash,
  type EventContent,
  type EventKind,
  followChain,
  isAcknowledgedWith,
  isSignedBy,
  parseEvent,
  type SignedEvent,
} from '../protocol/event.ts'
import type { AcknowledgementKey } from '../protocol/reporter-keys.ts'

type RecordedEvent = z.output<typeof signedEvent>

export interface CheckedEvent {
  /** `forged`: not what a device of this agency signed, or tagged by somebody who never opened the report. */
  readonly verdict: EventKind | 'forged'
  /** Null where the event cannot even be read. */
  readonly day: string | null
  /** Hexadecimal, of the device that signed; null unless it verified. */
  readonly deviceId: string | null
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
    events: recorded.map((entry, i) => checkEvent(subject, events[i] ?? null, entry.certificate)),
    head: fromBase64url(head),
  }
}

export function decodeEvent({
  core,
  tag,
  signature,
}: Omit<RecordedEvent, 'certificate'>): SignedEvent | null {
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

function checkEvent(subject: ChainSubject, event: SignedEvent | null, certificate: string): CheckedEvent {
  const content = event && readContent(event)
  if (!event || !content) return { verdict: 'forged', day: null, deviceId: null }
  const deviceId = signerOf(subject, event, content, certificate)
  const tagged =
    content.kind === 'unopenable' ||
    subject.acknowledgementKey === null ||
    isAcknowledgedWith(event, subject.acknowledgementKey)
  const verdict = deviceId && tagged ? content.kind : 'forged'
  return { verdict, day: content.day, deviceId }
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
): string | null {
  if (!agency || content.agencyId !== agency.id || !equalBytes(content.digest, digest)) return null
  try {
    const device = verifyCertificate(certificate, agency, deploymentId)
    const named = equalBytes(documentHash(certificate), content.certificateHash)
    const able = isValidOn(device, content.day) && device.scopes.includes('cases')
    return named && able && isSignedBy(event, device.signingKey) ? toHex(device.deviceId) : null
  } catch {
    return null
  }
}
