// CPU that processes used: unlike a rate, hardly touched by whatever else the machine does. Linux only; elsewhere
// every figure is 0.
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { median } from './statistics.ts'

export interface Cpu {
  /** The thread that serves or sends. */
  readonly mainThread: number
  /** The whole process. */
  readonly process: number
  /** All of its PostgreSQL. */
  readonly postgres: number
}

const names = (folder: string) => readdir(folder).catch(() => [])

/** Microseconds so far. */
const used = async (task: string): Promise<number> =>
  Number((await readFile(join(task, 'schedstat'), 'utf8').catch(() => '0')).split(' ')[0]) / 1000

async function usedByProcess(pid: number): Promise<number> {
  const threads = (await names(`/proc/${pid}/task`)).map(thread => used(`/proc/${pid}/task/${thread}`))
  return sum(await Promise.all(threads))
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Each of PostgreSQL's processes works in its data folder. */
async function usedByPostgres(dataFolder: string): Promise<number> {
  const found = (await names('/proc')).filter(name => /^\d+$/.test(name))
  const all = found.map(async pid => {
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    return folder === join(dataFolder, 'postgres') ? usedByProcess(Number(pid)) : 0
  })
  return sum(await Promise.all(all))
}

async function read(pid: number, dataFolder: string): Promise<Cpu> {
  const mainThread = await used(`/proc/${pid}/task/${pid}`)
  return { mainThread, process: await usedByProcess(pid), postgres: await usedByPostgres(dataFolder) }
}

/** What each of the things that `run` did cost, microseconds. */
export async function costOf<Done extends { readonly count: number }>(
  { pid, folder }: { readonly pid: number; readonly folder: string },
  run: () => Promise<Done>,
): Promise<{ measured: Done; cost: Cpu }> {
  const before = await read(pid, folder)
  const measured = await run()
  const after = await read(pid, folder)
  const each = (of: keyof Cpu) => (after[of] - before[of]) / measured.count
  const cost = { mainThread: each('mainThread'), process: each('process'), postgres: each('postgres') }
  return { measured, cost }
}

export function middleCost(costs: readonly Cpu[]): Cpu {
  const middle = (of: keyof Cpu) => median(costs.map(cost => cost[of]))
  return { mainThread: middle('mainThread'), process: middle('process'), postgres: middle('postgres') }
}

export const totalCost = (cost: Cpu): number => Math.round(cost.process + cost.postgres)

export const describeCost = ({ mainThread, process, postgres }: Cpu): string =>
  `process ${process.toFixed(0)} µs (main thread ${mainThread.toFixed(0)}), PostgreSQL ${postgres.toFixed(0)} µs`
