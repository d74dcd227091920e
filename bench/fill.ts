// Many reports at once, by bulk SQL. What a report leaves in each table that a request touches is there, row by
// row; what is shorter than in a real one is said in `FILLED`.
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { BODY_OVERHEAD, SIZE_BUCKETS } from '../src/protocol/envelope.ts'
import { WRAPPED_KEY_LENGTH } from '../src/protocol/wrapped-key.ts'
import { startEmbeddedPostgres } from '../src/server/embedded-postgres.ts'

/** Filling needs no durability: PostgreSQL is shut down cleanly after it, and started again as the service does. */
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '16GB',
  autovacuum: 'off',
  maintenance_work_mem: '512MB',
}

const AGENCIES = ['sme-office', 'nis', 'police', 'ip-police', 'serious-crimes']
const zeros = (length: number) => `decode(repeat('00', ${length}), 'hex')`
const ZEROS = zeros(64)
const WRAPPED_KEY = zeros(WRAPPED_KEY_LENGTH)
const BODY = zeros((SIZE_BUCKETS[0] ?? 0) + BODY_OVERHEAD)

/** As long as a device's certificate, and as hard to compress. */
const CERTIFICATE = randomBytes(1425).toString('base64url')

export interface Filling {
  /** Cases go to these in turns. */
  readonly agencies: readonly string[]
  /** Of each case. */
  readonly events: number
}

// A wrapped key has 1,168 bytes, a body 8,232 and a reply 17,520: here 64 each, except in cases that are read. They lie beside the indexes that
// are looked up in. In the order of their keys, rows go into indexes quickly; later look-ups are at random.
const statements = (count: number, { agencies, events }: Filling) => [
  'set session_replication_role = replica',
  'begin',
  'truncate reports, messages, assignments, wrapped_keys, replies, events cascade',
  `create temp table filler on commit drop as select row_number() over (order by id) as i, id
   from (select substr(sha256(int4send(n)), 1, 16) as id from generate_series(1, ${count}) n) ids`,
  `insert into reports (report_id, status_key, digest, wraps, leaf, receipt, day, bucket, urgent, withdrawn, recipients_tag)
   select id, id || id, id || id, id || id, id || id, repeat('r', 299), '2026-01-01', 8192, false, false, id || id
   from filler order by i`,
  `insert into messages (report_id, index, digest, day, header, commitment, body)
   select id, 0, id || id, '2026-01-01', decode(repeat('00', 139), 'hex'), id || id, ${events > 0 ? BODY : ZEROS}
   from filler order by i`,
  `insert into assignments (case_id, report_id, agency_id, key_id, head, event_count, position, changed)
   select id, id, ('{${agencies}}'::text[])[1 + i % ${agencies.length}], id, id || id, ${events},
     1 + i / ${agencies.length}, false
   from filler order by i`,
  `insert into wrapped_keys (case_id, index, key_id, wrapped)
   select id, 0, id, ${events > 0 ? WRAPPED_KEY : ZEROS} from filler order by i`,
  `insert into replies (mailbox_id, message_id, sealed) select id || id, id, ${ZEROS} from filler order by i`,
  `insert into events (case_id, index, core, tag, signature, certificate, device_keys, device_id)
   select id, index, decode(repeat('00', 400), 'hex'), id || id, id || id || id || id, '${CERTIFICATE}', '', id
   from filler, generate_series(0, ${events - 1}) index order by i, index`,
  `update feeds set position = 1 + ${count} / ${agencies.length}`,
  'commit',
  'vacuum (analyze, freeze)',
  'checkpoint',
]

/** Says what was stored. */
export async function fillReports(
  dataFolder: string,
  count: number,
  filling: Filling = { agencies: AGENCIES, events: 0 },
): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataFolder, settings: SETTINGS })
  try {
    const client = new Client({ connectionString: postgres.connectionString })
    await client.connect()
    for (const statement of statements(count, filling)) await client.query(statement)
    const { rows } = await client.query<{ size: string }>(
      'select pg_size_pretty(pg_database_size(current_database())) as size',
    )
    await client.end()
    const more = filling.events > 0 ? `, ${filling.events} in events` : ''
    return `a row each in reports, messages, assignments, wrapped_keys and replies${more}, ciphertexts of ${filling.events > 0 ? 'real lengths' : '64 bytes'}, ${rows[0]?.size}`
  } finally {
    await postgres.stop()
  }
}
