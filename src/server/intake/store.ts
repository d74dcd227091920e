// What a reporter's requests read and write.
import type { WrappedKey } from '../../protocol/wrapped-key.ts'
import type { Queries } from '../database.ts'
import type { Member } from './members.ts'

export interface ReportRow {
  report_id: Uint8Array
  digest: Uint8Array
  wraps: Uint8Array
  leaf: Uint8Array
  recipients_tag: Uint8Array
  receipt: string
  day: string
  withdrawn: boolean
}

export interface AssignmentRow {
  case_id: Uint8Array
  agency_id: string
  key_id: Uint8Array
  withdrawn: boolean
  state: 'new' | 'acknowledged' | 'unopenable'
  head: Uint8Array
  event_count: number
  wished: boolean
  /** Reads the report now, or was asked to. */
  here: boolean
  /** Whether the reporter chose it, or another agency offered it the case. */
  origin: Member['origin']
  origin_agency: string | null
}

const FIND_REPORT = {
  name: 'find-report',
  text: 'select report_id, digest, wraps, leaf, recipients_tag, receipt, day, withdrawn from reports where report_id = $1',
}
const LOCK_REPORT = { name: 'lock-report', text: `${FIND_REPORT.text} for update` }

export async function findReport(queries: Queries, reportId: Uint8Array): Promise<ReportRow | null> {
  const [row] = await queries.query<ReportRow & Record<string, unknown>>(FIND_REPORT, [reportId])
  return row ?? null
}

/** Everything that changes a report or a case of it takes this lock first, so they happen one after another. */
export async function lockReport(queries: Queries, reportId: Uint8Array): Promise<ReportRow | null> {
  const [row] = await queries.query<ReportRow & Record<string, unknown>>(LOCK_REPORT, [reportId])
  return row ?? null
}

const ASSIGNMENTS = {
  name: 'assignments-of-report',
  text: `select case_id, agency_id, key_id, withdrawn, state, head, event_count, wish_nonce is not null as wished,
           standing <> 'left' as here, origin, origin_agency
         from assignments where report_id = $1 order by agency_id`,
}

export function assignmentsOf(queries: Queries, reportId: Uint8Array): Promise<AssignmentRow[]> {
  return queries.query<AssignmentRow & Record<string, unknown>>(ASSIGNMENTS, [reportId])
}

const FOLLOW_UPS = {
  name: 'follow-ups-of-report',
  text: 'select index, digest, day from messages where report_id = $1 and index > 0 order by index',
}

export interface FollowUpRow {
  index: number
  digest: Uint8Array
  day: string
}

export function followUpsOf(queries: Queries, reportId: Uint8Array): Promise<FollowUpRow[]> {
  return queries.query<FollowUpRow & Record<string, unknown>>(FOLLOW_UPS, [reportId])
}

export interface NewMessage {
  readonly reportId: Uint8Array
  readonly index: number
  readonly digest: Uint8Array
  readonly day: string
  readonly header: Uint8Array
  readonly commitment: Uint8Array
  readonly body: Uint8Array
  readonly wraps: readonly (WrappedKey & { readonly caseId: Uint8Array; readonly seenHead: Uint8Array })[]
}

const INSERT_MESSAGE = {
  name: 'insert-message',
  text: 'insert into messages (report_id, index, digest, day, header, commitment, body) values ($1, $2, $3, $4, $5, $6, $7)',
}
const INSERT_WRAP = {
  name: 'insert-wrap',
  text: 'insert into wrapped_keys (case_id, index, key_id, wrapped, seen_head) values ($1, $2, $3, $4, $5)',
}
const MARK_CHANGED = {
  name: 'mark-changed',
  text: `update assignments set changed = true where report_id = $1 and not withdrawn and standing <> 'left'`,
}

export async function insertFollowUp(queries: Queries, message: NewMessage): Promise<void> {
  const { reportId, index, digest, day, header, commitment, body } = message
  await queries.query(INSERT_MESSAGE, [reportId, index, digest, day, header, commitment, body])
  for (const wrap of message.wraps)
    await queries.query(INSERT_WRAP, [wrap.caseId, index, wrap.keyId, wrap.wrapped, wrap.seenHead])
  await queries.query(MARK_CHANGED, [reportId])
}

const WITHDRAW_CASE = {
  name: 'withdraw-case',
  text: `with key as (delete from wrapped_keys where case_id = $1),
           wraps as (update events set device_keys = '' where case_id = $1),
           asked as (delete from offers where case_id = $1),
           shown as (delete from shown_events where case_id = $1)
         update assignments set withdrawn = true, changed = position is not null where case_id = $1`,
}
const WISH = {
  name: 'wish-withdrawal',
  text: `update assignments set wish_nonce = $2, wish_signature = $3, changed = true
         where case_id = $1 and wish_nonce is null`,
}
const DESTROY = {
  name: 'destroy-report',
  text: `with message as (delete from messages where report_id = $1)
         update reports set withdrawn = true where report_id = $1`,
}

/** Destroys the agency's wrapped keys. */
export async function withdrawCase(queries: Queries, caseId: Uint8Array): Promise<void> {
  await queries.query(WITHDRAW_CASE, [caseId])
}

export async function recordWish(queries: Queries, caseId: Uint8Array, nonce: string, signature: Uint8Array) {
  await queries.query(WISH, [caseId, nonce, signature])
}

/** Destroys the ciphertexts; the row stays as a tombstone. */
export async function destroyReport(queries: Queries, reportId: Uint8Array): Promise<void> {
  await queries.query(DESTROY, [reportId])
}
