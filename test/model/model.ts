// What must be so: who has which keys of which report, and who knows of whom. Written from the rules, not from the code:
// it knows nothing of tables, chains or ciphertexts.
import type { AgencyId } from '../support/world.ts'

export const AGENCIES: readonly AgencyId[] = ['sme-office', 'nis', 'police', 'ip-police', 'serious-crimes']

export type Role = 'intake' | 'investigator' | 'supervisor' | 'machine'
/** `reader`: reads and acts. `pickup`: hands keys on. `watcher`: sees the list. */
export type Ability = 'reader' | 'pickup' | 'watcher'

export interface ModelDevice {
  readonly name: string
  readonly agency: AgencyId
  readonly role: Role
  readonly ability: Ability
  /** Has the agency's epoch seeds. */
  readonly intake: boolean
  revoked: boolean
}

export type OfferKind = 'proposed' | 'taking-over' | 'invited' | 'joined'

export interface Offer {
  readonly from: AgencyId
  kind: OfferKind
  /** False while it waits behind those of another agency. */
  seen: boolean
  /** With how many keys that open nothing it came. */
  readonly garbage: number
  /** What the agency has said to it. */
  answers: number
}

export type Stage = 'new' | 'unopenable' | 'acknowledged' | 'assessing' | 'addressing' | 'concluded'

export interface Member {
  readonly agency: AgencyId
  readonly chosen: boolean
  holds: boolean
  gone: 'left' | 'withdrawn' | null
  /** Somebody of the agency has proven to have opened it. */
  opened: boolean
  /** What a machine picks up, no person has read yet. */
  acknowledged: 'no' | 'by a machine' | 'by a person'
  stage: Stage
  offers: Offer[]
  /** Indexes of messages, by device, whose keys lie beside events. */
  handed: Map<ModelDevice, number[]>
  /** The keys of the messages before this one open nothing. */
  garbage: number
  events: number
  wished: boolean
  readonly barred: Set<ModelDevice>
  /** Those that refused what it asked, or left: it keeps their answers. How often each. */
  readonly declined: Map<AgencyId, number>
}

export interface ModelReport {
  readonly name: string
  readonly chosen: readonly AgencyId[]
  readonly excluded: readonly AgencyId[]
  messages: number
  withdrawn: boolean
  readonly members: Map<AgencyId, Member>
  /** Whose feed the last step moved. */
  touched: Set<AgencyId>
}

export interface Model {
  readonly devices: ModelDevice[]
  readonly reports: ModelReport[]
}

export function newReport(
  name: string,
  chosen: readonly AgencyId[],
  excluded: readonly AgencyId[],
): ModelReport {
  const member = (agency: AgencyId): Member => ({ ...newMember(agency), chosen: true, holds: true })
  return {
    name,
    chosen,
    excluded,
    messages: 1,
    withdrawn: false,
    members: new Map(chosen.map(agency => [agency, member(agency)])),
    touched: new Set(chosen),
  }
}

export const newMember = (agency: AgencyId): Member => ({
  agency,
  chosen: false,
  holds: false,
  gone: null,
  opened: false,
  acknowledged: 'no',
  stage: 'assessing',
  offers: [],
  handed: new Map(),
  garbage: 0,
  events: 0,
  wished: false,
  barred: new Set(),
  declined: new Map(),
})

/** A member that the reporter chose begins as new. */
export function begin(report: ModelReport): ModelReport {
  for (const member of report.members.values()) member.stage = 'new'
  return report
}

export const seen = ({ offers }: Member): Offer[] => offers.filter(offer => offer.seen)
export const isHere = (member: Member | undefined): member is Member => member !== undefined && !member.gone
export const here = ({ members }: ModelReport): Member[] => [...members.values()].filter(isHere)
export const leadOf = (member: Member): AgencyId | null => seen(member)[0]?.from ?? null
export const askedBy = ({ members }: ModelReport, lead: AgencyId): { member: Member; offer: Offer }[] =>
  [...members.values()].flatMap(member =>
    member.offers.filter(({ from }) => from === lead).map(offer => ({ member, offer })),
  )

export const standings = (member: Member): string[] =>
  member.gone
    ? []
    : [...(member.holds ? ['holder'] : []), ...seen(member).map(({ kind }) => kind as string)].sort()

/** What an agency sees of others: «agency: standing under lead». */
export function partners(report: ModelReport, member: Member): string[] {
  if (member.gone) return []
  const own = new Map<AgencyId, string[]>()
  for (const { member: asked, offer } of askedBy(report, member.agency))
    own.set(asked.agency, [...(own.get(asked.agency) ?? []), offer.kind])
  for (const agency of member.declined.keys()) own.set(agency, own.get(agency) ?? [])
  const lines = [...own].map(
    ([agency, kinds]) => `${agency}: ${kinds.sort().join(' ')} under ${member.agency}`,
  )
  const lead = leadOf(member)
  if (lead === null) return lines.sort()
  lines.push(`${lead}: holder under ${lead}`)
  if (!seen(member).some(({ kind }) => kind === 'joined')) return lines.sort()
  const colleagues = askedBy(report, lead).filter(
    ({ member: other, offer }) => other !== member && offer.kind === 'joined',
  )
  return [...lines, ...colleagues.map(({ member: { agency } }) => `${agency}: joined under ${lead}`)].sort()
}

/** All that an agency may notice of a report, but for the texts: while this stays, so does every byte that it can get. */
export function noticed(report: ModelReport, agency: AgencyId): string {
  const member = report.members.get(agency)
  if (!member) return 'nothing'
  const { gone, stage, events, wished, holds } = member
  const messages = gone ? 0 : report.messages
  const answers = askedBy(report, agency).map(({ member: { agency: asked }, offer }) => [
    asked,
    offer.answers,
  ])
  const declined = [...member.declined]
  const shown = [partners(report, member), answers, declined]
  return JSON.stringify([gone, holds, stage, events, wished, messages, ...shown])
}

/** Indexes of the messages whose wrapped keys the service gives to the agency's intake devices. */
export const wrappedFor = (report: ModelReport, agency: AgencyId): number[] =>
  isHere(report.members.get(agency)) ? Array.from({ length: report.messages }, (_, i) => i) : []

/** Indexes of the messages that a device opens: none where the report itself does not; `canUnwrap`: it has the seed. */
export function opens(
  report: ModelReport,
  device: ModelDevice,
  canUnwrap: (index: number) => boolean,
): number[] {
  const member = report.members.get(device.agency)
  if (!isHere(member) || device.revoked || device.ability === 'watcher') return []
  const handed = member.handed.get(device) ?? []
  const opened = wrappedFor(report, device.agency).filter(
    index => (device.intake && canUnwrap(index) && index >= member.garbage) || handed.includes(index),
  )
  return opened.includes(0) ? opened : []
}
