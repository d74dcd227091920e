// Events of one agency's chain that another is shown: the offer that it was made, and how its own came to an end.
import type { Queries } from '../database.ts'

export interface ShownEvent {
  /** Whose event it is. */
  agency_id: string
  index: number
  core: Uint8Array
  tag: Uint8Array
  signature: Uint8Array
  certificate: string
  particulars: Uint8Array | null
}

const SHOWN = {
  name: 'shown-events',
  text: `select a.agency_id, e.index, e.core, e.tag, e.signature, e.certificate, e.particulars
         from shown_events s join events e on e.case_id = s.from_case and e.index = s.index
           join assignments a on a.case_id = s.from_case
         where s.case_id = $1 order by a.agency_id, e.index`,
}
const SHOW = {
  name: 'show-event',
  text: `insert into shown_events (case_id, from_case, index) values ($1, $2, $3) on conflict do nothing`,
}
// Whoever asks, and is answered, again and again does not fill the other's case. An offer that stands, or was accepted, stays.
const KEPT = 8
const TRIM = {
  name: 'trim-shown-events',
  text: `delete from shown_events where case_id = $1 and from_case = $2 and index in (
           select s.index from shown_events s
           where s.case_id = $1 and s.from_case = $2 and not exists (
             select from offers o where o.case_id = $1 and o.asked_by = $2 and o.asked_at = s.index)
           order by s.index desc offset ${KEPT})`,
}
const HIDE = {
  name: 'hide-event',
  text: 'delete from shown_events where case_id = $1 and from_case = $2 and index = $3',
}

export function shownTo(queries: Queries, caseId: Uint8Array): Promise<ShownEvent[]> {
  return queries.query<ShownEvent & Record<string, unknown>>(SHOWN, [caseId])
}

interface Shown {
  readonly fromCase: Uint8Array
  readonly index: number
}

export async function showEvent(queries: Queries, caseId: Uint8Array, event: Shown): Promise<void> {
  const { fromCase, index } = event
  await queries.query(SHOW, [caseId, fromCase, index])
  await queries.query(TRIM, [caseId, fromCase])
}

/** Of an offer that is over; of one that was taken back nothing is left. */
export async function endShown(
  queries: Queries,
  caseId: Uint8Array,
  { fromCase, index, isTakenBack }: Shown & { readonly isTakenBack: boolean },
): Promise<void> {
  if (isTakenBack) await queries.query(HIDE, [caseId, fromCase, index])
  else await queries.query(TRIM, [caseId, fromCase])
}
