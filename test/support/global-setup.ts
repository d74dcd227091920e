import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildIfStale } from '../../scripts/web/build.ts'
import { startEmbeddedPostgres } from '../../src/server/embedded-postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string
  }
}

const PREFIX = 'bongsu-test-'
// What a test run loses with its machine is of no worth.
const settings = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  max_connections: '300',
}

export const setup = async (project: TestProject) => {
  await removeLeftovers()
  await buildIfStale()
  const dataFolder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  const postgres = await startEmbeddedPostgres({ dataFolder, settings })
  project.provide('postgresUrl', postgres.connectionString)
  return async () => {
    await postgres.stop()
    await rm(dataFolder, { recursive: true, force: true })
  }
}

/** A run that was killed leaves its PostgreSQL behind: the next run takes it over and ends it. */
const removeLeftovers = async () => {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : Number.NaN
    if (!(pid > 0) || isAlive(pid)) continue
    const dataFolder = join(tmpdir(), name)
    const isOurs = (await stat(dataFolder).catch(() => undefined))?.uid === process.getuid?.()
    if (!isOurs) continue
    const left = await startEmbeddedPostgres({ dataFolder, settings }).catch(() => undefined)
    await left?.stop()
    await rm(dataFolder, { recursive: true, force: true })
  }
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
