import type { Command } from 'commander'
import { deleteReplies, InvalidInput, type MailboxView, readReplies, readStatus } from '../../client/index.ts'
import { toHex } from '../../protocol/encoding.ts'
import { type CodeFileOptions, connectReporter, deploymentOf, run, withCodeOptions } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { fromHex } from '../hex.ts'
import type { Output } from '../output.ts'
import { neutralise, quote } from '../terminal.ts'

interface MailboxOptions extends CodeFileOptions {
  readonly delete?: readonly string[]
}

export function addMailbox(program: Command): void {
  withCodeOptions(program.command('mailbox'))
    .summary('read the replies to your report')
    .description('Reads and verifies replies, or deletes them for good. Asks for the receipt code.')
    .option('--delete <id...>', 'delete these replies, by the ids that reading shows')
    .action((options: MailboxOptions) => run(options, output => mailbox(options, output)))
}

async function mailbox(options: MailboxOptions, output: Output): Promise<ExitCode | undefined> {
  const ids = options.delete?.map(readMessageId)
  const reporter = await connectReporter(options, output)
  if (ids) {
    await deleteReplies(reporter, ids)
    output.result({ deleted: ids.map(toHex) }, [output.words.deleted(ids.length)])
    return undefined
  }
  const view = await readReplies(reporter, await readStatus(reporter))
  output.result({ ...deploymentOf(reporter.trust), ...mailboxJson(view) }, mailboxLines(view, output))
  return view.replies.some(({ verdict }) => verdict === 'forged') ? EXIT.unproven : undefined
}

function readMessageId(text: string): Uint8Array {
  const id = fromHex(text)
  if (id?.length !== 16) throw new InvalidInput(`not the id of a reply: ${text}`)
  return id
}

function mailboxJson({ replies, missing, unreadable }: MailboxView) {
  return {
    replies: replies.map(({ id, ...reply }) => ({ id: toHex(id), ...reply })),
    missing,
    unreadable: unreadable.map(toHex),
  }
}

function mailboxLines({ replies, missing, unreadable }: MailboxView, output: Output): string[] {
  const { words, colour, lang } = output
  const letters = replies.flatMap(({ id, names, day, number, text, verdict, followUps }) => [
    `${colour.strong(neutralise(names[lang]))}  ${colour.faint(`${neutralise(day)} · #${number} · ${toHex(id)}`)}`,
    ...(verdict === 'forged' ? [colour.bad(words.forgedReply)] : []),
    ...(followUps.length > 0 ? [colour.faint(words.followUpsSeen(followUps))] : []),
    ...quote(text),
    '',
  ])
  return [
    ...(replies.length === 0 ? [words.noReplies] : letters),
    ...missing.map(({ agencyId, gaps }) => words.missingReplies(agencyId, gaps)),
    ...(unreadable.length > 0 ? [words.unreadable(unreadable.map(toHex))] : []),
  ]
}
