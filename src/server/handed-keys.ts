// One migration deletes the keys that agencies handed to their devices. Where an epoch seed is destroyed, nobody opens the
// case without them: it waits until the operator says so.

/** Names this migration as drizzle does: by its `when` in the journal. Hashes are written down, and never compared. */
const DELETING = 1_795_667_298_726

const APPLIED = 'select max(created_at)::float8 as newest from drizzle.__drizzle_migrations'
const EXISTING = `select to_regclass('drizzle.__drizzle_migrations') is not null and to_regclass('events') is not null as exists`
const HANDED = `select count(*)::int as events, count(distinct case_id)::int as cases from events where device_keys <> ''`

export class HandedKeysAtStake extends Error {
  constructor({ events, cases }: Handed) {
    super(
      `the database holds keys handed to devices beside ${counted(events, 'event')} of ${counted(cases, 'case')}, and this ` +
        'version deletes them. Nothing was changed. A case whose epoch seed is destroyed could then be opened by nobody. ' +
        'First, with the version that ran here before, have each agency open such cases (bongsu open, on a device that was ' +
        'handed their keys) and keep what they say; the epoch seeds that are left are to be kept until an intake device ' +
        'has opened its cases with this version, which hands the keys on anew. Then start with ' +
        'BONGSU_DELETE_HANDED_KEYS=yes. See docs/operations.md, Upgrade',
    )
  }
}

interface Handed {
  readonly events: number
  readonly cases: number
}

type Row = Readonly<Record<string, unknown>>

/** Null: there is nothing to lose, or the migration has run. */
export async function findHandedKeys(
  query: (text: string) => Promise<readonly Row[]>,
): Promise<Handed | null> {
  const [existing] = await query(EXISTING)
  if (existing?.exists !== true) return null
  const [applied] = await query(APPLIED)
  if (Number(applied?.newest ?? 0) >= DELETING) return null
  const [handed] = await query(HANDED)
  const [events, cases] = [Number(handed?.events), Number(handed?.cases)]
  return events > 0 ? { events, cases } : null
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
