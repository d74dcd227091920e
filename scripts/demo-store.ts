// A look into the demo's database, as its administrator or its thief would have it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
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

export async function readStored(dataFolder: string): Promise<StoredReport> {
  // PostgreSQL's own pid file says where its socket is.
  const [, , , , socketFolder = ''] = (
    await readFile(join(dataFolder, 'postgres', 'postmaster.pid'), 'utf8')
  ).split('\n')
  const session = await openSession(
    `postgresql://${SUPERUSER}@localhost:${PORT}/postgres?host=${encodeURIComponent(socketFolder)}`,
  )
  try {
    const [row] = await session.query('select header, commitment, body, digest from messages where index = 0')
    const [key] = await session.query('select wrapped from wrapped_keys')
    const parts = [row?.header, row?.commitment, row?.body, key?.wrapped].map(asBytes)
    return {
      body: asBytes(row?.body),
      wrappedKey: asBytes(key?.wrapped),
      digest: asBytes(row?.digest).toString('hex'),
      findsText: text => parts.some(part => part.includes(Buffer.from(text))),
    }
  } finally {
    await session.close()
  }
}

function asBytes(value: unknown): Buffer {
  if (!(value instanceof Uint8Array)) throw new Error('nothing is stored')
  return Buffer.from(value)
}
