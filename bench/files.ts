// What files pass through on their way, each alone: what the whole way is measured against.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { freemem } from 'node:os'
import { promisify } from 'node:util'
import type { Bench } from './part.ts'
import { startProgram } from './programs/tasks.ts'

export const MIB = 1024 * 1024
/** BENCH_FILES_MIB=64 tries the part out. */
export const FILE_MIB = Number(process.env.BENCH_FILES_MIB ?? '1024')

/** A file of chance on the disk. */
export async function writeChance(path: string, mib = FILE_MIB): Promise<void> {
  const handle = await open(path, 'w')
  for (let i = 0; i < mib; i++) await handle.write(randomBytes(MIB))
  await handle.sync()
  await handle.close()
}

const execute = promisify(execFile)

/** A file is written twice, to the log and to its table, and read once. */
const TOUCHED_MIB = 3 * FILE_MIB

/**
 * A virtual machine's memory is found by its host when it is touched for the first time, and a page that is written
 * to the disk then costs five times as much. Whoever writes over what was just deleted would be spared that.
 */
async function touchMemory(): Promise<void> {
  const mib = Math.floor(Math.min(TOUCHED_MIB, freemem() / MIB / 2))
  await execute(process.execPath, ['-e', `Array.from({ length: ${mib} }, () => Buffer.alloc(${MIB}, 1))`])
}

/**
 * MiB in a second, each measured from the same: what it will write is not there yet, the memory for it is, and nothing
 * of what ran before waits for the disk.
 */
export async function speedOf(run: () => Promise<void>, written?: string): Promise<number> {
  if (written) await rm(written, { force: true })
  await execute('sync')
  await touchMemory()
  const begun = performance.now()
  await run()
  return FILE_MIB / ((performance.now() - begun) / 1000)
}

export type Measured = Readonly<Record<string, number>>

export type YardstickName = 'seal' | 'seal-openssl' | 'open' | 'open-openssl' | 'hash' | 'send' | 'fetch'

export interface Yardsticks {
  /** Of the way there: the slowest counts. */
  there(): Promise<Measured>
  /** And of the way back. */
  back(): Promise<Measured>
}

/** By libsodium, as everywhere but in Node; the command has OpenSSL for it. */
export const BY_LIBSODIUM = 'libsodium'

export async function createYardsticks({ onEnd }: Bench, path: string, folder: string): Promise<Yardsticks> {
  const server = startProgram('plain-files', [folder])
  onEnd(() => server.stop())
  const port = await server.ask('listen')
  const alone = async (name: YardstickName) => {
    const program = startProgram('yardstick', [path, folder, `${port}`])
    onEnd(() => program.stop())
    const speed = await program.ask(name)
    await program.stop()
    return speed
  }
  return {
    there: async () => ({
      [BY_LIBSODIUM]: await alone('seal'),
      OpenSSL: await alone('seal-openssl'),
      hashing: await alone('hash'),
      'plain HTTP': await alone('send'),
    }),
    back: async () => ({
      [BY_LIBSODIUM]: await alone('open'),
      OpenSSL: await alone('open-openssl'),
      hashing: await alone('hash'),
      'plain HTTP': await alone('fetch'),
    }),
  }
}
