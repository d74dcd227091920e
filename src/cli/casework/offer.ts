// Before a case is offered to another agency: who will see what.
import type { Device, OpenedCase } from '../../client/index.ts'
import { type Agency, findAgency } from '../../protocol/directory.ts'
import type { Action } from '../../protocol/lifecycle.ts'
import { territoryName } from '../../protocol/territories.ts'
import { Excluded } from '../exit.ts'
import type { Output } from '../output.ts'
import { neutralise, quote } from '../terminal.ts'
import { codeLabel, nameOf } from './names.ts'

export const isOffer = (action: Action): boolean =>
  action === 'hand-over-proposed' || action === 'agency-invited'

export interface OfferedTo {
  readonly action: Action
  readonly agencyId: string
  readonly code: string
}

/** Throws `Excluded` for an agency that the reporter excluded. */
export function offerLines(
  { trust }: Device,
  opened: OpenedCase,
  { action, agencyId, code }: OfferedTo,
  output: Output,
): string[] {
  const { words, colour, lang } = output
  if (opened.answers?.notFor?.includes(agencyId)) throw new Excluded(agencyId)
  const agency = findAgency(trust.directory, agencyId)
  const said = words.work.offer
  return [
    colour.strong(said.willRead),
    `  ${colour.strong(nameOf(agency, agencyId, lang))}`,
    ...(agency ? aboutLines(agency, output) : []),
    said.all({ followUps: opened.followUps.length, ...filesOf(opened) }),
    said.reason(codeLabel(action, code, lang)),
    action === 'hand-over-proposed' ? said.losing : said.leading,
    said.told,
    ...excludedLines(opened, output),
  ]
}

function aboutLines({ about, powers, territory }: Agency, { words, lang }: Output): string[] {
  const named = powers.map(power => words.work.powers[power] ?? neutralise(power))
  return [
    `  ${neutralise(about[lang])}`,
    `  ${words.work.offer.powers(named.join(', '), neutralise(territoryName(territory, lang)))}`,
  ]
}

/** Over the report and its follow-ups. */
function filesOf({ report, followUps }: OpenedCase): { attached: number; kept: number } {
  const files = [report.files, ...followUps.map(followUp => followUp.files)].flatMap(
    list => list?.files ?? [],
  )
  const attached = files.filter(file => file.attached).length
  return { attached, kept: files.length - attached }
}

/** Whom the reporter named in words, this program cannot match with anybody. */
function excludedLines({ answers }: OpenedCase, { words, colour }: Output): string[] {
  const said = words.work.offer
  if (!answers) return [colour.bad(said.exclusionsUnknown)]
  if (!answers.excluded) return []
  return [colour.bad(said.excludedInWords), ...quote(answers.excluded)]
}
