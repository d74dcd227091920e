// What was recorded about a case, event by event; what does not verify is there, in red.
import type { CheckedEvent, Device, OpenedCase } from '../../client/index.ts'
import { type Action, rowsOf } from '../../protocol/lifecycle.ts'
import type { Output } from '../output.ts'
import { quote } from '../terminal.ts'
import { actionLabel, agencyName, codeLabel, shortDevice } from './names.ts'

export function historyLines({ trust }: Device, { chain }: OpenedCase, output: Output): string[] {
  const done = new Set<Action>()
  return chain.events.flatMap((event, i) => {
    const again = event.content !== null && done.has(event.content.kind)
    if (event.content) done.add(event.content.kind)
    const what = whatLine(event, again, output, id => agencyName(trust.directory, id, output.lang))
    const number = String(i + 1).padStart(3)
    const text = event.particulars?.text
    return [
      `${number}  ${event.day ?? '????-??-??'}  ${what}`,
      ...(text ? quote(text).map(line => `   ${line}`) : []),
    ]
  })
}

/** Kind, what it names and says, and who signed. */
export function whatLine(
  event: CheckedEvent,
  again: boolean,
  { words, colour, lang }: Output,
  agency: (id: string) => string,
): string {
  const { verdict, content, deviceId, role, particulars } = event
  if (!content) return colour.bad(words.work.unreadable)
  const label = actionLabel(content.kind, lang, again)
  const isProposal = rowsOf(content.kind).some(({ twoPeople }) => twoPeople)
  const said = [
    isProposal ? words.work.proposal(label) : label,
    ...subjectOf(event, agency, words.work.followUp),
    ...(particulars?.code === undefined ? [] : [codeLabel(content.kind, particulars.code, lang)]),
  ].join(' · ')
  if (verdict === 'forged' || deviceId === null || role === null) {
    return colour.bad(`${said}  ${words.work.forged}`)
  }
  return `${said}  ${colour.faint(`${words.work.role[role]} ${shortDevice(deviceId)}`)}`
}

function subjectOf(
  { content }: CheckedEvent,
  agency: (id: string) => string,
  followUp: (index: string) => string,
): string[] {
  const names = content && rowsOf(content.kind)[0]?.names
  if (!content || !names) return []
  if (names === 'agency') return [agency(content.subject)]
  return [names === 'device' ? shortDevice(content.subject) : followUp(content.subject)]
}

export const eventJson = ({ verdict, day, deviceId, role, content, particulars }: CheckedEvent) => ({
  kind: content?.kind ?? null,
  verdict,
  day,
  deviceId,
  role,
  subject: content?.subject || null,
  code: particulars?.code ?? null,
  text: particulars?.text ?? null,
})
