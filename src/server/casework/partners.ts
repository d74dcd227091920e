// Other agencies of a case that its agency works with: what it may see of them.
import type { CaseFile } from '../../contract/casework.ts'
import { toBase64url } from '../../protocol/encoding.ts'
import { parseEvent } from '../../protocol/event.ts'
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

/**
 * Whoever asked sees whom it asked and what they answered, not whether they hold the report by themselves or work with
 * somebody else. Those who were asked see who asked, and each other once they work together.
 */
export async function partnersOf(queries: Queries, group: Group): Promise<Partner[]> {
  const { self, lead, asked, colleagues } = group
  const partners: Partner[] = []
  for (const member of asked) {
    const offers = offersFrom(member, self)
    const standing = askedAs(offers.map(({ kind }) => kind))
    const answers = await answersTo(queries, offers)
    partners.push({ agency: member.agency_id, lead: self.agency_id, standing, answers })
  }
  if (!lead) return partners
  const others = { lead: lead.agency_id, answers: [] }
  partners.push({ agency: lead.agency_id, standing: ['holder'], ...others })
  if (seenOffers(self).every(({ kind }) => kind !== 'joined')) return partners
  for (const { agency_id } of colleagues)
    partners.push({ agency: agency_id, standing: ['joined'], ...others })
  return partners
}

/** To these offers, and to none of anybody else's before. */
async function answersTo(
  queries: Queries,
  offers: readonly records.MemberOffer[],
): Promise<Partner['answers']> {
  const [first] = offers
  const since = offers.flatMap(offer => (offer.since === null ? [] : [offer.since]))
  if (!first || since.length === 0) return []
  const events = await records.eventsOf(queries, first.case_id)
  return events
    .filter(event => event.index >= Math.min(...since) && ANSWERS.includes(parseEvent(event).kind))
    .map(({ core, tag, signature, certificate }) => ({
      core: toBase64url(core),
      tag: toBase64url(tag),
      signature: toBase64url(signature),
      certificate,
    }))
}
