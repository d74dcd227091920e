// What can be wrong between the console and its service, as a page needs to know it.
import {
  ProtocolError,
  RequestProblem,
  UnexpectedAnswer,
  Unreachable,
  VerificationFailed,
} from '../../client/index.ts'

export type ServiceTrouble =
  /** No answer, or too busy: it passes by itself; try again. */
  | 'away'
  /** The device does not count any more: revoked, expired, or its agency has ended. */
  | 'refused'
  /** An answer that this copy of the console does not know: load the page anew. */
  | 'outdated'
  /** What the service says does not verify: stop, and tell whoever runs it. */
  | 'unproven'
  /** None of these: a mistake of ours. */
  | 'broken'

export function serviceTrouble(error: unknown): ServiceTrouble {
  if (error instanceof Unreachable) return 'away'
  if (error instanceof UnexpectedAnswer) return 'outdated'
  if (error instanceof VerificationFailed || error instanceof ProtocolError) return 'unproven'
  if (!(error instanceof RequestProblem)) return 'broken'
  if (error.kind === 'device-refused' || error.kind === 'scope-missing') return 'refused'
  // Others of the agency, or other windows, were first again and again: also that passes.
  const isOvertaken = error.kind === 'chain-moved' || error.kind === 'notes-moved'
  if (isOvertaken || error.status === 429 || error.status >= 500) return 'away'
  // A path, a method or a body that the service does not know: it speaks another contract.
  return 'outdated'
}
