// What may be logged: job names, route patterns, statuses, error names and codes. Never a URL, an address,
// a header, a message from PostgreSQL (it quotes rows), or anything of a single request on the reporters' side.
import { type Logger, pino } from 'pino'

export type { Logger }

export function createLogger(level: string): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // What a caller has described already stays as it is.
    serializers: { err: (error: unknown) => (error instanceof Error ? describeError(error) : error) },
  }
  // Standard output belongs to the command: what `serve` prints there is its result.
  return pino(options, pino.destination({ fd: 2, sync: true }))
}

/** Name, code and first frames: an error's message may quote what somebody sent. */
export function describeError(error: unknown): { name: string; code?: string; frames?: string[] } {
  if (!(error instanceof Error)) return { name: typeof error }
  const cause = error.cause instanceof Error ? error.cause : error
  const code = 'code' in cause && typeof cause.code === 'string' ? { code: cause.code } : {}
  const frames = framesOf(error)
    .split('\n')
    .filter(line => /^\s+at /.test(line))
    .slice(0, 4)
    .map(line => line.trim().replace(/\(?(file:\/\/)?\/.*\/(src|node_modules)\//, '($2/'))
  return { name: cause.name, ...code, frames }
}

/** The stack behind the message, in which a line may look like a frame. */
function framesOf({ stack = '', message }: Error): string {
  const at = stack.indexOf(message)
  return at < 0 ? '' : stack.slice(at + message.length)
}

/** What nobody caught ends the program, as ever; and is told like any other error, without its message. */
export function endOnFault(exitCode: number): void {
  process.once('uncaughtException', error => {
    createLogger('fatal').fatal(describeError(error), 'ended by a fault')
    process.exit(exitCode)
  })
}
