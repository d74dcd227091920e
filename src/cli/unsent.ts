// Whoever is interrupted, or loses the connection, has to know whether what they wrote is there.
import { RequestProblem, Unreachable } from '../client/index.ts'
import { Interrupted } from './exit.ts'

/** Of a failure while a message was on its way. */
export const mayHaveArrived = (error: unknown): boolean =>
  error instanceof Unreachable ||
  error instanceof Interrupted ||
  (error instanceof RequestProblem && error.status >= 500)

/**
 * Of a failure before it was. What an earlier command began, and this one went on with, may have been sent by that one;
 * and what is wrong with the input says by itself that nothing was sent.
 */
export const leavesUnsaid = (error: unknown, { resumeFile }: { readonly resumeFile?: string }): boolean =>
  resumeFile === undefined &&
  (error instanceof Unreachable || error instanceof Interrupted || error instanceof RequestProblem)
