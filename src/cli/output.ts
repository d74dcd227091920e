// The only place that writes: one JSON object with --json, calm sentences without.

import { canRewriteLines, type Language, wantsColour } from './config.ts'
import { EXIT, type ExitCode, type Failure } from './exit.ts'
import { neutralise, safeJson } from './terminal.ts'
import { type Words, wordsIn } from './words/index.ts'

export interface Output {
  readonly json: boolean
  readonly lang: Language
  readonly words: Words
  readonly colour: Colour
  /** What a command has to say, once; for programs the value, for people the lines. */
  result(value: object, lines: readonly string[]): void
  /** Beside the result, on standard error; people only. */
  remark(line: string): void
  /** One line on standard error that the next one replaces; null takes it away. Terminals only. */
  progress: ((line: string | null) => void) | null
  failure(failure: Failure): void
}

export interface Colour {
  strong(text: string): string
  faint(text: string): string
  good(text: string): string
  bad(text: string): string
}

const painted = (on: boolean): Colour => {
  const paint = (code: number) => (text: string) => (on ? `\u001b[${code}m${text}\u001b[0m` : text)
  return { strong: paint(1), faint: paint(2), good: paint(32), bad: paint(31) }
}

export function createOutput({ json, lang }: { json: boolean; lang: Language }): Output {
  const words = wordsIn(lang)
  const live = createLiveLine(!json && process.stderr.isTTY === true && canRewriteLines())
  return {
    json,
    lang,
    words,
    colour: painted(!json && process.stdout.isTTY === true && wantsColour()),
    progress: live.isThere ? live.show : null,
    result: (value, lines) => {
      live.show(null)
      if (json) console.log(safeJson(value))
      else for (const line of lines) console.log(line)
    },
    remark: line => {
      live.show(null)
      if (!json) console.error(line)
    },
    failure: failure => {
      live.show(null)
      const { kind, detail, exit } = failure
      if (json) console.log(safeJson({ error: { kind, detail, exit } }))
      else console.error(neutralise(words.failure(failure)))
    },
  }
}

function createLiveLine(isThere: boolean) {
  let isShown = false
  const show = (line: string | null) => {
    if (!isThere || (line === null && !isShown)) return
    process.stderr.write(line === null ? '\r\u001b[K' : `\r${line}\u001b[K`)
    isShown = line !== null
  }
  return { isThere, show }
}

/** Commander's help and usage errors. */
export const writeOut = (text: string): void => console.log(text.replace(/\n$/, ''))
export const writeErr = (text: string): void => console.error(text.replace(/\n$/, ''))

/** A reader that goes away (`| head`) ends the program without a word. */
export function endQuietlyWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
    throw error
  })
}

export function endWith(code: ExitCode): void {
  process.exitCode = code
}

export const writeUsageFailure = (detail: string): void =>
  console.log(safeJson({ error: { kind: 'usage', detail, exit: EXIT.usage } }))
