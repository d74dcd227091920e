// An agency as its reporter sees it: how it stands to the report, what it told, and what can be done about that.
import {
  type AgencyStanding,
  type AgencyStatus,
  agencyStandings,
  lastDayFor,
  objectableIn,
  offerTo,
  type ReportStatus,
  type Told,
  type ToldEvent,
  type Trust,
  toldBy,
  whereMoved,
} from '../../client/index.ts'
import { rowsOf } from '../../protocol/lifecycle.ts'
import { CASE_MOVED, REPORTERS_STANDINGS, TOLD } from '../../protocol/lifecycle-words.ts'
import type { Language } from '../config.ts'
import type { Output } from '../output.ts'
import { neutralise, quote } from '../terminal.ts'
import { clockJson } from './clocks.ts'
import { agencyName, codeLabel } from './names.ts'

/** The line of the agency itself says that it opened the report. */
const SAID_ALREADY: ReadonlySet<string> = new Set(['acknowledged', 'unopenable'])

export function agencyLines(
  trust: Trust,
  status: ReportStatus,
  agency: AgencyStatus,
  output: Output,
): string[] {
  const { words, colour, lang } = output
  const name = neutralise(agency.names?.[lang] ?? agency.id)
  const [first, ...more] = standingLines(trust, status, agency, output)
  return [
    `  ${colour.strong(name)}: ${first}`,
    ...more.map(line => `    ${line}`),
    ...(agency.contradicted ? [`    ${colour.bad(words.work.contradicted(agency.state))}`] : []),
    ...toldLines(trust, status, agency, output),
  ]
}

function standingLines(trust: Trust, status: ReportStatus, agency: AgencyStatus, output: Output): string[] {
  const { words, colour, lang } = output
  const sentence = ({ kind, agency: other, day }: AgencyStanding) => {
    const name = other === null ? words.work.anotherAgency : agencyName(trust.directory, other, lang)
    return REPORTERS_STANDINGS[lang][kind].text({ name, day: day ?? '' })
  }
  const answer = () => paintedAnswer(agency, { words, colour })
  if (agency.answer === 'forged') return [answer()]
  const standings = agencyStandings(status, agency)
  const isOwn = ({ kind, agency: other }: AgencyStanding) =>
    kind === 'withdrawn' || (kind === 'holder' && other === null)
  const said = standings.filter(standing => !isOwn(standing)).map(sentence)
  // What somebody asked has not opened yet is not late.
  const isSilent = !standings.some(isOwn) && agency.answer === 'waiting'
  return [...said, ...(isSilent ? [] : [answer()])]
}

function paintedAnswer(agency: AgencyStatus, { words, colour }: Pick<Output, 'words' | 'colour'>): string {
  const answers = agency.events.filter(({ verdict }) => verdict === agency.answer)
  const byPerson = answers.findLast(({ role }) => role !== 'machine')
  const day = (byPerson ?? answers.at(-1))?.day ?? null
  const paint = {
    acknowledged: colour.good,
    forged: colour.bad,
    unopenable: colour.bad,
    waiting: colour.faint,
  }
  return paint[agency.answer](words.agencyAnswer({ ...agency, day, byMachine: !byPerson }))
}

/** Who has the case now, once it has changed hands; else nothing. */
export function movedLines(trust: Trust, status: ReportStatus, { lang, colour }: Output): string[] {
  const moved = whereMoved(status)
  if (!moved) return []
  const names = (ids: readonly string[]) => ids.map(id => agencyName(trust.directory, id, lang)).join(', ')
  return [colour.strong(CASE_MOVED[lang](names(moved.now), names(moved.before)))]
}

function toldLines(trust: Trust, status: ReportStatus, agency: AgencyStatus, output: Output): string[] {
  const { lang } = output
  const told = toldBy(trust, status, agency)
  const events = told.events
    .filter(({ action }) => !SAID_ALREADY.has(action))
    .flatMap(({ day, action, code, text, subject }) => [
      `    ${day}  ${[
        deedOf(trust, { action, subject }, lang),
        ...(code === null ? [] : [codeLabel(action, code, lang)]),
      ].join(' · ')}`,
      ...(text === null ? [] : quote(text).map(line => `    ${line}`)),
    ])
  return [...events, ...nextLines(trust, status, agency, told, output)]
}

/** What was done, and to whom. */
export function deedOf(
  { directory }: Trust,
  { action, subject }: Pick<ToldEvent, 'action' | 'subject'>,
  lang: Language,
): string {
  const agency = rowsOf(action)[0]?.names === 'agency' ? [agencyName(directory, subject, lang)] : []
  return [TOLD[action]?.[lang] ?? action, ...agency].join(' · ')
}

/** What the reporter can do now. */
function nextLines(
  trust: Trust,
  status: ReportStatus,
  agency: AgencyStatus,
  told: Told,
  { words, colour }: Output,
): string[] {
  if (agency.state !== 'assigned') return []
  const objectable = objectableIn(trust, status, agency)
  const until = told.state.decision ? lastDayFor(told, 'objected') : null
  return [
    ...(told.state.request
      ? [`    ${colour.strong(words.work.answerAsked(lastDayFor(told, 'information-received')))}`]
      : []),
    ...(objectable.length > 0 ? [`    ${colour.strong(words.work.howToObject(agency.id, until))}`] : []),
  ]
}

export const toldJson = (trust: Trust, status: ReportStatus, agency: AgencyStatus) => {
  const { state, events, clocks } = toldBy(trust, status, agency)
  const objectable = objectableIn(trust, status, agency)
  return {
    standings: agencyStandings(status, agency),
    offered: offerTo(status, agency)?.day ?? null,
    stage: state.state,
    told: events,
    mayObject: objectable.length > 0,
    objectable,
    clocks: clocks.map(clockJson),
  }
}
