// Is a file that somebody shows later the one that a message listed?
import type { FileList, ListedFile } from '../../client/index.ts'
import { equalBytes, toHex } from '../../protocol/encoding.ts'
import type { Output } from '../output.ts'
import { neutraliseName } from '../terminal.ts'
import { showProgress } from './progress.ts'
import { fileOnDisk, hashOf } from './source.ts'

export interface Fingerprint {
  readonly size: number
  readonly sha256: Uint8Array
}

export interface ListedIn {
  /** 0 is the report, 1 … its follow-ups. */
  readonly index: number
  readonly day: string
  readonly files: FileList | null
}

export interface Match extends Omit<ListedIn, 'files'> {
  /** In its message, from 1. */
  readonly number: number
  readonly file: ListedFile
}

export async function fingerprintOf(path: string, output: Output): Promise<Fingerprint> {
  const file = await fileOnDisk(path)
  const progress = showProgress(output, output.words.files.hashing, file.size)
  let done = 0
  try {
    const sha256 = await hashOf(file, bytes => {
      done += bytes
      progress.at(done)
    })
    return { size: file.size, sha256 }
  } finally {
    progress.end()
  }
}

export function findMatches({ size, sha256 }: Fingerprint, messages: readonly ListedIn[]): Match[] {
  return messages.flatMap(({ index, day, files }) =>
    (files?.files ?? []).flatMap((file, i) =>
      file.size === size && equalBytes(file.sha256, sha256) ? [{ index, day, number: i + 1, file }] : [],
    ),
  )
}

export function comparedJson({ size, sha256 }: Fingerprint, matches: readonly Match[]) {
  return {
    size,
    sha256: toHex(sha256),
    matches: matches.map(({ index, day, number, file: { name, attached } }) => ({
      message: index,
      number,
      name,
      attached,
      day,
    })),
  }
}

export function comparedLines(
  { sha256 }: Fingerprint,
  matches: readonly Match[],
  { words, colour }: Output,
): string[] {
  const found = matches.map(({ index, day, number, file: { name, attached } }) =>
    colour.good(words.files.matches({ index, day, number, name: neutraliseName(name), attached })),
  )
  return [
    ...(found.length > 0 ? found : [colour.bad(words.files.noMatch)]),
    colour.faint(`SHA-256 ${toHex(sha256)}`),
  ]
}
