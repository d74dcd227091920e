import type { Command } from 'commander'
import {
  acknowledge,
  caseFiles,
  type Device,
  type FileList,
  InvalidInput,
  NotOpened,
  type OpenedCase,
  objectionsIn,
  openCase,
  type ReadCase,
  recordUnopenable,
} from '../../client/index.ts'
import { toHex } from '../../protocol/encoding.ts'
import { answerLines } from '../casework/answers.ts'
import { readUnbarred } from '../casework/barred.ts'
import { eventJson } from '../casework/history.ts'
import { objectionJson, objectionLines } from '../casework/objections.ts'
import { connectDevice, type KeyOptions, run, withKeyOptions } from '../context.ts'
import { EXIT, type ExitCode, failureOf } from '../exit.ts'
import {
  comparedJson,
  comparedLines,
  type Fingerprint,
  findMatches,
  fingerprintOf,
  type ListedIn,
  type Match,
} from '../files/compare.ts'
import { fileLines, filesJson } from '../files/listing.ts'
import { exitOf, prepareFolder, type Savings, saveFiles } from '../files/save.ts'
import { shownCase, typedCase } from '../hex.ts'
import { interruptible } from '../interruption.ts'
import type { Output } from '../output.ts'
import { quote } from '../terminal.ts'

interface OpenOptions extends KeyOptions {
  /** False with --no-record. */
  readonly record: boolean
  readonly save?: string
  readonly compare?: string
}

const ABOUT_SAVING = `
The files are a stranger’s: they may attack the machine that opens them, or call home and so give the reporter or your work
away. Open them on a machine set apart, without a network. They are saved under names made safe, with mode 0600, never over
another file, and only when they are whole and the ones that the message lists (else exit code 4). What was not saved leaves
nothing behind.`

export function addOpen(program: Command): void {
  withKeyOptions(program.command('open'))
    .summary('open a case and acknowledge it')
    .description(
      'Decrypts a case, checks that everything in it belongs together, and tells the reporter that it was opened; ' +
        'hands the keys on to the agency’s other devices. A report that does not open is recorded as that. ' +
        'Files are listed; --save fetches them. Who has a part in the matter does not open it: `bongsu conflict`.',
    )
    .argument('<case>', 'as `bongsu cases` shows it')
    .option('--no-record', 'look only: record neither an acknowledgement nor that it does not open')
    .option('--save <folder>', 'save the files of the report and its follow-ups there: see below')
    .option(
      '--compare <file>',
      'say which listed file this one is, and since when it is listed; 1 where it is none',
    )
    .addHelpText('after', ABOUT_SAVING)
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
  const print = options.compare === undefined ? null : await fingerprintOf(options.compare, output)
  if (options.save !== undefined) await prepareFolder(options.save)
  const device = await connectDevice(options, output)
  const read = await readUnbarred(device, id)
  try {
    const opened = await openCase(device, read)
    const recorded = options.record && (await acknowledge(device, opened, { now: Date.now() }))
    const savings = options.save === undefined ? null : await save(device, opened, options.save, output)
    const compared = print && { print, matches: findMatches(print, messagesOf(opened)) }
    const shown = { device, opened, recorded, savings, compared }
    output.result(caseJson(shown), linesOf(shown, output))
    return exitFor(shown)
  } catch (error) {
    if (!(error instanceof NotOpened) || error.reason !== 'unopenable') throw error
    return reportUnopenable(device, read, options, output)
  }
}

interface Shown {
  readonly device: Device
  readonly opened: OpenedCase
  readonly recorded: boolean
  /** Null where nothing was to be saved. */
  readonly savings: Savings | null
  readonly compared: { readonly print: Fingerprint; readonly matches: readonly Match[] } | null
}

function exitFor({ opened, savings, compared }: Shown): ExitCode | undefined {
  if (opened.withdrawal === 'forged') return EXIT.unproven
  const saved = savings ? exitOf(savings) : EXIT.ok
  return saved === EXIT.ok && compared?.matches.length === 0 ? EXIT.refused : saved
}

function messagesOf({ file, report, followUps }: OpenedCase): ListedIn[] {
  return [{ index: 0, day: file.day, files: report.files }, ...followUps]
}

function save(device: Device, opened: OpenedCase, folder: string, output: Output): Promise<Savings> {
  const messages = messagesOf(opened).flatMap(({ index, files }) =>
    files ? [{ list: files, read: caseFiles(device, opened.id, index) }] : [],
  )
  return interruptible(signal => saveFiles(messages, { folder, sender: 'reporter' }, output, signal))
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

function caseJson({ device, opened, recorded, savings, compared }: Shown) {
  const objections = objectionsIn(device, opened)
  return {
    case: shownCase(opened.id),
    day: opened.file.day,
    digest: toHex(opened.digest),
    urgent: opened.file.urgent,
    answers: opened.answers ?? { raw: opened.report.content },
    files: filesJson(opened.report.files, savings),
    followUps: opened.followUps.map(({ index, day, digest, text, files }, at) => ({
      index,
      day,
      digest: toHex(digest),
      text,
      objection: objectionJson(objections[at]),
      files: filesJson(files, savings),
    })),
    withdrawal: opened.withdrawal,
    events: opened.chain.events.map(eventJson),
    recorded,
    ...(compared ? { compared: comparedJson(compared.print, compared.matches) } : {}),
  }
}

const titleLine = ({ id, file }: OpenedCase, { words, colour }: Output) =>
  colour.strong(words.caseTitle(shownCase(id), file.day))

// Who asks about one file does not ask for the text.
function linesOf(shown: Shown, output: Output): string[] {
  const { opened, savings, compared } = shown
  if (!compared) return caseLines(shown, output)
  const before = savings ? [...caseLines(shown, output), ''] : [titleLine(opened, output)]
  return [...before, ...comparedLines(compared.print, compared.matches, output)]
}

function caseLines({ device, opened, recorded, savings }: Shown, output: Output): string[] {
  const { words, colour } = output
  const filesOf = (list: FileList | null) =>
    list ? ['', ...fileLines(list, output, { savings, keeper: 'reporter' })] : []
  const objections = objectionsIn(device, opened)
  const objectionOf = (at: number, index: number) => {
    const objection = objections[at]
    return objection ? objectionLines(device, opened, { objection, index }, output) : []
  }
  return [
    titleLine(opened, output),
    ...(opened.file.urgent ? [colour.bad(words.urgent)] : []),
    ...(opened.withdrawal === 'none' ? [] : [colour.bad(words.withdrawalState[opened.withdrawal])]),
    '',
    ...answerLines(device, opened, output),
    ...filesOf(opened.report.files),
    ...opened.followUps.flatMap(({ index, day, text, files }, at) => [
      '',
      colour.strong(words.followUpTitle(index, day)),
      ...objectionOf(at, index),
      ...(text === null ? [colour.bad(words.notOpened)] : quote(text)),
      ...filesOf(files),
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
