// What the reporter answered in the form, as text for a terminal.
import type { Device, OpenedCase } from '../../client/index.ts'
import { LEAK_KINDS, TECHNOLOGY_FIELDS } from '../../protocol/taxonomy.ts'
import type { Output } from '../output.ts'
import { neutralise, quote } from '../terminal.ts'
import { agencyName } from './names.ts'

export function answerLines(
  { trust }: Device,
  { answers, report }: OpenedCase,
  { words, colour, lang }: Output,
): string[] {
  if (!answers) return quote(report.content)
  const { version: _, language: __, what, kind, field, notFor = [], ...rest } = answers
  const names = [
    ...(kind ? [`${words.kind}: ${neutralise(kind)} ${LEAK_KINDS[kind]?.[lang] ?? ''}`] : []),
    ...(field ? [`${words.field}: ${neutralise(field)} ${TECHNOLOGY_FIELDS[field]?.[lang] ?? ''}`] : []),
  ]
  const others = Object.entries(rest).flatMap(([name, text]) => [colour.faint(name), ...quote(String(text))])
  const excluded = notFor.map(id => agencyName(trust.directory, id, lang))
  return [
    ...names,
    ...quote(what),
    ...others,
    ...(excluded.length > 0 ? [colour.bad(words.notFor), ...excluded.flatMap(quote)] : []),
  ]
}
