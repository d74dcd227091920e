// Other agencies of a case: how they stand to it, what they answered, and what they asked.
import type { CheckedEvent, Device, Partner, ReceivedOffer } from '../../client/index.ts'
import { STANDINGS } from '../../protocol/lifecycle-phases.ts'
import type { Output } from '../output.ts'
import { quote } from '../terminal.ts'
import { whatLine } from './history.ts'
import { agencyName } from './names.ts'

export function partnerLines({ agency, trust }: Device, partner: Partner, output: Output): string[] {
  const { colour, words, lang } = output
  const name = (id: string) => agencyName(trust.directory, id, lang)
  const standing = partner.standing.map(one => STANDINGS[one][lang])
  const isTheirs = partner.lead !== agency.id && partner.lead !== partner.agencyId
  const about = [...standing, ...(isTheirs ? [words.work.workOf(name(partner.lead))] : [])].join(', ')
  return [
    `  ${colour.strong(name(partner.agencyId))}${about === '' ? '' : `: ${about}`}`,
    ...partner.answers.flatMap(answer => eventLines(answer, name, output)),
  ]
}

/** What this agency was asked, by whom and why. */
export function offerLines({ trust }: Device, { agencyId, event }: ReceivedOffer, output: Output): string[] {
  const name = (id: string) => agencyName(trust.directory, id, output.lang)
  return [`  ${output.colour.strong(name(agencyId))}`, ...eventLines(event, name, output)]
}

function eventLines(event: CheckedEvent, name: (id: string) => string, output: Output): string[] {
  const text = event.particulars?.text
  return [
    `    ${event.day ?? '????-??-??'}  ${whatLine(event, false, output, name)}`,
    ...(text ? quote(text).map(line => `    ${line}`) : []),
  ]
}
