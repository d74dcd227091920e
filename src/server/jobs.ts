// Work that is done on a beat rather than on a request.

import { Problem } from '../contract/problems.ts'
import { isUnavailable } from './database.ts'
import { describeError, type Logger } from './http/log.ts'

export interface Job {
  readonly name: string
  readonly everyMs: number
  readonly run: () => Promise<void>
}

export interface Jobs {
  /** Resolves when no job is running any more. */
  stop(): Promise<void>
}

/** Runs each job again and again, never twice at once; a failure is logged and the next beat tries again. */
export function startJobs(jobs: readonly Job[], log: Logger, onFailure: (job: string) => void): Jobs {
  const stopping = new AbortController()
  const loops = jobs.map(job => loop(job, log, onFailure, stopping.signal))
  return {
    async stop() {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

async function loop(
  job: Job,
  log: Logger,
  onFailure: (job: string) => void,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    try {
      await job.run()
    } catch (error) {
      onFailure(job.name)
      // PostgreSQL or an object store being away is told once, by whoever watches it.
      const isTold = isUnavailable(error) || (error instanceof Problem && error.kind === 'unavailable')
      if (!isTold) log.error({ job: job.name, err: describeError(error) }, 'job failed')
    }
    await pause(job.everyMs, stopping)
  }
}

function pause(milliseconds: number, stopping: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (stopping.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      stopping.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    stopping.addEventListener('abort', done)
  })
}
