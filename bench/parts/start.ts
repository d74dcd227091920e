import type { Part } from '../part.ts'
import { postmasterPid, startService } from '../service.ts'
import { median, round } from '../statistics.ts'

const ROUNDS = 5

/** From `bongsu serve` to the first answer that reaches the database, on a data folder that is there. */
export const measureStart: Part = async ({ folder, say, onEnd }) => {
  const data = await folder()
  const first = await startService(data)
  let running = first
  onEnd(() => running.stop())
  const clean: number[] = []
  for (let i = 0; i < ROUNDS; i++) {
    await running.stop()
    running = await startService(data)
    clean.push(running.startSeconds)
  }
  const crashed: number[] = []
  for (let i = 0; i < ROUNDS; i++) {
    process.kill(await postmasterPid(data), 'SIGKILL')
    await running.kill()
    running = await startService(data)
    crashed.push(running.startSeconds)
  }
  await running.stop()
  say(`first start, empty folder   ${first.startSeconds.toFixed(2)} s`)
  say(`start                       ${median(clean).toFixed(2)} s (under 3 s)`)
  say(`start after a kill of both  ${median(crashed).toFixed(2)} s`)
  return {
    start_seconds: round(median(clean)),
    first_start_seconds: round(first.startSeconds),
    start_after_kill_seconds: round(median(crashed)),
  }
}
