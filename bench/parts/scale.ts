import { fillReports } from '../fill.ts'
import { cycle, each, measure } from '../load.ts'
import type { Bench, Part } from '../part.ts'
import { devicePair, mailboxReads, randomPair, submissions } from '../requests.ts'
import { knownOf, startService } from '../service.ts'
import { alternate, round } from '../statistics.ts'
import { unchangedPolls } from './cases.ts'

const SMALL = 1_000
const LARGE = 1_000_000
const ROUNDS = 7
const SECONDS = 1
const SUBMISSIONS = 1_500
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
    bench.say(
      `${what.padEnd(12)} ${SMALL} stored ${result.first.toFixed(0)}/s, ${LARGE} stored ` +
        `${result.second.toFixed(0)}/s: ${result.ratio.toFixed(2)} times as slow (at most 1.2)`,
    )
    figures[`scale_${what}_slowdown`] = round(result.ratio)
    slowdowns.push(result.ratio)
  }
  await small.stop()
  await large.stop()
  return { scale_slowdown: round(Math.max(...slowdowns)), ...figures }
}

async function worldWith(bench: Bench, reports: number) {
  const folder = await bench.folder()
  await startService(folder).then(({ stop }) => stop())
  const begun = performance.now()
  const stored = await fillReports(folder, reports)
  const seconds = (performance.now() - begun) / 1000
  bench.say(`${reports} reports stored in ${seconds.toFixed(0)} s: ${stored}`)
  const running = await startService(folder)
  bench.onEnd(() => running.stop())
  const known = await knownOf(running)
  const device = await devicePair(folder)
  const rate = async (load: Parameters<typeof measure>[0]) => (await measure(load)).perSecond
  const reads = mailboxReads(known, Array.from({ length: READERS }, randomPair))
  let polls: Buffer[] | undefined
  return {
    stop: running.stop,
    submissions: () => {
      const next = each(submissions(known, SUBMISSIONS))
      return rate({ port: running.reporterPort, next, status: 200 })
    },
    mailbox: () => rate({ port: running.reporterPort, next: cycle(reads, SECONDS), status: 200 }),
    cases: async () => {
      polls ??= await unchangedPolls(running, known, device)
      return rate({ port: running.agencyPort, next: cycle(polls, SECONDS), status: 304 })
    },
  }
}
