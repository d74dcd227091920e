// What an agency's devices can do with the cases that are assigned to it, and with no other.
import type { CaseFile, CaseSummary } from '../../contract/casework.ts'
import { PAGE_SIZE } from '../../contract/casework.ts'
import { EPOCH_PAGE_SIZE } from '../../contract/epochs.ts'
import { Problem } from '../../contract/problems.ts'
import type { DeviceScope } from '../../protocol/agency-documents.ts'
import { toBase64url } from '../../protocol/encoding.ts'
import type { Queries } from '../database.ts'
import type { DirectoryService } from '../directory/service.ts'
import type { Files, StoredFiles } from '../files/service.ts'
import type { CallingDevice } from '../http/serve.ts'
import type { Signer } from '../http/signed-request.ts'
import { records } from '../intake/service.ts'
import { unpackDeviceKeys } from './device-keys.ts'
import { createDueOnReceipt } from './due.ts'
import type { Feeds } from './feed.ts'
import { type Notes, readNotes, writeNotes } from './notes.ts'
import { offersTo, partnersOf } from './partners.ts'
import { createRecording, type RecordingOptions } from './recording.ts'
import { groupOf, standingOf } from './standing.ts'

/** Messages in one answer; each is at most 512 KiB. */
const MESSAGES_PER_ANSWER = 4

export type Casework = ReturnType<typeof createCasework>

export interface CaseworkOptions extends RecordingOptions {
  readonly directory: RecordingOptions['directory'] & Pick<DirectoryService, 'findDevice'>
  readonly feeds: Feeds
  readonly files: Pick<Files, 'ofMessage'>
}

export function createCasework(options: CaseworkOptions) {
  const { database, feeds, files, directory } = options
  const dueOnReceipt = createDueOnReceipt()
  const duesNow = async (): Promise<DueOf> => {
    const policies = (await directory.current()).directory
    return row => (row.event_count === 0 ? dueOnReceipt(policies, row.day) : row.due)
  }
  return {
    /** Null where the feed is still where `etag` says. Throws `device-refused` where it was revoked while it waited. */
    async list(device: CallingDevice, query: { after: number; wait: number }, ifNoneMatch: string | null) {
      if (device.scopes.length === 0) throw new Problem('scope-missing')
      const etagNow = () => `"${feeds.position(device.agencyId)}-${query.after}"`
      const isKnown = ifNoneMatch === etagNow() || feeds.position(device.agencyId) <= query.after
      if (query.wait > 0 && isKnown) {
        // The cursor may come from a server that is a beat ahead.
        const seen = Math.max(feeds.position(device.agencyId), query.after)
        await feeds.wait(device.agencyId, seen, query.wait * 1000)
        const found = await directory.findDevice(device.signingKey)
        if (found?.agencyId !== device.agencyId) throw new Problem('device-refused')
      }
      const etag = etagNow()
      if (ifNoneMatch === etag) return { etag, reply: null }
      const rows = await records.casesSince(database, device.agencyId, query.after)
      const dueOf = await duesNow()
      const page = rows.slice(0, PAGE_SIZE)
      const cursor = Number(page.at(-1)?.position ?? query.after)
      return {
        etag,
        reply: { cases: page.map(row => summaryOf(row, dueOf)), cursor, more: rows.length > PAGE_SIZE },
      }
    },

    /** One snapshot of a case, from message `from` on. Throws `not-found` for any other agency's. */
    async open(device: CallingDevice, caseId: Uint8Array, from: number): Promise<CaseFile> {
      requireOneOf(device, ['cases', 'pickup'])
      const dueOf = await duesNow()
      return database.transaction(queries => caseFileOf(queries, device, { caseId, from, dueOf }), {
        isolation: 'repeatable read',
        readOnly: true,
      })
    },

    /** The sealed files of a message whose key the agency has. Throws `not-found` for everything else. */
    async files(device: CallingDevice, caseId: Uint8Array, index: number): Promise<StoredFiles> {
      requireOneOf(device, ['cases'])
      const found = await records.findCase(database, caseId, device.agencyId)
      const isHeld =
        found && !found.withdrawn && isHere(found) && (await records.holdsMessage(database, caseId, index))
      if (!isHeld) throw new Problem('not-found')
      return files.ofMessage(found.report_id, index)
    },

    /** A page of the agency's cases that lie under one of its epoch keys. */
    async underEpoch(device: CallingDevice, keyId: Uint8Array, after: Uint8Array) {
      requireOneOf(device, ['intake'])
      const page = { keyId, after, limit: EPOCH_PAGE_SIZE + 1 }
      const found = await records.casesUnderEpoch(database, device.agencyId, page)
      const cases = found.slice(0, EPOCH_PAGE_SIZE).map(toBase64url)
      return { cases, more: found.length > EPOCH_PAGE_SIZE }
    },

    notes: (device: CallingDevice): Promise<Notes> => readNotes(database, device),

    /** Throws `notes-moved`. */
    keepNotes: (
      signer: Signer,
      device: CallingDevice,
      notes: { readonly version: number; readonly sealed: Uint8Array },
    ): Promise<void> => writeNotes(database, signer, device, notes),

    record: createRecording(options),
  }
}

function requireOneOf({ scopes }: CallingDevice, wanted: readonly DeviceScope[]): void {
  if (!wanted.some(scope => scopes.includes(scope))) throw new Problem('scope-missing')
}

type DueOf = (row: records.CaseRow) => string | null

function summaryOf(row: records.CaseRow, dueOf: DueOf): CaseSummary {
  return {
    case: toBase64url(row.case_id),
    state: row.withdrawn ? 'withdrawn' : isHere(row) ? row.state : 'left',
    stage: row.stage,
    standing: row.withdrawn ? [] : standingOf(row.standing, row.offers),
    withdrawalWished: row.wish_nonce !== null,
    urgent: row.urgent,
    day: row.day,
    bucket: row.bucket,
    followUps: row.follow_ups,
    due: row.withdrawn || !isHere(row) ? null : dueOf(row),
    events: row.event_count,
  }
}

/** Not one that was handed over, or that was only offered and is no more. */
const isHere = ({ standing }: Pick<records.CaseRow, 'standing'>): boolean => standing !== 'left'

async function caseFileOf(
  queries: Queries,
  device: CallingDevice,
  { caseId, from, dueOf }: { readonly caseId: Uint8Array; readonly from: number; readonly dueOf: DueOf },
): Promise<CaseFile> {
  const row = await records.findCase(queries, caseId, device.agencyId)
  if (!row) throw new Problem('not-found')
  const messages = await records.messagesOf(queries, row, from, MESSAGES_PER_ANSWER + 1)
  const isIntake = device.scopes.includes('intake')
  const isReader = device.scopes.includes('cases')
  const { status_key, wish_nonce, wish_signature, origin, origin_agency } = row
  const group = groupOf(await records.membersOf(queries, row.report_id), caseId)
  const shown = await records.shownTo(queries, caseId)
  return {
    ...summaryOf(row, dueOf),
    head: toBase64url(row.head),
    withdrawal:
      wish_nonce !== null && wish_signature
        ? { statusKey: toBase64url(status_key), nonce: wish_nonce, signature: toBase64url(wish_signature) }
        : null,
    origin: { kind: origin, agency: origin_agency },
    partners: await partnersOf(queries, group, shown, { isReader }),
    offers: offersTo(shown, { isReader }),
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
    events: (await records.eventsOf(queries, caseId)).map(event => eventOf(event, isReader)),
  }
}

/** What a team says beside its events is for who reads the case, not for a machine that hands keys on. */
function eventOf(event: records.EventRow, isReader: boolean): CaseFile['events'][number] {
  const { device_keys: keys } = event
  return {
    core: toBase64url(event.core),
    tag: toBase64url(event.tag),
    signature: toBase64url(event.signature),
    certificate: event.certificate,
    particulars: isReader && event.particulars ? toBase64url(event.particulars) : null,
    deviceKeys: unpackDeviceKeys(keys).map(({ deviceId, index, wrapped }) => ({
      device: toBase64url(deviceId),
      index,
      key: toBase64url(wrapped),
    })),
  }
}
