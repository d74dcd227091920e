import type { Command } from 'commander'
import {
  type CaseSummary,
  type Device,
  InvalidInput,
  type PickedUp,
  pickUp,
  readCases,
  watchCases,
} from '../../client/index.ts'
import { connectDevice, type KeyOptions, run, withKeyOptions } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { shownCase } from '../hex.ts'
import type { Output } from '../output.ts'
import { readCursor } from './cases.ts'

interface PickupOptions extends KeyOptions {
  readonly once?: boolean
  readonly after?: string
}

const ABOUT = `
For a machine whose certificate has the scopes intake and pickup. It acknowledges what is new, and hands the keys of reports and
follow-ups on to the devices of the agency's people, so that these open them without an intake device. The reporter is told that
a machine took the report in, and no person yet. It can do nothing else: no replies, no files, no other action. What does not
open or does not hold is left for a person, and named: with --once the exit code is then 4.

Without --once it runs until Ctrl-C (SIGINT) or SIGTERM; a service that goes away is waited for. With --json each case is a line.`

export function addPickup(program: Command): void {
  withKeyOptions(program.command('pickup'))
    .summary('let a machine acknowledge cases and hand their keys on')
    .description('Acknowledges new cases and follow-ups and hands their keys on to the agency’s people.')
    .option('--once', 'only what there is now')
    .option('--after <cursor>', 'only what is new or changed since a listing with this cursor')
    .addHelpText('after', ABOUT)
    .action((options: PickupOptions) => run(options, output => pickup(options, output)))
}

async function pickup(options: PickupOptions, output: Output): Promise<ExitCode | undefined> {
  const after = readCursor(options.after)
  const device = await connectDevice(options, output)
  // From a person's device the same events say to the reporter that somebody opened the report.
  if (!device.certified.scopes.includes('pickup'))
    throw new InvalidInput('only a machine picks up: this device’s certificate has not the scope pickup')
  return options.once ? pickUpOnce(device, after, output) : pickUpForever(device, after, output)
}

async function pickUpOnce(device: Device, after: number, output: Output): Promise<ExitCode | undefined> {
  const results: PickedUp[] = []
  let cursor = after
  for (let more = true; more; ) {
    const list = await readCases(device, { after: cursor })
    for (const summary of list?.cases ?? []) results.push(await handle(device, summary))
    more = list?.more ?? false
    cursor = list?.cursor ?? cursor
  }
  const noted = results.filter(isNotable)
  const lines = noted.map(result => resultLine(result, output))
  output.result({ agency: device.agency.id, cases: results.map(resultJson), cursor }, [
    ...lines,
    output.words.work.pickup.done(results.filter(({ outcome }) => outcome === 'handed-on').length),
  ])
  return results.some(needsPerson) ? EXIT.unproven : undefined
}

async function pickUpForever(device: Device, after: number, output: Output): Promise<undefined> {
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  // `once`: the next signal does what signals do.
  process.once('SIGINT', stop).once('SIGTERM', stop)
  output.remark(output.words.watching)
  const onUnreachable = () => output.remark(output.words.waitingForService)
  for await (const summary of watchCases(device, { after, signal: stopping.signal, onUnreachable })) {
    const result = await handle(device, summary)
    if (isNotable(result)) output.result(resultJson(result), [resultLine(result, output)])
  }
  process.off('SIGINT', stop).off('SIGTERM', stop)
  return undefined
}

const handle = (device: Device, summary: CaseSummary) => pickUp(device, summary, { now: Date.now() })

const needsPerson = ({ outcome, unopened }: PickedUp) =>
  outcome === 'unopenable' || outcome === 'unproven' || outcome === 'no-key' || unopened.length > 0

/** What is said of a case: nothing where nothing had to be done. */
const isNotable = (result: PickedUp) => result.outcome === 'handed-on' || needsPerson(result)

const resultJson = ({ id, outcome, unopened }: PickedUp) => ({ case: shownCase(id), outcome, unopened })

function resultLine(result: PickedUp, { words, colour }: Output): string {
  const { id, outcome, unopened } = result
  const said = words.work.pickup
  const marks = unopened.length > 0 ? [said.unopened(unopened)] : []
  const line = [said.outcome[outcome], ...marks].join(' ')
  return `${colour.strong(shownCase(id))}  ${needsPerson(result) ? colour.bad(line) : line}`
}
