// How help is laid out, in columns as a terminal counts them; and in Korean, for the commands of reporters.
import { type Command, Help, type HelpConfiguration, type Option } from 'commander'
import type { Language } from './config.ts'
import { columnsOf } from './terminal.ts'
import { ENGLISH_EXITS } from './words/en-help.ts'
import {
  KOREAN_ABOUT,
  KOREAN_COMMANDS,
  KOREAN_EXITS,
  KOREAN_OPTIONS,
  KOREAN_PLACEHOLDERS,
  KOREAN_SUMMARIES,
  KOREAN_TITLES,
  KOREAN_USAGE,
  type KoreanCommand,
} from './words/ko-help.ts'

const plain = new Help()

/** Columns: with fewer left beside the terms, what is told of them stands below them. */
const MIN_BESIDE = 40

export const LAYOUT: HelpConfiguration = {
  displayWidth: columnsOf,
  minWidthToWrap: 20,
  formatItem(term, termWidth, description, helper) {
    const width = helper.helpWidth ?? 80
    const fits = width - termWidth - 4 >= MIN_BESIDE
    if (fits || description === '') return plain.formatItem(term, termWidth, description, helper)
    return `  ${term}\n${indented(helper.boxWrap(description, width - 6), 6)}`
  },
}

const indented = (text: string, by: number) => text.replace(/^/gm, ' '.repeat(by))

/** `width` in columns. */
export function exitTable(language: Language, width: number): string {
  const [title, exits] = language === 'ko' ? ['종료 값:', KOREAN_EXITS] : ['Exit codes:', ENGLISH_EXITS]
  const helper = Object.assign(new Help(), LAYOUT)
  const rows = Object.entries(exits).map(([code, text]) => {
    const hanging = indented(helper.boxWrap(text, width - 7), 7)
    return `  ${code.padEnd(5)}${hanging.slice(7)}`
  })
  return ['', title, ...rows].join('\n')
}

/** The program with all its commands: those of agencies and operators get a Korean line in the list, no more. */
export function speakKorean(program: Command): void {
  program.description(KOREAN_ABOUT).helpCommand('help [command]', KOREAN_USAGE.helpCommand)
  withKoreanTitles(program)
  for (const command of program.commands) {
    const korean = KOREAN_COMMANDS[command.name()]
    command.summary(KOREAN_SUMMARIES[command.name()] ?? command.summary())
    if (korean) translate(command, korean)
  }
}

function withKoreanTitles(command: Command): void {
  command.helpOption('-h, --help', KOREAN_USAGE.helpOption).configureHelp({ ...LAYOUT, ...KOREAN_LAYOUT })
}

function translate(command: Command, korean: KoreanCommand): void {
  withKoreanTitles(command)
  command.description(korean.about)
  for (const argument of command.registeredArguments)
    argument.description = korean.argument ?? argument.description
  for (const option of command.options) {
    const long = option.long ?? ''
    option.description = korean.options[long] ?? KOREAN_OPTIONS[long] ?? option.description
  }
}

const placeholders = (text: string) =>
  text.replace(
    /(?<=[<[])[a-z:]+(?=(?:\.{3})?[>\]])/g,
    placeholder => KOREAN_PLACEHOLDERS[placeholder] ?? placeholder,
  )

const KOREAN_LAYOUT: HelpConfiguration = {
  styleTitle: title => KOREAN_TITLES[title] ?? title,
  styleOptionText: placeholders,
  styleArgumentText: placeholders,
  styleSubcommandText: placeholders,
  styleArgumentTerm: term => KOREAN_PLACEHOLDERS[term] ?? term,
  optionDescription: (option: Option) =>
    plain
      .optionDescription(option)
      .replace(/\((choices|default): (.*)\)$/, (_, what, values) =>
        what === 'choices' ? `(${values} 가운데 하나)` : `(적지 않으면 ${values})`,
      ),
}
