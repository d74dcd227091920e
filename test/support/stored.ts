// What the database holds, looked at from beside the service.
import { createHash } from 'node:crypto'
import { toBase64url } from '../../src/protocol/encoding.ts'
import type { AgencyId, World } from './world.ts'

export type Row = Readonly<Record<string, unknown>>

export const rowsOf = async (world: World, text: string, values: unknown[] = []): Promise<Row[]> =>
  world.database.query({ name: createHash('sha256').update(text).digest('hex').slice(0, 40), text }, values)

const count = async (world: World, text: string, values: unknown[] = []): Promise<number> =>
  Number((await rowsOf(world, `select count(*) as n ${text}`, values))[0]?.n)

/** How many rows a table holds, all in all or of one report. */
export const countOf = count

/** Resolves when the beat has given every change its place. */
export async function settled(world: World): Promise<void> {
  await until(async () => (await count(world, 'from assignments where changed')) === 0)
}

/** Polls often and gives up late: what takes longer than this hangs. */
export async function until(holds: () => Promise<boolean>, patienceMs = 20_000): Promise<void> {
  const end = Date.now() + patienceMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it never came to that')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

const CASE = 'select case_id, position from assignments where report_id = $1 and agency_id = $2'

/** The name under which an agency knows a report, once it is in that agency's feed. */
export async function caseOf(world: World, reportId: Uint8Array, agencyId: AgencyId): Promise<string> {
  let row: Row | undefined
  await until(async () => {
    row = (await rowsOf(world, CASE, [reportId, agencyId]))[0]
    return row !== undefined && row.position !== null
  })
  return toBase64url(row?.case_id as Uint8Array)
}

/** Parts with their bytes put together: null where they lie in an object store. */
export const PARTS_WITH_BYTES = `(select *, (select string_agg(bytes, ''::bytea order by n) from blob_pieces where blob_pieces.part = blob_parts.part) as bytes
  from blob_parts) parts`

/** Bytes of files are told by their hashes. */
const SHORTER: Readonly<Record<string, string>> = {
  blob_pieces: '(select part, n, length(bytes) from blob_pieces)',
}

/** A fingerprint of every table: two of them are equal where nothing has changed in between. */
export async function fingerprint(world: World, except: readonly string[] = []): Promise<Row> {
  const tables = await rowsOf(
    world,
    `select table_name from information_schema.tables where table_schema = 'public' order by table_name`,
  )
  const names = tables.map(row => String(row.table_name)).filter(name => !except.includes(name))
  const sums: [string, unknown][] = []
  for (const name of names) {
    const text = `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as sum from ${SHORTER[name] ?? `"${name}"`} t`
    sums.push([name, (await rowsOf(world, text))[0]?.sum])
  }
  return Object.fromEntries(sums)
}
