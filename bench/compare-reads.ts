// The service's reads and the bare routes in turns.
import { type Cpu, costOf, describeCost, middleCost, totalCost } from './cpu.ts'
import { cycle, measure, probe } from './load.ts'
import type { Bench } from './part.ts'
import { startProgram } from './programs/tasks.ts'
import type { RunningService } from './service.ts'
import { alternate } from './statistics.ts'

const ROUNDS = 7
const SECONDS = 1.5
const WARM_UP_SECONDS = 2

export interface Comparison {
  readonly port: number
  readonly requests: readonly Buffer[]
  readonly bare: readonly Buffer[]
  readonly status: number
}

export async function compareReads(
  { onEnd }: Bench,
  running: RunningService,
  { port, requests, bare, status }: Comparison,
) {
  const program = startProgram('bare-server', [running.databaseUrl])
  onEnd(() => program.stop())
  const barePort = await program.ask('listen')
  await program.ask('fill', await missingInHead(port, requests, barePort, bare))
  const costs: { own: Cpu[]; bare: Cpu[] } = { own: [], bare: [] }
  const run = async (side: 'own' | 'bare', seconds: number) => {
    const [at, of, pid] = side === 'own' ? [port, requests, running.pid] : [barePort, bare, program.pid]
    const { measured, cost } = await costOf({ pid, folder: running.folder }, () =>
      measure({ port: at, next: cycle(of, seconds), status }),
    )
    costs[side].push(cost)
    return measured
  }
  const own = await run('own', WARM_UP_SECONDS)
  const yardstick = await run('bare', WARM_UP_SECONDS)
  if (Math.abs(own.answerBytes - yardstick.answerBytes) > 64) {
    throw new Error(`answers of ${own.answerBytes} and ${yardstick.answerBytes} bytes cannot be compared`)
  }
  const result = await alternate(
    ROUNDS,
    async () => (await run('own', SECONDS)).perSecond,
    async () => (await run('bare', SECONDS)).perSecond,
  )
  await program.stop()
  const [ownCost, bareCost] = [middleCost(costs.own), middleCost(costs.bare)]
  const lines = [
    `${result.first.toFixed(0)}/s, bare verified read ${result.second.toFixed(0)}/s, ` +
      `ratio ${result.ratio.toFixed(2)} (at least 0.7)`,
    `CPU: ${describeCost(ownCost)}; bare ${describeCost(bareCost)}`,
  ]
  return { ...result, cpu: totalCost(ownCost), lines }
}

async function missingInHead(
  port: number,
  [request]: readonly Buffer[],
  barePort: number,
  [bare]: readonly Buffer[],
): Promise<number> {
  if (!request || !bare) return 0
  return (await probe(port, request)).length - (await probe(barePort, bare)).length
}
