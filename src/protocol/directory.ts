// Whom to trust: the root chain names the directory's keys, the directory names the agencies.
import { type ClockPolicy, parseClocks } from './clocks.ts'
import type { DeploymentId } from './crypto.ts'
import { addDays } from './day.ts'
import { deploymentIdFrom, type JsonObject, openDocument, read } from './document.ts'
import { equalBytes } from './encoding.ts'
import { ProtocolError } from './error.ts'
import { type HolidayTable, KOREAN_HOLIDAYS, parseHolidayTable } from './holidays.ts'
import type { NoteKey } from './signed-note.ts'

/** Days by which a client's clock may be wrong. */
export const CLOCK_TOLERANCE_DAYS = 1
const MAX_ROOTS = 64

export interface Names {
  readonly ko: string
  readonly en: string
}

export interface Root {
  readonly version: number
  readonly expires: string
  readonly threshold: number
  readonly keys: readonly NoteKey[]
  readonly directoryThreshold: number
  readonly directoryKeys: readonly NoteKey[]
}

/** A root chain whose every link was signed by the thresholds of both its ends. */
export interface VerifiedRoot extends Root {
  readonly deploymentId: DeploymentId
}

export interface Agency {
  readonly id: string
  readonly names: Names
  readonly about: Names
  readonly powers: readonly string[]
  readonly territory: string
  readonly validFrom: string
  readonly validUntil: string
  readonly successor: string | null
  readonly identity: NoteKey
}

/** Recommends agencies where every list that is not empty has the reporter's answer. */
export interface Route {
  readonly kinds: readonly string[]
  readonly fields: readonly string[]
  readonly involved: readonly string[]
  readonly agencies: readonly string[]
}

export interface VerifiedDirectory {
  readonly deploymentId: DeploymentId
  readonly version: number
  readonly expires: string
  /** A playground: nothing sent to it reaches an authority. */
  readonly demonstration: boolean
  readonly logKey: NoteKey
  readonly agencies: readonly Agency[]
  readonly routes: readonly Route[]
  readonly timers: { readonly acknowledgeDays: number; readonly feedbackDays: number }
  /** Empty where the deployment has none. */
  readonly clocks: readonly ClockPolicy[]
  /** Those that its clocks are counted by. */
  readonly holidays: HolidayTable
}

function names(from: JsonObject, name: string): Names {
  const value = read.object(from, name)
  return { ko: read.text(value, 'ko'), en: read.text(value, 'en') }
}

function checkThreshold(threshold: number, keys: readonly NoteKey[], name: string): void {
  const distinct = keys.every(
    (key, i) => keys.findIndex(other => equalBytes(other.publicKey, key.publicKey)) === i,
  )
  if (threshold > keys.length || !distinct) throw new ProtocolError('bad-document', name)
}

async function parseRoot(content: JsonObject): Promise<Root> {
  const directory = read.object(content, 'directory')
  const root = {
    version: read.integer(content, 'version', 1),
    expires: read.day(content, 'expires'),
    threshold: read.integer(content, 'threshold', 1),
    keys: await read.keys(content, 'keys'),
    directoryThreshold: read.integer(directory, 'threshold', 1),
    directoryKeys: await read.keys(directory, 'keys'),
  }
  checkThreshold(root.threshold, root.keys, 'threshold')
  checkThreshold(root.directoryThreshold, root.directoryKeys, 'directory threshold')
  return root
}

/**
 * Walks the root documents from the first. Root n+1 must be signed by the thresholds of n and of n+1.
 * `pinned` is the deployment id that the caller knows. Throws `wrong-deployment`, `bad-signature`,
 * `bad-document`; whether the last root has expired is `checkFresh`'s to say.
 */
export async function verifyRootChain(notes: readonly string[], pinned: DeploymentId): Promise<VerifiedRoot> {
  const [first] = notes
  if (first === undefined || notes.length > MAX_ROOTS) throw new ProtocolError('bad-document', 'root chain')
  if (!equalBytes(deploymentIdFrom(first), pinned)) throw new ProtocolError('wrong-deployment')
  let current: Root | null = null
  for (const [index, note] of notes.entries()) {
    const deployment = index === 0 ? null : pinned
    const next: Root = await parseRoot(openDocument(note, 'root', deployment, [], 0))
    if (next.version !== index + 1) throw new ProtocolError('bad-document', 'root version')
    if (current) openDocument(note, 'root', deployment, current.keys, current.threshold)
    openDocument(note, 'root', deployment, next.keys, next.threshold)
    current = next
  }
  if (!current) throw new ProtocolError('bad-document', 'root chain')
  return { ...current, deploymentId: pinned }
}

async function parseAgency(content: JsonObject): Promise<Agency> {
  return {
    id: read.id(content, 'id'),
    names: names(content, 'names'),
    about: names(content, 'about'),
    powers: read.texts(content, 'powers'),
    territory: read.text(content, 'territory'),
    validFrom: read.day(content, 'validFrom'),
    validUntil: read.day(content, 'validUntil'),
    successor: content.successor === undefined ? null : read.id(content, 'successor'),
    identity: await read.key(content, 'identity'),
  }
}

function parseRoute(content: JsonObject): Route {
  return {
    kinds: read.texts(content, 'kinds'),
    fields: read.texts(content, 'fields'),
    involved: read.texts(content, 'involved'),
    agencies: read.texts(content, 'agencies'),
  }
}

/** Verifies a directory under the root. Throws `bad-signature`, `bad-document`, `wrong-deployment`. */
export async function verifyDirectory(note: string, root: VerifiedRoot): Promise<VerifiedDirectory> {
  const content = openDocument(
    note,
    'directory',
    root.deploymentId,
    root.directoryKeys,
    root.directoryThreshold,
  )
  const agencies = await Promise.all(read.list(content, 'agencies', entry => entry).map(parseAgency))
  const ids = new Set(agencies.map(agency => agency.id))
  if (ids.size !== agencies.length) throw new ProtocolError('bad-document', 'agencies')
  const routes = read.list(content, 'routes', parseRoute)
  if (!routes.every(route => route.agencies.every(id => ids.has(id))))
    throw new ProtocolError('bad-document', 'routes')
  const timers = read.object(content, 'timers')
  return {
    deploymentId: root.deploymentId,
    version: read.integer(content, 'version', 1),
    expires: read.day(content, 'expires'),
    demonstration: read.flag(content, 'demonstration'),
    logKey: await read.key(content, 'log'),
    agencies,
    routes,
    timers: {
      acknowledgeDays: read.integer(timers, 'acknowledgeDays', 1),
      feedbackDays: read.integer(timers, 'feedbackDays', 1),
    },
    clocks: content.clocks === undefined ? [] : parseClocks(content),
    holidays:
      content.holidays === undefined ? KOREAN_HOLIDAYS : parseHolidayTable(read.object(content, 'holidays')),
  }
}

/** Throws `expired` after the last day, with a day's tolerance for the caller's clock. */
export function checkFresh(document: { readonly expires: string }, today: string): void {
  if (today > addDays(document.expires, CLOCK_TOLERANCE_DAYS)) throw new ProtocolError('expired')
}

export function isValidOn(
  entry: { readonly validFrom: string; readonly validUntil: string },
  day: string,
): boolean {
  return entry.validFrom <= day && day <= entry.validUntil
}

/** The agency of this id in a directory, or null. */
export function findAgency(directory: VerifiedDirectory, id: string): Agency | null {
  return directory.agencies.find(agency => agency.id === id) ?? null
}

/** Up to `limit` agencies that the route table recommends for these answers, in the table's order. */
export function recommendAgencies(
  directory: VerifiedDirectory,
  answers: { readonly kind?: string; readonly field?: string; readonly involved?: readonly string[] },
  today: string,
  limit = 4,
): string[] {
  const allows = (list: readonly string[], given: readonly string[]) =>
    list.length === 0 || given.some(value => list.includes(value))
  const single = (value?: string) => (value === undefined ? [] : [value])
  const recommended = directory.routes
    .filter(
      route =>
        allows(route.kinds, single(answers.kind)) &&
        allows(route.fields, single(answers.field)) &&
        allows(route.involved, answers.involved ?? []),
    )
    .flatMap(route => route.agencies)
    .filter(id => directory.agencies.some(agency => agency.id === id && isValidOn(agency, today)))
  return [...new Set(recommended)].slice(0, limit)
}
