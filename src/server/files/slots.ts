// So many at once, and so many that wait for their turn; whoever comes then is turned away.
import { Problem } from '../../contract/problems.ts'

export interface SlotLimits {
  readonly atOnce: number
  readonly waiting: number
  readonly waitMs: number
}

/** Throws `unavailable` where there is no turn, or none in time. */
export type InSlot = <T>(work: () => Promise<T>) => Promise<T>

export function createSlots({ atOnce, waiting, waitMs }: SlotLimits): InSlot {
  let free = atOnce
  const queue: (() => void)[] = []

  const wait = () =>
    new Promise<void>((resolve, reject) => {
      const take = () => {
        clearTimeout(late)
        resolve()
      }
      const late = setTimeout(() => {
        queue.splice(queue.indexOf(take), 1)
        reject(new Problem('unavailable'))
      }, waitMs)
      queue.push(take)
    })

  return async work => {
    if (free > 0) free--
    else if (queue.length < waiting) await wait()
    else throw new Problem('unavailable')
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else free++
    }
  }
}
