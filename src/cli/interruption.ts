// Work that Ctrl-C ends in good order: what was half done is cleared away.
import { Interrupted } from './exit.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The signal is aborted, with `Interrupted`, by the first Ctrl-C; the second does what it always does. */
export async function interruptible<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopping = new AbortController()
  const stop = () => stopping.abort(new Interrupted())
  for (const name of SIGNALS) process.once(name, stop)
  try {
    return await body(stopping.signal)
  } finally {
    for (const name of SIGNALS) process.off(name, stop)
  }
}
