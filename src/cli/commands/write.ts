import type { Command } from 'commander'
import {
  checkFollowUp,
  objectableIn,
  type Reporter,
  readStatus,
  type SentFollowUp,
  sendFollowUp,
  type ToldEvent,
  uploaderOf,
} from '../../client/index.ts'
import { toHex } from '../../protocol/encoding.ts'
import { deedOf } from '../casework/told.ts'
import type { Language } from '../config.ts'
import {
  type CodeFileOptions,
  connectReporter,
  deploymentOf,
  forParts,
  run,
  withCodeOptions,
} from '../context.ts'
import { WrongInput } from '../exit.ts'
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
import { KOREAN_ABOUT_OBJECTING } from '../words/ko-help.ts'

interface WriteOptions extends CodeFileOptions, FileOptions {
  readonly object?: string
  readonly to?: readonly string[]
}

const ABOUT_OBJECTING = `
All agencies that hold your report can read what you write, an objection too. Which event it is about is marked so that only its
own agency can tell; the others see that it is not theirs. Name no agency in the text that the others need not know of.`

export function addWrite(program: Command, language: Language): void {
  withFileOptions(withCodeOptions(program.command('write')), language)
    .summary('add to your report')
    .description('Seals a follow-up for the agencies that hold your report. Asks for the receipt code.')
    .argument('[file]', 'the text, UTF-8; - is standard input')
    .option('--to <agency...>', 'the agencies you mean: if the service names any other, nothing is sent')
    .option(
      '--object <agency>',
      'make it an objection to what that agency decided or offered last, as `bongsu status` shows it',
    )
    .addHelpText('after', language === 'ko' ? KOREAN_ABOUT_OBJECTING : ABOUT_OBJECTING)
    .option('--yes', 'send the files without asking')
    .action((file: string | undefined, options: WriteOptions) =>
      run(options, output => write(fileAndAgencies(file, options), output)),
    )
}

type Asked = WriteOptions & { readonly file: string }

async function write(options: Asked, output: Output): Promise<undefined> {
  const progress = { isSealed: false }
  try {
    return await sealAndSend(options, progress, output)
  } catch (error) {
    const { maybeWritten, notWritten } = output.words
    if (progress.isSealed && mayHaveArrived(error)) output.remark(maybeWritten)
    if (!progress.isSealed && leavesUnsaid(error, options)) output.remark(notWritten)
    throw error
  }
}

interface Progress {
  /** From here on it may have arrived. */
  isSealed: boolean
}

async function sealAndSend(options: Asked, progress: Progress, output: Output): Promise<undefined> {
  const { file } = options
  const text = await readText(file)
  if (text.trim() === '') throw new WrongInput('empty-text')
  const chosen = await chooseFiles(options)
  const reporter = await connectReporter(options, output, file === '-')
  const objection = options.object === undefined ? null : await objectableOf(reporter, options.object)
  if (objection) {
    output.remark(output.words.work.objecting(deedOf(reporter.trust, objection, output.lang), objection.day))
  }
  const onSealed = () => {
    progress.isSealed = true
  }
  const { sent, files } = await send(reporter, text, { options, chosen, objection, onSealed }, output)
  const { index, digest, agencies } = sent
  const names = reporter.trust.directory.agencies
    .filter(({ id }) => agencies.includes(id))
    .map(agency => neutralise(agency.names[output.lang]))
  const list = files?.list ?? null
  output.result(
    {
      ...deploymentOf(reporter.trust),
      index,
      digest: toHex(digest),
      agencies,
      objectsTo: objection && { agency: options.object, ...objection },
      files: filesJson(list),
    },
    [...sentFilesLines(list, output), output.words.written(index, names)],
  )
  return undefined
}

/** The newest that can be objected to. Throws `WrongInput` where there is nothing. */
async function objectableOf(reporter: Reporter, agencyId: string): Promise<ToldEvent> {
  const status = await readStatus(reporter)
  const agency = status.agencies.find(({ id }) => id === agencyId)
  if (!agency) throw new WrongInput('object-to-stranger', agencyId)
  const event = objectableIn(reporter.trust, status, agency).at(-1)
  if (!event) throw new WrongInput('nothing-to-object', agencyId)
  return event
}

interface ToSend {
  readonly options: Asked
  readonly chosen: ChosenFiles | null
  readonly objection: ToldEvent | null
  readonly onSealed: () => void
}

async function send(
  reporter: Reporter,
  text: string,
  { options, chosen, objection, onSealed }: ToSend,
  output: Output,
): Promise<{ sent: SentFollowUp; files: SealedFiles | null }> {
  const { service, trust } = reporter
  const expected = options.to?.flatMap(entry => entry.split(',')).filter(Boolean)
  const meant = { expected, objectsTo: objection?.head ?? undefined }
  // What cannot be sent is refused before its files are.
  if (chosen) await checkFollowUp(reporter, text, { ...meant, files: draftFiles(chosen) })
  const uploader = uploaderOf(forParts(service), trust)
  const about = { uploader, deploymentId: trust.deploymentId, message: 'follow-up', options } as const
  return interruptible(signal =>
    sendWithFiles(chosen, { ...about, signal }, output, async files => ({
      sent: await sendFollowUp(reporter, text, { ...meant, files, signal, onSealed }),
      files,
    })),
  )
}
