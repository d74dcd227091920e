// How long a part of an upload is waited for. Nothing is heard of one before it is there as a whole: over a slow line
// that takes minutes, and over a dead one for ever.

/** Times what the last one took; or, after one that did not arrive in time, times what that had. */
const MORE = 4

export interface Patience {
  /** Milliseconds, whole ones, for an attempt that begins now. */
  readonly now: number
  arrived(milliseconds: number): void
  ranOut(): void
}

/** Between a service's `timeout` and its `partTimeout`. */
export function createPatience(service: {
  readonly timeout: number
  readonly partTimeout: number
}): Patience {
  const { timeout } = service
  const longest = Math.max(timeout, service.partTimeout)
  const within = (milliseconds: number) => Math.ceil(Math.min(longest, Math.max(timeout, milliseconds)))
  let now = timeout
  return {
    get now() {
      return now
    },
    arrived: milliseconds => {
      now = within(MORE * milliseconds)
    },
    ranOut: () => {
      now = within(MORE * now)
    },
  }
}
