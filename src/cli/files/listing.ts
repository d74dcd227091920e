// The files of a message, for programs and for people: strangers named them.
import type { FileList, ListedFile } from '../../client/index.ts'
import { toHex } from '../../protocol/encoding.ts'
import type { Output } from '../output.ts'
import { neutralise, neutraliseName } from '../terminal.ts'
import type { Saving, Savings } from './save.ts'
import { sizeText } from './size.ts'

interface Shown {
  readonly savings?: Savings | null
  /** By whom a file that is not attached is kept. */
  readonly keeper: 'reporter' | 'agency' | 'you'
  readonly keptOnly?: boolean
}

/** Without the key. */
export function filesJson(list: FileList | null, savings: Savings | null = null) {
  return (list?.files ?? []).map((file, i) => ({
    number: i + 1,
    name: file.name,
    type: file.type,
    size: file.size,
    sha256: toHex(file.sha256),
    attached: file.attached,
    ...(savings ? savedJson(savings.get(file)) : {}),
  }))
}

function savedJson(saving: Saving | undefined) {
  if (!saving) return { saved: null }
  return 'path' in saving ? { saved: saving.path } : { saved: null, error: saving.failure }
}

/** Nothing where there are none. */
export function fileLines(
  list: FileList | null,
  { words, colour }: Output,
  { savings = null, keeper, keptOnly = false }: Shown,
): string[] {
  const lines = (list?.files ?? []).flatMap((file, i) => {
    if (keptOnly && file.attached) return []
    const saving = savings?.get(file)
    return [
      `  ${i + 1}. ${neutraliseName(file.name)}`,
      `     ${aboutFile(file, keeper, words)}`,
      `     ${colour.faint(`SHA-256 ${toHex(file.sha256)}`)}`,
      ...(saving ? [`     ${savingLine(saving, { words, colour })}`] : []),
    ]
  })
  return lines.length === 0 ? [] : [colour.strong(words.files.title), ...lines]
}

/** After sending: how many, and what a person needs to find a kept one again. */
export function sentFilesLines(list: FileList | null, output: Output): string[] {
  if (!list) return []
  const attached = list.files.filter(file => file.attached).length
  const summary = output.words.files.sentWith(attached, list.files.length - attached)
  return [summary, ...fileLines(list, output, { keeper: 'you', keptOnly: true }).slice(1), '']
}

function aboutFile({ size, attached }: ListedFile, keeper: Shown['keeper'], words: Output['words']): string {
  return `${sizeText(size)}, ${attached ? words.files.attached : words.files.kept[keeper]}`
}

function savingLine(saving: Saving, { words, colour }: Pick<Output, 'words' | 'colour'>): string {
  if ('path' in saving) return colour.good(words.files.saved(neutraliseName(saving.path)))
  const { failure } = saving
  const why = failure.kind === 'unproven' ? words.files.wrongFile : words.failure(failure)
  return colour.bad(words.files.notSaved(neutralise(why).replace(/\n\s*/g, ' ')))
}
