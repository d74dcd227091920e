// How the bench speaks with the programs that it measures against.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Task {
  readonly name: string
  readonly value: number
}

/** In the program: answers each task with a number. */
export function serveTasks(perform: (task: Task) => Promise<number>): void {
  process.on('message', async (task: Task) => {
    process.send?.(await perform(task))
  })
  process.on('disconnect', () => process.exit())
}

export interface Program {
  readonly pid: number
  ask(name: string, value?: number): Promise<number>
  stop(): Promise<void>
}

/** In the bench. */
export function startProgram(name: string, args: readonly string[]): Program {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const child: ChildProcess = fork(file, [...args])
  return {
    pid: child.pid ?? 0,
    ask(name, value = 0) {
      return new Promise((resolve, reject) => {
        const ended = () => reject(new Error(`${file} ended`))
        child.once('exit', ended).once('message', answer => {
          child.off('exit', ended)
          resolve(Number(answer))
        })
        child.send({ name, value } satisfies Task)
      })
    },
    async stop() {
      if (!child.connected) return
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}
