// Whether the service's word on who has a case agrees with what the agencies signed, as far as their chains tell it.
// Each way into a case and each way out of it is a signed event: the service goes by signatures, and cannot check tags. Where
// events leave open whose way out one was, nothing is held against the service.
import type { Action } from '../protocol/lifecycle.ts'
import type { CheckedChain, CheckedEvent } from './chain.ts'

interface Party extends Pick<CheckedChain, 'chain' | 'events'> {
  readonly id: string
  readonly state: 'assigned' | 'withdrawn' | 'left'
  /** Null: the reporter chose it. */
  readonly offeredBy: string | null
}

const OFFERS: readonly Action[] = ['hand-over-proposed', 'agency-invited']
/** What an agency ends by its own word. */
const LEAVING: readonly Action[] = ['hand-over-refused', 'invitation-refused', 'joint-left']
const WITHDRAWN: Readonly<Partial<Record<Action, Action>>> = {
  'hand-over-withdrawn': 'hand-over-proposed',
  'invitation-withdrawn': 'agency-invited',
}

/** Says that it has the case, and has given it away; or that it has left, and nothing shows how. */
export function isContradicted(parties: readonly Party[], party: Party): boolean {
  if (party.state === 'withdrawn' || party.chain === 'broken') return false
  if (party.state === 'left') return !mayHaveLeft(parties, party)
  return waysOut(parties, party) >= waysIn(parties, party)
}

const sound = (parties: readonly Party[]) => parties.filter(({ chain }) => chain === 'sound')
const isOf = (event: CheckedEvent, kinds: readonly Action[]) =>
  event.signed !== null && kinds.includes(event.signed)

/** Events of these kinds by anybody, about one agency. */
const about = (parties: readonly Party[], { id }: Party, kinds: readonly Action[]) =>
  sound(parties).flatMap(party =>
    party.events.filter(event => isOf(event, kinds) && event.content?.subject === id),
  )

const own = ({ events }: Party, kinds: readonly Action[]) => events.filter(event => isOf(event, kinds))

function waysIn(parties: readonly Party[], party: Party): number {
  const chosen = party.offeredBy === null ? 1 : 0
  return chosen + about(parties, party, OFFERS).length
}

/** Never more than there were: an end that could be another agency's does not count. */
function waysOut(parties: readonly Party[], party: Party): number {
  return (
    own(party, LEAVING).length +
    about(parties, party, ['joint-ended']).length +
    sound(parties).reduce((sum, other) => sum + withdrawnFrom(other, party), 0) +
    sound(parties).reduce((sum, other) => sum + takenFrom(parties, other, party), 0)
  )
}

/** A lead that took a case over withdraws offers that it never made: then nobody can tell whose. */
function withdrawnFrom(lead: Party, { id }: Party): number {
  if (own(lead, ['taken-over']).length > 0) return 0
  return lead.events.filter(({ signed }, at) => {
    const offer = signed === null ? undefined : WITHDRAWN[signed]
    if (!offer) return false
    return lead.events.slice(0, at).findLast(one => isOf(one, [offer]))?.content?.subject === id
  }).length
}

/** Cases that `taker` took over from an agency: known where nobody else proposed it any. */
function takenFrom(parties: readonly Party[], taker: Party, party: Party): number {
  const proposed = (by: Party) => about([by], taker, ['hand-over-proposed']).length > 0
  const others = parties.filter(other => other !== party && (other.chain === 'broken' || proposed(other)))
  return proposed(party) && others.length === 0 ? own(taker, ['taken-over']).length : 0
}

/** Who holds a case leaves it only where another agency takes it over. How others leave, not all that is shown tells. */
function mayHaveLeft(parties: readonly Party[], party: Party): boolean {
  const over = own(party, ['taken-over']).length
  // A reporter who takes the report back leaves no event behind, and whoever is asked then has no more than the offer.
  const isAsked = about(parties, party, OFFERS).length > over
  if ((party.offeredBy !== null && over === 0) || isAsked) return true
  // What cannot be read may show it.
  if (parties.some(({ chain }) => chain === 'broken')) return true
  return parties.some(
    taker =>
      about([party], taker, ['hand-over-proposed']).length > 0 && own(taker, ['taken-over']).length > 0,
  )
}
