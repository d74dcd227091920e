// The cases of one report that agencies offer to one another: who holds, who was asked, who left.
import type { Queries } from '../database.ts'
import type { NewMessage } from './store.ts'

export interface Member {
  case_id: Uint8Array
  agency_id: string
  withdrawn: boolean
  standing: 'holder' | 'none' | 'left'
  offer: 'proposed' | 'accepted' | 'invited' | 'joined' | null
  from_case: Uint8Array | null
  origin: 'chosen' | 'proposed' | 'invited'
  origin_agency: string | null
}

const MEMBERS = {
  name: 'members-of-report',
  text: `select case_id, agency_id, withdrawn, standing, offer, from_case, origin, origin_agency
         from assignments where report_id = $1 order by agency_id`,
}

/** Of the report, all of them: the caller shows none to an agency that does not work with it. */
export function membersOf(queries: Queries, reportId: Uint8Array): Promise<Member[]> {
  return queries.query<Member & Record<string, unknown>>(MEMBERS, [reportId])
}

const OFFER_TO_NEW = {
  name: 'members-offer-new',
  text: `insert into assignments (case_id, report_id, agency_id, key_id, head, standing, offer, from_case, origin, origin_agency, stage)
         values ($1, $2, $3, $4, $5, 'none', $6, $7, $6, $8, 'assessing')`,
}
const OFFER_TO_KNOWN = {
  name: 'members-offer-known',
  text: `update assignments set offer = $2, from_case = $3, changed = true,
           standing = case when standing = 'left' then 'none' else standing end where case_id = $1`,
}
const INSERT_KEY = {
  name: 'members-insert-key',
  text: `insert into wrapped_keys (case_id, index, key_id, wrapped, seen_head) values ($1, $2, $3, $4, $5)
         on conflict do nothing`,
}

export interface Offer {
  readonly kind: 'proposed' | 'invited'
  readonly fromCase: Uint8Array
  readonly fromAgency: string
  readonly reportId: Uint8Array
  readonly agencyId: string
  readonly keys: readonly (Pick<NewMessage['wraps'][number], 'keyId' | 'wrapped'> & {
    readonly index: number
  })[]
  /** Where the chain of a new case starts; keys of follow-ups are bound to it. */
  readonly start: Uint8Array
}

/** To an agency that has no case of this report: it gets one, under `newCaseId`. */
export async function offerToNew(queries: Queries, newCaseId: Uint8Array, offer: Offer): Promise<void> {
  const { reportId, agencyId, kind, fromCase, fromAgency, start, keys } = offer
  await queries.query(OFFER_TO_NEW, [
    newCaseId,
    reportId,
    agencyId,
    keys[0]?.keyId,
    start,
    kind,
    fromCase,
    fromAgency,
  ])
  await keepKeys(queries, newCaseId, offer)
}

/** To one that has, or had: whoever offers cannot tell. */
export async function offerToKnown(queries: Queries, member: Member, offer: Offer): Promise<void> {
  await queries.query(OFFER_TO_KNOWN, [member.case_id, offer.kind, offer.fromCase])
  await keepKeys(queries, member.case_id, offer)
}

async function keepKeys(queries: Queries, caseId: Uint8Array, { keys, start }: Offer): Promise<void> {
  for (const { index, keyId, wrapped } of keys) {
    await queries.query(INSERT_KEY, [caseId, index, keyId, wrapped, index > 0 ? start : null])
  }
}

const HELD_INDEXES = {
  name: 'members-held-indexes',
  text: 'select index from wrapped_keys where case_id = $1 order by index',
}

/** Of the messages whose keys a case has. */
export async function heldIndexes(queries: Queries, caseId: Uint8Array): Promise<number[]> {
  const rows = await queries.query<{ index: number }>(HELD_INDEXES, [caseId])
  return rows.map(({ index }) => index)
}

const SET_OFFER = {
  name: 'members-set-offer',
  text: 'update assignments set offer = $2, changed = true where case_id = $1',
}
const TAKE_OVER = {
  name: 'members-take-over',
  text: `update assignments set standing = 'holder', offer = null, from_case = null, changed = true where case_id = $1`,
}
const FOLLOW_LEAD = {
  name: 'members-follow-lead',
  text: 'update assignments set from_case = $2, changed = true where from_case = $1 and offer is not null',
}
// Keys that lie beside events go, too: whoever left gets none of them again.
const LEAVE = {
  name: 'members-leave',
  text: `with keys as (delete from wrapped_keys where case_id = $1),
           wraps as (update events set device_keys = '' where case_id = $1)
         update assignments set standing = 'left', offer = null, from_case = null, changed = true where case_id = $1`,
}
const DROP_OFFER = {
  name: 'members-drop-offer',
  text: 'update assignments set offer = null, from_case = null, changed = true where case_id = $1',
}
const TOUCH = { name: 'members-touch', text: 'update assignments set changed = true where case_id = $1' }

export async function setOffer(queries: Queries, caseId: Uint8Array, offer: Member['offer']): Promise<void> {
  await queries.query(SET_OFFER, [caseId, offer])
}

/** The case is this agency's from now on, and those who worked with the one before work with it. */
export async function takeOver(queries: Queries, caseId: Uint8Array, from: Uint8Array): Promise<void> {
  await queries.query(TAKE_OVER, [caseId])
  await queries.query(FOLLOW_LEAD, [from, caseId])
  await queries.query(LEAVE, [from])
}

/** An offer is over: who has the case by itself keeps it, who had only the offer keeps nothing. */
export async function endOffer(queries: Queries, member: Member): Promise<void> {
  await queries.query(member.standing === 'holder' ? DROP_OFFER : LEAVE, [member.case_id])
}

/** It appears in the agency's feed again. */
export async function touch(queries: Queries, caseId: Uint8Array): Promise<void> {
  await queries.query(TOUCH, [caseId])
}
