import { type Cpu, costOf, describeCost, middleCost, totalCost } from '../cpu.ts'
import { each, type Measured, measure } from '../load.ts'
import type { Part } from '../part.ts'
import { startProgram } from '../programs/tasks.ts'
import { AGENCY, submissions } from '../requests.ts'
import { knownOf } from '../service.ts'
import { alternate, median, percentile, round } from '../statistics.ts'

const ROUNDS = 7
const WARM_UP = 2000
/** As many as take about this long: a rate that lasts, collection of garbage and all. */
const ROUND_SECONDS = 5
/** A receipt as the service gives it has this many characters; the yardstick stores one as long. */
const RECEIPT_LENGTH = 299

/** Acknowledged submissions a second against the same rows inserted through bare pg. */
export const measureSubmissions: Part = async ({ service, say }) => {
  const running = await service()
  const known = await knownOf(running)
  const bare = startProgram('bare-insert', [running.databaseUrl, 'r'.repeat(RECEIPT_LENGTH), AGENCY])
  const all: Measured[] = []
  const costs: { own: Cpu[]; bare: Cpu[] } = { own: [], bare: [] }
  const submit = async (count: number) => {
    const next = each(submissions(known, count))
    const { measured, cost } = await costOf(running, () =>
      measure({ port: running.reporterPort, next, status: 200 }),
    )
    costs.own.push(cost)
    all.push(measured)
    return measured.perSecond
  }
  const insert = async (count: number) => {
    await bare.ask('prepare', count)
    const { measured, cost } = await costOf({ pid: bare.pid, folder: running.folder }, async () => ({
      count,
      seconds: await bare.ask('run'),
    }))
    costs.bare.push(cost)
    return count / measured.seconds
  }
  try {
    await submit(WARM_UP)
    await insert(WARM_UP)
    const perRound = Math.ceil((await submit(WARM_UP)) * ROUND_SECONDS)
    const result = await alternate(
      ROUNDS,
      () => submit(perRound),
      () => insert(perRound),
    )
    const p50 = median(all.map(({ latencies }) => percentile(latencies, 0.5)))
    const p99 = median(all.map(({ latencies }) => percentile(latencies, 0.99)))
    say(
      `acknowledged submissions    ${result.first.toFixed(0)}/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    )
    say(`the same rows, bare pg      ${result.second.toFixed(0)}/s`)
    const [own, insertion] = [middleCost(costs.own), middleCost(costs.bare)]
    say(`CPU of a submission         ${describeCost(own)}`)
    say(`CPU of a bare insertion     ${describeCost(insertion)}`)
    say(`ratio                       ${result.ratio.toFixed(2)} (at least 0.5; the aim is 1.0)`)
    return {
      submissions_vs_bare_insert: round(result.ratio),
      submissions_per_second: round(result.first, 0),
      bare_inserts_per_second: round(result.second, 0),
      submissions_cpu_us: totalCost(own),
      bare_insert_cpu_us: totalCost(insertion),
      submissions_p50_ms: round(p50, 1),
      submissions_p99_ms: round(p99, 1),
    }
  } finally {
    await bare.stop()
  }
}
