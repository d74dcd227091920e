import type { Command } from 'commander'
import {
  checkFollowUp,
  InvalidInput,
  type Reporter,
  type SentFollowUp,
  sendFollowUp,
  uploaderOf,
} from '../../client/index.ts'
import { toHex } from '../../protocol/encoding.ts'
import {
  type CodeFileOptions,
  connectReporter,
  deploymentOf,
  forParts,
  run,
  withCodeOptions,
} from '../context.ts'
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

interface WriteOptions extends CodeFileOptions, FileOptions {
  readonly to?: readonly string[]
}

export function addWrite(program: Command): void {
  withFileOptions(withCodeOptions(program.command('write')))
    .summary('add to your report')
    .description('Seals a follow-up for the agencies that hold your report. Asks for the receipt code.')
    .argument('[file]', 'the text, UTF-8; - is standard input')
    .option('--to <agency...>', 'the agencies you mean: if the service names any other, nothing is sent')
    .option('--yes', 'send the files without asking')
    .action((file: string | undefined, options: WriteOptions) =>
      run(options, output => write(fileAndAgencies(file, options), output)),
    )
}

type Asked = WriteOptions & { readonly file: string }

async function write(options: Asked, output: Output): Promise<undefined> {
  const { file } = options
  const text = await readText(file)
  if (text.trim() === '') throw new InvalidInput('the text is empty')
  const chosen = await chooseFiles(options)
  const reporter = await connectReporter(options, output, file === '-')
  const { sent, files } = await send(reporter, text, { options, chosen }, output)
  const { index, digest, agencies } = sent
  const names = reporter.trust.directory.agencies
    .filter(({ id }) => agencies.includes(id))
    .map(agency => neutralise(agency.names[output.lang]))
  const list = files?.list ?? null
  output.result(
    { ...deploymentOf(reporter.trust), index, digest: toHex(digest), agencies, files: filesJson(list) },
    [...sentFilesLines(list, output), output.words.written(index, names)],
  )
  return undefined
}

async function send(
  reporter: Reporter,
  text: string,
  { options, chosen }: { options: Asked; chosen: ChosenFiles | null },
  output: Output,
): Promise<{ sent: SentFollowUp; files: SealedFiles | null }> {
  const { service, trust } = reporter
  const expected = options.to?.flatMap(entry => entry.split(',')).filter(Boolean)
  // What cannot be sent is refused before its files are.
  if (chosen) await checkFollowUp(reporter, text, { expected, files: draftFiles(chosen) })
  const uploader = uploaderOf(forParts(service), trust)
  const about = { uploader, deploymentId: trust.deploymentId, message: 'follow-up', options } as const
  return interruptible(signal =>
    sendWithFiles(chosen, { ...about, signal }, output, async files => ({
      sent: await sendFollowUp(reporter, text, { expected, files, signal }),
      files,
    })),
  )
}
