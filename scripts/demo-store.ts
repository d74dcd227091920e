// A look into the demo's database, as its administrator or its thief would have it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEvent } from '../src/protocol/event.ts'
import { openSession } from '../src/server/database.ts'
import { PORT, SUPERUSER } from '../src/server/embedded-postgres-cluster.ts'

export interface StoredReport {
  readonly body: Uint8Array
  readonly wrappedKey: Uint8Array
  /** Hexadecimal. */
  readonly digest: string
  /** Whether this text, in UTF-8, is anywhere in what was stored of the report. */
  findsText(text: string): boolean
}

/** What the service knows of an event that says something beside its kind. */
export interface StoredEvent {
  readonly kind: string
  readonly day: string
  /** The agency that it names. */
  readonly subject: string
  readonly particulars: Uint8Array
  /** Keys that it wrapped anew. */
  readonly keys: number
}

/** The first event of that sort. */
export async function readStoredEvent(dataFolder: string): Promise<StoredEvent> {
  return withSession(dataFolder, async session => {
    const [row] = await session.query(
      'select core, particulars from events where particulars is not null order by index limit 1',
    )
    const [keys] = await session.query(
      `select count(*) as n from wrapped_keys join assignments using (case_id) where origin <> 'chosen'`,
    )
    const { kind, day, subject } = parseEvent({ core: asBytes(row?.core), tag: new Uint8Array(32) })
    return { kind, day, subject, particulars: asBytes(row?.particulars), keys: Number(keys?.n) }
  })
}

export async function readStored(dataFolder: string): Promise<StoredReport> {
  return withSession(dataFolder, async session => {
    const [row] = await session.query('select header, commitment, body, digest from messages where index = 0')
    const [key] = await session.query('select wrapped from wrapped_keys')
    const parts = [row?.header, row?.commitment, row?.body, key?.wrapped].map(asBytes)
    return {
      body: asBytes(row?.body),
      wrappedKey: asBytes(key?.wrapped),
      digest: asBytes(row?.digest).toString('hex'),
      findsText: text => parts.some(part => part.includes(Buffer.from(text))),
    }
  })
}

type Session = Awaited<ReturnType<typeof openSession>>

async function withSession<T>(dataFolder: string, use: (session: Session) => Promise<T>): Promise<T> {
  // PostgreSQL's own pid file says where its socket is.
  const [, , , , socketFolder = ''] = (
    await readFile(join(dataFolder, 'postgres', 'postmaster.pid'), 'utf8')
  ).split('\n')
  const session = await openSession(
    `postgresql://${SUPERUSER}@localhost:${PORT}/postgres?host=${encodeURIComponent(socketFolder)}`,
  )
  try {
    return await use(session)
  } finally {
    await session.close()
  }
}

function asBytes(value: unknown): Buffer {
  if (!(value instanceof Uint8Array)) throw new Error('nothing is stored')
  return Buffer.from(value)
}
