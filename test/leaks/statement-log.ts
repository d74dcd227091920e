// What PostgreSQL's own log says was executed between two moments.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Session } from '../../src/server/database.ts'

/** Every statement with its parameters, in a cluster of its own: nothing that belongs in any other log. */
export const LOUD_LOG = {
  log_statement: 'all',
  log_parameter_max_length: '-1',
  log_error_verbosity: 'default',
  log_line_prefix: '%p ',
}

/** Statements of the jobs, which run whether anybody asks anything or not. */
const JOBS = /^execute (feed-|count-documents|forget-|blobs-(doom-expired|doomed))/

/** How much of each parameter is there, and of what sort; never its value. */
const describeParameters = (text: string) =>
  text.replace(/'((?:[^']|'')*)'/g, (_, value: string) =>
    /^\\x[0-9a-f]*$/.test(value) ? `bytea(${(value.length - 2) / 2})` : `text(${value.length})`,
  )

interface Entry {
  /** The connection's process. */
  readonly pid: string
  readonly text: string
}

/** Statement and parameters, one entry each, in their order. */
function parse(log: string): Entry[] {
  // A statement of several lines goes on after a tab.
  const lines = log.replaceAll('\n\t', ' ').split('\n')
  const entries: Entry[] = []
  for (const line of lines) {
    const [, pid, kind, rest = ''] = /^(\d+) (LOG|DETAIL): {2}(.*)$/.exec(line) ?? []
    if (pid === undefined) continue
    const last = entries.findLastIndex(entry => entry.pid === pid)
    const before = entries[last]
    if (kind === 'LOG') entries.push({ pid, text: rest.replaceAll(/\s+/g, ' ') })
    else if (before) entries[last] = { pid, text: `${before.text} ← ${describeParameters(rest)}` }
  }
  return entries
}

const isBegin = ({ text }: Entry) => text.startsWith('statement: begin')
const isEnd = ({ text }: Entry) => /^statement: (commit|rollback)$/.test(text)

/** Without the jobs' statements and transactions, and without what only ends or only begins here. */
function withoutJobs(entries: readonly Entry[]): string[] {
  const left = new Set(entries.filter(({ text }) => !JOBS.test(text)))
  for (const pid of new Set(entries.map(entry => entry.pid))) {
    let open: Entry[] | null = null
    const drop = (part: readonly Entry[]) => {
      for (const entry of part) left.delete(entry)
    }
    for (const entry of entries.filter(other => other.pid === pid)) {
      if (isBegin(entry)) open = [entry]
      else open?.push(entry)
      if (!isEnd(entry)) continue
      if (!open || open.some(({ text }) => JOBS.test(text))) drop(open ?? [entry])
      open = null
    }
    drop(open ?? [])
  }
  return entries.filter(entry => left.has(entry)).map(({ text }) => text)
}

let marks = 0

/** Runs something and says which statements it took, the jobs' aside. */
export async function statementsOf<T>(
  session: Session,
  folder: string,
  run: () => Promise<T>,
): Promise<{ answer: T; statements: string[] }> {
  const mark = async () => {
    const text = `select 'mark ${++marks}'`
    await session.query(text)
    return text
  }
  const [start, answer, end] = [await mark(), await run(), await mark()]
  const log = await readFile(join(folder, 'postgres.log'), 'utf8')
  const from = log.indexOf('\n', log.lastIndexOf(start))
  return {
    answer,
    statements: withoutJobs(parse(log.slice(from, log.lastIndexOf('\n', log.lastIndexOf(end))))),
  }
}
