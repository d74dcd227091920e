// The yardstick for submissions: the same rows through bare pg, one process, 32 clients, one autocommit
// statement a report. Told `prepare` it makes rows; told `run` it inserts them and says how long it took.
import { randomBytes } from 'node:crypto'
import { Pool } from 'pg'
import { BODY_OVERHEAD, SIZE_BUCKETS } from '../../src/protocol/envelope.ts'
import { WRAPPED_KEY_LENGTH } from '../../src/protocol/wrapped-key.ts'
import { CONNECTIONS } from '../load.ts'
import { serveTasks, type Task } from './tasks.ts'

const [databaseUrl = '', receipt = '', agency = ''] = process.argv.slice(2)
const [BUCKET = 0] = SIZE_BUCKETS
const HEADER_LENGTH = 139

const INSERT = `with nonce as (
  insert into spent_nonces (nonce, hour) values ($1, $2)
), report as (
  insert into reports (report_id, status_key, digest, wraps, leaf, receipt, day, bucket, urgent, withdrawn,
    recipients_tag)
  values ($3, $4, $5, $6, $7, $8, $9, $10, $11, false, $20)
), message as (
  insert into messages (report_id, index, digest, day, header, commitment, body)
  values ($3, 0, $5, $9, $12, $13, $14)
), assignment as (
  insert into assignments (case_id, report_id, agency_id, key_id, head) values ($15, $3, $16, $17, $18)
)
insert into wrapped_keys (case_id, index, key_id, wrapped) values ($15, 0, $17, $19)`

const row = () => [
  randomBytes(16),
  Math.floor(Date.now() / 3_600_000) + 1,
  randomBytes(16),
  randomBytes(32),
  randomBytes(32),
  randomBytes(32),
  randomBytes(32),
  receipt,
  new Date().toISOString().slice(0, 10),
  BUCKET,
  false,
  randomBytes(HEADER_LENGTH),
  randomBytes(32),
  randomBytes(BUCKET + BODY_OVERHEAD),
  randomBytes(16),
  agency,
  randomBytes(16),
  randomBytes(32),
  randomBytes(WRAPPED_KEY_LENGTH),
  randomBytes(32),
]

const pool = new Pool({ connectionString: databaseUrl, max: CONNECTIONS, idleTimeoutMillis: 0 })
let rows: ReturnType<typeof row>[] = []

async function insertAll(): Promise<number> {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => pool.connect()))
  const begun = performance.now()
  await Promise.all(
    clients.map(async client => {
      for (let values = rows.pop(); values; values = rows.pop()) {
        await client.query({ name: 'bare-insert', text: INSERT, values })
      }
    }),
  )
  const milliseconds = performance.now() - begun
  for (const client of clients) client.release()
  return milliseconds / 1000
}

serveTasks(async (task: Task) => {
  if (task.name === 'run') return insertAll()
  rows = Array.from({ length: task.value }, row)
  return 0
})
