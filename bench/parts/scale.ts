import { type Cpu, costOf, describeCost, middleCost, totalCost } from '../cpu.ts'
import { startFilled } from '../filled.ts'
import { cycle, each, type Load, measure } from '../load.ts'
import type { Bench, Part } from '../part.ts'
import { mailboxReads, randomPair, submissions } from '../requests.ts'
import { alternate, round } from '../statistics.ts'
import { unchangedPolls } from './cases.ts'

const SMALL = 1_000
const LARGE = 1_000_000
const ROUNDS = 7
const SECONDS = 1
const SUBMISSIONS = 1_000
const READERS = 256

/** The same three requests with a thousand and with a million reports stored, two services in turns. */
export const measureScale: Part = async bench => {
  const small = await worldWith(bench, SMALL)
  const large = await worldWith(bench, LARGE)
  const figures: Record<string, number> = {}
  const slowdowns: number[] = []
  for (const what of ['submissions', 'mailbox', 'cases'] as const) {
    await small[what]()
    await large[what]()
    const result = await alternate(ROUNDS, small[what], large[what])
    const [smallCost, largeCost] = [middleCost(small.costs[what]), middleCost(large.costs[what])]
    bench.say(
      `${what.padEnd(12)} ${SMALL} stored ${result.first.toFixed(0)}/s, ${LARGE} stored ` +
        `${result.second.toFixed(0)}/s: ${result.ratio.toFixed(2)} times as slow (at most 1.2)`,
    )
    bench.say(`  CPU: ${describeCost(smallCost)}; ${describeCost(largeCost)}`)
    figures[`scale_${what}_slowdown`] = round(result.ratio)
    figures[`scale_${what}_cpu`] = round(totalCost(largeCost) / totalCost(smallCost))
    slowdowns.push(result.ratio)
  }
  await small.stop()
  await large.stop()
  return { scale_slowdown: round(Math.max(...slowdowns)), ...figures }
}

async function worldWith(bench: Bench, reports: number) {
  const { running, known, device } = await startFilled(bench, reports)
  const costs: Record<'submissions' | 'mailbox' | 'cases', Cpu[]> = {
    submissions: [],
    mailbox: [],
    cases: [],
  }
  const rate = async (what: keyof typeof costs, load: Load) => {
    const { measured, cost } = await costOf(running, () => measure(load))
    costs[what].push(cost)
    return measured.perSecond
  }
  const reads = mailboxReads(known, Array.from({ length: READERS }, randomPair))
  let polls: Buffer[] | undefined
  return {
    costs,
    stop: running.stop,
    submissions: () => {
      const next = each(submissions(known, SUBMISSIONS))
      return rate('submissions', { port: running.reporterPort, next, status: 200 })
    },
    mailbox: () => rate('mailbox', { port: running.reporterPort, next: cycle(reads, SECONDS), status: 200 }),
    cases: async () => {
      polls ??= await unchangedPolls(running, known, device)
      return rate('cases', { port: running.agencyPort, next: cycle(polls, SECONDS), status: 304 })
    },
  }
}
