// What a part of the bench is given and gives back.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningService, startService } from './service.ts'

/** Named figures for --json. */
export type Figures = Readonly<Record<string, number>>

export interface Bench {
  /** One service that parts share, started when the first one asks. */
  service(): Promise<RunningService>
  /** A new empty folder. */
  folder(): Promise<string>
  /** Something to be ended when the bench ends, whatever happens; the last one first. */
  onEnd(end: () => Promise<void>): void
  say(line: string): void
}

export type Part = (bench: Bench) => Promise<Figures>

export async function withBench(say: Bench['say'], run: (bench: Bench) => Promise<void>): Promise<void> {
  const ends: (() => Promise<void>)[] = []
  const onEnd: Bench['onEnd'] = end => {
    ends.push(end)
  }
  const folder = async () => {
    const path = await mkdtemp(join(tmpdir(), 'bongsu-bench-'))
    onEnd(() => rm(path, { recursive: true, force: true }))
    return path
  }
  let shared: Promise<RunningService> | undefined
  const service = () => {
    shared ??= folder()
      .then(path => startService(path))
      .then(running => {
        onEnd(running.stop)
        return running
      })
    return shared
  }
  try {
    await run({ service, folder, onEnd, say })
  } finally {
    for (const end of ends.reverse()) await end().catch(() => {})
  }
}
