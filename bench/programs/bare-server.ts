// The yardstick for reads: bare Fastify routes that verify one Ed25519 signature, read one row by its primary
// key, and answer as many bytes as the service does. Nothing else: no limits, no header fields, no validation.
import { fastify } from 'fastify'
import sodium from 'libsodium-wrappers'
import { Pool } from 'pg'
import { DATABASE_CONNECTIONS, MAILBOX_BYTES, MESSAGE } from './bare-request.ts'
import { serveTasks } from './tasks.ts'

const [databaseUrl = ''] = process.argv.slice(2)
await sodium.ready
const pool = new Pool({ connectionString: databaseUrl, max: DATABASE_CONNECTIONS })
const answer = Buffer.alloc(MAILBOX_BYTES)
/** Makes the heads as long as the service's. */
let filler = ''

const READ_REPLY = {
  name: 'bare-reply',
  text: 'select sealed from replies where mailbox_id = $1 and message_id = $2',
}
const READ_DEVICE = {
  name: 'bare-device',
  text: 'select device_id, agency_id, signing_key, certificate, scopes from devices where device_id = $1',
}

const bytes = (field: string | string[] | undefined) => Buffer.from(String(field), 'base64url')

function verify(headers: NodeJS.Dict<string | string[]>): void {
  const valid = sodium.crypto_sign_verify_detached(bytes(headers.signature), MESSAGE, bytes(headers.key))
  if (!valid) throw new Error('not signed')
}

const app = fastify()
app.addContentTypeParser(
  'application/octet-stream',
  { parseAs: 'buffer' },
  async (_request: unknown, body: Buffer) => body,
)

app.post<{ Body: Buffer }>('/mailbox', async (request, reply) => {
  verify(request.headers)
  const values = [request.body.subarray(0, 32), request.body.subarray(32, 48)]
  await pool.query({ ...READ_REPLY, values })
  return reply.header('content-type', 'application/octet-stream').header('filler', filler).send(answer)
})

app.get('/cases', async (request, reply) => {
  verify(request.headers)
  const { rows } = await pool.query({ ...READ_DEVICE, values: [bytes(request.headers.device)] })
  if (rows.length !== 1) throw new Error('no such device')
  return reply.status(304).header('filler', filler).send()
})

serveTasks(async ({ name, value }) => {
  if (name === 'listen') return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port)
  filler = 'x'.repeat(value)
  return value
})
