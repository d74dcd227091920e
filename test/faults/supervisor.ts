// A service that is started again whenever it ends, and the ways to end it.
import { setTimeout as sleep } from 'node:timers/promises'
import {
  at,
  postgresProcesses,
  postmasterOf,
  type ServiceProcess,
  signal,
  spawnService,
} from '../support/service.ts'

/** Starts the service again whenever it ends, as systemd or a container runtime would, and nothing else. */
export async function supervise(folder: string) {
  const settings = { BONGSU_DATA: folder }
  const first = spawnService(settings)
  let current = first
  let isOver = false
  /** Ends that nobody asked for while PostgreSQL was left alone. */
  const deserted: string[] = []
  let excused = 0
  const listening = await first.running
  const keep = async () => {
    for (let service: ServiceProcess = first; ; service = current) {
      const killsBefore = excused
      await service.ended
      if (isOver) return
      const byItself = service.child.signalCode === null
      const hadStarted = service.output().includes('"running"')
      if (byItself && (hadStarted || killsBefore === excused)) deserted.push(service.output())
      await sleep(byItself ? 100 : 0)
      current = spawnService({ ...settings, ...at(listening) })
    }
  }
  const keeping = keep()
  return {
    listening,
    deserted,
    killService: () => current.kill(),
    /** A start may fail when PostgreSQL is killed under it: the next one makes good. */
    excuse: () => {
      excused++
    },
    async end() {
      isOver = true
      await current.stop()
      await keeping
    },
  }
}

export type Supervisor = Awaited<ReturnType<typeof supervise>>

export const KILLING = {
  service: async ({ killService }: Supervisor) => killService(),
  postmaster: async (_: Supervisor, folder: string) => {
    const pid = await postmasterOf(folder)
    if (pid !== null) signal(pid, 'SIGKILL')
  },
  backend: async (_: Supervisor, folder: string) => {
    const postmaster = await postmasterOf(folder)
    const others = (await postgresProcesses(folder)).filter(pid => pid !== postmaster)
    const pid = others[Math.floor(Math.random() * others.length)]
    if (pid !== undefined) signal(pid, 'SIGKILL')
  },
  both: async ({ killService }: Supervisor, folder: string) => {
    const pid = await postmasterOf(folder)
    killService()
    if (pid !== null) signal(pid, 'SIGKILL')
  },
  everything: async ({ killService }: Supervisor, folder: string) => {
    const pids = await postgresProcesses(folder)
    killService()
    for (const pid of pids) signal(pid, 'SIGKILL')
  },
} as const

export const WAYS = Object.keys(KILLING) as (keyof typeof KILLING)[]
