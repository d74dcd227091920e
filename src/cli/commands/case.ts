import type { Command } from 'commander'
import {
  caseStateOf,
  clocksOf,
  type Device,
  type OpenedCase,
  objectionsIn,
  offersTo,
  openCase,
  type Partner,
  partnersOf,
  type ReceivedOffer,
} from '../../client/index.ts'
import { OBSTACLES } from '../../protocol/lifecycle-obstacles.ts'
import { PHASES, STANDINGS, STATES } from '../../protocol/lifecycle-phases.ts'
import type { CaseState } from '../../protocol/lifecycle-state.ts'
import { readUnbarred } from '../casework/barred.ts'
import { clockJson, clockLines } from '../casework/clocks.ts'
import { eventJson, historyLines } from '../casework/history.ts'
import { actionLabel, codeLabel, shortDevice } from '../casework/names.ts'
import { objectionLines } from '../casework/objections.ts'
import { offerLines, partnerLines } from '../casework/partners.ts'
import { connectDevice, type KeyOptions, run, withKeyOptions } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { shownCase } from '../hex.ts'
import type { Output } from '../output.ts'
import { caseIdOf } from './open.ts'

export function addCase(program: Command): void {
  withKeyOptions(program.command('case'))
    .summary('see how a case stands: who works on it, what is due, what was done')
    .description(
      'Shows where a case stands, which agencies work on it, its clocks, and everything that was recorded, each signature ' +
        'checked. Records nothing. What the reporter wrote is with `bongsu open`.',
    )
    .argument('<case>', 'as `bongsu cases` shows it')
    .action((id: string, options: KeyOptions) => run(options, output => showCase(id, options, output)))
}

async function showCase(text: string, options: KeyOptions, output: Output): Promise<ExitCode | undefined> {
  const id = caseIdOf(text)
  const device = await connectDevice(options, output)
  const opened = await openCase(device, await readUnbarred(device, id))
  const others = { partners: partnersOf(device, opened), offers: offersTo(device, opened) }
  output.result(caseJson(device, opened, others), caseLines(device, opened, others, output))
  const events = [
    ...opened.chain.events,
    ...others.partners.flatMap(({ answers }) => answers),
    ...others.offers.map(({ event }) => event),
  ]
  const isProven = opened.withdrawal !== 'forged' && events.every(({ verdict }) => verdict !== 'forged')
  return isProven ? undefined : EXIT.unproven
}

interface Others {
  readonly partners: readonly Partner[]
  readonly offers: readonly ReceivedOffer[]
}

function caseJson(device: Device, opened: OpenedCase, { partners, offers }: Others) {
  const { state, holder, pending, decision, request, conflicts, recused } = caseStateOf(device, opened)
  return {
    case: shownCase(opened.id),
    day: opened.file.day,
    state,
    phase: STATES[state].phase,
    standing: opened.file.standing,
    holder,
    partners: partners.map(({ agencyId, answers, ...partner }) => ({
      agency: agencyId,
      ...partner,
      answers: answers.map(eventJson),
    })),
    offers: offers.map(({ agencyId, event }) => ({ agency: agencyId, ...eventJson(event) })),
    pending,
    decision,
    request,
    conflicts,
    recused,
    due: opened.file.due,
    clocks: clocksOf(device, opened).map(clockJson),
    events: opened.chain.events.map(eventJson),
  }
}

function caseLines(
  device: Device,
  opened: OpenedCase,
  { partners, offers }: Others,
  output: Output,
): string[] {
  const { words, colour, lang } = output
  const { file, withdrawal, chain } = opened
  const state = caseStateOf(device, opened)
  const { phase, ...stateNames } = STATES[state.state]
  const partnerLinesHere = partners.flatMap(partner => partnerLines(device, partner, output))
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', colour.strong(title), ...lines]
  return [
    colour.strong(words.caseTitle(shownCase(opened.id), file.day)),
    ...(file.urgent ? [colour.bad(words.urgent)] : []),
    ...(withdrawal === 'none' ? [] : [colour.bad(words.withdrawalState[withdrawal])]),
    words.work.stateLine(stateNames[lang], PHASES[phase][lang]),
    words.work.ownStanding(file.standing.map(standing => STANDINGS[standing][lang])),
    ...openMatters(state, output),
    ...openObjections(device, opened, output),
    ...part(
      words.work.asked,
      offers.flatMap(offer => offerLines(device, offer, output)),
    ),
    ...part(words.work.partners, partnerLinesHere),
    ...part(words.work.clocks, clockLines(clocksOf(device, opened), output)),
    ...part(
      words.work.history,
      chain.events.length === 0 ? [words.work.nothingYet] : historyLines(device, opened, output),
    ),
  ]
}

/** Those that this device can do something about. */
function openObjections(device: Device, opened: OpenedCase, output: Output): string[] {
  const { words } = output
  return objectionsIn(device, opened).flatMap((objection, at) => {
    const message = opened.followUps[at]
    if (!message || !objection || objection.answers.length === 0) return []
    const { index, day } = message
    const lines = objectionLines(device, opened, { objection, index }, output)
    return [words.followUpTitle(index, day), ...lines.map(line => `  ${line}`)]
  })
}

/** What lies beside the state. */
function openMatters(state: CaseState, { words, colour, lang }: Output): string[] {
  const { pending, request, conflicts, recused } = state
  const devices = (of: CaseState['conflicts']) => of.map(({ device }) => shortDevice(device))
  return [
    ...(pending
      ? [
          colour.strong(
            words.work.pending(
              actionLabel(pending.action, lang),
              codeLabel(pending.action, pending.code, lang),
              devices(pending.by),
            ),
          ),
        ]
      : []),
    ...(request ? [OBSTACLES['request-open'][lang]] : []),
    ...(conflicts.length > 0 ? [colour.bad(words.work.conflicts(devices(conflicts)))] : []),
    ...(recused.length > 0 ? [words.work.recused(devices(recused))] : []),
  ]
}
