// Cases that are offered to another agency: what an event of that sort changes beside its chain.
import { randomBytes } from 'node:crypto'
import { Problem } from '../../contract/problems.ts'
import { equalBytes } from '../../protocol/encoding.ts'
import { chainStart, type EventContent, type OfferedKey, offeredKeysHash } from '../../protocol/event.ts'
import type { Queries } from '../database.ts'
import type { DirectoryService } from '../directory/service.ts'
import { records } from '../intake/service.ts'
import type { Group } from './standing.ts'

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
  const { self, lead } = group
  const offered = (agencyId: string) => group.others.find(member => member.agency_id === agencyId)
  switch (content.kind) {
    case 'hand-over-proposed':
    case 'agency-invited':
      return makeOffer(queries, directory, recorded)
    case 'hand-over-withdrawn':
      return endOffers(queries, group, ['proposed', 'accepted'])
    case 'invitation-withdrawn':
      return endOffers(queries, group, ['invited'])
    case 'joint-ended': {
      const partner = offered(content.subject)
      if (partner) await records.endOffer(queries, partner)
      return
    }
    case 'hand-over-accepted':
    case 'invitation-accepted':
      await records.setOffer(
        queries,
        self.case_id,
        content.kind === 'hand-over-accepted' ? 'accepted' : 'joined',
      )
      return lead ? records.touch(queries, lead.case_id) : undefined
    case 'hand-over-refused':
    case 'invitation-refused':
    case 'joint-left':
      await records.endOffer(queries, self)
      return lead ? records.touch(queries, lead.case_id) : undefined
    case 'taken-over':
      if (lead) await records.takeOver(queries, self.case_id, lead.case_id)
      return
  }
}

async function endOffers(
  queries: Queries,
  { others }: Group,
  kinds: readonly records.Member['offer'][],
): Promise<void> {
  for (const member of others) if (kinds.includes(member.offer)) await records.endOffer(queries, member)
}

/** Throws `event-invalid` where a message's key is missing, `recipient-refused` for keys that are not accepted. */
async function makeOffer(
  queries: Queries,
  directory: Pick<DirectoryService, 'acceptedEpoch'>,
  { group: { self }, content, offer, reportId }: Recorded,
): Promise<void> {
  const kind = OFFERS[content.kind]
  if (!offer || !kind) throw new Problem('event-invalid')
  const held = await records.heldIndexes(queries, self.case_id)
  const isWhole =
    held.length === offer.keys.length && held.every((index, i) => offer.keys[i]?.index === index)
  if (!isWhole) throw new Problem('event-invalid')
  for (const { keyId } of offer.keys) {
    if (!(await directory.acceptedEpoch(offer.agencyId, keyId))) throw new Problem('recipient-refused')
  }
  const known = (await records.membersOf(queries, reportId)).find(
    member => member.agency_id === offer.agencyId && !member.withdrawn,
  )
  const made = {
    kind,
    reportId,
    agencyId: offer.agencyId,
    keys: offer.keys,
    fromCase: self.case_id,
    fromAgency: self.agency_id,
    start: chainStart(content.digest, offer.agencyId),
  }
  if (known) await records.offerToKnown(queries, known, made)
  else await records.offerToNew(queries, randomBytes(16), made)
}
