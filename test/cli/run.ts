// The command as people run it: a process of its own.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { COMPILED } from '../support/compiled.ts'

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
  /** The one JSON object that --json printed. */
  readonly json: Record<string, unknown>
}

export interface RunOptions {
  readonly input?: string
  readonly lang?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')

export function start(args: readonly string[], { lang = 'en_US.UTF-8', cwd, env: more }: RunOptions = {}) {
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LANG: lang, ...COMPILED, ...more }
  return spawn(process.execPath, [MAIN, ...args], { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] })
}

export async function bongsu(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = start(args, options)
  const [out, err] = [collect(child.stdout), collect(child.stderr)]
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  const text = out()
  return { code, out: text, err: err(), json: args.includes('--json') ? oneObject(text) : {} }
}

export function collect(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', part => {
    text += part
  })
  return () => text
}

/** Throws unless the output is exactly one line with one object. */
function oneObject(text: string): Record<string, unknown> {
  if (!/^\{.*\}\n$/.test(text)) throw new Error(`not one JSON object on one line: ${text}`)
  return JSON.parse(text) as Record<string, unknown>
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`

/** In a terminal of its own, with this answer to the first question. */
export async function atTerminal(args: readonly string[], answer: string, question = '[y/N]') {
  const command = [process.execPath, MAIN, ...args].map(quoted).join(' ')
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LANG: 'en_US.UTF-8' }
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...env, SHELL: '/bin/sh', ...COMPILED },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const said = collect(child.stdout)
  let asked = false
  child.stdout.on('data', () => {
    if (asked || !said().includes(question)) return
    asked = true
    child.stdin.write(`${answer}\n`)
  })
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  return { code, asked, said: said() }
}
