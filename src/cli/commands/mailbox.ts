import type { Command } from 'commander'
import {
  deleteFilesOfReply,
  deleteReplies,
  type MailboxView,
  type Reporter,
  readReplies,
  readStatus,
  replyFiles,
} from '../../client/index.ts'
import { equalBytes, toHex } from '../../protocol/encoding.ts'
import { type CodeFileOptions, connectReporter, deploymentOf, run, withCodeOptions } from '../context.ts'
import { EXIT, type ExitCode, WrongInput } from '../exit.ts'
import { fileLines, filesJson } from '../files/listing.ts'
import { exitOf, prepareFolder, type Savings, saveFiles } from '../files/save.ts'
import { fromHex } from '../hex.ts'
import { interruptible } from '../interruption.ts'
import type { Output } from '../output.ts'
import { neutralise, quote } from '../terminal.ts'

interface MailboxOptions extends CodeFileOptions {
  readonly delete?: readonly string[]
  readonly save?: string
}

export function addMailbox(program: Command): void {
  withCodeOptions(program.command('mailbox'))
    .summary('read the replies to your report')
    .description(
      'Reads and verifies replies, or deletes them and their files for good. Asks for the receipt code. ' +
        'Files are listed; --save fetches them.',
    )
    .option('--delete <id...>', 'delete these replies, by the ids that reading shows')
    .option('--save <folder>', 'save the files of genuine replies there, under safe names (mode 0600)')
    .action((options: MailboxOptions) => run(options, output => mailbox(options, output)))
}

async function mailbox(options: MailboxOptions, output: Output): Promise<ExitCode | undefined> {
  const ids = options.delete?.map(readMessageId)
  if (ids && options.save !== undefined) throw new WrongInput('save-and-delete')
  if (options.save !== undefined) await prepareFolder(options.save)
  const reporter = await connectReporter(options, output)
  if (ids) {
    await deleteWithFiles(reporter, ids)
    output.result({ deleted: ids.map(toHex) }, [output.words.deleted(ids.length)])
    return undefined
  }
  const view = await readReplies(reporter, await readStatus(reporter))
  const savings = options.save === undefined ? null : await save(reporter, view, options.save, output)
  output.result(
    { ...deploymentOf(reporter.trust), ...mailboxJson(view, savings) },
    mailboxLines(view, savings, output),
  )
  if (view.replies.some(({ verdict }) => verdict === 'forged')) return EXIT.unproven
  return savings ? exitOf(savings) : undefined
}

/** The files first: once their reply is gone, nobody knows the key that deletes them. */
async function deleteWithFiles(reporter: Reporter, ids: readonly Uint8Array[]): Promise<void> {
  const { replies } = await readReplies(reporter, await readStatus(reporter))
  for (const { id, files } of replies) {
    const isMeant = ids.some(meant => equalBytes(meant, id))
    const hasUpload = files?.files.some(({ attached }) => attached) ?? false
    if (files && isMeant && hasUpload) await deleteFilesOfReply(reporter, files.blobKey)
  }
  await deleteReplies(reporter, ids)
}

// What was not signed by the agency is listed, and not fetched.
function save(
  reporter: Reporter,
  { replies }: MailboxView,
  folder: string,
  output: Output,
): Promise<Savings> {
  const messages = replies.flatMap(({ files, verdict }) =>
    files && verdict === 'genuine' ? [{ list: files, read: replyFiles(reporter, files.blobKey) }] : [],
  )
  return interruptible(signal => saveFiles(messages, { folder, sender: 'agency' }, output, signal))
}

function readMessageId(text: string): Uint8Array {
  const id = fromHex(text)
  if (id?.length !== 16) throw new WrongInput('no-reply-id', text)
  return id
}

function mailboxJson({ replies, missing, unreadable }: MailboxView, savings: Savings | null) {
  return {
    replies: replies.map(({ id, files, ...reply }) => ({
      id: toHex(id),
      ...reply,
      files: filesJson(files, savings),
    })),
    missing,
    unreadable: unreadable.map(toHex),
  }
}

function mailboxLines(
  { replies, missing, unreadable }: MailboxView,
  savings: Savings | null,
  output: Output,
): string[] {
  const { words, colour, lang } = output
  const letters = replies.flatMap(({ id, names, day, number, text, verdict, followUps, files }) => [
    `${colour.strong(neutralise(names[lang]))}  ${colour.faint(`${neutralise(day)} · #${number} · ${toHex(id)}`)}`,
    ...(verdict === 'forged' ? [colour.bad(words.forgedReply)] : []),
    ...(followUps.length > 0 ? [colour.faint(words.followUpsSeen(followUps))] : []),
    ...quote(text),
    ...fileLines(files, output, { savings, keeper: 'agency' }),
    '',
  ])
  return [
    ...(replies.length === 0 ? [words.noReplies] : letters),
    ...missing.map(({ agencyId, gaps }) => words.missingReplies(agencyId, gaps)),
    ...(unreadable.length > 0 ? [words.unreadable(unreadable.map(toHex))] : []),
  ]
}
