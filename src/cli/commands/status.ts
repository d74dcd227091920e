import type { Command } from 'commander'
import { type AgencyStatus, type ReportStatus, readStatus } from '../../client/index.ts'
import { toHex } from '../../protocol/encoding.ts'
import { type CodeFileOptions, connectReporter, deploymentOf, run, withCodeOptions } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { Output } from '../output.ts'
import { neutralise } from '../terminal.ts'

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
  output.result({ ...deploymentOf(reporter.trust), ...statusJson(found) }, statusLines(found, output))
  return found.agencies.some(({ answer }) => answer === 'forged') ? EXIT.unproven : undefined
}

function statusJson(found: ReportStatus) {
  return {
    state: found.state,
    day: found.day,
    digest: toHex(found.digest),
    leaf: toHex(found.receipt.leaf),
    agencies: found.agencies.map(({ head, ...agency }) => ({ ...agency, head: toHex(head) })),
    followUps: found.followUps.map(({ index, day, digest }) => ({ index, day, digest: toHex(digest) })),
  }
}

function statusLines(found: ReportStatus, output: Output): string[] {
  const { words } = output
  return [
    words.reportState(found.state, found.day),
    ...found.agencies.map(agency => agencyLine(agency, output)),
    ...(found.followUps.length > 0 ? [words.followUpCount(found.followUps.length)] : []),
  ]
}

function agencyLine(agency: AgencyStatus, { words, colour, lang }: Output): string {
  const name = neutralise(agency.names?.[lang] ?? agency.id)
  const answered = agency.events.findLast(({ verdict }) => verdict === agency.answer)
  const answer = words.agencyAnswer({ ...agency, day: answered?.day ?? null })
  const paint = {
    acknowledged: colour.good,
    forged: colour.bad,
    unopenable: colour.bad,
    waiting: colour.faint,
  }
  return `  ${colour.strong(name)}: ${paint[agency.answer](answer)}`
}
