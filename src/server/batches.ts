// Calls that arrive while others are under way wait for them, and are then carried out together: one statement, one
// commit for all. Nobody is told of a commit before it has happened, and nobody waits for company that may not come:
// only for what is under way, while there are fewer than a statement of their own is worth.
import { isUnavailable } from './database.ts'

export interface BatchOptions<Item, Outcome> {
  /** A power of two: each batch is of one, two, four … so that few statements need to be planned. */
  readonly maxItems: number
  /** While one batch waits for PostgreSQL, the next is made. */
  readonly maxUnderWay: number
  /** Beside another batch. A statement and its commit cost as much as some items: fewer wait for it to end. */
  readonly minBeside?: number
  /** Of all items of a batch; a single item may have more. */
  readonly maxBytes?: number
  readonly bytesOf?: (item: Item) => number
  /** No two of a batch have a name in common: the second sees what became of the first. */
  readonly namesOf?: (item: Item) => readonly string[]
  /** The outcomes in the same order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Outcome[]>
}

interface Waiting<Item, Outcome> {
  readonly item: Item
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

/** The function that carries out one item, together with whatever else there is just then. */
export function inBatches<Item, Outcome>(
  options: BatchOptions<Item, Outcome>,
): (item: Item) => Promise<Outcome> {
  const waiting: Waiting<Item, Outcome>[] = []
  const { maxUnderWay, minBeside = 1 } = options
  let underWay = 0
  let isScheduled = false

  const isWorthwhile = () => waiting.length >= (underWay === 0 ? 1 : minBeside)
  const start = () => {
    isScheduled = false
    while (underWay < maxUnderWay && isWorthwhile()) {
      underWay += 1
      void settle(options, takeBatch(options, waiting)).then(() => {
        underWay -= 1
        start()
      })
    }
  }
  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (isScheduled || underWay === maxUnderWay) return
      isScheduled = true
      // After this turn's other requests.
      setImmediate(start)
    })
}

/** From the front. */
function takeBatch<Item, Outcome>(
  { maxItems, maxBytes = Number.POSITIVE_INFINITY, bytesOf, namesOf }: BatchOptions<Item, Outcome>,
  waiting: Waiting<Item, Outcome>[],
): Waiting<Item, Outcome>[] {
  const seen = new Set<string>()
  const fitting: number[] = []
  let bytes = 0
  for (const [index, { item }] of waiting.entries()) {
    const names = namesOf?.(item) ?? []
    bytes += bytesOf?.(item) ?? 0
    if (fitting.length === maxItems || (fitting.length > 0 && bytes > maxBytes)) break
    if (!names.some(name => seen.has(name))) fitting.push(index)
    for (const name of names) seen.add(name)
  }
  const taken = new Set(fitting.slice(0, 2 ** Math.floor(Math.log2(fitting.length))))
  const batch = waiting.filter((_, index) => taken.has(index))
  const rest = waiting.filter((_, index) => !taken.has(index))
  waiting.splice(0, waiting.length, ...rest)
  return batch
}

/** Settles every item of the batch; never rejects. */
async function settle<Item, Outcome>(
  options: BatchOptions<Item, Outcome>,
  batch: readonly Waiting<Item, Outcome>[],
): Promise<void> {
  try {
    const outcomes = await options.run(batch.map(({ item }) => item))
    for (const [index, { resolve, reject }] of batch.entries()) {
      const outcome = outcomes[index]
      if (outcome === undefined) reject(new Error('a call without an outcome'))
      else resolve(outcome)
    }
  } catch (error) {
    // What is wrong with one item must not be answered to the others.
    if (batch.length > 1 && !isUnavailable(error)) for (const one of batch) await settle(options, [one])
    else for (const { reject } of batch) reject(error)
  }
}
