// What casework reads and writes of a report: always one agency's assignment, never the report as a whole.
import { PAGE_SIZE } from '../../contract/casework.ts'
import type { State } from '../../protocol/lifecycle-phases.ts'
import type { Queries } from '../database.ts'

import type { Member, OfferKind } from './members.ts'

export * from './chain-state.ts'
export * from './due.ts'
export * from './epochs.ts'
export * from './members.ts'
export * from './shown.ts'

export interface CaseRow {
  case_id: Uint8Array
  report_id: Uint8Array
  agency_id: string
  withdrawn: boolean
  state: 'new' | 'acknowledged' | 'unopenable'
  stage: State
  standing: Member['standing']
  /** Those that its agency can answer. */
  offers: readonly OfferKind[]
  origin: Member['origin']
  origin_agency: string | null
  due: string | null
  head: Uint8Array
  event_count: number
  position: string | null
  digest: Uint8Array
  status_key: Uint8Array
  wish_nonce: string | null
  wish_signature: Uint8Array | null
  day: string
  bucket: number
  urgent: boolean
  follow_ups: number
}

// Counted only up to what the agency can open: messages whose key was wrapped for it.
const COLUMNS = `a.case_id, a.report_id, a.agency_id, a.withdrawn, a.state, a.stage, a.standing, a.origin,
  a.origin_agency, a.due, a.head, a.event_count, a.position,
  a.wish_nonce, a.wish_signature, r.digest, r.status_key, r.day, r.bucket, r.urgent,
  array(select o.kind from offers o where o.case_id = a.case_id and o.since is not null order by o.place) as offers,
  (select count(*)::int from wrapped_keys w where w.case_id = a.case_id and w.index > 0) as follow_ups`

const CHANGED_SINCE = {
  name: 'cases-changed-since',
  text: `select ${COLUMNS} from assignments a join reports r using (report_id)
         where a.agency_id = $1 and a.position > $2 order by a.position limit ${PAGE_SIZE + 1}`,
}
const FIND_CASE = {
  name: 'find-case',
  text: `select ${COLUMNS} from assignments a join reports r using (report_id)
         where a.case_id = $1 and a.agency_id = $2 and a.position is not null`,
}

/** A page and one more, in the order of the agency's own feed. */
export function casesSince(queries: Queries, agencyId: string, position: number): Promise<CaseRow[]> {
  return queries.query<CaseRow & Record<string, unknown>>(CHANGED_SINCE, [agencyId, position])
}

/** Null for another agency's case, and for one that has not appeared in the feed yet. */
export async function findCase(
  queries: Queries,
  caseId: Uint8Array,
  agencyId: string,
): Promise<CaseRow | null> {
  const [row] = await queries.query<CaseRow & Record<string, unknown>>(FIND_CASE, [caseId, agencyId])
  return row ?? null
}

export interface MessageRow {
  index: number
  day: string
  header: Uint8Array
  commitment: Uint8Array
  body: Uint8Array
  key_id: Uint8Array
  wrapped: Uint8Array
  seen_head: Uint8Array | null
  blob_length: number
}

const MESSAGES = {
  name: 'messages-of-case',
  text: `select m.index, m.day, m.header, m.commitment, m.body, w.key_id, w.wrapped, w.seen_head,
           coalesce(b.length, 0)::float8 as blob_length
         from wrapped_keys w join messages m on m.report_id = $2 and m.index = w.index
           left join blobs b on b.report_id = m.report_id and b.index = m.index and b.state = 'claimed'
         where w.case_id = $1 and w.index >= $3 order by w.index limit $4`,
}

export function messagesOf(
  queries: Queries,
  { case_id, report_id }: Pick<CaseRow, 'case_id' | 'report_id'>,
  from: number,
  limit: number,
): Promise<MessageRow[]> {
  return queries.query<MessageRow & Record<string, unknown>>(MESSAGES, [case_id, report_id, from, limit])
}

const HOLDS = {
  name: 'case-holds-message',
  text: 'select 1 as held from wrapped_keys where case_id = $1 and index = $2',
}

/** Whether the agency was given the key of that message. */
export async function holdsMessage(queries: Queries, caseId: Uint8Array, index: number): Promise<boolean> {
  return (await queries.query(HOLDS, [caseId, index])).length === 1
}

export interface EventRow {
  index: number
  core: Uint8Array
  tag: Uint8Array
  signature: Uint8Array
  certificate: string
  device_keys: Uint8Array
  device_id: Uint8Array
  particulars: Uint8Array | null
}

const EVENTS = {
  name: 'events-of-case',
  text: `select index, core, tag, signature, certificate, device_keys, device_id, particulars
         from events where case_id = $1 order by index`,
}

export function eventsOf(queries: Queries, caseId: Uint8Array): Promise<EventRow[]> {
  return queries.query<EventRow & Record<string, unknown>>(EVENTS, [caseId])
}

const INSERT_EVENT = {
  name: 'insert-event',
  text: `with event as (
    insert into events (case_id, index, core, tag, signature, certificate, device_keys, device_id, particulars)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  )
  update assignments set head = $10, event_count = $2 + 1, changed = true, stage = $12, due = $13,
    state = case when state = 'acknowledged' then state else $11 end where case_id = $1`,
}

export async function insertEvent(
  queries: Queries,
  caseId: Uint8Array,
  event: EventRow,
  after: {
    readonly head: Uint8Array
    readonly state: CaseRow['state']
    readonly stage: State
    readonly due: string | null
  },
): Promise<void> {
  const { index, core, tag, signature, certificate, device_keys, device_id, particulars } = event
  await queries.query(INSERT_EVENT, [
    caseId,
    index,
    core,
    tag,
    signature,
    certificate,
    device_keys,
    device_id,
    particulars,
    after.head,
    after.state,
    after.stage,
    after.due,
  ])
}
