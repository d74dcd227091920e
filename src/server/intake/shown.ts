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

export function shownTo(queries: Queries, caseId: Uint8Array): Promise<ShownEvent[]> {
  return queries.query<ShownEvent & Record<string, unknown>>(SHOWN, [caseId])
}

export async function showEvent(
  queries: Queries,
  caseId: Uint8Array,
  { fromCase, index }: { readonly fromCase: Uint8Array; readonly index: number },
): Promise<void> {
  await queries.query(SHOW, [caseId, fromCase, index])
}
