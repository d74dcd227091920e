// Other agencies of a case that its agency works with: what it may see of them.
import type { CaseFile } from '../../contract/casework.ts'
import { toBase64url } from '../../protocol/encoding.ts'
import { parseEvent } from '../../protocol/event.ts'
import type { Action } from '../../protocol/lifecycle.ts'
import type { Queries } from '../database.ts'
import { records } from '../intake/service.ts'
import { type Group, standingOf } from './standing.ts'

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

/** The lead sees whom it asked and what they answered; those asked see the lead, and each other once they work together. */
export async function partnersOf(queries: Queries, { self, lead, others }: Group): Promise<Partner[]> {
  const isLead = lead !== null && lead === self
  const partners: Partner[] = []
  if (lead && !isLead) partners.push({ agency: lead.agency_id, standing: ['holder'], answers: [] })
  for (const member of others) {
    const isColleague = self.offer === 'joined' && member.offer === 'joined'
    if (member === self || !(isLead || isColleague)) continue
    // Whether it holds the report by itself is not this agency's to know.
    const standing = standingOf({ standing: 'none', offer: member.offer })
    partners.push({
      agency: member.agency_id,
      standing,
      answers: isLead ? await answersOf(queries, member) : [],
    })
  }
  return partners
}

async function answersOf(queries: Queries, { case_id }: records.Member): Promise<Partner['answers']> {
  const events = await records.eventsOf(queries, case_id)
  return events
    .filter(event => ANSWERS.includes(parseEvent(event).kind))
    .map(({ core, tag, signature, certificate }) => ({
      core: toBase64url(core),
      tag: toBase64url(tag),
      signature: toBase64url(signature),
      certificate,
    }))
}
