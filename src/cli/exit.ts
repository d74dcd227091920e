// How the program ends, in one table.
import {
  type InputMistake,
  InvalidInput,
  KeysMissing,
  type MissingKey,
  NotAllowed,
  NotOpened,
  RequestProblem,
  UnexpectedAnswer,
  Unreachable,
  VerificationFailed,
} from '../client/index.ts'
import type { ProblemName } from '../contract/problems.ts'
import { ProtocolError } from '../protocol/error.ts'
import type { ReceiptCodeMistake } from '../protocol/receipt-code-mistake.ts'
import { NoProxy } from './socks.ts'
import { englishCodeMistake } from './words/en-code.ts'
import { englishInput, type WrongInputKind } from './words/en-input.ts'

export const EXIT = {
  ok: 0,
  refused: 1,
  usage: 2,
  unreachable: 3,
  unproven: 4,
  failed: 5,
  notNow: 6,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Somebody pressed Ctrl-C at a question. */
export class Interrupted extends Error {}

/** Somebody answered no. */
export class Declined extends Error {}

/** A text that is no receipt code, and why. */
export class WrongCode extends Error {
  readonly mistake: ReceiptCodeMistake

  constructor(mistake: ReceiptCodeMistake) {
    super(englishCodeMistake(mistake))
    this.name = 'WrongCode'
    this.mistake = mistake
  }
}

/** What a reporter gave cannot be, told in both languages. */
export class WrongInput extends InvalidInput {
  readonly given: GivenWrong

  constructor(kind: WrongInputKind, about = '', more = '') {
    super(englishInput[kind](about, more))
    this.name = 'WrongInput'
    this.given = { kind, about, more }
  }
}

export interface GivenWrong {
  readonly kind: WrongInputKind | InputMistake
  readonly about: string
  readonly more: string
}

/** Where others can read it: in the shell's history, in the list of processes. */
export class CodeAsArgument extends Error {}

/** An upload that ended at the service: a day passed, or a message took it. */
export class UploadGone extends Error {}

/** The reporter wrote that this agency must not get the report. */
export class Excluded extends Error {}

export interface Failure {
  readonly exit: ExitCode
  /** For programs; stable. */
  readonly kind: string
  /** In English, for the developer; what people read is in `words`. */
  readonly detail: string
  /** Of a receipt code. */
  readonly mistake?: ReceiptCodeMistake
  /** Of what a reporter gave. */
  readonly given?: GivenWrong
  /** Of a file: what the system said, and of which, where it told. */
  readonly file?: { readonly code: FileCode; readonly path: string | null }
}

/** The same rules as this device's, seen by the service a moment later; and what is over tomorrow, or the next time. */
const NOT_NOW: ReadonlySet<string> = new Set<ProblemName>([
  'action-refused',
  'scope-missing',
  'chain-moved',
  'notes-moved',
  'assignment-changed',
  'message-conflict',
  'quota-exceeded',
])
/** With Retry-After. */
const LATER: ReadonlySet<string> = new Set<ProblemName>(['too-many-requests', 'unavailable', 'storage-full'])

const INPUT_CODES: ReadonlySet<string> = new Set(['too-long', 'bad-document', 'bad-key'])
const FILE_CODES = [
  'ENOENT',
  'EACCES',
  'EISDIR',
  'EEXIST',
  'ENOTDIR',
  'EPERM',
  'ENOSPC',
  'EROFS',
  'EDQUOT',
  'EFBIG',
  'ENAMETOOLONG',
  'EIO',
  'ELOOP',
  'ENXIO',
  'EBUSY',
  'ENOTEMPTY',
  'ETXTBSY',
] as const

export type FileCode = (typeof FILE_CODES)[number]

export function failureOf(error: unknown): Failure {
  const detail = error instanceof Error ? error.message : String(error)
  if (error instanceof RequestProblem) return { exit: exitOfProblem(error.kind), kind: error.kind, detail }
  if (error instanceof Unreachable && error.cause instanceof NoProxy)
    return { exit: EXIT.unreachable, kind: 'no-proxy', detail: error.cause.message }
  if (error instanceof Unreachable) return { exit: EXIT.unreachable, kind: 'unreachable', detail }
  if (error instanceof UnexpectedAnswer) return { exit: EXIT.unreachable, kind: 'unexpected-answer', detail }
  if (error instanceof VerificationFailed)
    return { exit: EXIT.unproven, kind: 'unproven', detail: withCause(error) }
  if (error instanceof NotOpened) {
    return { exit: error.reason === 'no-key' ? EXIT.notNow : EXIT.unproven, kind: error.reason, detail }
  }
  if (error instanceof NotAllowed) return { exit: EXIT.notNow, kind: 'not-allowed', detail }
  if (error instanceof Excluded) return { exit: EXIT.usage, kind: 'excluded', detail }
  if (error instanceof KeysMissing)
    return { exit: EXIT.notNow, kind: 'keys-missing', detail: listed(error.missing) }
  if (error instanceof InvalidInput) {
    const given = givenIn(error)
    return { exit: EXIT.usage, kind: 'bad-input', detail, ...(given && { given }) }
  }
  if (error instanceof Interrupted)
    return { exit: EXIT.interrupted, kind: 'interrupted', detail: 'interrupted' }
  if (error instanceof Declined) return { exit: EXIT.usage, kind: 'declined', detail: 'declined' }
  if (error instanceof WrongCode)
    return { exit: EXIT.usage, kind: 'bad-receipt-code', detail, mistake: error.mistake }
  if (error instanceof CodeAsArgument)
    return { exit: EXIT.usage, kind: 'code-as-argument', detail: 'a receipt code is no argument' }
  if (error instanceof UploadGone) return { exit: EXIT.refused, kind: 'upload-gone', detail: 'upload gone' }
  if (error instanceof ProtocolError) {
    return { exit: INPUT_CODES.has(error.code) ? EXIT.usage : EXIT.unproven, kind: error.code, detail }
  }
  const file = fileIn(error)
  if (file) return { exit: EXIT.usage, kind: 'file', detail, file }
  return { exit: EXIT.failed, kind: 'fault', detail }
}

function givenIn(error: InvalidInput): GivenWrong | null {
  if (error instanceof WrongInput) return error.given
  return error.mistake && { kind: error.mistake, about: error.about, more: '' }
}

function fileIn(error: unknown): Failure['file'] | null {
  if (!(error instanceof Error && 'code' in error)) return null
  const code = FILE_CODES.find(known => known === error.code)
  return code ? { code, path: 'path' in error ? String(error.path) : null } : null
}

function exitOfProblem(kind: RequestProblem['kind']): ExitCode {
  if (NOT_NOW.has(kind)) return EXIT.notNow
  return LATER.has(kind) ? EXIT.unreachable : EXIT.refused
}

/** Follow-ups, with the devices that can hand their keys on. */
const listed = (missing: readonly MissingKey[]): string =>
  missing
    .map(({ index, heldBy }) => [index, ...heldBy.map(device => device.slice(0, 8))].join(' '))
    .join(', ')

function withCause(error: Error): string {
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
