// Signed documents: a signed note whose first line is type and deployment and whose second is compact JSON.
import { isAgencyId } from './agency-id.ts'
import { type DeploymentId, deploymentIdOf, H, textToBytes } from './crypto.ts'
import { parseDay } from './day.ts'
import { fromBase64url, isWellFormed, toBase64url } from './encoding.ts'
import { ProtocolError } from './error.ts'
import { type NoteKey, type NoteSigner, noteKey, noteText, openNote, signNote } from './signed-note.ts'

export type DocumentType = 'root' | 'directory' | 'statement' | 'device-list' | 'device' | 'receipt'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [member: string]: Json
}

/** The first root document names no deployment: its hash is the deployment id. */
const FIRST = 'first'

/** Line 1 and line 2. `deployment` is null for the first root document only. */
export function documentText(type: DocumentType, deployment: DeploymentId | null, content: object): string {
  const id = deployment ? toBase64url(deployment) : FIRST
  return `bongsu/v1/${type} ${id}\n${JSON.stringify(content)}\n`
}

export function signDocument(
  type: DocumentType,
  deployment: DeploymentId | null,
  content: object,
  signers: readonly NoteSigner[],
): string {
  return signNote(documentText(type, deployment, content), signers)
}

/** H("deployment", text of the first root document): fixed for good. */
export function deploymentIdFrom(firstRoot: string): DeploymentId {
  return deploymentIdOf(H('deployment', textToBytes(noteText(firstRoot))))
}

/** Reads line 1 and line 2 of a note, unverified. Throws `bad-document`, `wrong-deployment`. */
export function readDocument(note: string, type: DocumentType, deployment: DeploymentId | null): JsonObject {
  const lines = noteText(note).split('\n')
  const [header, json, end] = lines
  if (lines.length !== 3 || header === undefined || json === undefined || end !== '') {
    throw new ProtocolError('bad-document', 'lines')
  }
  const [kind, id, ...more] = header.split(' ')
  if (kind !== `bongsu/v1/${type}` || more.length > 0) throw new ProtocolError('bad-document', 'type')
  if (id !== (deployment ? toBase64url(deployment) : FIRST)) throw new ProtocolError('wrong-deployment')
  return parseCompactJson(json)
}

/** Reads a document that at least `threshold` of the keys signed. Throws `bad-signature`. */
export function openDocument(
  note: string,
  type: DocumentType,
  deployment: DeploymentId | null,
  keys: readonly NoteKey[],
  threshold: number,
): JsonObject {
  const content = readDocument(note, type, deployment)
  if (openNote(note, keys).signers.length < threshold) throw new ProtocolError('bad-signature')
  return content
}

// Only what JSON.stringify writes back is taken: this refuses duplicate members, spare white space, other
// spellings of strings and numbers, and members that look like integers (which JavaScript reorders).
function parseCompactJson(json: string): JsonObject {
  // Both in one attempt: what is nested too deeply overflows the stack on being written.
  const { value, written } = attempt(() => {
    const value = JSON.parse(json) as Json
    return { value, written: JSON.stringify(value) }
  })
  if (written !== json) throw new ProtocolError('bad-document', 'JSON is not compact')
  return asObject(value)
}

function attempt<T>(parse: () => T): T {
  try {
    return parse()
  } catch {
    throw new ProtocolError('bad-document')
  }
}

function asObject(value: Json | undefined): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProtocolError('bad-document')
  return value as JsonObject
}

function bad(name: string): never {
  throw new ProtocolError('bad-document', name)
}

/** Readers of one member; each throws `bad-document` naming it. Members that nobody reads are allowed. */
export const read = {
  text(from: JsonObject, name: string, maximum = 4096): string {
    const value = from[name]
    if (typeof value !== 'string' || value.length === 0 || value.length > maximum) return bad(name)
    return isWellFormed(value) ? value : bad(name)
  },
  id(from: JsonObject, name: string): string {
    const value = read.text(from, name)
    return isAgencyId(value) ? value : bad(name)
  },
  integer(from: JsonObject, name: string, minimum: number): number {
    const value = from[name]
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum ? value : bad(name)
  },
  flag(from: JsonObject, name: string): boolean {
    const value = from[name] ?? false
    return typeof value === 'boolean' ? value : bad(name)
  },
  day(from: JsonObject, name: string): string {
    return parseDay(read.text(from, name))
  },
  bytes(from: JsonObject, name: string, length: number): Uint8Array {
    const bytes = attempt(() => fromBase64url(read.text(from, name)))
    return bytes.length === length ? bytes : bad(name)
  },
  object(from: JsonObject, name: string): JsonObject {
    return asObject(from[name] ?? bad(name))
  },
  list<T>(from: JsonObject, name: string, item: (value: JsonObject) => T, maximum = 256): T[] {
    const value = from[name]
    return Array.isArray(value) && value.length <= maximum
      ? value.map(entry => item(asObject(entry)))
      : bad(name)
  },
  texts(from: JsonObject, name: string, maximum = 256): string[] {
    const value = from[name]
    if (!Array.isArray(value) || value.length > maximum) return bad(name)
    return value.map(entry => (typeof entry === 'string' ? entry : bad(name)))
  },
  async key(from: JsonObject, name: string): Promise<NoteKey> {
    const entry = read.object(from, name)
    return noteKey(read.text(entry, 'name', 128), read.bytes(entry, 'key', 32))
  },
  keys(from: JsonObject, name: string): Promise<NoteKey[]> {
    const entries = read.list(from, name, entry => entry, 16)
    return Promise.all(
      entries.map(entry => noteKey(read.text(entry, 'name', 128), read.bytes(entry, 'key', 32))),
    )
  },
}
