/**
 * Aborted with the first of the two. `AbortSignal.any` would do, and Firefox has it only since version 124: browsers
 * that are built on the one before are what some reporters come with.
 */
export function eitherSignal(a: AbortSignal | undefined, b: AbortSignal): AbortSignal {
  if (!a) return b
  const either = new AbortController()
  for (const signal of [a, b]) {
    if (signal.aborted) either.abort(signal.reason)
    // Taken off the other when one comes.
    else signal.addEventListener('abort', () => either.abort(signal.reason), { signal: either.signal })
  }
  return either.signal
}
