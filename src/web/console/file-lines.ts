// The files of a case, message by message, as they are listed and compared.
import type { FileList, OpenedCase } from '../../client/index.ts'
import { toHex } from '../../protocol/encoding.ts'

/** One file of one message. */
export interface FilePlace {
  /** 0 is the report, 1 … its follow-ups. */
  readonly message: number
  /** In the message's list: 0, 1, … */
  readonly at: number
}

export interface FileLine extends FilePlace {
  readonly key: string
  /** As its sender had it. */
  readonly name: string
  /** The media type that its sender claims, or empty. */
  readonly type: string
  /** Bytes. */
  readonly size: number
  /** SHA-256, hexadecimal. */
  readonly sha256: string
  /** False: it stayed with the reporter. */
  readonly isAttached: boolean
}

export const keyOfFile = ({ message, at }: FilePlace): string => `${message}.${at}`

type WithFiles = Pick<OpenedCase, 'followUps'> & { readonly report: { readonly files: FileList | null } }

/** Null where the message has none, or did not open. */
export function fileListOf({ report, followUps }: WithFiles, message: number): FileList | null {
  if (message === 0) return report.files
  return followUps.find(({ index }) => index === message)?.files ?? null
}

export function linesOf(opened: WithFiles, message: number): FileLine[] {
  const files = fileListOf(opened, message)?.files ?? []
  return files.map(({ name, type, size, sha256, attached }, at) => ({
    key: keyOfFile({ message, at }),
    message,
    at,
    name,
    type,
    size,
    sha256: toHex(sha256),
    isAttached: attached,
  }))
}

/** Of the report and every follow-up, in their order. */
export const linesOfCase = (opened: WithFiles): FileLine[] =>
  [0, ...opened.followUps.map(({ index }) => index)].flatMap(message => linesOf(opened, message))

/** Those with this fingerprint, whatever they are called. */
export const withFingerprint = (lines: readonly FileLine[], sha256: string): FileLine[] =>
  lines.filter(line => line.sha256 === sha256)
