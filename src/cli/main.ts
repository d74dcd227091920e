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
import { type Language, languageOf } from './config.ts'
import { CodeAsArgument, EXIT, failureOf } from './exit.ts'
import { exitTable, LAYOUT, speakKorean } from './help.ts'
import { endWith, endWithStandardOutput, writeErr, writeOut, writeUsageFailure } from './output.ts'
import { fitted } from './terminal.ts'
import { wordsIn } from './words/index.ts'
import { KOREAN_USAGE } from './words/ko-help.ts'

const ABOUT = `Confidential reporting of industrial-technology leaks.
A report is sealed here, on this machine, for the agencies that it is meant for; the service cannot read it.
Secrets are never arguments: receipt codes, passphrases and keys come from files, prompts or standard input.`

/** A pipe takes lines as they are. */
const helpWidth = () => process.stdout.columns ?? Number.POSITIVE_INFINITY

export function buildProgram(language: Language): Command {
  const isKorean = language === 'ko'
  const program = new Command('bongsu')
    .description(ABOUT)
    .exitOverride()
    .configureOutput({
      writeOut: text => writeOut(fitted(text, helpWidth())),
      writeErr,
      outputError: (text, write) => write(isKorean ? `${KOREAN_USAGE.wrong}\n${text}` : text),
    })
    .configureHelp(LAYOUT)
    .showHelpAfterError(isKorean ? KOREAN_USAGE.more : '(--help tells more)')
    .addHelpText('after', () => exitTable(language, helpWidth()))
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
  for (const addCommand of add) addCommand(program, language)
  if (isKorean) speakKorean(program)
  return program
}

async function main(args: readonly string[]): Promise<void> {
  endWithStandardOutput()
  const json = args.includes('--json')
  const language = languageAsked(args)
  const program = buildProgram(language)
  if (json) silence(program)
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    await cryptoReady
    if (error.exitCode !== 0 && !json && holdsCode(args))
      writeErr(wordsIn(language).failure(failureOf(new CodeAsArgument())))
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

/** Help, and what is said where parsing failed, come before options are parsed. */
function languageAsked(args: readonly string[]): Language {
  const named = args
    .find((arg, i) => args[i - 1] === '--lang' || arg.startsWith('--lang='))
    ?.replace('--lang=', '')
  return named === 'ko' || named === 'en' ? named : languageOf()
}

/** With --json even a usage error is one JSON object. */
function silence(command: Command): void {
  command.configureOutput({ writeErr: () => undefined })
  command.commands.forEach(silence)
}

await main(process.argv.slice(2))
