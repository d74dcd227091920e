// A device's notes for itself: one row, which only the device can read.
import { Problem } from '../../contract/problems.ts'
import type { Database } from '../database.ts'
import { spendNonce } from '../http/nonces.ts'
import type { CallingDevice } from '../http/serve.ts'
import type { Signer } from '../http/signed-request.ts'

export interface Notes {
  /** 0 where there are none. */
  readonly version: number
  readonly sealed: Uint8Array | null
}

const READ = { name: 'read-notes', text: 'select version, sealed from device_notes where device_id = $1' }

// A row where one was expected, none where none was, or the very same again.
const WRITE = {
  name: 'write-notes',
  text: `insert into device_notes (device_id, version, sealed)
         select $1, $2, $3 where $2 = 1 or exists (select from device_notes where device_id = $1)
         on conflict (device_id) do update set version = excluded.version, sealed = excluded.sealed
         where device_notes.version = excluded.version - 1
           or (device_notes.version = excluded.version and device_notes.sealed = excluded.sealed)
         returning 1 as written`,
}

function requireScope({ scopes }: CallingDevice): void {
  if (!scopes.includes('cases')) throw new Problem('scope-missing')
}

export async function readNotes(database: Database, device: CallingDevice): Promise<Notes> {
  requireScope(device)
  const [row] = await database.query<{ version: number; sealed: Uint8Array }>(READ, [device.deviceId])
  return row ?? { version: 0, sealed: null }
}

/** Compare-and-swap on the version. Throws `notes-moved`. */
export async function writeNotes(
  database: Database,
  signer: Signer,
  device: CallingDevice,
  { version, sealed }: { readonly version: number; readonly sealed: Uint8Array },
): Promise<void> {
  requireScope(device)
  await database.transaction(async queries => {
    await spendNonce(queries, signer.challenge)
    const written = await queries.query(WRITE, [device.deviceId, version, sealed])
    if (written.length === 0) throw new Problem('notes-moved')
  })
}
