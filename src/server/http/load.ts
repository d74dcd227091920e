// More work is asked of everybody when everybody asks for more: never by address.
const WINDOW_MS = 10_000
/** Challenges in a window that cost nothing extra; each doubling beyond asks for one more bit. */
const CALM = 2_000
const MAX_EXTRA_BITS = 8

/** The bits that a nonce carries now; call it once for each that is issued. */
export function createWorkBits(base: number, now: () => number): () => number {
  let start = now()
  let issued = 0
  let before = 0
  return () => {
    const elapsed = now() - start
    if (elapsed >= WINDOW_MS || elapsed < 0) {
      before = elapsed < 2 * WINDOW_MS ? issued : 0
      start = now()
      issued = 0
    }
    issued += 1
    const busiest = Math.max(issued, before)
    const extra = busiest > CALM ? Math.ceil(Math.log2(busiest / CALM)) : 0
    return base === 0 ? 0 : base + Math.min(extra, MAX_EXTRA_BITS)
  }
}
