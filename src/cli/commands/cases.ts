import { type Command, Option } from 'commander'
import { type CaseSummary, type Device, InvalidInput, readCases, watchCases } from '../../client/index.ts'
import { STANDINGS, STATES } from '../../protocol/lifecycle-phases.ts'
import { dueFirst, dueMark, isOverdue } from '../casework/due.ts'
import { connectDevice, type KeyOptions, run, withKeyOptions } from '../context.ts'
import { shownCase } from '../hex.ts'
import type { Output } from '../output.ts'

interface CasesOptions extends KeyOptions {
  readonly watch?: boolean
  readonly after?: string
  readonly due?: boolean
}

const SIGNALS = `
With --watch it runs until Ctrl-C (SIGINT) or SIGTERM, which ends it at once, between two lines, with exit code 0;
a second Ctrl-C kills it. With --json each case is one line. A service that goes away is waited for.`

export function addCases(program: Command): void {
  withKeyOptions(program.command('cases'))
    .summary('list the cases of your agency')
    .description('Lists the cases that are assigned to your agency.')
    .option('--watch', 'go on, and show cases as they come and change')
    .addOption(
      new Option('--due', 'by their due day, what is overdue first; none that has no due day').conflicts(
        'watch',
      ),
    )
    .option('--after <cursor>', 'only what is new or changed since a listing with this cursor')
    .addHelpText('after', SIGNALS)
    .action((options: CasesOptions) => run(options, output => cases(options, output)))
}

async function cases(options: CasesOptions, output: Output): Promise<undefined> {
  const after = readCursor(options.after)
  const device = await connectDevice(options, output)
  if (options.watch) return watch(device, after, output)
  const { found, cursor } = await readAll(device, after)
  const { today } = device.trust
  const shown = options.due ? dueFirst(found) : found
  const lines = shown.map(summary => caseLine(summary, today, output))
  output.result(
    { agency: device.agency.id, cases: shown.map(summary => caseJson(summary, today)), cursor },
    lines.length === 0 ? [options.due ? output.words.work.nothingDue : output.words.noCases] : lines,
  )
  return undefined
}

export function readCursor(text = '0'): number {
  const cursor = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(cursor)) throw new InvalidInput('the cursor is the whole number of an earlier listing')
  return cursor
}

async function readAll(device: Device, after: number): Promise<{ found: CaseSummary[]; cursor: number }> {
  const found = new Map<string, CaseSummary>()
  let cursor = after
  for (;;) {
    const list = await readCases(device, { after: cursor })
    // A case that changes while it is listed comes again at the end.
    for (const summary of list?.cases ?? []) {
      found.delete(summary.case)
      found.set(summary.case, summary)
    }
    cursor = list?.cursor ?? cursor
    if (!list?.more) return { found: [...found.values()], cursor }
  }
}

async function watch(device: Device, after: number, output: Output): Promise<undefined> {
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  // `once`: the next signal does what signals do.
  process.once('SIGINT', stop).once('SIGTERM', stop)
  output.remark(output.words.watching)
  const onUnreachable = () => output.remark(output.words.waitingForService)
  for await (const summary of watchCases(device, { after, signal: stopping.signal, onUnreachable })) {
    const { today } = device.trust
    const value = { agency: device.agency.id, ...caseJson(summary, today) }
    output.result(value, [caseLine(summary, today, output)])
  }
  process.off('SIGINT', stop).off('SIGTERM', stop)
  return undefined
}

const caseJson = (summary: CaseSummary, today: string) => ({
  ...summary,
  case: shownCase(summary.case),
  overdue: isOverdue(summary, today),
})

function caseLine(summary: CaseSummary, today: string, output: Output): string {
  const { words, colour, lang } = output
  const marks = [
    ...dueMark(summary, today, output),
    ...summary.standing.flatMap(one => (one === 'holder' ? [] : [STANDINGS[one][lang]])),
    ...(summary.urgent ? [colour.bad(words.urgent)] : []),
    ...(summary.withdrawalWished ? [colour.bad(words.withdrawalWished)] : []),
    ...(summary.followUps > 0 ? [words.followUpCount(summary.followUps)] : []),
  ]
  const state =
    summary.state === 'acknowledged' ? STATES[summary.stage][lang] : words.caseState[summary.state]
  const size = `≤ ${summary.bucket / 1024} KiB`
  return [colour.strong(shownCase(summary.case)), summary.day, state, size, ...marks].join('  ')
}
