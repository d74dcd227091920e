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
const JOBS = /^execute (feed-|count-documents|forget-)/

/** How much of each parameter is there, and of what sort; never its value. */
const describeParameters = (text: string) =>
  text.replace(/'((?:[^']|'')*)'/g, (_, value: string) =>
    /^\\x[0-9a-f]*$/.test(value) ? `bytea(${(value.length - 2) / 2})` : `text(${value.length})`,
  )

/** Statement and parameters, one text each, in their order. */
function parse(log: string): string[] {
  // A statement of several lines goes on after a tab.
  const entries = log.replaceAll('\n\t', ' ').split('\n')
  const statements: string[] = []
  for (const entry of entries) {
    const [, kind, rest = ''] = /^\d+ (LOG|DETAIL): {2}(.*)$/.exec(entry) ?? []
    if (kind === 'LOG') statements.push(rest.replaceAll(/\s+/g, ' '))
    if (kind === 'DETAIL') statements.push(`${statements.pop()} ← ${describeParameters(rest)}`)
  }
  return statements.filter(text => !JOBS.test(text))
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
  return { answer, statements: parse(log.slice(from, log.lastIndexOf('\n', log.lastIndexOf(end)))) }
}
