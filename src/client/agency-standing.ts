// How each agency stands to a report, for its reporter: who has it, who was asked, who left, and where it went. That an agency
// is there or not is the service's word; the rest is folded out of signed events, whatever their tags. Between chains there is no order but days.
import { type EventKind, isOffer } from '../protocol/event.ts'
import type { ReportersStanding } from '../protocol/lifecycle-words.ts'
import type { AgencyStatus, ReportStatus } from './status.ts'

export interface AgencyStanding {
  readonly kind: ReportersStanding
  /** Of a holder, whose case it took over; of one that handed over, who has it; of others, who asked or leads. */
  readonly agency: string | null
  readonly day: string | null
}

type Known = Pick<ReportStatus, 'agencies'>

/** At least one; two of a holder that was asked by another one. `agency` is one of the status's. */
export function agencyStandings(
  status: Known,
  agency: AgencyStatus,
): readonly [AgencyStanding, ...AgencyStanding[]] {
  if (agency.state === 'withdrawn') return [{ kind: 'withdrawn', agency: null, day: null }]
  if (agency.state === 'left') return [whyGone(status, agency)]
  const found = [heldBy(status, agency), askedToTakeOver(status, agency), askedToJoin(status, agency)].filter(
    standing => standing !== null,
  )
  const [first = { kind: 'here', agency: agency.offeredBy, day: null }, ...more] = found
  return [first, ...more]
}

export interface Moved {
  /** Ids. */
  readonly now: readonly string[]
  readonly before: readonly string[]
}

/** Who handed the case over, and who has it for that; null where nobody did. */
export function whereMoved(status: Known): Moved | null {
  const before = status.agencies
    .filter(agency => agencyStandings(status, agency).some(({ kind }) => kind === 'handed-over'))
    .map(({ id }) => id)
  return before.length > 0 ? { now: [...new Set(before.map(id => leadAfter(status, id)))], before } : null
}

interface Step {
  readonly by: string
  readonly action: EventKind
  readonly day: string
  readonly subject: string
}

const stepsOf = ({ id, events }: AgencyStatus): Step[] =>
  events.flatMap(({ signed, day, content }) =>
    signed === null || !content || day === null
      ? []
      : [{ by: id, action: signed, day, subject: content.subject }],
  )

const lastOf = (steps: readonly Step[], ...actions: readonly EventKind[]): Step | null =>
  steps.findLast(({ action }) => actions.includes(action)) ?? null

const countOf = (steps: readonly Step[], ...actions: readonly EventKind[]): number =>
  steps.filter(({ action }) => actions.includes(action)).length

interface Offer extends Step {
  /** By who made it, or led then. */
  readonly end: Step | null
}

/** By day. */
function offersTo(status: Known, id: string): Offer[] {
  const chains = status.agencies.map(stepsOf)
  const ends = endsIn(chains, id)
  return chains
    .flatMap(steps =>
      steps.flatMap((step, at) =>
        isOffer(step.action) && step.subject === id
          ? [{ ...step, end: endOf(step, steps.slice(at + 1), ends) }]
          : [],
      ),
    )
    .sort((a, b) => a.day.localeCompare(b.day))
}

/** By whoever led then: not always who had invited it. */
const endsIn = (chains: readonly (readonly Step[])[], id: string): Step[] =>
  chains.flat().filter(({ action, subject }) => action === 'joint-ended' && subject === id)

function endOf({ action, by, day }: Step, after: readonly Step[], ends: readonly Step[]): Step | null {
  // Of one kind, one offer is open at a time: with the next, this one had been answered.
  const next = after.findIndex(step => step.action === action)
  const open = next < 0 ? after : after.slice(0, next)
  const isInvitation = action === 'agency-invited'
  const takenBack = isInvitation ? 'invitation-withdrawn' : 'hand-over-withdrawn'
  const elsewhere = ends.filter(end => isInvitation && end.by !== by && end.day >= day)
  const ended = [...after, ...elsewhere].find(step => ends.includes(step))
  return open.find(step => step.action === takenBack) ?? ended ?? null
}

/** Of those that were not taken back, the first that is not answered for good: later ones wait behind it. */
const openOf = (offers: readonly Offer[], action: EventKind, answered: number): Offer | null =>
  offers.filter(offer => offer.action === action && (!offer.end || offer.end.action === 'joint-ended'))[
    answered
  ] ?? null

function heldBy(status: Known, agency: AgencyStatus): AgencyStanding | null {
  const steps = stepsOf(agency)
  const over = lastOf(steps, 'taken-over')
  if (!over && agency.offeredBy !== null) return null
  const offers = offersTo(status, agency.id)
  if (!over && offers.length > 0 && wasTakenBack(agency)) return null
  const handed = handedTo(status, agency)
  // Who handed it over and is there nonetheless was asked back.
  if (handed && offers.some(({ day }) => day >= handed.day)) return null
  if (!over) return { kind: 'holder', agency: null, day: null }
  const from = offers.findLast(
    ({ action, day, end }) => action === 'hand-over-proposed' && !end && day <= over.day,
  )
  return { kind: 'holder', agency: from?.by ?? null, day: over.day }
}

/** Its reporter took the report back before it had opened it by itself: what it has it has by an offer. */
function wasTakenBack(agency: AgencyStatus): boolean {
  const begins = ['acknowledged', 'hand-over-accepted', 'invitation-accepted']
  const first = stepsOf(agency).find(({ action }) => begins.includes(action))
  return agency.withdrawalWished && first?.action !== 'acknowledged'
}

/** Who took over what this agency proposed last. */
function handedTo({ agencies }: Known, agency: AgencyStatus): { agency: string; day: string } | null {
  const steps = stepsOf(agency)
  const at = steps.findLastIndex(({ action }) => action === 'hand-over-proposed')
  const proposal = steps[at]
  if (!proposal || lastOf(steps.slice(at), 'hand-over-withdrawn', 'taken-over')) return null
  const to = agencies.find(({ id }) => id === proposal.subject)
  const over = to && lastOf(stepsOf(to), 'taken-over')
  return over && over.day >= proposal.day ? { agency: proposal.subject, day: over.day } : null
}

function askedToTakeOver(status: Known, agency: AgencyStatus): AgencyStanding | null {
  const steps = stepsOf(agency)
  const answered = countOf(steps, 'hand-over-refused', 'taken-over')
  const offer = openOf(offersTo(status, agency.id), 'hand-over-proposed', answered)
  if (!offer) return null
  const answer = lastOf(steps, 'hand-over-accepted', 'hand-over-refused', 'taken-over')
  const accepted = answer?.action === 'hand-over-accepted' && answer.day >= offer.day
  const { day } = accepted ? answer : offer
  return { kind: accepted ? 'taking-over' : 'proposed', agency: offer.by, day }
}

function askedToJoin(status: Known, agency: AgencyStatus): AgencyStanding | null {
  const steps = stepsOf(agency)
  const offers = offersTo(status, agency.id)
  const gone = countOf(steps, 'joint-left') + endsIn(status.agencies.map(stepsOf), agency.id).length
  const offer = openOf(offers, 'agency-invited', gone + countOf(steps, 'invitation-refused'))
  const lead = offer && leadAfter(status, offer.by)
  if (!offer || lead === agency.id) return null
  const joined = countOf(steps, 'invitation-accepted') > gone
  const { day } = joined ? (lastOf(steps, 'invitation-accepted') ?? offer) : offer
  return { kind: joined ? 'joined' : 'invited', agency: lead, day }
}

/** Those who worked with an agency that handed over work with the next. */
function leadAfter(status: Known, id: string): string {
  let lead = id
  for (let moves = 0; moves < status.agencies.length; moves++) {
    const agency = status.agencies.find(one => one.id === lead)
    const next = agency?.state === 'left' ? handedTo(status, agency) : null
    if (!next) break
    lead = next.agency
  }
  return lead
}

function whyGone(status: Known, agency: AgencyStatus): AgencyStanding {
  const handed = handedTo(status, agency)
  if (handed) return { kind: 'handed-over', ...handed }
  const last = offersTo(status, agency.id).at(-1)
  if (last?.end) {
    const kind = last.end.action === 'joint-ended' ? 'joint-ended' : 'offer-withdrawn'
    return { kind, agency: last.end.by, day: last.end.day }
  }
  const own = lastOf(stepsOf(agency), 'hand-over-refused', 'invitation-refused', 'joint-left')
  if (!own) return { kind: 'left', agency: null, day: null }
  const kind = own.action === 'joint-left' ? 'joint-left' : 'refused'
  return { kind, agency: last?.by ?? null, day: own.day }
}
