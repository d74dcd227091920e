// The files that somebody chose, by name only: nothing in them is read before they are sent.
import type { Connection } from './connection.ts'

/** Sent sealed; or kept by the reporter, with only its hash in the message. */
export type Fate = 'send' | 'keep'

export interface ChosenFile {
  /** Of this file in its list. */
  readonly id: number
  readonly file: File
  readonly fate: Fate
  /** Taken with the camera just now: it may be nowhere else, so it cannot be kept. */
  readonly isFresh: boolean
}

/** Of one message. `protocol/file-list.ts` has the same. */
export const MOST_FILES = 32

export interface Adding {
  readonly files: readonly ChosenFile[]
  readonly added: number
  /** Of those that were not added: there already, or too many. */
  readonly twice: number
  readonly tooMany: number
}

const isSame = (a: File, b: File) =>
  a.name === b.name && a.size === b.size && a.lastModified === b.lastModified

/** A file that was chosen is kept until somebody says that it may go: what was sent cannot be taken back. */
export function withFiles(files: readonly ChosenFile[], chosen: readonly File[], isFresh: boolean): Adding {
  const unknown = chosen.filter(file => isFresh || !files.some(known => isSame(known.file, file)))
  const room = MOST_FILES - files.length
  const first = 1 + Math.max(0, ...files.map(({ id }) => id))
  const added = unknown
    .slice(0, room)
    .map((file, i): ChosenFile => ({ id: first + i, file, fate: isFresh ? 'send' : 'keep', isFresh }))
  return {
    files: [...files, ...added],
    added: added.length,
    twice: chosen.length - unknown.length,
    tooMany: unknown.length - added.length,
  }
}

export const withFate = (files: readonly ChosenFile[], id: number, fate: Fate): ChosenFile[] =>
  files.map(chosen => (chosen.id === id ? { ...chosen, fate } : chosen))

export const without = (files: readonly ChosenFile[], id: number): ChosenFile[] =>
  files.filter(chosen => chosen.id !== id)

export interface Totals {
  readonly sent: number
  readonly kept: number
  /** Bytes of those that are sent. */
  readonly bytes: number
}

export function totalsOf(files: readonly ChosenFile[]): Totals {
  const sent = files.filter(({ fate }) => fate === 'send')
  return {
    sent: sent.length,
    kept: files.length - sent.length,
    bytes: sent.reduce((sum, { file }) => sum + file.size, 0),
  }
}

type Measure = Pick<Connection, 'engine' | 'filesLimit'>

/** Bytes that the service and the network see of these files: the length of a size class. Null where that is too much. */
export function seenLength({ engine, filesLimit }: Measure, files: readonly ChosenFile[]): number | null {
  const sizes = files.map(({ file, fate }) => ({ size: file.size, attached: fate === 'send' }))
  try {
    const length = engine.blobLengthFor(sizes)
    return length > filesLimit ? null : length
  } catch (error) {
    if (error instanceof engine.ProtocolError && error.code === 'too-long') return null
    throw error
  }
}

/** Bytes of files in the largest size class that the service takes; 0: it takes none. */
export const roomOf = ({ engine, filesLimit }: Measure): number =>
  engine.contentOfLength(engine.BLOB_LENGTHS.findLast(length => length <= filesLimit) ?? 0)

/** Bytes that each takes in the sealed body beside the answers: name, type, size, hash and frames, generously. */
const LISTED_BYTES = 512

export const listedBytes = (files: readonly ChosenFile[]): number => files.length * LISTED_BYTES
