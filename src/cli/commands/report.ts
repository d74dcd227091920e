import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  agenciesToday,
  formatReceiptCode,
  InvalidInput,
  type PreparedReport,
  prepareReport,
  type ReportContent,
  RequestProblem,
  receiptCodeToWords,
  type Submitted,
  submitReport,
  type Trust,
  Unreachable,
  VerificationFailed,
  type WordLanguage,
} from '../../client/index.ts'
import { recommendAgencies } from '../../protocol/directory.ts'
import { toBase64url, toHex } from '../../protocol/encoding.ts'
import { LEAK_KINDS, TECHNOLOGY_FIELDS } from '../../protocol/taxonomy.ts'
import { connect, deploymentOf, run, type ServiceOptions, withReporterOptions } from '../context.ts'
import { Declined, type ExitCode, failureOf } from '../exit.ts'
import { confirm, readText } from '../input.ts'
import type { Output } from '../output.ts'
import { neutralise } from '../terminal.ts'
import { fileAndAgencies } from '../to-option.ts'

interface ReportOptions extends ServiceOptions {
  readonly to?: readonly string[]
  readonly kind?: string
  readonly field?: string
  readonly urgent?: boolean
  readonly words?: WordLanguage
  readonly receipt?: string
  readonly yes?: boolean
}

export function addReport(program: Command): void {
  withReporterOptions(program.command('report'))
    .summary('seal a report and send it')
    .description('Seals a text for one to four agencies and sends it. Prints the receipt code, once.')
    .argument('[file]', 'the text, UTF-8; - is standard input')
    .option('--to <agency...>', 'ids of one to four agencies; without it, those the directory recommends')
    .addOption(codeOption('--kind <code>', 'kind of leak', LEAK_KINDS))
    .addOption(codeOption('--field <code>', 'field of technology', TECHNOLOGY_FIELDS))
    .option('--urgent', 'wake somebody now; the service learns this and the agencies, nothing more')
    .addOption(new Option('--words <language>', 'show the receipt code as 12 words').choices(['ko', 'en']))
    .option('--receipt <file>', 'save the signed receipt: it proves the submission and opens nothing')
    .option('--yes', 'send to the recommended agencies without asking')
    .action((file: string | undefined, options: ReportOptions) =>
      run(options, output => report(fileAndAgencies(file, options), output)),
    )
}

function codeOption(flags: string, about: string, codes: Readonly<Record<string, { en: string }>>): Option {
  const list = Object.entries(codes).map(([code, { en }]) => `${code} ${en}`)
  return new Option(flags, `${about}: ${list.join(', ')}`).argParser(code => {
    if (!Object.hasOwn(codes, code)) throw new InvalidArgumentError(`No such ${about}.`)
    return code
  })
}

type Asked = ReportOptions & { readonly file: string }

async function report(asked: Asked, output: Output): Promise<ExitCode | undefined> {
  const text = await readText(asked.file)
  if (text.trim() === '') throw new InvalidInput('the text is empty')
  const { service, trust } = await connect(asked, output)
  // With a receipt code in hand there is no first use: at another deployment it opens nothing.
  if (!trust.pinned) output.remark(output.words.firstUse(toBase64url(trust.deploymentId)))
  const agencies = await chooseAgencies(asked, trust, output)
  const prepared = await prepareReport(trust, {
    content: contentOf(text, asked),
    agencies,
    urgent: asked.urgent ?? false,
  })
  try {
    const submitted = await submitReport(service, trust, prepared)
    if (asked.receipt !== undefined) await writeFile(asked.receipt, submitted.note, { mode: 0o600 })
    printSubmitted(asked, trust, { prepared, submitted }, output)
    return undefined
  } catch (error) {
    if (!mayHaveArrived(error)) throw error
    const { exit, kind, detail } = failureOf(error)
    const code = codeOf(prepared, asked)
    output.result({ error: { kind, detail, exit }, ...code }, output.words.maybeSent(shownCode(code)))
    return exit
  }
}

function contentOf(text: string, { kind, field }: ReportOptions): ReportContent {
  return {
    version: 1,
    language: /\p{Script=Hangul}/u.test(text) ? 'ko' : 'en',
    what: text,
    ...(kind === undefined ? {} : { kind }),
    ...(field === undefined ? {} : { field }),
  }
}

async function chooseAgencies(asked: Asked, trust: Trust, output: Output): Promise<readonly string[]> {
  const { words, lang } = output
  const known = agenciesToday(trust)
  const chosen = asked.to?.flatMap(entry => entry.split(',')).filter(Boolean) ?? []
  const unknown = chosen.filter(id => !known.some(agency => agency.id === id))
  if (unknown.length > 0) {
    const ids = known.map(agency => agency.id).join(', ')
    throw new InvalidInput(`no such agency: ${unknown.join(', ')} (there are: ${ids})`)
  }
  if (chosen.length > 0) return chosen
  const { kind, field } = asked
  const answers = { ...(kind === undefined ? {} : { kind }), ...(field === undefined ? {} : { field }) }
  const ids = recommendAgencies(trust.directory, answers, trust.today)
  const names = known
    .filter(({ id }) => ids.includes(id))
    .map(agency => `${agency.names[lang]} (${agency.id})`)
  output.remark(words.recommended(names.map(neutralise)))
  if (!asked.yes && !(await confirm(words.askSend))) throw new Declined()
  return ids
}

function mayHaveArrived(error: unknown): boolean {
  return (
    error instanceof Unreachable ||
    error instanceof VerificationFailed ||
    (error instanceof RequestProblem && error.status >= 500)
  )
}

const codeOf = ({ code }: PreparedReport, { words }: ReportOptions) => ({
  code: formatReceiptCode(code),
  ...(words === undefined ? {} : { words: receiptCodeToWords(code, words) }),
})

const shownCode = ({ code, words }: { code: string; words?: string }) => words ?? code

function printSubmitted(
  asked: Asked,
  trust: Trust,
  { prepared, submitted }: { prepared: PreparedReport; submitted: Submitted },
  { result, words, lang, colour }: Output,
): void {
  const code = codeOf(prepared, asked)
  const { receipt, note } = submitted
  const names = trust.directory.agencies
    .filter(({ id }) => prepared.agencies.includes(id))
    .map(agency => neutralise(agency.names[lang]))
  result(
    {
      ...code,
      ...deploymentOf(trust),
      agencies: prepared.agencies,
      day: receipt.day,
      digest: toHex(prepared.digest),
      leaf: toHex(receipt.leaf),
      receipt: note,
    },
    words.sent({ names, day: receipt.day, code: colour.strong(shownCode(code)), receiptFile: asked.receipt }),
  )
}
