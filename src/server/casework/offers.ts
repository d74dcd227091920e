// Cases that are offered to another agency: what an event of that sort changes beside its chain.
import { randomBytes } from 'node:crypto'
import { Problem } from '../../contract/problems.ts'
import { MAX_ASKED } from '../../contract/report.ts'
import { equalBytes } from '../../protocol/encoding.ts'
import { chainStart, type EventContent, type OfferedKey, offeredKeysHash } from '../../protocol/event.ts'
import type { Queries } from '../database.ts'
import type { DirectoryService } from '../directory/service.ts'
import { records } from '../intake/service.ts'
import { type Group, offersFrom, seenOffers } from './standing.ts'

export interface OfferOfKeys {
  readonly agencyId: string
  readonly keys: readonly OfferedKey[]
}

type OfferKind = 'proposed' | 'invited'
const OFFERS: Readonly<Partial<Record<EventContent['kind'], OfferKind>>> = {
  'hand-over-proposed': 'proposed',
  'agency-invited': 'invited',
}

/** Keys beside an event that offers none, or none beside one that does, are an error: `event-invalid`. */
export function requireFittingOffer(content: EventContent, offer: OfferOfKeys | null): void {
  const hash = offer ? offeredKeysHash(offer.agencyId, offer.keys) : new Uint8Array(0)
  const isMeant = (OFFERS[content.kind] !== undefined) === (offer !== null)
  const fits = isMeant && equalBytes(hash, content.offerHash)
  if (!fits || (offer && offer.agencyId !== content.subject)) throw new Problem('event-invalid')
}

interface Recorded {
  readonly group: Group
  readonly content: EventContent
  readonly offer: OfferOfKeys | null
  readonly reportId: Uint8Array
}

/** In the event's own transaction, after the table allowed it. */
export async function settleOffer(
  queries: Queries,
  directory: Pick<DirectoryService, 'acceptedEpoch'>,
  recorded: Recorded,
): Promise<void> {
  const { group, content } = recorded
  switch (content.kind) {
    case 'hand-over-proposed':
    case 'agency-invited':
      return makeOffer(queries, directory, recorded)
    case 'hand-over-withdrawn':
      return endOwn(queries, recorded, ['proposed', 'accepted'])
    case 'invitation-withdrawn':
      return endOwn(queries, recorded, ['invited'])
    case 'joint-ended':
      return endOwn(queries, recorded, ['joined'], content.subject)
    case 'hand-over-accepted':
      return answer(queries, recorded, 'proposed', offer => records.acceptOffer(queries, offer))
    case 'invitation-accepted':
      return answer(queries, recorded, 'invited', offer => records.acceptOffer(queries, offer))
    case 'hand-over-refused':
      return decline(queries, recorded, 'proposed')
    case 'invitation-refused':
      return decline(queries, recorded, 'invited')
    case 'joint-left':
      return decline(queries, recorded, 'joined')
    case 'taken-over': {
      const { self, lead } = group
      const start = chainStart(content.digest, self.agency_id)
      if (lead) await records.takeOver(queries, self.case_id, lead.case_id, start)
      return
    }
  }
}

/** What this agency offered, to one agency or to all. */
async function endOwn(
  queries: Queries,
  recorded: Recorded,
  kinds: readonly records.OfferKind[],
  agencyId?: string,
): Promise<void> {
  const { self, asked } = recorded.group
  for (const member of asked.filter(({ agency_id }) => agencyId === undefined || agency_id === agencyId)) {
    for (const offer of offersFrom(member, self)) {
      if (kinds.includes(offer.kind)) await end(queries, recorded, member, offer)
    }
  }
}

/** To the offer of that kind; whoever made it sees that something changed. */
async function answer(
  queries: Queries,
  { group: { self, lead } }: Recorded,
  kind: records.OfferKind,
  settle: (offer: records.MemberOffer) => Promise<void>,
): Promise<void> {
  const offer = seenOffers(self).find(one => one.kind === kind)
  if (!offer) throw new Problem('action-refused')
  await settle(offer)
  if (lead) await records.touch(queries, lead.case_id)
}

/** No, or no longer: the offer is gone, and whoever made it keeps the answer. */
async function decline(queries: Queries, recorded: Recorded, kind: records.OfferKind): Promise<void> {
  const { group, content } = recorded
  await answer(queries, recorded, kind, offer => end(queries, recorded, group.self, offer))
  const event = { fromCase: group.self.case_id, index: content.index }
  if (group.lead) await records.showEvent(queries, group.lead.case_id, event)
}

const end = (
  queries: Queries,
  { content }: Recorded,
  member: records.Member,
  offer: records.MemberOffer,
): Promise<void> =>
  records.endOffer(queries, member, {
    offer,
    isTakenBack: content.kind === 'hand-over-withdrawn' || content.kind === 'invitation-withdrawn',
    start: chainStart(content.digest, member.agency_id),
  })

/**
 * Throws `event-invalid` where a message's key is missing, `chain-moved` where that came after the offer was made,
 * `recipient-refused` for keys that are not accepted, `action-refused` where this agency has asked as many as it may.
 */
async function makeOffer(
  queries: Queries,
  directory: Pick<DirectoryService, 'acceptedEpoch'>,
  { group: { self, asked }, content, offer, reportId }: Recorded,
): Promise<void> {
  const kind = OFFERS[content.kind]
  if (!offer || !kind) throw new Problem('event-invalid')
  const others = asked.filter(({ agency_id }) => agency_id !== offer.agencyId)
  if (others.length >= MAX_ASKED) throw new Problem('action-refused')
  const held = await records.heldIndexes(queries, self.case_id)
  if (!offer.keys.every(({ index }, i) => index === held[i])) throw new Problem('event-invalid')
  if (offer.keys.length < held.length) throw new Problem('chain-moved')
  for (const { keyId } of offer.keys) {
    if (!(await directory.acceptedEpoch(offer.agencyId, keyId))) throw new Problem('recipient-refused')
  }
  const members = await records.membersOf(queries, reportId)
  const known = members.find(member => member.agency_id === offer.agencyId)
  const made = {
    kind,
    reportId,
    agencyId: offer.agencyId,
    keys: offer.keys,
    askedAt: content.index,
    fromCase: self.case_id,
    fromAgency: self.agency_id,
    start: chainStart(content.digest, offer.agencyId),
  }
  if (known) await records.offerToKnown(queries, known, made)
  else await records.offerToNew(queries, randomBytes(16), made)
}
