// An objection is a follow-up that names an event by the head behind it: its agency knows the event by that, and nobody else learns
// from it whose it is.
import { isOffer } from '../protocol/event.ts'
import type { Action } from '../protocol/lifecycle.ts'
import type { CaseState } from '../protocol/lifecycle-state.ts'
import { agencyStandings } from './agency-standing.ts'
import type { CheckedEvent } from './chain.ts'
import type { Device } from './device.ts'
import { caseStateOf, choicesOf } from './lifecycle.ts'
import type { OpenedCase, OpenedMessage } from './opening.ts'
import { offersTo } from './partners.ts'
import type { AgencyStatus, ReportStatus } from './status.ts'
import { type ToldEvent, toldBy } from './told.ts'
import type { Trust } from './trust.ts'

/**
 * What this agency did that its reporter may object to now, in its order: a decision that no objection was taken to,
 * offers that stand, and that it took the case over. `agency` is one of the status's.
 */
export function objectableIn(
  trust: Pick<Trust, 'directory' | 'today'>,
  status: Pick<ReportStatus, 'agencies' | 'day'>,
  agency: AgencyStatus,
): readonly ToldEvent[] {
  // A follow-up reaches those that hold the case, and nothing is written on a broken chain.
  if (agency.state !== 'assigned' || agency.answer === 'forged') return []
  if (status.agencies.some(({ contradicted }) => contradicted)) return []
  const { state, events } = toldBy(trust, status, agency)
  const holds = agencyStandings(status, agency).some(({ kind }) => kind === 'holder')
  const decided = state.objected ? undefined : state.decision?.action
  const last = (isMeant: (event: ToldEvent) => boolean) => events.findLast(isMeant)
  return events.filter(event => {
    const { action, subject } = event
    if (action === decided || (action === 'taken-over' && holds))
      return event === last(e => e.action === action)
    const isLast = event === last(e => e.action === action && e.subject === subject)
    return isOffer(action) && isLast && stands(status, agency.id, subject)
  })
}

const ASKED = ['proposed', 'taking-over', 'invited', 'joined']

function stands(status: Pick<ReportStatus, 'agencies'>, by: string, to: string): boolean {
  const asked = status.agencies.find(({ id }) => id === to)
  if (!asked) return false
  return agencyStandings(status, asked).some(({ kind, agency }) => agency === by && ASKED.includes(kind))
}

export interface Objection {
  /** In this agency's chain, from 0; null: another agency did it. */
  readonly entry: number | null
  /** Null for one that this agency does not see; of another agency, it sees the offer that it was made. */
  readonly event: CheckedEvent | null
  /** What this device may do about it now. */
  readonly answers: readonly Action[]
}

/** By follow-up; null for one that is no objection. */
export function objectionsIn(device: Device, opened: OpenedCase): readonly (Objection | null)[] {
  const { events } = opened.chain
  const offers = offersTo(device, opened).map(offer => offer.event)
  const received = ({ objectsTo }: OpenedMessage) =>
    offers.find(({ verdict, head }) => verdict !== 'forged' && head === objectsTo) ?? null
  return opened.followUps.map(message => {
    if (message.objectsTo === null) return null
    const entry = events.findIndex(({ head }) => head === message.objectsTo)
    const event = events[entry]
    if (!event || event.verdict === 'forged') return { entry: null, event: received(message), answers: [] }
    return { entry, event, answers: answersTo(device, opened, event, message) }
  })
}

function answersTo(
  device: Device,
  opened: OpenedCase,
  event: CheckedEvent,
  { index }: OpenedMessage,
): Action[] {
  const state = caseStateOf(device, opened)
  const choices = choicesOf(device, opened)
  return ANSWERS.flatMap(({ action, isFor }) => {
    const isOpen = choices.some(choice => choice.action === action && choice.obstacle === null)
    return isOpen && isFor(event, state, index) ? [action] : []
  })
}

interface Answer {
  readonly action: Action
  readonly isFor: (event: CheckedEvent, state: CaseState, message: number) => boolean
}

const ANSWERS: readonly Answer[] = [
  {
    action: 'objected',
    isFor: ({ verdict }, { decision, lastMessage }, message) =>
      verdict === decision?.action && message > lastMessage,
  },
  {
    action: 'hand-over-withdrawn',
    isFor: ({ verdict, content }, { proposed }) =>
      verdict === 'hand-over-proposed' && content?.subject === proposed?.agency,
  },
  {
    action: 'invitation-withdrawn',
    isFor: ({ verdict, content }, { invited }) =>
      verdict === 'agency-invited' && content?.subject === invited,
  },
  {
    action: 'joint-ended',
    isFor: ({ verdict, content }, { joined }) =>
      verdict === 'agency-invited' && joined.includes(content?.subject ?? ''),
  },
]
