// What must hold in one snapshot of the tables, whatever was killed before it.
import { setTimeout as sleep } from 'node:timers/promises'

import { equalBytes, toBase64url, toHex } from '../../src/protocol/encoding.ts'
import { followChain, headAfter } from '../../src/protocol/event.ts'
import { type Database, isUnavailable, type Queries } from '../../src/server/database.ts'
import { type FileSnapshot, findHalfFiles, readFiles } from './file-invariants.ts'
import { copyLedger, type Ledger } from './load.ts'

interface Snapshot {
  readonly reports: { id: string; digest: string; receipt: string; withdrawn: boolean }[]
  readonly messages: { id: string; index: number; digest: string; size: number; bucket: number }[]
  readonly assignments: {
    case: Uint8Array
    id: string
    agency: string
    head: Uint8Array
    digest: Uint8Array
    event_count: number
    withdrawn: boolean
    position: string | null
    last: string
  }[]
  readonly keys: { case: Uint8Array; index: number }[]
  readonly events: {
    case: Uint8Array
    index: number
    core: Uint8Array
    tag: Uint8Array
    signature: Uint8Array
  }[]
  readonly replies: string[]
  readonly files: FileSnapshot
}

const TABLES = {
  reports: `select encode(report_id, 'hex') as id, encode(digest, 'hex') as digest, receipt, withdrawn from reports`,
  messages: `select encode(m.report_id, 'hex') as id, m.index, encode(m.digest, 'hex') as digest,
             length(m.body) as size, r.bucket from messages m join reports r using (report_id) order by 1, 2`,
  assignments: `select a.case_id as case, encode(a.report_id, 'hex') as id, a.agency_id as agency, a.head, r.digest,
                a.event_count, a.withdrawn, a.position, f.position as last
                from assignments a join reports r using (report_id) left join feeds f using (agency_id)`,
  keys: 'select case_id as case, index from wrapped_keys order by 1, 2',
  events: 'select case_id as case, index, core, tag, signature from events order by 1, 2',
}

async function takeSnapshot(database: Database): Promise<Snapshot> {
  const read = async <Row extends Record<string, unknown>>(queries: Queries, name: keyof typeof TABLES) =>
    queries.query<Row>({ name, text: TABLES[name] })
  return database.transaction(
    async queries => ({
      reports: await read(queries, 'reports'),
      messages: await read(queries, 'messages'),
      assignments: await read(queries, 'assignments'),
      keys: await read(queries, 'keys'),
      events: await read(queries, 'events'),
      replies: (
        await queries.query<{ id: string }>({
          name: 'replies',
          text: `select encode(message_id, 'hex') as id from replies`,
        })
      ).map(row => row.id),
      files: await readFiles(queries),
    }),
    { isolation: 'repeatable read', readOnly: true },
  )
}

/** A connection of this test’s own may have been broken by a kill, too; after many parts a recovery takes a while. */
export async function patiently<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await read()
    } catch (error) {
      if (!isUnavailable(error) || attempt > 300) throw error
      await sleep(200)
    }
  }
}

/** Everything that is wrong, in words; empty where nothing is. The work that fills the ledger may go on. */
export async function findFaults(database: Database, ledger: Ledger): Promise<string[]> {
  // Acknowledged before the snapshot: so it is in it, unless somebody went to delete it in the meantime.
  const acknowledged = copyLedger(ledger)
  const snapshot = await patiently(() => takeSnapshot(database))
  const losses = findLosses(snapshot, { ...acknowledged, deleting: ledger.deleting })
  const halfFiles = await findHalfFiles(snapshot.files)
  return [...findHalves(snapshot), ...halfFiles, ...losses, ...findDoubles(snapshot), ...ledger.broken]
}

const group = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> =>
  Map.groupBy(items, key) as Map<string, T[]>

const isCounted = (items: readonly { index: number }[] | undefined, from = 0) =>
  (items ?? []).every((item, i) => item.index === i + from)

function findHalves(snapshot: Snapshot): string[] {
  const faults: string[] = []
  const messages = group(snapshot.messages, row => row.id)
  const assignments = group(snapshot.assignments, row => row.id)
  const keys = group(snapshot.keys, row => toHex(row.case))
  const events = group(snapshot.events, row => toHex(row.case))
  for (const { id, digest, withdrawn } of snapshot.reports) {
    const sealed = messages.get(id) ?? []
    const held = assignments.get(id) ?? []
    if (held.length === 0) faults.push(`${id}: no assignment`)
    if (withdrawn && (sealed.length > 0 || held.some(row => !row.withdrawn)))
      faults.push(`${id}: half withdrawn`)
    if (!withdrawn && sealed[0]?.digest !== digest) faults.push(`${id}: no message`)
    if (!isCounted(sealed)) faults.push(`${id}: a follow-up is missing`)
    for (const row of held) {
      const wrapped = keys.get(toHex(row.case))?.length ?? 0
      if (row.withdrawn && wrapped > 0) faults.push(`${id}: a withdrawn case has keys`)
      if (!row.withdrawn && wrapped === 0) faults.push(`${id}: no wrapped key`)
      // The other agency may have been withdrawn from before a follow-up; one that holds the case has all keys.
      if (!row.withdrawn && wrapped !== sealed.length)
        faults.push(`${id}: ${wrapped} keys, ${sealed.length} messages`)
      const chain = events.get(toHex(row.case)) ?? []
      if (!isCounted(chain) || chain.length !== row.event_count) faults.push(`${id}: events and their count`)
      if (!isSound(row, chain)) faults.push(`${id}: the chain of ${row.agency}`)
      if (row.position !== null && Number(row.position) > Number(row.last))
        faults.push(`${id}: beyond the feed`)
    }
  }
  return faults
}

function isSound(row: Snapshot['assignments'][number], chain: Snapshot['events']): boolean {
  try {
    return equalBytes(followChain(row.digest, row.agency, chain).head, row.head)
  } catch {
    return false
  }
}

function findLosses(snapshot: Snapshot, ledger: Ledger): string[] {
  const faults: string[] = []
  const reports = new Map(snapshot.reports.map(row => [row.id, row]))
  const messages = new Map(snapshot.messages.map(row => [`${row.id}/${row.index}`, row.digest]))
  const heads = new Set(snapshot.events.map(row => `${toBase64url(row.case)}/${toBase64url(headAfter(row))}`))
  const replies = new Set(snapshot.replies)
  for (const [id, { digest, receipt }] of ledger.reports) {
    const row = reports.get(id)
    if (row?.digest !== digest || row.receipt !== receipt)
      faults.push(`${id}: an acknowledged report is lost`)
  }
  for (const [key, digest] of ledger.followUps) {
    const isWithdrawn = reports.get(key.slice(0, 32))?.withdrawn
    if (!isWithdrawn && messages.get(key) !== digest) faults.push(`${key}: an acknowledged follow-up is lost`)
  }
  for (const head of ledger.heads) if (!heads.has(head)) faults.push(`${head}: an acknowledged event is lost`)
  for (const id of ledger.replies) {
    if (!replies.has(id) && !ledger.deleting.has(id)) faults.push(`${id}: an acknowledged reply is lost`)
  }
  for (const id of ledger.deleted) if (replies.has(id)) faults.push(`${id}: a deleted reply is back`)
  for (const [id, outcome] of ledger.withdrawn) {
    if (outcome === 'withdrawn' && !reports.get(id)?.withdrawn)
      faults.push(`${id}: a withdrawn report is back`)
  }
  return faults
}

function findDoubles({ messages, assignments, events }: Snapshot): string[] {
  const twice = (name: string, values: readonly string[]) =>
    values.length === new Set(values).size ? [] : [`${name}: one is there twice`]
  const places = assignments.filter(row => row.position !== null)
  return [
    ...twice(
      'messages',
      messages.map(row => row.digest),
    ),
    ...twice(
      'assignments',
      assignments.map(row => `${row.id} ${row.agency}`),
    ),
    ...twice(
      'positions',
      places.map(row => `${row.agency} ${row.position}`),
    ),
    ...twice(
      'events',
      events.map(row => toHex(row.signature)),
    ),
  ]
}
