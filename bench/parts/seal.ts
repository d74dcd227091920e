import { randomBytes } from 'node:crypto'
import { SIZE_BUCKETS } from '../../src/protocol/envelope.ts'
import { inChromium, type TimeInPage } from '../browser.ts'
import type { Part } from '../part.ts'
import { timeSealing } from '../sealing.ts'
import { median, round } from '../statistics.ts'

const KIB = 1024

interface Place {
  readonly name: string
  readonly label: string
  readonly rounds: number
  readonly run: <T>(use: (time: TimeInPage) => Promise<T>) => Promise<T>
}

const inNode: TimeInPage = (bucket, rounds) =>
  timeSealing(bucket, rounds, length => new Uint8Array(randomBytes(length)))

const PLACES: readonly Place[] = [
  { name: 'node', label: 'Node', rounds: 30, run: use => use(inNode) },
  { name: 'chromium', label: 'Chromium', rounds: 20, run: use => inChromium(true, use) },
  { name: 'jitless', label: 'Chromium without JIT', rounds: 5, run: use => inChromium(false, use) },
]

/** A report for one agency, sealed and opened, per size: in Node, in Chromium, in Chromium without JIT. */
export const measureSealing: Part = async ({ say }) => {
  const figures: Record<string, number> = {}
  for (const { name, label, rounds, run } of PLACES) {
    await run(async time => {
      for (const bucket of SIZE_BUCKETS) {
        const times = await time(bucket, rounds)
        const [seal, open] = [median(times.seal), median(times.open)]
        const size = `${String(bucket / KIB).padStart(3)} KiB`
        say(`${label.padEnd(20)} ${size}   seal ${seal.toFixed(1)} ms, open ${open.toFixed(1)} ms`)
        figures[`${name}_seal_${bucket / KIB}k_ms`] = round(seal)
        figures[`${name}_open_${bucket / KIB}k_ms`] = round(open)
      }
    })
  }
  return figures
}
