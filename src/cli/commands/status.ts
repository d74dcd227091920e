import type { Command } from 'commander'
import { type AgencyStatus, type ReportStatus, readStatus, type Trust } from '../../client/index.ts'
import { toHex } from '../../protocol/encoding.ts'
import { eventJson } from '../casework/history.ts'
import { toldJson, toldLines } from '../casework/told.ts'
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
    ...found.agencies.flatMap(agency => [
      agencyLine(agency, output),
      ...(agency.contradicted ? [`    ${output.colour.bad(words.work.contradicted(agency.state))}`] : []),
      ...toldLines(trust, found, agency, output),
    ]),
    ...(found.followUps.length > 0 ? [words.followUpCount(found.followUps.length)] : []),
  ]
}

function agencyLine(agency: AgencyStatus, { words, colour, lang }: Output): string {
  const name = neutralise(agency.names?.[lang] ?? agency.id)
  const answers = agency.events.filter(({ verdict }) => verdict === agency.answer)
  const byPerson = answers.findLast(({ role }) => role !== 'machine')
  const day = (byPerson ?? answers.at(-1))?.day ?? null
  const answer = words.agencyAnswer({ ...agency, day, byMachine: !byPerson })
  const paint = {
    acknowledged: colour.good,
    forged: colour.bad,
    unopenable: colour.bad,
    waiting: colour.faint,
  }
  return `  ${colour.strong(name)}: ${paint[agency.answer](answer)}`
}
