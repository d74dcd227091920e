// The cases of one report that agencies offer to one another: who holds, who was asked, who left.
import { concat, u32 } from '../../protocol/encoding.ts'
import { WRAPPED_KEY_LENGTH } from '../../protocol/wrapped-key.ts'
import type { Queries } from '../database.ts'
import { endShown } from './shown.ts'

export type OfferKind = 'proposed' | 'accepted' | 'invited' | 'joined'

export interface MemberOffer {
  case_id: Uint8Array
  /** The case of the agency that offers, or leads. */
  from_case: Uint8Array
  kind: OfferKind
  /** The agency's events from here on answer it; null: it waits until the offers of others are over. */
  since: number | null
}

export interface Member {
  case_id: Uint8Array
  agency_id: string
  withdrawn: boolean
  standing: 'holder' | 'none' | 'left'
  origin: 'chosen' | 'proposed' | 'invited'
  origin_agency: string | null
  /** In the order in which they came. */
  offers: readonly MemberOffer[]
}

const MEMBERS = {
  name: 'members-of-report',
  text: `select case_id, agency_id, withdrawn, standing, origin, origin_agency
         from assignments where report_id = $1 order by agency_id`,
}
const OFFERS = {
  name: 'members-offers',
  text: `select o.case_id, o.from_case, o.kind, o.since
         from offers o join assignments a using (case_id) where a.report_id = $1 order by o.place`,
}

/** Of the report, all of them: the caller shows none to an agency that does not work with it. */
export async function membersOf(queries: Queries, reportId: Uint8Array): Promise<Member[]> {
  const members = await queries.query<Omit<Member, 'offers'> & Record<string, unknown>>(MEMBERS, [reportId])
  const offers = await queries.query<MemberOffer & Record<string, unknown>>(OFFERS, [reportId])
  return members.map(member => ({
    ...member,
    offers: offers.filter(offer => Buffer.compare(offer.case_id, member.case_id) === 0),
  }))
}

/** Reads the report now, or was asked to. */
export const isHere = ({ withdrawn, standing }: Pick<Member, 'withdrawn' | 'standing'>): boolean =>
  !withdrawn && standing !== 'left'

export interface OfferedKey {
  readonly index: number
  readonly keyId: Uint8Array
  readonly wrapped: Uint8Array
}

export interface NewOffer {
  readonly kind: 'proposed' | 'invited'
  readonly fromCase: Uint8Array
  readonly fromAgency: string
  readonly reportId: Uint8Array
  readonly agencyId: string
  readonly keys: readonly OfferedKey[]
  /** Index of the event that asks. */
  readonly askedAt: number
  /** Where the chain of a case starts; keys of follow-ups are bound to it. */
  readonly start: Uint8Array
}

// The reporter's wish to withdraw goes with the case: whoever is asked is to know of it.
const ADD_MEMBER = {
  name: 'members-add',
  text: `insert into assignments (case_id, report_id, agency_id, key_id, head, standing, origin, origin_agency, stage,
           wish_nonce, wish_signature)
         select $1, $2, $3, $4, $5, 'none', $6, $8, 'assessing', wish_nonce, wish_signature
         from assignments where case_id = $7`,
}
const BRING_BACK = {
  name: 'members-bring-back',
  text: `update assignments a set withdrawn = false, standing = 'none', state = 'new', key_id = $2, changed = true,
           wish_nonce = coalesce(a.wish_nonce, l.wish_nonce), wish_signature = coalesce(a.wish_signature, l.wish_signature)
         from assignments l where a.case_id = $1 and l.case_id = $3`,
}
const ADD_OFFER = {
  name: 'members-add-offer',
  text: `with shown as (
           insert into shown_events (case_id, from_case, index) select $1, $2, $6 where $4
         )
         insert into offers (case_id, from_case, kind, place, since, keys, asked_by, asked_at)
         select $1, $2, $3, (select coalesce(max(place), 0) + 1 from offers where case_id = $1),
           case when $4 then event_count end, $5, $2, $6 from assignments where case_id = $1`,
}

/** To an agency that has no case of this report: it gets one, under `caseId`. */
export async function offerToNew(queries: Queries, caseId: Uint8Array, offer: NewOffer): Promise<void> {
  const { reportId, agencyId, kind, fromCase, fromAgency, start, keys, askedAt } = offer
  const keyId = keys[0]?.keyId
  await queries.query(ADD_MEMBER, [caseId, reportId, agencyId, keyId, start, kind, fromCase, fromAgency])
  await keepKeys(queries, caseId, offer)
  await queries.query(ADD_OFFER, [caseId, fromCase, kind, true, null, askedAt])
}

/** To one that has, or had, or was asked by somebody else: whoever offers cannot tell. */
export async function offerToKnown(queries: Queries, member: Member, offer: NewOffer): Promise<void> {
  const { case_id, offers, standing } = member
  const { fromCase, kind, keys, askedAt } = offer
  if (!isHere(member)) {
    await queries.query(BRING_BACK, [case_id, keys[0]?.keyId, fromCase])
    await keepKeys(queries, case_id, offer)
  }
  const isSeen = offers.every(
    ({ since, from_case }) => since === null || Buffer.compare(from_case, fromCase) === 0,
  )
  // The keys that came with the offer before may open nothing; a holder has its own.
  const kept = isSeen || standing === 'holder' ? null : packed(keys)
  await queries.query(ADD_OFFER, [case_id, fromCase, kind, isSeen, kept, askedAt])
  if (isSeen) await touch(queries, case_id)
}

const KEEP_KEY = {
  name: 'members-keep-key',
  text: `insert into wrapped_keys (case_id, index, key_id, wrapped, seen_head) values ($1, $2, $3, $4, $5)`,
}

async function keepKeys(queries: Queries, caseId: Uint8Array, { keys, start }: NewOffer): Promise<void> {
  for (const { index, keyId, wrapped } of keys) {
    await queries.query(KEEP_KEY, [caseId, index, keyId, wrapped, index > 0 ? start : null])
  }
}

const KEY_ID_LENGTH = 16
const ENTRY_LENGTH = 4 + KEY_ID_LENGTH + WRAPPED_KEY_LENGTH

const packed = (keys: readonly OfferedKey[]) =>
  concat(...keys.flatMap(({ index, keyId, wrapped }) => [u32(index), keyId, wrapped]))

function unpacked(keys: Buffer): OfferedKey[] {
  return Array.from({ length: keys.length / ENTRY_LENGTH }, (_, i) => {
    const entry = keys.subarray(i * ENTRY_LENGTH, (i + 1) * ENTRY_LENGTH)
    const wrapped = entry.subarray(4 + KEY_ID_LENGTH)
    return { index: entry.readUInt32BE(0), keyId: entry.subarray(4, 4 + KEY_ID_LENGTH), wrapped }
  })
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

const SET_KIND = {
  name: 'members-set-kind',
  text: 'update offers set kind = $4 where case_id = $1 and from_case = $2 and kind = $3',
}
const TOUCH = { name: 'members-touch', text: 'update assignments set changed = true where case_id = $1' }

/** The agency that was asked says yes. */
export async function acceptOffer(queries: Queries, offer: MemberOffer): Promise<void> {
  const accepted = offer.kind === 'proposed' ? 'accepted' : 'joined'
  await queries.query(SET_KIND, [offer.case_id, offer.from_case, offer.kind, accepted])
  await touch(queries, offer.case_id)
}

/** It appears in the agency's feed again. */
export async function touch(queries: Queries, caseId: Uint8Array): Promise<void> {
  await queries.query(TOUCH, [caseId])
}

const DROP_OFFER = {
  name: 'members-drop-offer',
  text: 'delete from offers where case_id = $1 and from_case = $2 and kind = $3 returning asked_by, asked_at',
}

export interface OverOffer {
  readonly offer: MemberOffer
  /** By whoever made it: nothing is left of it. */
  readonly isTakenBack: boolean
  readonly start: Uint8Array
}

/** An offer is over: who has the case by itself keeps it, who had only the offer keeps nothing. */
export async function endOffer(
  queries: Queries,
  { case_id, standing, offers }: Member,
  { offer, isTakenBack, start }: OverOffer,
): Promise<void> {
  const key = [case_id, offer.from_case, offer.kind]
  const [asked] = await queries.query<{ asked_by: Buffer | null; asked_at: number }>(DROP_OFFER, key)
  // It never knew.
  if (offer.since === null) return
  if (offers.length === 1 && standing !== 'holder') return leave(queries, case_id)
  if (asked?.asked_by) {
    const { asked_by: fromCase, asked_at: index } = asked
    await endShown(queries, case_id, { fromCase, index, isTakenBack })
  }
  await touch(queries, case_id)
  await showWaiting(queries, case_id, start)
}

const NEXT = {
  name: 'members-next-offers',
  text: `with next as (
           update offers o set since = a.event_count, keys = null
           from offers w join assignments a using (case_id)
           where o.case_id = $1 and w.case_id = o.case_id and w.from_case = o.from_case and w.kind = o.kind
             and not exists (select from offers seen where seen.case_id = $1 and seen.since is not null)
             and o.from_case = (select from_case from offers where case_id = $1 order by place limit 1)
           returning o.asked_by, o.asked_at, w.keys, a.standing = 'holder' or a.state = 'acknowledged' as opens
         ), shown as (
           insert into shown_events (case_id, from_case, index)
           select $1, asked_by, asked_at from next where asked_by is not null on conflict do nothing
         )
         select keys, opens from next`,
}
const REPLACE_KEY = {
  name: 'members-replace-key',
  text: `${KEEP_KEY.text} on conflict (case_id, index) do update set key_id = $3, wrapped = $4, seen_head = $5`,
}

/**
 * Where no offer is left to answer, the agency sees those of the next that asked. Their keys may open nothing: who has
 * some that open keeps those.
 */
async function showWaiting(queries: Queries, caseId: Uint8Array, start: Uint8Array): Promise<void> {
  const shown = await queries.query<{ keys: Buffer | null; opens: boolean }>(NEXT, [caseId])
  const wanted = shown.flatMap(({ keys, opens }) => (keys && !opens ? unpacked(keys) : []))
  for (const { index, keyId, wrapped } of wanted) {
    await queries.query(REPLACE_KEY, [caseId, index, keyId, wrapped, index > 0 ? start : null])
  }
}

const TAKE_OVER = {
  name: 'members-take-over',
  text: `with over as (delete from offers where case_id = $1 and from_case = $2)
         update assignments set standing = 'holder', changed = true where case_id = $1`,
}
// Whoever was invited by both works with the new holder already.
const DROP_DOUBLE = {
  name: 'members-drop-double',
  text: `delete from offers where from_case = $1 and kind = 'invited'
           and case_id in (select case_id from offers where from_case = $2)`,
}
const FOLLOW_LEAD = {
  name: 'members-follow-lead',
  text: `with moved as (
           update offers o set from_case = $1 where from_case = $2 returning case_id
         ), shown as (
           update offers o set since = a.event_count, keys = null from moved join assignments a using (case_id)
           where o.case_id = moved.case_id and o.from_case = $1 and o.since is null
           returning o.case_id, o.asked_by, o.asked_at
         ), told as (
           insert into shown_events (case_id, from_case, index)
           select case_id, asked_by, asked_at from shown where asked_by is not null on conflict do nothing
         )
         update assignments set changed = true where case_id in (select case_id from moved)`,
}

/** The case is this agency's from now on, and those who worked with the one before work with it. */
export async function takeOver(
  queries: Queries,
  caseId: Uint8Array,
  from: Uint8Array,
  start: Uint8Array,
): Promise<void> {
  await queries.query(TAKE_OVER, [caseId, from])
  await queries.query(TOUCH_LEADS, [from])
  await leave(queries, from)
  await queries.query(DROP_DOUBLE, [caseId, from])
  await queries.query(FOLLOW_LEAD, [caseId, from])
  await showWaiting(queries, caseId, start)
}

// Keys that lie beside events go, too: whoever left gets none of them again. A case that never appeared does not now.
const LEAVE = {
  name: 'members-leave',
  text: `with keys as (delete from wrapped_keys where case_id = $1),
           wraps as (update events set device_keys = '' where case_id = $1),
           asked as (delete from offers where case_id = $1),
           shown as (delete from shown_events where case_id = $1)
         update assignments set standing = 'left', changed = position is not null where case_id = $1`,
}
const TOUCH_LEADS = {
  name: 'members-touch-leads',
  text: `update assignments set changed = true where case_id in (select from_case from offers where case_id = $1)`,
}

async function leave(queries: Queries, caseId: Uint8Array): Promise<void> {
  await queries.query(LEAVE, [caseId])
}
