import type { Command } from 'commander'
import { type ReportStatus, readStatus, type Trust } from '../../client/index.ts'
import { toHex } from '../../protocol/encoding.ts'
import { eventJson } from '../casework/history.ts'
import { agencyLines, movedLines, toldJson } from '../casework/told.ts'
import { type CodeFileOptions, connectReporter, deploymentOf, run, withCodeOptions } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { Output } from '../output.ts'

export function addStatus(program: Command): void {
  withCodeOptions(program.command('status'))
    .summary('see how your report stands')
    .description(
      'Shows what is proven about your report: received, opened, by whom. Asks for the receipt code.',
    )
    .action((options: CodeFileOptions) => run(options, output => status(options, output)))
}

async function status(options: CodeFileOptions, output: Output): Promise<ExitCode | undefined> {
  const reporter = await connectReporter(options, output)
  const found = await readStatus(reporter)
  const { trust } = reporter
  output.result({ ...deploymentOf(trust), ...statusJson(trust, found) }, statusLines(trust, found, output))
  const isProven = found.agencies.every(({ answer, contradicted }) => answer !== 'forged' && !contradicted)
  return isProven ? undefined : EXIT.unproven
}

function statusJson(trust: Trust, found: ReportStatus) {
  return {
    state: found.state,
    day: found.day,
    digest: toHex(found.digest),
    leaf: toHex(found.receipt.leaf),
    agencies: found.agencies.map(agency => ({
      ...agency,
      ...toldJson(trust, found, agency),
      head: toHex(agency.head),
      events: agency.events.map(eventJson),
    })),
    followUps: found.followUps.map(({ index, day, digest }) => ({ index, day, digest: toHex(digest) })),
  }
}

function statusLines(trust: Trust, found: ReportStatus, output: Output): string[] {
  const { words } = output
  return [
    words.reportState(found.state, found.day),
    ...movedLines(trust, found, output),
    ...found.agencies.flatMap(agency => agencyLines(trust, found, agency, output)),
    ...(found.followUps.length > 0 ? [words.followUpCount(found.followUps.length)] : []),
  ]
}
