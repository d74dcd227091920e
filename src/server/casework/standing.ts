// Where a case of an agency stands, as far as the service can see: kinds, devices and agencies of its events, never what
// they say. The lifecycle's table decides; the service only looks that nobody passes it.
import { Problem } from '../../contract/problems.ts'
import type { DeviceRole } from '../../protocol/agency-documents.ts'
import { hasRoomFor } from '../../protocol/chain-length.ts'
import { toHex } from '../../protocol/encoding.ts'
import type { EventContent } from '../../protocol/event.ts'
import type { Standing } from '../../protocol/lifecycle-phases.ts'
import { applyUnread, type CaseState, followEvent } from '../../protocol/lifecycle-state.ts'
import { type Asked, viewFor, viewsOf, type Work } from '../../protocol/lifecycle-views.ts'
import type { CallingDevice } from '../http/serve.ts'
import { records } from '../intake/service.ts'

type Member = records.Member

/** The cases of one report, as one of them stands among them. */
export interface Group {
  readonly self: Member
  /** The case whose offer it may answer; null where there is none. */
  readonly lead: Member | null
  /** Those that it asked. */
  readonly asked: readonly Member[]
  /** Others who joined the lead. */
  readonly colleagues: readonly Member[]
}

export const isSameCase = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** Of all cases of one report, those that may know of each other. */
export function groupOf(members: readonly Member[], caseId: Uint8Array): Group {
  const self = members.find(member => isSameCase(member.case_id, caseId))
  if (!self) throw new Problem('not-found')
  const leadId = seenOffers(self)[0]?.from_case
  const lead = members.find(member => leadId && isSameCase(member.case_id, leadId)) ?? null
  const asked = members.filter(member => offersFrom(member, self).length > 0)
  const colleagues = members.filter(
    member => lead && member !== self && offersFrom(member, lead).some(({ kind }) => kind === 'joined'),
  )
  return { self, lead, asked, colleagues }
}

/** Those that its agency can answer; the others wait. */
export const seenOffers = ({ offers }: Member): readonly records.MemberOffer[] =>
  offers.filter(({ since }) => since !== null)

export const offersFrom = ({ offers }: Member, { case_id }: Member): readonly records.MemberOffer[] =>
  offers.filter(({ from_case }) => isSameCase(from_case, case_id))

const ASKED: Readonly<Record<records.OfferKind, Asked>> = {
  proposed: 'proposed',
  accepted: 'taking-over',
  invited: 'invited',
  joined: 'joined',
}

export const askedAs = (kinds: readonly records.OfferKind[]): Asked[] => kinds.map(kind => ASKED[kind])

/** How the agency of a case stands to it. */
export function standingOf(standing: Member['standing'], seen: readonly records.OfferKind[]): Standing[] {
  return [...(standing === 'holder' ? (['holder'] as const) : []), ...askedAs(seen)]
}

const kindsOf = (offers: readonly records.MemberOffer[]) => offers.map(({ kind }) => kind)

/** Who works with whom, as far as this agency may know. */
function workOf({ self, lead, asked, colleagues }: Group): Work {
  return {
    agency: self.agency_id,
    holds: self.standing === 'holder',
    asked: asked.map(member => ({
      agency: member.agency_id,
      standing: askedAs(kindsOf(offersFrom(member, self))),
    })),
    offer: lead && {
      lead: lead.agency_id,
      standing: askedAs(kindsOf(seenOffers(self))),
      colleagues: colleagues.map(({ agency_id }) => agency_id),
    },
  }
}

/** The state after the event. Throws `action-refused` on what the table does not allow this device, or the chain has no room for. */
export function requireAllowed(
  group: Group,
  own: CaseState,
  content: EventContent,
  device: CallingDevice,
): CaseState {
  const event = records.eventOf(content, toHex(device.deviceId), roleIn(device.certificate))
  const { view } = viewFor(viewsOf(own, workOf(group)), event.by, event.action)
  if (!hasRoomFor(event.action, view.state, content.index)) throw new Problem('action-refused')
  try {
    applyUnread(view, event)
  } catch {
    throw new Problem('action-refused')
  }
  return followEvent(own, event)
}

/** The certificate was verified when it was published. */
function roleIn(certificate: string): DeviceRole {
  const content = JSON.parse(certificate.split('\n')[1] ?? '{}') as { role?: DeviceRole }
  return content.role ?? 'machine'
}
