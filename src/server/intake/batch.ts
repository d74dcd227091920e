// Reports that arrive while others are being stored wait for them, and are then stored together: one statement,
// one commit for all. Nobody is told of a commit before it has happened, and nobody waits for company.
import { type Database, isUnavailable } from '../database.ts'
import { insertReports, type NewReport, type Stored } from './insertion.ts'

/** A power of two: each batch is of one, two, four … so that few statements need to be planned. */
const MAX_REPORTS = 16
/** Of ciphertext; a single report may have more. */
const MAX_BYTES = 512 * 1024
/** While one batch waits for the disk, the next is under way. */
const MAX_UNDER_WAY = 2

interface Waiting {
  readonly report: NewReport
  readonly resolve: (stored: Stored) => void
  readonly reject: (error: unknown) => void
}

export function createBatches(database: Database): (report: NewReport) => Promise<Stored> {
  const waiting: Waiting[] = []
  let underWay = 0
  let isScheduled = false

  const start = () => {
    isScheduled = false
    while (waiting.length > 0 && underWay < MAX_UNDER_WAY) {
      underWay += 1
      void store(database, takeBatch(waiting)).then(() => {
        underWay -= 1
        start()
      })
    }
  }
  return report =>
    new Promise((resolve, reject) => {
      waiting.push({ report, resolve, reject })
      if (isScheduled || underWay === MAX_UNDER_WAY) return
      isScheduled = true
      // After this turn's other requests.
      setImmediate(start)
    })
}

const nameOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

/** From the front. No two of a batch have a nonce or a report in common: the second sees what became of the first. */
function takeBatch(waiting: Waiting[]): Waiting[] {
  const seen = new Set<string>()
  const fitting: number[] = []
  let bytes = 0
  for (const [index, { report }] of waiting.entries()) {
    const names = [nameOf(report.nonce), nameOf(report.reportId)]
    bytes += report.body.length
    if (fitting.length === MAX_REPORTS || (fitting.length > 0 && bytes > MAX_BYTES)) break
    if (!names.some(name => seen.has(name))) fitting.push(index)
    for (const name of names) seen.add(name)
  }
  const taken = new Set(fitting.slice(0, 2 ** Math.floor(Math.log2(fitting.length))))
  const batch = waiting.filter((_, index) => taken.has(index))
  const rest = waiting.filter((_, index) => !taken.has(index))
  waiting.splice(0, waiting.length, ...rest)
  return batch
}

/** Settles every report of the batch; never rejects. */
async function store(database: Database, batch: readonly Waiting[]): Promise<void> {
  try {
    const stored = await insertReports(
      database,
      batch.map(({ report }) => report),
    )
    for (const [index, { resolve, reject }] of batch.entries()) {
      const outcome = stored[index]
      if (outcome) resolve(outcome)
      else reject(new Error('a report without an outcome'))
    }
  } catch (error) {
    // What is wrong with one report must not be answered to the others.
    if (batch.length > 1 && !isUnavailable(error)) for (const one of batch) await store(database, [one])
    else for (const { reject } of batch) reject(error)
  }
}
