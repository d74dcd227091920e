// Storing new reports, several in one statement.
import { WRAPPED_KEY_LENGTH, type WrappedKey } from '../../protocol/wrapped-key.ts'
import type { Queries, Statement } from '../database.ts'
import { pack, unpacked } from './packed.ts'

export interface NewReport {
  readonly nonce: Uint8Array
  readonly nonceHour: number
  readonly reportId: Uint8Array
  readonly statusKey: Uint8Array
  readonly digest: Uint8Array
  readonly wraps: Uint8Array
  readonly leaf: Uint8Array
  readonly recipientsTag: Uint8Array
  readonly receipt: string
  readonly day: string
  readonly bucket: number
  readonly urgent: boolean
  readonly header: Uint8Array
  readonly commitment: Uint8Array
  readonly body: Uint8Array
  readonly assignments: readonly (WrappedKey & { readonly caseId: Uint8Array; readonly head: Uint8Array })[]
}

/** `fresh`: the nonce was not used before; `stored`: no report of that id was there. */
export interface Stored {
  readonly fresh: boolean
  readonly stored: boolean
}

const REPORT = {
  nonce: 16,
  report_id: 16,
  status_key: 32,
  digest: 32,
  wraps: 32,
  leaf: 32,
  recipients_tag: 32,
  header: 139,
  commitment: 32,
} as const

const WRAP = { report_id: 16, case_id: 16, key_id: 16, head: 32, wrapped: WRAPPED_KEY_LENGTH } as const

/** $1 and $2: reports and wrapped keys, packed; $3: the wrapped keys' agencies; then, for each report: */
const EACH = {
  hour: 'int',
  receipt: 'text',
  day: 'text',
  bucket: 'int',
  urgent: 'boolean',
  body: 'bytea',
} as const
const FIRST_OF_EACH = 4

// One statement is one round trip and one commit: all of a report is there, or nothing is.
function insertStatement(count: number): Statement {
  const types = Object.values(EACH)
  const row = (place: number) =>
    types.map((type, column) => `$${FIRST_OF_EACH + place * types.length + column}::${type}`).join(', ')
  const rows = Array.from({ length: count }, (_, place) => `(${place}, ${row(place)})`)
  return {
    name: `insert-reports-${count}`,
    text: `with sent as (
      select *, ${unpacked(REPORT, '$1', 'place')}
      from (values ${rows.join(', ')}) v (place, ${Object.keys(EACH).join(', ')})
    ), nonce as (
      insert into spent_nonces (nonce, hour) select nonce, hour from sent on conflict do nothing returning nonce
    ), report as (
      insert into reports (report_id, status_key, digest, wraps, leaf, recipients_tag, receipt, day, bucket, urgent, withdrawn)
      select report_id, status_key, digest, wraps, leaf, recipients_tag, receipt, day, bucket, urgent, false
      from sent join nonce using (nonce) on conflict do nothing returning report_id
    ), message as (
      insert into messages (report_id, index, digest, day, header, commitment, body)
      select report_id, 0, digest, day, header, commitment, body from sent join report using (report_id)
    ), wrap as (
      select * from report join (
        select agency_id, ${unpacked(WRAP, '$2', '(place::int - 1)')}
        from unnest($3::text[]) with ordinality a (agency_id, place)
      ) w using (report_id)
    ), assignment as (
      insert into assignments (case_id, report_id, agency_id, key_id, head)
      select case_id, report_id, agency_id, key_id, head from wrap
    ), wrapped as (
      insert into wrapped_keys (case_id, index, key_id, wrapped) select case_id, 0, key_id, wrapped from wrap
    )
    select exists (select from nonce where nonce.nonce = sent.nonce) as fresh,
      exists (select from report where report.report_id = sent.report_id) as stored
    from sent order by place`,
  }
}

const statements = new Map<number, Statement>()

function statementFor(count: number): Statement {
  const statement = statements.get(count) ?? insertStatement(count)
  statements.set(count, statement)
  return statement
}

const packable = (report: NewReport) => ({
  ...report,
  report_id: report.reportId,
  status_key: report.statusKey,
  recipients_tag: report.recipientsTag,
})

const wrapsOf = ({ reportId, assignments }: NewReport) =>
  assignments.map(({ agencyId, caseId, keyId, head, wrapped }) => ({
    agencyId,
    report_id: reportId,
    case_id: caseId,
    key_id: keyId,
    head,
    wrapped,
  }))

/** In one transaction, the outcomes in the same order. No two may have a nonce or an id in common. */
export function insertReports(queries: Queries, reports: readonly NewReport[]): Promise<Stored[]> {
  const wraps = reports.flatMap(wrapsOf)
  return queries.query<Stored & Record<string, unknown>>(statementFor(reports.length), [
    pack(REPORT, reports.map(packable)),
    pack(WRAP, wraps),
    wraps.map(({ agencyId }) => agencyId),
    ...reports.flatMap(({ nonceHour, receipt, day, bucket, urgent, body }) => [
      nonceHour,
      receipt,
      day,
      bucket,
      urgent,
      body,
    ]),
  ])
}
