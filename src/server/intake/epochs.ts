// Which cases of an agency lie under one of its epoch keys: what a device asks before it destroys the seed.
import type { Queries } from '../database.ts'

const UNDER_EPOCH = {
  name: 'cases-under-epoch',
  text: `select a.case_id from assignments a
         where a.agency_id = $1 and a.position is not null and a.case_id > $3
           and exists (select from wrapped_keys w where w.case_id = a.case_id and w.key_id = $2)
         order by a.case_id limit $4`,
}

/** In the order of their ids, which is chance. */
export async function casesUnderEpoch(
  queries: Queries,
  agencyId: string,
  { keyId, after, limit }: { keyId: Uint8Array; after: Uint8Array; limit: number },
): Promise<Uint8Array[]> {
  const rows = await queries.query<{ case_id: Uint8Array }>(UNDER_EPOCH, [agencyId, keyId, after, limit])
  return rows.map(row => row.case_id)
}
