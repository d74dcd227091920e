// Other agencies of a case that its agency works with: what it may see of them.
import type { CaseFile } from '../../contract/casework.ts'
import { toBase64url } from '../../protocol/encoding.ts'
import { isOffer, parseEvent } from '../../protocol/event.ts'
import type { Action } from '../../protocol/lifecycle.ts'
import type { Queries } from '../database.ts'
import { records } from '../intake/service.ts'
import { askedAs, type Group, offersFrom, seenOffers } from './standing.ts'

/** What an agency says in its own chain to the one that made the offer. */
const ANSWERS: readonly Action[] = [
  'hand-over-accepted',
  'hand-over-refused',
  'taken-over',
  'invitation-accepted',
  'invitation-refused',
  'joint-left',
]

type Partner = CaseFile['partners'][number]
type LooseEvent = Partner['answers'][number]

/** Of the agency whose case it is. */
interface Reader {
  /** What is said beside events is for who reads the case, not for a machine that hands keys on. */
  readonly isReader: boolean
}

/**
 * Whoever asked sees whom it asked and what they answered, not whether they hold the report by themselves or work with
 * somebody else. Those who were asked see who asked, and each other once they work together.
 */
export async function partnersOf(
  queries: Queries,
  group: Group,
  shown: readonly records.ShownEvent[],
  reader: Reader,
): Promise<Partner[]> {
  const { self, lead, asked, colleagues } = group
  const declined = shown.filter(event => !isOffer(parseEvent(event).kind))
  const ids = new Set([...asked, ...declined].map(({ agency_id }) => agency_id))
  const partners: Partner[] = []
  for (const agency of [...ids].sort()) {
    const member = asked.find(({ agency_id }) => agency_id === agency)
    const offers = member ? offersFrom(member, self) : []
    const standing = askedAs(offers.map(({ kind }) => kind))
    const before = declined.filter(({ agency_id }) => agency_id === agency)
    const answers = inOrder([...before, ...(await answersTo(queries, offers))])
    partners.push({ agency, lead: self.agency_id, standing, answers: answers.map(looseOf(reader)) })
  }
  if (!lead) return partners
  const others = { lead: lead.agency_id, answers: [] }
  partners.push({ agency: lead.agency_id, standing: ['holder'], ...others })
  if (seenOffers(self).every(({ kind }) => kind !== 'joined')) return partners
  for (const { agency_id } of colleagues)
    partners.push({ agency: agency_id, standing: ['joined'], ...others })
  return partners
}

/** By whom and why it was asked. */
export const offersTo = (shown: readonly records.ShownEvent[], reader: Reader): CaseFile['offers'] =>
  shown
    .filter(event => isOffer(parseEvent(event).kind))
    .map(event => ({ agency: event.agency_id, ...looseOf(reader)(event) }))

type ChainEvent = Omit<records.ShownEvent, 'agency_id'>

const looseOf =
  ({ isReader }: Reader) =>
  ({ core, tag, signature, certificate, particulars }: ChainEvent): LooseEvent => ({
    core: toBase64url(core),
    tag: toBase64url(tag),
    signature: toBase64url(signature),
    certificate,
    particulars: isReader && particulars ? toBase64url(particulars) : null,
  })

/** Of one chain, each once. */
const inOrder = (events: readonly ChainEvent[]): ChainEvent[] =>
  [...new Map(events.map(event => [event.index, event])).values()].sort((a, b) => a.index - b.index)

/** To these offers, and to none of anybody else's before. */
async function answersTo(
  queries: Queries,
  offers: readonly records.MemberOffer[],
): Promise<readonly ChainEvent[]> {
  const [first] = offers
  const since = offers.flatMap(offer => (offer.since === null ? [] : [offer.since]))
  if (!first || since.length === 0) return []
  const events = await records.eventsOf(queries, first.case_id)
  return events.filter(event => event.index >= Math.min(...since) && ANSWERS.includes(parseEvent(event).kind))
}
