/** Longer than that nothing of a page's own may hold up a touch on it. */
const HELD_MS = 40

/**
 * Call it between pieces of long work: gives the page a turn whenever the work has held it up for a while, and says
 * whether it did.
 */
export function createBreath(): () => Promise<boolean> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < HELD_MS) return false
    await new Promise(resolve => setTimeout(resolve))
    since = performance.now()
    return true
  }
}
