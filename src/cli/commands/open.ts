import type { Command } from 'commander'
import {
  acknowledge,
  type Device,
  InvalidInput,
  NotOpened,
  type OpenedCase,
  openCase,
  type ReadCase,
  readCase,
  recordUnopenable,
} from '../../client/index.ts'
import { toHex } from '../../protocol/encoding.ts'
import { LEAK_KINDS, TECHNOLOGY_FIELDS } from '../../protocol/taxonomy.ts'
import { eventJson } from '../casework/history.ts'
import { connectDevice, type KeyOptions, run, withKeyOptions } from '../context.ts'
import { EXIT, type ExitCode, failureOf } from '../exit.ts'
import { shownCase, typedCase } from '../hex.ts'
import type { Output } from '../output.ts'
import { neutralise, quote } from '../terminal.ts'

interface OpenOptions extends KeyOptions {
  /** False with --no-record. */
  readonly record: boolean
}

export function addOpen(program: Command): void {
  withKeyOptions(program.command('open'))
    .summary('open a case and acknowledge it')
    .description(
      'Decrypts a case, checks that everything in it belongs together, and tells the reporter that it was opened; ' +
        'hands the keys on to the agency’s other devices. A report that does not open is recorded as that.',
    )
    .argument('<case>', 'as `bongsu cases` shows it')
    .option('--no-record', 'look only: record neither an acknowledgement nor that it does not open')
    .action((id: string, options: OpenOptions) => run(options, output => open(id, options, output)))
}

/** Throws `InvalidInput` unless it is a case id as we show them. */
export function caseIdOf(text: string): string {
  const id = typedCase(text)
  if (id === null) throw new InvalidInput('a case id is 32 hexadecimal digits, as `bongsu cases` shows it')
  return id
}

async function open(text: string, options: OpenOptions, output: Output): Promise<ExitCode | undefined> {
  const id = caseIdOf(text)
  const device = await connectDevice(options, output)
  const read = await readCase(device, id)
  try {
    const opened = await openCase(device, read)
    const recorded = options.record && (await acknowledge(device, opened, { now: Date.now() }))
    output.result(caseJson(opened, recorded), caseLines(opened, recorded, output))
    return opened.withdrawal === 'forged' ? EXIT.unproven : undefined
  } catch (error) {
    if (!(error instanceof NotOpened) || error.reason !== 'unopenable') throw error
    return reportUnopenable(device, read, options, output)
  }
}

async function reportUnopenable(
  device: Device,
  read: ReadCase,
  options: OpenOptions,
  { result, words }: Output,
): Promise<ExitCode> {
  const recorded = options.record && (await recordUnopenable(device, read, { now: Date.now() }))
  const { kind, detail, exit } = failureOf(new NotOpened('unopenable'))
  result({ error: { kind, detail, exit }, case: shownCase(read.id), recorded }, [words.unopenable(recorded)])
  return exit
}

function caseJson(opened: OpenedCase, recorded: boolean) {
  return {
    case: shownCase(opened.id),
    day: opened.file.day,
    digest: toHex(opened.digest),
    urgent: opened.file.urgent,
    answers: opened.answers ?? { raw: opened.report.content },
    followUps: opened.followUps.map(({ index, day, digest, text }) => ({
      index,
      day,
      digest: toHex(digest),
      text,
    })),
    withdrawal: opened.withdrawal,
    events: opened.chain.events.map(eventJson),
    recorded,
  }
}

function caseLines(opened: OpenedCase, recorded: boolean, output: Output): string[] {
  const { words, colour } = output
  return [
    colour.strong(words.caseTitle(shownCase(opened.id), opened.file.day)),
    ...(opened.file.urgent ? [colour.bad(words.urgent)] : []),
    ...(opened.withdrawal === 'none' ? [] : [colour.bad(words.withdrawalState[opened.withdrawal])]),
    '',
    ...answerLines(opened, output),
    ...opened.followUps.flatMap(({ index, day, text }) => [
      '',
      colour.strong(words.followUpTitle(index, day)),
      ...(text === null ? [colour.bad(words.notOpened)] : quote(text)),
    ]),
    '',
    lastLine(opened, recorded, output),
  ]
}

function lastLine({ file, chain }: OpenedCase, recorded: boolean, { words, colour }: Output): string {
  const isOffered = file.standing.every(standing => standing === 'proposed' || standing === 'invited')
  if (isOffered) return words.work.onlyOffered
  return colour.good(recorded ? words.acknowledgedNow : words.acknowledgedBefore(chain.events))
}

function answerLines({ answers, report }: OpenedCase, { words, colour, lang }: Output): string[] {
  if (!answers) return quote(report.content)
  const { version: _, language: __, what, kind, field, ...rest } = answers
  const names = [
    ...(kind ? [`${words.kind}: ${neutralise(kind)} ${LEAK_KINDS[kind]?.[lang] ?? ''}`] : []),
    ...(field ? [`${words.field}: ${neutralise(field)} ${TECHNOLOGY_FIELDS[field]?.[lang] ?? ''}`] : []),
  ]
  const others = Object.entries(rest).flatMap(([name, text]) => [colour.faint(name), ...quote(String(text))])
  return [...names, ...quote(what), ...others]
}
