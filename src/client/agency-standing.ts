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
  readonly action: EventKind
  readonly day: string
  readonly subject: string
}

const stepsOf = ({ events }: AgencyStatus): Step[] =>
  events.flatMap(({ signed, day, content }) =>
    signed === null || !content || day === null ? [] : [{ action: signed, day, subject: content.subject }],
  )

const lastOf = (steps: readonly Step[], ...actions: readonly EventKind[]): Step | null =>
  steps.findLast(({ action }) => actions.includes(action)) ?? null

const countOf = (steps: readonly Step[], ...actions: readonly EventKind[]): number =>
  steps.filter(({ action }) => actions.includes(action)).length

interface Offer extends Step {
  readonly by: string
  /** By who made it. */
  readonly end: Step | null
}

/** By day. */
function offersTo({ agencies }: Known, id: string): Offer[] {
  return agencies
    .flatMap(by => {
      const steps = stepsOf(by)
      return steps.flatMap((step, at) =>
        isOffer(step.action) && step.subject === id
          ? [{ ...step, by: by.id, end: endOf(step, steps.slice(at + 1)) }]
          : [],
      )
    })
    .sort((a, b) => a.day.localeCompare(b.day))
}

function endOf({ action, subject }: Step, after: readonly Step[]): Step | null {
  // Of one kind, one offer is open at a time: with the next, this one had been answered.
  const next = after.findIndex(step => step.action === action)
  const open = next < 0 ? after : after.slice(0, next)
  const takenBack = action === 'agency-invited' ? 'invitation-withdrawn' : 'hand-over-withdrawn'
  const ended = (step: Step) => step.action === 'joint-ended' && step.subject === subject
  return open.find(step => step.action === takenBack) ?? after.find(ended) ?? null
}

/** Of those that were not taken back, the first that is not answered for good: later ones wait behind it. */
const openOf = (offers: readonly Offer[], action: EventKind, answered: number): Offer | null =>
  offers.filter(offer => offer.action === action && !offer.end)[answered] ?? null

function heldBy(status: Known, agency: AgencyStatus): AgencyStanding | null {
  const steps = stepsOf(agency)
  const over = lastOf(steps, 'taken-over')
  if (!over && agency.offeredBy !== null) return null
  const handed = handedTo(status, agency)
  // Who handed it over and is there nonetheless was asked back.
  if (handed && offersTo(status, agency.id).some(({ day }) => day >= handed.day)) return null
  if (!over) return { kind: 'holder', agency: null, day: null }
  const from = offersTo(status, agency.id).findLast(
    ({ action, day, end }) => action === 'hand-over-proposed' && !end && day <= over.day,
  )
  return { kind: 'holder', agency: from?.by ?? null, day: over.day }
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
  const left = countOf(steps, 'joint-left')
  const offer = openOf(offers, 'agency-invited', left + countOf(steps, 'invitation-refused'))
  const lead = offer && leadAfter(status, offer.by)
  if (!offer || lead === agency.id) return null
  const over = offers.filter(({ end }) => end?.action === 'joint-ended').length
  const joined = countOf(steps, 'invitation-accepted') > left + over
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
    return { kind, agency: last.by, day: last.end.day }
  }
  const own = lastOf(stepsOf(agency), 'hand-over-refused', 'invitation-refused', 'joint-left')
  if (!own) return { kind: 'left', agency: null, day: null }
  const kind = own.action === 'joint-left' ? 'joint-left' : 'refused'
  return { kind, agency: last?.by ?? null, day: own.day }
}
