// What an agency's devices can do with the cases that are assigned to it, and with no other.
import type { CaseFile, CaseSummary } from '../../contract/casework.ts'
import { PAGE_SIZE } from '../../contract/casework.ts'
import { Problem } from '../../contract/problems.ts'
import { concat, equalBytes, toBase64url } from '../../protocol/encoding.ts'
import {
  type DeviceWrap,
  deviceWrapsHash,
  documentHash,
  type EventContent,
  headAfter,
  isSignedBy,
  parseEvent,
  type SignedEvent,
} from '../../protocol/event.ts'
import { WRAPPED_KEY_LENGTH } from '../../protocol/wrapped-key.ts'
import type { Database, Queries } from '../database.ts'
import type { Files, StoredFiles } from '../files/service.ts'
import { spendNonce } from '../http/nonces.ts'
import type { CallingDevice } from '../http/serve.ts'
import type { Signer } from '../http/signed-request.ts'
import { lockReport, records } from '../intake/service.ts'
import type { Feeds } from './feed.ts'
import { type Notes, readNotes, writeNotes } from './notes.ts'

/** Messages in one answer; each is at most 512 KiB. */
const MESSAGES_PER_ANSWER = 4
const DEVICE_ID = 16

export interface NewEvent extends SignedEvent {
  readonly certificate: string
  readonly deviceKeys: readonly DeviceWrap[]
}

export type Casework = ReturnType<typeof createCasework>

export interface CaseworkOptions {
  readonly database: Database
  readonly feeds: Feeds
  readonly files: Pick<Files, 'ofMessage'>
}

export function createCasework({ database, feeds, files }: CaseworkOptions) {
  return {
    /** Null where the feed is still where `etag` says. */
    async list(device: CallingDevice, query: { after: number; wait: number }, ifNoneMatch: string | null) {
      if (device.scopes.length === 0) throw new Problem('scope-missing')
      const etagNow = () => `"${feeds.position(device.agencyId)}-${query.after}"`
      const isKnown = ifNoneMatch === etagNow() || feeds.position(device.agencyId) <= query.after
      if (query.wait > 0 && isKnown) {
        // The cursor may come from a server that is a beat ahead.
        const seen = Math.max(feeds.position(device.agencyId), query.after)
        await feeds.wait(device.agencyId, seen, query.wait * 1000)
      }
      const etag = etagNow()
      if (ifNoneMatch === etag) return { etag, reply: null }
      const rows = await records.casesSince(database, device.agencyId, query.after, PAGE_SIZE + 1)
      const page = rows.slice(0, PAGE_SIZE)
      const cursor = Number(page.at(-1)?.position ?? query.after)
      return { etag, reply: { cases: page.map(summaryOf), cursor, more: rows.length > PAGE_SIZE } }
    },

    /** One snapshot of a case, from message `from` on. Throws `not-found` for any other agency's. */
    async open(device: CallingDevice, caseId: Uint8Array, from: number): Promise<CaseFile> {
      requireScope(device)
      return database.transaction(queries => caseFileOf(queries, device, caseId, from), {
        isolation: 'repeatable read',
        readOnly: true,
      })
    },

    /** The sealed files of a message whose key the agency has. Throws `not-found` for everything else. */
    async files(device: CallingDevice, caseId: Uint8Array, index: number): Promise<StoredFiles> {
      requireScope(device)
      const found = await records.findCase(database, caseId, device.agencyId)
      const isHeld = found && !found.withdrawn && (await records.holdsMessage(database, caseId, index))
      if (!isHeld) throw new Problem('not-found')
      return files.ofMessage(found.report_id, index)
    },

    notes: (device: CallingDevice): Promise<Notes> => readNotes(database, device),

    /** Throws `notes-moved`. */
    keepNotes: (
      signer: Signer,
      device: CallingDevice,
      notes: { readonly version: number; readonly sealed: Uint8Array },
    ): Promise<void> => writeNotes(database, signer, device, notes),

    /** The head after the event. Compare-and-swap on the head; the same event again changes nothing. */
    async record(
      signer: Signer,
      device: CallingDevice,
      caseId: Uint8Array,
      event: NewEvent,
    ): Promise<Uint8Array> {
      requireScope(device)
      const content = verifyEvent(device, event)
      return database.transaction(async queries => {
        await spendNonce(queries, signer.challenge)
        const found = await lockCase(queries, device, caseId)
        if (!equalBytes(content.digest, found.digest)) throw new Problem('event-invalid')
        const head = headAfter(event)
        const earlier = (await records.eventsOf(queries, caseId)).find(row => row.index === content.index)
        if (earlier && equalBytes(headAfter(earlier), head)) return head
        if (found.withdrawn) throw new Problem('not-found')
        if (content.index !== found.event_count || !equalBytes(content.previous, found.head)) {
          throw new Problem('chain-moved')
        }
        await records.insertEvent(queries, caseId, rowOf(event, content.index), { head, state: content.kind })
        return head
      })
    },
  }
}

function requireScope(device: CallingDevice): void {
  if (!device.scopes.includes('cases')) throw new Problem('scope-missing')
}

/** Takes the report's lock first: a withdrawal and an acknowledgement happen one after the other. */
async function lockCase(queries: Queries, device: CallingDevice, caseId: Uint8Array) {
  const found = await records.findCase(queries, caseId, device.agencyId)
  if (!found) throw new Problem('not-found')
  await lockReport(queries, found.report_id)
  const locked = await records.findCase(queries, caseId, device.agencyId)
  if (!locked) throw new Problem('not-found')
  return locked
}

/** The server can check all but the acknowledgement tag, which only the reporter can. */
function verifyEvent(device: CallingDevice, event: NewEvent): EventContent {
  const content = parsed(event)
  const holds =
    content.agencyId === device.agencyId &&
    event.certificate === device.certificate &&
    equalBytes(content.certificateHash, documentHash(event.certificate)) &&
    equalBytes(content.wrapsHash, deviceWrapsHash(event.deviceKeys)) &&
    isSignedBy(event, device.signingKey)
  if (!holds) throw new Problem('event-invalid')
  return content
}

function parsed(event: SignedEvent): EventContent {
  try {
    return parseEvent(event)
  } catch {
    throw new Problem('event-invalid')
  }
}

function rowOf({ core, tag, signature, certificate, deviceKeys }: NewEvent, index: number) {
  const device_keys = concat(...deviceKeys.flatMap(({ deviceId, wrapped }) => [deviceId, wrapped]))
  return { index, core, tag, signature, certificate, device_keys }
}

function summaryOf(row: records.CaseRow): CaseSummary {
  return {
    case: toBase64url(row.case_id),
    state: row.withdrawn ? 'withdrawn' : row.state,
    withdrawalWished: row.wish_nonce !== null,
    urgent: row.urgent,
    day: row.day,
    bucket: row.bucket,
    followUps: row.follow_ups,
    events: row.event_count,
  }
}

async function caseFileOf(
  queries: Queries,
  device: CallingDevice,
  caseId: Uint8Array,
  from: number,
): Promise<CaseFile> {
  const row = await records.findCase(queries, caseId, device.agencyId)
  if (!row) throw new Problem('not-found')
  const messages = await records.messagesOf(queries, row, from, MESSAGES_PER_ANSWER + 1)
  const isIntake = device.scopes.includes('intake')
  const { status_key, wish_nonce, wish_signature } = row
  return {
    ...summaryOf(row),
    head: toBase64url(row.head),
    withdrawal:
      wish_nonce !== null && wish_signature
        ? { statusKey: toBase64url(status_key), nonce: wish_nonce, signature: toBase64url(wish_signature) }
        : null,
    messages: messages.slice(0, MESSAGES_PER_ANSWER).map(message => ({
      index: message.index,
      day: message.day,
      header: toBase64url(message.header),
      commitment: toBase64url(message.commitment),
      body: toBase64url(message.body),
      blobLength: message.blob_length,
      seenHead: message.seen_head && toBase64url(message.seen_head),
      wrappedKey: isIntake ? { keyId: toBase64url(message.key_id), key: toBase64url(message.wrapped) } : null,
    })),
    nextMessage: messages[MESSAGES_PER_ANSWER]?.index ?? null,
    events: (await records.eventsOf(queries, caseId)).map(eventOf),
  }
}

function eventOf(event: records.EventRow): CaseFile['events'][number] {
  const entry = DEVICE_ID + WRAPPED_KEY_LENGTH
  const keys = event.device_keys
  return {
    core: toBase64url(event.core),
    tag: toBase64url(event.tag),
    signature: toBase64url(event.signature),
    certificate: event.certificate,
    deviceKeys: Array.from({ length: keys.length / entry }, (_, i) => ({
      device: toBase64url(keys.subarray(i * entry, i * entry + DEVICE_ID)),
      key: toBase64url(keys.subarray(i * entry + DEVICE_ID, (i + 1) * entry)),
    })),
  }
}
