// A report's state as its reporter sees it, brought to one of a few lengths.
import { randomBytes } from 'node:crypto'
import { Problem } from '../../contract/problems.ts'
import type { ReportState } from '../../contract/report.ts'
import { toBase64url } from '../../protocol/encoding.ts'
import { parseEvent } from '../../protocol/event.ts'
import { isTold } from '../../protocol/lifecycle.ts'
import { reportIdOf } from '../../protocol/reporter-keys.ts'
import type { Database, Queries } from '../database.ts'
import type { Signer } from '../http/signed-request.ts'
import { type EventRow, toldChain } from './records.ts'
import { type AssignmentRow, assignmentsOf, findReport, followUpsOf } from './store.ts'

const KIB = 1024
/** Lengths of the answer, bytes; beyond the last, multiples of it. */
const LENGTHS = [32 * KIB, 128 * KIB, 512 * KIB]

/** Throws `not-found` for a key that submitted nothing. */
export async function readStatus(database: Database, signer: Signer): Promise<ReportState> {
  const reportId = reportIdOf(signer.key)
  // One snapshot: an event between two reads would show a head that its events do not reach.
  const state = await database.transaction(queries => stateOf(queries, reportId), {
    isolation: 'repeatable read',
    readOnly: true,
  })
  return { ...state, fill: fillFor(Buffer.byteLength(JSON.stringify(state))) }
}

async function stateOf(queries: Queries, reportId: Uint8Array): Promise<Omit<ReportState, 'fill'>> {
  const report = await findReport(queries, reportId)
  if (!report) throw new Problem('not-found')
  const assignments = await assignmentsOf(queries, reportId)
  const followUps = await followUpsOf(queries, reportId)
  const agencies: ReportState['agencies'] = []
  for (const row of assignments) agencies.push(await agencyState(queries, row))
  return {
    state: report.withdrawn ? 'withdrawn' : 'received',
    day: report.day,
    digest: toBase64url(report.digest),
    wraps: toBase64url(report.wraps),
    recipientsTag: toBase64url(report.recipients_tag),
    receipt: report.receipt,
    agencies,
    followUps: followUps.map(({ index, digest, day }) => ({ index, digest: toBase64url(digest), day })),
  }
}

async function agencyState(queries: Queries, row: AssignmentRow): Promise<ReportState['agencies'][number]> {
  const { events, head } = await toldChain(queries, row)
  return {
    agency: row.agency_id,
    keyId: toBase64url(row.key_id),
    chosen: row.origin === 'chosen',
    state: row.withdrawn ? 'withdrawn' : row.here ? 'assigned' : 'left',
    withdrawalWished: row.wished,
    head: toBase64url(head),
    events: events.map(event => ({
      core: toBase64url(event.core),
      tag: toBase64url(event.tag),
      signature: toBase64url(event.signature),
      certificate: event.certificate,
      particulars: shownToReporter(event),
    })),
  }
}

/** What an agency keeps to itself is not the reporter's to have, though nobody else can read it either. */
function shownToReporter(event: EventRow): string | null {
  return event.particulars && isTold(parseEvent(event).kind) ? toBase64url(event.particulars) : null
}

function fillFor(length: number): string {
  // The member itself: ,"fill":""
  const needed = length + 10
  const largest = LENGTHS.at(-1) ?? needed
  const target = LENGTHS.find(size => needed <= size) ?? Math.ceil(needed / largest) * largest
  const missing = target - needed
  return randomBytes(Math.ceil((missing * 3) / 4))
    .toString('base64url')
    .slice(0, missing)
}
