// What can go wrong between a client and a service, one class for each thing that a caller does about it.
import type { ProblemName } from '../contract/problems.ts'

/** The service refused; `unrecognised` is something in front of it that writes no problem documents. */
export class RequestProblem extends Error {
  readonly kind: ProblemName | 'unrecognised'
  readonly status: number
  /** Seconds, where the service said. */
  readonly retryAfter: number | null

  constructor(kind: ProblemName | 'unrecognised', status: number, retryAfter: number | null = null) {
    super(`${kind} (${status})`)
    this.name = 'RequestProblem'
    this.kind = kind
    this.status = status
    this.retryAfter = retryAfter
  }
}

/** No answer: the request may have arrived or not. */
export class Unreachable extends Error {
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause })
    this.name = 'Unreachable'
  }
}

/** An answer that this contract does not know: another version, or not this service at all. */
export class UnexpectedAnswer extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'UnexpectedAnswer'
  }
}

/** Of what is wrong here with what was given, what a reporter can meet: programs tell it in other languages, too. */
export type InputMistake =
  | 'service-address'
  | 'report-too-long'
  | 'agency-count'
  | 'agency-not-today'
  | 'no-holder'
  | 'objection-misplaced'
  | 'file-changed'
  | 'file-changed-since'

/** Nothing was sent: what the caller gave cannot be. */
export class InvalidInput extends Error {
  readonly mistake: InputMistake | null
  /** An address, an id, a name, a number. */
  readonly about: string

  constructor(reason: string, mistake: InputMistake | null = null, about = '') {
    super(reason)
    this.name = 'InvalidInput'
    this.mistake = mistake
    this.about = about
  }
}

export type Unproven =
  | 'deployment'
  | 'directory'
  | 'statement'
  | 'receipt'
  | 'agencies'
  | 'case'
  | 'chain'
  | 'device-list'
  | 'own-certificate'
  | 'file'

/** The service answered, and what it says does not hold. */
export class VerificationFailed extends Error {
  readonly subject: Unproven

  constructor(subject: Unproven, cause?: unknown) {
    super(`${subject} does not verify`, { cause })
    this.name = 'VerificationFailed'
    this.subject = subject
  }
}
