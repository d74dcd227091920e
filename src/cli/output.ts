// The only place that writes: one JSON object with --json, calm sentences without.

import { canRewriteLines, type Language, languageOf, wantsColour } from './config.ts'
import { EXIT, type ExitCode, type Failure, failureOf } from './exit.ts'
import { neutralise, safeJson } from './terminal.ts'
import { type Words, wordsIn } from './words/index.ts'

export interface Output {
  readonly json: boolean
  readonly lang: Language
  readonly words: Words
  readonly colour: Colour
  /** What a command has to say, once; for programs the value, for people the lines. */
  result(value: object, lines: readonly string[]): void
  /** The same, where it cannot be had again: what standard output does not take goes to standard error. */
  onlyResult(value: object, lines: readonly string[]): void
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
  const result = (value: object, lines: readonly string[]) => {
    live.show(null)
    for (const line of json ? [safeJson(value)] : lines) console.log(line)
  }
  return {
    json,
    lang,
    words,
    colour: painted(!json && process.stdout.isTTY === true && wantsColour()),
    progress: live.isThere ? live.show : null,
    result,
    onlyResult: (value, lines) => {
      untaken = json ? [safeJson(value)] : lines
      result(value, lines)
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

/** What is lost where standard output takes no more. */
let untaken: readonly string[] = []

/** A reader that goes away (`| head`) ends the program without a word; a full disk, with one. */
export function endWithStandardOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    for (const line of untaken) console.error(line)
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
    const failure = failureOf(error)
    console.error(neutralise(wordsIn(languageOf()).failure(failure)))
    process.exit(failure.exit)
  })
  // What is said there is said beside the matter: nobody has to take it.
  process.stderr.on('error', () => undefined)
}

export function endWith(code: ExitCode): void {
  process.exitCode = code
}

export const writeUsageFailure = (detail: string): void =>
  console.log(safeJson({ error: { kind: 'usage', detail, exit: EXIT.usage } }))
