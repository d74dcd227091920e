import { readFile } from 'node:fs/promises'
import { each, measure } from '../load.ts'
import type { Part } from '../part.ts'
import { submissions } from '../requests.ts'
import { knownOf, startService } from '../service.ts'
import { median, round } from '../statistics.ts'

const WARM_UP = 20_000
const SUBMISSIONS = 100_000
const BATCH = 5_000
/** On a machine that is busy with other things there are fewer, and the output says how many. */
const MOST_SECONDS = 300

/** The service's resident memory over 100,000 submissions, after a warm-up. */
export const measureMemory: Part = async ({ folder, say, onEnd }) => {
  const running = await startService(await folder())
  onEnd(() => running.stop())
  const known = await knownOf(running)
  const submit = () =>
    measure({ port: running.reporterPort, next: each(submissions(known, BATCH)), status: 200 })
  for (let i = 0; i < WARM_UP / BATCH; i++) await submit()
  const sizes = [await residentMib(running.pid)]
  const until = performance.now() + MOST_SECONDS * 1000
  for (let i = 0; i < SUBMISSIONS / BATCH && performance.now() < until; i++) {
    await submit()
    sizes.push(await residentMib(running.pid))
  }
  await running.stop()
  // Garbage comes and goes: the median of the first quarter against that of the last.
  const quarter = Math.ceil(sizes.length / 4)
  const growth = median(sizes.slice(-quarter)) - median(sizes.slice(0, quarter))
  say(`resident, MiB, every ${BATCH}: ${sizes.map(size => size.toFixed(0)).join(' ')}`)
  const count = (sizes.length - 1) * BATCH
  say(`growth over ${count} submissions after the first ${WARM_UP}: ${growth.toFixed(1)} MiB`)
  return {
    memory_submissions: count,
    rss_mib_growth: round(growth, 1),
    rss_mib: round(sizes.at(-1) ?? Number.NaN, 0),
  }
}

async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}
