// When to lock a page that nobody uses. The page tells the time and what it saw; nothing here waits by itself.

/** Milliseconds without a key or a pointer. */
export const IDLE_LIMIT_MS = 10 * 60_000

export interface IdleLock {
  /** Somebody is there. */
  readonly touched: (now: number) => void
  /** Milliseconds until it locks; 0 where it is due. A machine that slept has used its time up. */
  readonly remaining: (now: number) => number
}

export function idleLock(now: number, limit: number = IDLE_LIMIT_MS): IdleLock {
  let last = now
  return {
    touched: at => {
      last = Math.max(last, at)
    },
    // A clock that was set back must not keep the page open for longer.
    remaining: at => (at < last ? 0 : Math.max(0, last + limit - at)),
  }
}
