import { type Filling, fillReports } from './fill.ts'
import type { Bench } from './part.ts'
import { devicePair } from './requests.ts'
import { knownOf, startService } from './service.ts'

/** A service with so many reports stored, what a client must know of it, and the agency's device. */
export async function startFilled(bench: Bench, count: number, filling?: Filling) {
  const folder = await bench.folder()
  await startService(folder).then(({ stop }) => stop())
  const begun = performance.now()
  const stored = await fillReports(folder, count, filling)
  const seconds = (performance.now() - begun) / 1000
  bench.say(`${count} reports stored in ${seconds.toFixed(0)} s: ${stored}`)
  const running = await startService(folder)
  bench.onEnd(() => running.stop())
  return { running, known: await knownOf(running), device: await devicePair(folder) }
}
