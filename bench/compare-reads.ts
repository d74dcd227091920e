// The service's reads and the bare routes in turns.
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
  { databaseUrl }: RunningService,
  { port, requests, bare, status }: Comparison,
) {
  const program = startProgram('bare-server', [databaseUrl])
  onEnd(() => program.stop())
  const barePort = await program.ask('listen')
  await program.ask('fill', await missingInHead(port, requests, barePort, bare))
  const rate = (of: readonly Buffer[], at: number, seconds: number) =>
    measure({ port: at, next: cycle(of, seconds), status })
  const own = await rate(requests, port, WARM_UP_SECONDS)
  const yardstick = await rate(bare, barePort, WARM_UP_SECONDS)
  if (Math.abs(own.answerBytes - yardstick.answerBytes) > 64) {
    throw new Error(`answers of ${own.answerBytes} and ${yardstick.answerBytes} bytes cannot be compared`)
  }
  const result = await alternate(
    ROUNDS,
    async () => (await rate(requests, port, SECONDS)).perSecond,
    async () => (await rate(bare, barePort, SECONDS)).perSecond,
  )
  await program.stop()
  const line =
    `${result.first.toFixed(0)}/s, bare verified read ${result.second.toFixed(0)}/s, ` +
    `ratio ${result.ratio.toFixed(2)} (at least 0.7)`
  return { ...result, line }
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
