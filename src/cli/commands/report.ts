import { access, constants, open, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  formatReceiptCode,
  type PreparedReport,
  prepareReport,
  type ReportContent,
  type ReportInput,
  receiptCodeToWords,
  type Submitted,
  submitReport,
  type Trust,
  uploaderOf,
  VerificationFailed,
  type WordLanguage,
} from '../../client/index.ts'
import { toBase64url, toHex } from '../../protocol/encoding.ts'
import { LEAK_KINDS, TECHNOLOGY_FIELDS } from '../../protocol/taxonomy.ts'
import { type AddresseeOptions, type Addressees, chooseAddressees } from '../addressees.ts'
import type { Language } from '../config.ts'
import {
  type Connection,
  connect,
  deploymentOf,
  forParts,
  run,
  type ServiceOptions,
  withReporterOptions,
} from '../context.ts'
import { type ExitCode, type Failure, failureOf, WrongInput } from '../exit.ts'
import {
  type ChosenFiles,
  chooseFiles,
  draftFiles,
  type FileOptions,
  type SealedFiles,
  sendWithFiles,
} from '../files/attach.ts'
import { filesJson, sentFilesLines } from '../files/listing.ts'
import { withFileOptions } from '../files/options.ts'
import { readText } from '../input.ts'
import { interruptible } from '../interruption.ts'
import type { Output } from '../output.ts'
import { neutralise } from '../terminal.ts'
import { fileAndAgencies } from '../to-option.ts'
import { leavesUnsaid, mayHaveArrived } from '../unsent.ts'

interface ReportOptions extends ServiceOptions, FileOptions, AddresseeOptions {
  readonly urgent?: boolean
  readonly words?: WordLanguage
  readonly receipt?: string
}

export function addReport(program: Command, language: Language): void {
  withFileOptions(withReporterOptions(program.command('report')), language)
    .summary('seal a report and send it')
    .description('Seals a text for one to four agencies and sends it. Prints the receipt code, once.')
    .argument('[file]', 'the text, UTF-8; - is standard input')
    .option('--to <agency...>', 'ids of one to four agencies; without it, those the directory recommends')
    .option(
      '--not-for <agency>',
      'an agency that must never get it: the others’ devices refuse to pass it there; may be repeated',
      (id: string, before: readonly string[] = []) => [...before, id],
    )
    .addOption(codeOption('--kind <code>', 'kind of leak', LEAK_KINDS))
    .addOption(codeOption('--field <code>', 'field of technology', TECHNOLOGY_FIELDS))
    .option('--urgent', 'wake somebody now; the service learns this and the agencies, nothing more')
    .addOption(new Option('--words <language>', 'show the receipt code as 12 words').choices(['ko', 'en']))
    .option('--receipt <file>', 'save the signed receipt: it proves the submission and opens nothing')
    .option('--yes', 'ask nothing: send to the recommended agencies, and the files')
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

interface Progress {
  /** From here on it may have arrived. */
  sealed?: PreparedReport
}

async function report(asked: Asked, output: Output): Promise<ExitCode | undefined> {
  const progress: Progress = {}
  try {
    return await sealAndSend(asked, progress, output)
  } catch (error) {
    if (!progress.sealed && leavesUnsaid(error, asked)) output.remark(output.words.notSent)
    if (!progress.sealed || !(mayHaveArrived(error) || error instanceof VerificationFailed)) throw error
    const { exit, kind, detail } = failureOf(error)
    const code = codeOf(progress.sealed, asked)
    output.onlyResult({ error: { kind, detail, exit }, ...code }, output.words.maybeSent(shownCode(code)))
    return exit
  }
}

async function sealAndSend(asked: Asked, progress: Progress, output: Output): Promise<ExitCode | undefined> {
  const text = await readText(asked.file)
  if (text.trim() === '') throw new WrongInput('empty-text')
  const chosen = await chooseFiles(asked)
  if (asked.receipt !== undefined) await expectWritable(asked.receipt)
  const connection = await connect(asked, output)
  const { trust } = connection
  // With a receipt code in hand there is no first use: at another deployment it opens nothing.
  if (!trust.pinned) output.remark(output.words.firstUse(toBase64url(trust.deploymentId)))
  const addressees = await chooseAddressees(asked, trust, output)
  const { agencies } = addressees
  const input = { content: contentOf(text, asked, addressees), agencies, urgent: asked.urgent ?? false }
  // What cannot be sent is refused before its files are.
  if (chosen) await prepareReport(trust, { ...input, files: draftFiles(chosen) })
  const onSealed = (sealed: PreparedReport) => Object.assign(progress, { sealed })
  const sent = await send({ asked, chosen, input, onSealed }, connection, output)
  return printSent(asked, trust, sent, output)
}

interface ToSend {
  readonly asked: Asked
  readonly chosen: ChosenFiles | null
  readonly input: ReportInput
  /** Told before it is sent: from here on it may have arrived. */
  readonly onSealed: (report: PreparedReport) => void
}

interface Sent {
  readonly prepared: PreparedReport
  readonly files: SealedFiles | null
  readonly submitted: Submitted
}

function send(
  { asked, chosen, input, onSealed }: ToSend,
  { service, trust }: Connection,
  output: Output,
): Promise<Sent> {
  const uploader = uploaderOf(forParts(service), trust)
  const about = { uploader, deploymentId: trust.deploymentId, message: 'report', options: asked } as const
  return interruptible(signal =>
    sendWithFiles(chosen, { ...about, signal }, output, async files => {
      const prepared = await prepareReport(trust, { ...input, files })
      onSealed(prepared)
      return { prepared, files, submitted: await submitReport(service, trust, prepared, signal) }
    }),
  )
}

function contentOf(text: string, { kind, field }: ReportOptions, { notFor }: Addressees): ReportContent {
  return {
    version: 1,
    language: /\p{Script=Hangul}/u.test(text) ? 'ko' : 'en',
    what: text,
    ...(kind === undefined ? {} : { kind }),
    ...(field === undefined ? {} : { field }),
    ...(notFor.length > 0 ? { notFor: [...notFor] } : {}),
  }
}

const codeOf = ({ code }: PreparedReport, { words }: ReportOptions) => ({
  code: formatReceiptCode(code),
  ...(words === undefined ? {} : { words: receiptCodeToWords(code, words) }),
})

const shownCode = ({ code, words }: { code: string; words?: string }) => words ?? code

async function printSent(
  asked: Asked,
  trust: Trust,
  { prepared, files, submitted }: Sent,
  output: Output,
): Promise<ExitCode | undefined> {
  const { words, lang, colour } = output
  const code = codeOf(prepared, asked)
  const { receipt, note } = submitted
  const names = trust.directory.agencies
    .filter(({ id }) => prepared.agencies.includes(id))
    .map(agency => neutralise(agency.names[lang]))
  // The report is sent: whatever happens to the receipt's file, its code is shown.
  const unsaved = asked.receipt === undefined ? null : await saveReceipt(asked.receipt, note)
  const receiptFile = unsaved ? undefined : asked.receipt
  const list = files?.list ?? null
  output.onlyResult(
    {
      ...code,
      ...deploymentOf(trust),
      agencies: prepared.agencies,
      day: receipt.day,
      digest: toHex(prepared.digest),
      leaf: toHex(receipt.leaf),
      receipt: note,
      files: filesJson(list),
    },
    [
      ...sentFilesLines(list, output),
      ...words.sent({ names, day: receipt.day, code: colour.strong(shownCode(code)), receiptFile }),
    ],
  )
  if (!unsaved) return undefined
  output.remark(neutralise(words.failure(unsaved)))
  return unsaved.exit
}

/** Before anything is sent, and without leaving an empty file where nothing will be. */
async function expectWritable(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (isThere) await (await open(path, 'a')).close()
  else await access(`${dirname(path)}/`, constants.W_OK)
}

async function saveReceipt(path: string, note: string): Promise<Failure | null> {
  try {
    await writeFile(path, note, { mode: 0o600 })
    return null
  } catch (error) {
    return failureOf(error)
  }
}
