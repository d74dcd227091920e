// Which numbers a device's replies have had, kept with the service in notes that only the device can read: programs
// with the same key share one count, and no row tells how many replies a case has had.
import { getNotes, putNotes } from '../contract/notes.ts'
import { type RandomBytes, randomBytes } from '../protocol/crypto.ts'
import { type CaseNote, openNotes, sealNotes } from '../protocol/device-notes.ts'
import { equalBytes, fromBase64url, toBase64url } from '../protocol/encoding.ts'
import type { Device } from './device.ts'
import { InvalidInput, RequestProblem, UnexpectedAnswer } from './failure.ts'
import { call } from './http.ts'

const MAX_MOVES = 8

interface Reserved {
  /** How many replies will be sent. */
  readonly count: number
  /** The last number that is known from elsewhere to be used. */
  readonly after?: number
}

interface NotesOptions {
  readonly random?: RandomBytes
  readonly signal?: AbortSignal | undefined
}

/**
 * The first of `count` numbers that no other reply of this device to this case has or will get. Reserve, then send:
 * what is reserved and never sent shows as missing. Throws `RequestProblem`, `Unreachable`, `UnexpectedAnswer`.
 */
export async function reserveReplyNumbers(
  device: Device,
  /** As the service names it. */
  id: string,
  { count, after = 0 }: Reserved,
  { random = randomBytes, signal }: NotesOptions = {},
): Promise<number> {
  if (count < 1) throw new InvalidInput('there is no reply')
  const caseId = fromBase64url(id)
  for (let moves = 0; moves < MAX_MOVES; moves++) {
    const { version, notes } = await readNotes(device, signal)
    const own = notes.find(note => equalBytes(note.caseId, caseId))
    const first = Math.max(own?.lastNumber ?? 0, after) + 1
    const others = notes.filter(note => note !== own)
    const next = [...others, { caseId, lastNumber: first + count - 1 }]
    if (await keepNotes(device, version + 1, next, { random, signal })) return first
  }
  throw new RequestProblem('notes-moved', 409)
}

async function readNotes(
  { service, signer, certified, sealing, agency }: Device,
  signal?: AbortSignal,
): Promise<{ version: number; notes: readonly CaseNote[] }> {
  const { reply } = await call(service, getNotes, { signer, signal })
  if (reply.sealed === null) return { version: 0, notes: [] }
  const as = { deviceId: certified.deviceId, agencyId: agency.id, pair: sealing }
  const notes = await openNotes(fromBase64url(reply.sealed), reply.version, as).catch(() => {
    throw new UnexpectedAnswer('notes that do not open for this device')
  })
  return { version: reply.version, notes }
}

/** False where another program with this key was first. */
async function keepNotes(
  { service, signer, certified, agency }: Device,
  version: number,
  notes: readonly CaseNote[],
  { random, signal }: { readonly random: RandomBytes; readonly signal: AbortSignal | undefined },
): Promise<boolean> {
  const { deviceId, sealingKey } = certified
  const sealed = await sealNotes(notes, version, { deviceId, agencyId: agency.id, sealingKey }, random)
  try {
    const body = { version, sealed: toBase64url(sealed) }
    await call(service, putNotes, { signer, body, signal })
    return true
  } catch (error) {
    if (error instanceof RequestProblem && error.kind === 'notes-moved') return false
    throw error
  }
}
