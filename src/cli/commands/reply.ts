import type { Command } from 'commander'
import {
  type Device,
  InvalidInput,
  keepReplyFiles,
  type OpenedCase,
  openCase,
  replyUploaderOf,
  reserveReplyNumbers,
  sendReply,
  splitReply,
} from '../../client/index.ts'
import { readUnbarred } from '../casework/barred.ts'
import { connectDevice, type KeyOptions, run, withKeyOptions } from '../context.ts'
import {
  chooseFiles,
  draftFiles,
  type FileOptions,
  type SealedFiles,
  sendWithFiles,
} from '../files/attach.ts'
import { filesJson, sentFilesLines } from '../files/listing.ts'
import { withReplyFileOptions } from '../files/options.ts'
import { shownCase } from '../hex.ts'
import { readText } from '../input.ts'
import { interruptible } from '../interruption.ts'
import type { Output } from '../output.ts'
import { numbersPath, reserveNumbers } from '../reply-numbers.ts'
import { caseIdOf } from './open.ts'

type ReplyOptions = KeyOptions & FileOptions

export function addReply(program: Command): void {
  withReplyFileOptions(withKeyOptions(program.command('reply')))
    .summary('answer the reporter of a case')
    .description(
      'Seals a reply to the reporter’s mailbox; a long text becomes several. Replies are numbered: the last number ' +
        'of each case is kept beside the key file, in KEYFILE.numbers.json.',
    )
    .argument('<case>', 'as `bongsu cases` shows it')
    .argument('<file>', 'the text, UTF-8; - is standard input')
    .option('--yes', 'send the files without asking')
    .action((id: string, file: string, options: ReplyOptions) =>
      run(options, output => reply(id, file, options, output)),
    )
}

async function reply(text: string, file: string, options: ReplyOptions, output: Output): Promise<undefined> {
  const id = caseIdOf(text)
  const answer = await readText(file)
  if (answer.trim() === '') throw new InvalidInput('the text is empty')
  const chosen = await chooseFiles(options)
  const device = await connectDevice(options, output)
  const opened = await openCase(device, await readUnbarred(device, id))
  // What cannot be sent is refused before its files are.
  splitReply(device, opened, answer, chosen && draftFiles(chosen).list)
  const { deploymentId } = device.trust
  const about = { uploader: replyUploaderOf(device), deploymentId, message: 'reply', options } as const
  const { numbers, files } = await interruptible(signal =>
    sendWithFiles(chosen, { ...about, signal }, output, async files => {
      if (files && 'upload' in files) await keepReplyFiles(device, files, signal)
      return { numbers: await send(device, opened, { answer, files, key: options.key }, signal), files }
    }),
  )
  const list = files?.list ?? null
  output.result({ case: shownCase(id), numbers, files: filesJson(list) }, [
    ...sentFilesLines(list, output),
    output.words.replied(numbers, numbersPath(options.key)),
  ])
  return undefined
}

/** The last part carries the files. */
async function send(
  device: Device,
  opened: OpenedCase,
  { answer, files, key }: { answer: string; files: SealedFiles | null; key: string },
  signal: AbortSignal,
): Promise<number[]> {
  const list = files?.list ?? null
  const parts = splitReply(device, opened, answer, list)
  const reserve = (after: number) => reserveReplyNumbers(device, opened.id, { count: parts.length, after })
  const first = await reserveNumbers(key, shownCase(opened.id), parts.length, reserve)
  for (const [i, text] of parts.entries()) {
    const part = { text, number: first + i, files: i === parts.length - 1 ? list : null }
    await sendReply(device, opened, part, { now: Date.now(), signal })
  }
  return parts.map((_, i) => first + i)
}
