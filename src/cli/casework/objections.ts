// What a follow-up objects to, and what this device can do about it.
import type { Device, Objection, OpenedCase } from '../../client/index.ts'
import { type Action, rowsOf } from '../../protocol/lifecycle.ts'
import { shownCase } from '../hex.ts'
import type { Output } from '../output.ts'
import { actionLabel, agencyName } from './names.ts'

export function objectionLines(
  { trust }: Device,
  { id }: OpenedCase,
  { objection, index }: { readonly objection: Objection; readonly index: number },
  { words, colour, lang }: Output,
): string[] {
  const { event, answers } = objection
  if (!event?.content) return [colour.bad(words.work.objectionElsewhere)]
  const { kind, subject, day } = event.content
  const named = (action: Action) => rowsOf(action)[0]?.names
  const what = [
    actionLabel(kind, lang),
    ...(named(kind) === 'agency' ? [agencyName(trust.directory, subject, lang)] : []),
  ].join(' · ')
  const flags = (action: Action) =>
    named(action) === 'message'
      ? ` --message ${index}`
      : named(action) === 'agency'
        ? ` --agency ${subject}`
        : ''
  return [
    colour.bad(words.work.objection(what, day)),
    ...answers.map(action =>
      words.work.objectionAnswer(
        actionLabel(action, lang),
        `bongsu act ${shownCase(id)} ${action}${flags(action)}`,
      ),
    ),
  ]
}

export const objectionJson = (objection: Objection | null | undefined) =>
  objection
    ? {
        entry: objection.entry,
        kind: objection.event?.content?.kind ?? null,
        subject: objection.event?.content?.subject || null,
        answers: objection.answers,
      }
    : null
