// What agencies told the reporter beyond «opened»: where the case went, what was asked, what came of it.
import {
  type AgencyStatus,
  offerTo,
  type ReportStatus,
  type Told,
  type Trust,
  toldBy,
} from '../../client/index.ts'
import type { Action } from '../../protocol/lifecycle.ts'
import type { Output } from '../output.ts'
import { quote } from '../terminal.ts'
import { clockJson } from './clocks.ts'
import { agencyName, codeLabel } from './names.ts'

/** The line of the agency itself says that it opened the report. */
const SAID_ALREADY: ReadonlySet<string> = new Set(['acknowledged', 'unopenable'])

export function toldLines(
  trust: Trust,
  status: ReportStatus,
  agency: AgencyStatus,
  output: Output,
): string[] {
  const { words, lang } = output
  const name = (id: string) => agencyName(trust.directory, id, lang)
  const offer = offerTo(status, agency)
  const told = toldBy(trust, status, agency)
  const events = told.events
    .filter(({ action }) => !SAID_ALREADY.has(action))
    .flatMap(({ day, action, code, text, subject }) => [
      `    ${day}  ${[
        words.work.told[action] ?? action,
        ...(NAMES_AGENCY.has(action) ? [name(subject)] : []),
        ...(code === null ? [] : [codeLabel(action, code, lang)]),
      ].join(' · ')}`,
      ...(text === null ? [] : quote(text).map(line => `    ${line}`)),
    ])
  return [
    ...(offer && agency.offeredBy !== null
      ? [`    ${words.work.offeredBy(name(agency.offeredBy), offer.day ?? '')}`]
      : []),
    ...events,
    ...nextLines(told, agency, output),
  ]
}

const NAMES_AGENCY: ReadonlySet<string> = new Set([
  'hand-over-proposed',
  'agency-invited',
  'joint-ended',
  'redirected',
])

/** The last day of the clock that this kind of event stops. */
const untilOf = ({ clocks }: Told, stoppedBy: Action): string | null => {
  const due = clocks.find(({ policy }) => policy.stops.includes(stoppedBy))?.state.due
  return due?.known ? due.day : null
}

/** What the reporter can do now. */
function nextLines(told: Told, { state: assigned }: AgencyStatus, { words, colour }: Output): string[] {
  const { decision, objected, request } = told.state
  if (assigned !== 'assigned') return []
  return [
    ...(request
      ? [`    ${colour.strong(words.work.answerAsked(untilOf(told, 'information-received')))}`]
      : []),
    ...(decision && !objected
      ? [`    ${colour.strong(words.work.howToObject(untilOf(told, 'objected')))}`]
      : []),
  ]
}

export const toldJson = (trust: Trust, status: ReportStatus, agency: AgencyStatus) => {
  const { state, events, clocks } = toldBy(trust, status, agency)
  return {
    offered: offerTo(status, agency)?.day ?? null,
    stage: state.state,
    told: events,
    mayObject: agency.state === 'assigned' && state.decision !== null && !state.objected,
    clocks: clocks.map(clockJson),
  }
}
