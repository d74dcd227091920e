// The command `bongsu`.
import { Command, CommanderError } from 'commander'
import { cryptoReady } from '../protocol/crypto.ts'
import { CODE_SYMBOLS, GROUP, WORDS } from '../protocol/receipt-code.ts'
import { receiptCodeMistake } from '../protocol/receipt-code-mistake.ts'
import { addAct } from './commands/act.ts'
import { addAuthority } from './commands/authority.ts'
import { addBackup } from './commands/backup.ts'
import { addCase } from './commands/case.ts'
import { addCases } from './commands/cases.ts'
import { addConflict } from './commands/conflict.ts'
import { addEpochs } from './commands/epochs.ts'
import { addMailbox } from './commands/mailbox.ts'
import { addOpen } from './commands/open.ts'
import { addPickup } from './commands/pickup.ts'
import { addReply } from './commands/reply.ts'
import { addReport } from './commands/report.ts'
import { addServe } from './commands/serve.ts'
import { addStatus } from './commands/status.ts'
import { addVerify } from './commands/verify.ts'
import { addWithdraw } from './commands/withdraw.ts'
import { addWrite } from './commands/write.ts'
import { languageOf } from './config.ts'
import { CodeAsArgument, EXIT, EXIT_TABLE, failureOf } from './exit.ts'
import { endWith, endWithStandardOutput, writeErr, writeOut, writeUsageFailure } from './output.ts'
import { fitted } from './terminal.ts'
import { type Words, wordsIn } from './words/index.ts'

const ABOUT = `Confidential reporting of industrial-technology leaks.
A report is sealed here, on this machine, for the agencies that it is meant for; the service cannot read it.
Secrets are never arguments: receipt codes, passphrases and keys come from files, prompts or standard input.`

/** A pipe takes lines as they are. */
const helpWidth = () => process.stdout.columns ?? Number.POSITIVE_INFINITY

export function buildProgram(): Command {
  const program = new Command('bongsu')
    .description(ABOUT)
    .exitOverride()
    .configureOutput({ writeOut: text => writeOut(fitted(text, helpWidth())), writeErr })
    .showHelpAfterError('(--help tells more)')
    .addHelpText('after', EXIT_TABLE)
  const add = [
    addServe,
    addBackup,
    addReport,
    addStatus,
    addMailbox,
    addWrite,
    addWithdraw,
    addCases,
    addConflict,
    addOpen,
    addReply,
    addCase,
    addAct,
    addPickup,
    addEpochs,
    addVerify,
    addAuthority,
  ]
  for (const addCommand of add) addCommand(program)
  return program
}

async function main(args: readonly string[]): Promise<void> {
  endWithStandardOutput()
  const json = args.includes('--json')
  const program = buildProgram()
  if (json) silence(program)
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    await cryptoReady
    if (error.exitCode !== 0 && !json && holdsCode(args))
      writeErr(wordsAsked(args).failure(failureOf(new CodeAsArgument())))
    endWith(error.exitCode === 0 ? EXIT.ok : EXIT.usage)
    if (json && error.exitCode !== 0) writeUsageFailure(error.message)
  }
}

/** Whole, or in groups or words that the shell took apart. */
function holdsCode(args: readonly string[]): boolean {
  const given = args.filter(arg => !arg.startsWith('-'))
  return given.some((arg, from) =>
    [arg, ...LENGTHS.map(length => given.slice(from, from + length).join(' '))].some(isCode),
  )
}

const LENGTHS = [CODE_SYMBOLS / GROUP, WORDS]
const isCode = (text: string) => receiptCodeMistake(text) === null

/** What was asked for is not parsed where parsing failed. */
function wordsAsked(args: readonly string[]): Words {
  const named = args
    .find((arg, i) => args[i - 1] === '--lang' || arg.startsWith('--lang='))
    ?.replace('--lang=', '')
  return wordsIn(named === 'ko' || named === 'en' ? named : languageOf())
}

/** With --json even a usage error is one JSON object. */
function silence(command: Command): void {
  command.configureOutput({ writeErr: () => undefined })
  command.commands.forEach(silence)
}

await main(process.argv.slice(2))
