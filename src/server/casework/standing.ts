// Where a case of an agency stands, as far as the service can see: kinds, devices and agencies of its events, never what
// they say. The lifecycle's table decides; the service only looks that nobody passes it.
import { Problem } from '../../contract/problems.ts'
import type { DeviceRole } from '../../protocol/agency-documents.ts'
import { toHex } from '../../protocol/encoding.ts'
import { type EventContent, parseEvent } from '../../protocol/event.ts'
import { rowsOf } from '../../protocol/lifecycle.ts'
import type { Standing } from '../../protocol/lifecycle-phases.ts'
import {
  applyUnread,
  type CaseEvent,
  type CaseState,
  followEvent,
  invitingCase,
  newCase,
  proposedCase,
} from '../../protocol/lifecycle-state.ts'
import type { CallingDevice } from '../http/serve.ts'
import type { records } from '../intake/service.ts'

type Member = records.Member

/** The cases that are worked on together: the one that leads or offers, and those with an offer from it. */
export interface Group {
  readonly self: Member
  /** Null where the case that it came from is gone. */
  readonly lead: Member | null
  readonly others: readonly Member[]
}

const same = (a: Uint8Array | null, b: Uint8Array) => a !== null && Buffer.compare(a, b) === 0

/** Of all cases of one report, those that may know of each other. */
export function groupOf(members: readonly Member[], caseId: Uint8Array): Group {
  const self = members.find(member => same(member.case_id, caseId))
  if (!self) throw new Problem('not-found')
  const leadId = self.offer === null ? self.case_id : self.from_case
  const lead = members.find(member => leadId && same(member.case_id, leadId)) ?? null
  const others = members.filter(
    member => lead && !same(member.case_id, lead.case_id) && same(member.from_case, lead.case_id),
  )
  return { self, lead, others: others.filter(({ offer }) => offer !== null) }
}

/** How the agency of a case stands to it. */
export function standingOf({ standing, offer }: Pick<Member, 'standing' | 'offer'>): Standing[] {
  const offered = {
    proposed: 'proposed',
    accepted: 'taking-over',
    invited: 'invited',
    joined: 'joined',
  } as const
  return [...(standing === 'holder' ? (['holder'] as const) : []), ...(offer ? [offered[offer]] : [])]
}

/** The lifecycle's state: what the chain says of itself, and the table of cases of who works with whom. */
export function stateOf(
  group: Group,
  events: readonly { core: Uint8Array; tag: Uint8Array; device_id: Uint8Array }[],
): CaseState {
  const { self, lead, others } = group
  const own = events.reduce(
    (state, event) => followEvent(state, eventOf(parseEvent(event), toHex(event.device_id))),
    startOf(self),
  )
  const offered = others.find(({ offer }) => offer === 'proposed' || offer === 'accepted')
  return {
    ...own,
    holder: self.offer === null ? self.agency_id : (lead?.agency_id ?? self.origin_agency ?? ''),
    proposed: offered ? { agency: offered.agency_id, accepted: offered.offer === 'accepted' } : null,
    invited: others.find(({ offer }) => offer === 'invited')?.agency_id ?? null,
    joined: others.filter(({ offer }) => offer === 'joined').map(({ agency_id }) => agency_id),
  }
}

/** How the chain of a case begins. */
export function startOf({ origin, agency_id, origin_agency }: Member): CaseState {
  if (origin === 'proposed') return proposedCase(origin_agency ?? '', agency_id)
  if (origin === 'invited') return invitingCase(origin_agency ?? '', agency_id)
  return newCase(agency_id)
}

/** What an event says beside its code, which is sealed. */
export function eventOf(
  { kind, subject, agencyId }: Pick<EventContent, 'kind' | 'subject' | 'agencyId'>,
  device: string,
  role: DeviceRole = 'machine',
): CaseEvent {
  const names = rowsOf(kind)[0]?.names
  return {
    action: kind,
    by: { device, agency: agencyId, role },
    ...(names === 'agency' ? { agency: subject } : {}),
    ...(names === 'device' ? { device: subject } : {}),
    ...(names === 'message' ? { message: Number(subject) } : {}),
  }
}

/** The state after the event. Throws `action-refused` on what the table does not allow this device. */
export function requireAllowed(state: CaseState, content: EventContent, device: CallingDevice): CaseState {
  try {
    return applyUnread(state, eventOf(content, toHex(device.deviceId), roleIn(device.certificate)))
  } catch {
    throw new Problem('action-refused')
  }
}

/** The certificate was verified when it was published. */
function roleIn(certificate: string): DeviceRole {
  const content = JSON.parse(certificate.split('\n')[1] ?? '{}') as { role?: DeviceRole }
  return content.role ?? 'machine'
}
