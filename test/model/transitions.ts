// What each action asks for and what follows from it, in the model.
import type { AgencyId } from '../support/world.ts'
import {
  askedBy,
  here,
  isHere,
  leadOf,
  type Member,
  type ModelDevice,
  type ModelReport,
  newMember,
  type Offer,
  type OfferKind,
  type Role,
  type Stage,
  seen,
} from './model.ts'

export const ACTIONS = [
  'assessment-started',
  'accepted',
  'outcome-reported',
  'feedback-given',
  'noted',
  'conflict-declared',
  'hand-over-proposed',
  'hand-over-withdrawn',
  'hand-over-accepted',
  'hand-over-refused',
  'taken-over',
  'agency-invited',
  'invitation-accepted',
  'invitation-refused',
  'invitation-withdrawn',
  'joint-left',
  'joint-ended',
] as const
export type ModelAction = (typeof ACTIONS)[number]

interface Rule {
  readonly roles: readonly Role[]
  readonly as: readonly ('holder' | OfferKind)[]
  /** Where the agency's own case has to be, for its holder. */
  readonly stages?: readonly Stage[]
  readonly code?: string
  readonly unless?: (report: ModelReport, agency: AgencyId) => boolean
  readonly target?: (report: ModelReport, agency: AgencyId, target: AgencyId) => boolean
}

const ANY: readonly Role[] = ['intake', 'investigator', 'supervisor']
const LEADS: readonly Role[] = ['investigator', 'supervisor']
const WORKING: readonly Stage[] = ['assessing', 'addressing']

const hasAsked =
  (...kinds: OfferKind[]) =>
  (report: ModelReport, agency: AgencyId) =>
    askedBy(report, agency).some(({ offer }) => kinds.includes(offer.kind))
const not =
  (test: (report: ModelReport, agency: AgencyId) => boolean) => (report: ModelReport, agency: AgencyId) =>
    !test(report, agency)
const unsettled = hasAsked('proposed', 'taking-over', 'invited')
const isJoined = (report: ModelReport, agency: AgencyId, target: AgencyId) =>
  askedBy(report, agency).some(({ member, offer }) => member.agency === target && offer.kind === 'joined')

const RULES: Readonly<Record<ModelAction, Rule>> = {
  'assessment-started': { roles: ANY, as: ['holder'], stages: ['acknowledged'] },
  accepted: { roles: ANY, as: ['holder'], stages: ['assessing'] },
  'outcome-reported': {
    roles: LEADS,
    as: ['holder'],
    stages: ['addressing'],
    code: 'prevented',
    unless: unsettled,
  },
  'feedback-given': { roles: ANY, as: ['holder'], stages: WORKING },
  noted: { roles: ANY, as: ['holder', 'joined'], stages: ['acknowledged', ...WORKING, 'concluded'] },
  'conflict-declared': {
    roles: ANY,
    as: ['holder', 'joined', 'invited', 'proposed', 'taking-over'],
    code: 'other',
  },
  'hand-over-proposed': {
    roles: LEADS,
    as: ['holder'],
    stages: WORKING,
    code: 'power-needed',
    unless: unsettled,
    target: (_, agency, target) => agency !== target,
  },
  'hand-over-withdrawn': {
    roles: LEADS,
    as: ['holder'],
    stages: WORKING,
    unless: not(hasAsked('proposed', 'taking-over')),
  },
  'hand-over-accepted': { roles: ANY, as: ['proposed'] },
  'hand-over-refused': { roles: ANY, as: ['proposed'], code: 'no-power' },
  'taken-over': { roles: ANY, as: ['taking-over'] },
  'agency-invited': {
    roles: LEADS,
    as: ['holder'],
    stages: WORKING,
    code: 'reporter-agreed',
    unless: unsettled,
    target: (report, agency, target) => agency !== target && !isJoined(report, agency, target),
  },
  'invitation-accepted': { roles: ANY, as: ['invited'] },
  'invitation-refused': { roles: ANY, as: ['invited'], code: 'no-capacity' },
  'invitation-withdrawn': {
    roles: LEADS,
    as: ['holder'],
    stages: WORKING,
    unless: not(hasAsked('invited')),
  },
  'joint-left': { roles: LEADS, as: ['joined'] },
  'joint-ended': {
    roles: LEADS,
    as: ['holder'],
    stages: ['acknowledged', ...WORKING, 'concluded'],
    target: isJoined,
  },
}

export const codeOf = (action: ModelAction): string | undefined => RULES[action].code
export const namesAgency = (action: ModelAction): boolean => RULES[action].target !== undefined

/** Whether the lifecycle lets this device do it, to `target` or to somebody; keys are another matter. */
export function allows(
  report: ModelReport,
  device: ModelDevice,
  action: ModelAction,
  target: AgencyId | null,
): boolean {
  const rule = RULES[action]
  const member = report.members.get(device.agency)
  if (!isHere(member) || device.revoked || device.ability !== 'reader') return false
  if (!rule.roles.includes(device.role)) return false
  if (member.barred.has(device)) return false
  const asHolder = member.holds && rule.as.includes('holder') && (rule.stages?.includes(member.stage) ?? true)
  const asAsked = seen(member).some(({ kind }) => rule.as.includes(kind))
  if (!asHolder && !asAsked) return false
  if (rule.unless?.(report, device.agency)) return false
  return target === null || (rule.target?.(report, device.agency, target) ?? true)
}

interface Happening {
  readonly report: ModelReport
  readonly member: Member
  readonly target: AgencyId
  /** The keys of an offer open nothing. */
  readonly garbage: boolean
}

const stage =
  (to: Stage) =>
  ({ member }: Happening) => {
    member.stage = to
  }
const asks =
  (kind: OfferKind) =>
  ({ report, member, target, garbage }: Happening) =>
    ask(report, member, target, { kind, garbage })
const accepts =
  (kind: OfferKind, then: OfferKind) =>
  ({ report, member }: Happening) =>
    answer(report, member, kind, offer => {
      offer.kind = then
    })
const refuses =
  (kind: OfferKind) =>
  ({ report, member }: Happening) =>
    answer(report, member, kind, offer => over(report, member, offer))
const ends =
  (...kinds: OfferKind[]) =>
  ({ report, member }: Happening) => {
    for (const { member: asked, offer } of askedBy(report, member.agency))
      if (kinds.includes(offer.kind)) over(report, asked, offer)
  }

const EFFECTS: Readonly<Partial<Record<ModelAction, (happening: Happening) => void>>> = {
  'assessment-started': stage('assessing'),
  accepted: stage('addressing'),
  'outcome-reported': stage('concluded'),
  'hand-over-proposed': asks('proposed'),
  'agency-invited': asks('invited'),
  'hand-over-withdrawn': ends('proposed', 'taking-over'),
  'invitation-withdrawn': ends('invited'),
  'joint-ended': ({ report, member, target }) => {
    for (const { member: asked, offer } of askedBy(report, member.agency))
      if (asked.agency === target && offer.kind === 'joined') over(report, asked, offer)
  },
  'hand-over-accepted': accepts('proposed', 'taking-over'),
  'invitation-accepted': accepts('invited', 'joined'),
  'hand-over-refused': refuses('proposed'),
  'invitation-refused': refuses('invited'),
  'joint-left': refuses('joined'),
  'taken-over': ({ report, member }) => takeOver(report, member),
}

/** The event is on the chain. */
export function happen(
  report: ModelReport,
  device: ModelDevice,
  action: ModelAction,
  { target, garbage = false }: { readonly target: AgencyId; readonly garbage?: boolean },
): void {
  const member = memberOf(report, device.agency)
  recorded(report, member)
  if (action === 'conflict-declared') member.barred.add(device)
  else member.opened = true
  EFFECTS[action]?.({ report, member, target, garbage })
}

export function recorded(report: ModelReport, member: Member): void {
  member.events++
  report.touched.add(member.agency)
}

export function memberOf({ members }: ModelReport, agency: AgencyId): Member {
  const member = members.get(agency) ?? newMember(agency)
  members.set(agency, member)
  return member
}

function ask(
  report: ModelReport,
  lead: Member,
  target: AgencyId,
  { kind, garbage }: { readonly kind: OfferKind; readonly garbage: boolean },
): void {
  const isNew = !isHere(report.members.get(target))
  const member = memberOf(report, target)
  const bad = garbage ? report.messages : 0
  const isSeen = seen(member).every(({ from }) => from === lead.agency)
  if (isNew || member.gone) {
    member.gone = null
    member.holds = false
    member.garbage = bad
    member.wished ||= lead.wished
  }
  member.offers.push({ from: lead.agency, kind, seen: isSeen, garbage: bad, answers: 0 })
  if (isSeen) report.touched.add(target)
}

function answer(report: ModelReport, member: Member, kind: OfferKind, settle: (offer: Offer) => void): void {
  const lead = leadOf(member)
  for (const offer of seen(member)) offer.answers++
  const offer = seen(member).find(one => one.kind === kind)
  if (offer) settle(offer)
  if (lead) report.touched.add(lead)
}

function over(report: ModelReport, member: Member, offer: Offer): void {
  member.offers = member.offers.filter(one => one !== offer)
  if (!offer.seen) return
  report.touched.add(member.agency)
  if (member.offers.length === 0 && !member.holds) leave(member, 'left')
  else showNext(member)
}

function showNext(member: Member): void {
  const [next] = member.offers
  if (!next || seen(member).length > 0) return
  for (const offer of member.offers.filter(({ from }) => from === next.from)) {
    offer.seen = true
    if (!member.holds) member.garbage = offer.garbage
  }
}

/** It keeps no key, wrapped or handed on. */
export function leave(member: Member, gone: 'left' | 'withdrawn'): void {
  member.gone = gone
  member.holds = false
  member.offers = []
  member.handed.clear()
  member.garbage = 0
}

function takeOver(report: ModelReport, member: Member): void {
  const from = leadOf(member)
  const lead = from && report.members.get(from)
  if (!lead) return
  member.holds = true
  member.stage = 'assessing'
  member.offers = member.offers.filter(offer => offer.from !== lead.agency)
  for (const offer of lead.offers) report.touched.add(offer.from)
  leave(lead, 'left')
  for (const { member: other } of askedBy(report, lead.agency)) {
    other.offers = other.offers
      .filter(offer => !(offer.from === member.agency && offer.kind === 'invited'))
      .map(offer =>
        offer.from === lead.agency
          ? { ...offer, from: member.agency }
          : { ...offer, seen: offer.seen || offer.from === member.agency },
      )
    report.touched.add(other.agency)
  }
  showNext(member)
  report.touched.add(lead.agency)
}

/** Somebody said that the report does not open. */
export function unopenable(member: Member): void {
  if (member.stage === 'new') member.stage = 'unopenable'
}

interface Acknowledging {
  readonly report: ModelReport
  readonly device: ModelDevice
  readonly team: readonly ModelDevice[]
  /** Indexes of what this device opens. */
  readonly opened: readonly number[]
}

const handedTo = (member: Member, device: ModelDevice) => member.handed.get(device) ?? []

/** What comes of saying that it was opened and handing keys on to the team. */
export function acknowledging({
  report,
  device,
  team,
  opened,
}: Acknowledging): 'nothing' | 'done' | 'refused' {
  const member = memberOf(report, device.agency)
  const isWhole = team.every(one => handedTo(member, one).length >= opened.length)
  if (member.acknowledged && isWhole) return 'nothing'
  const may = member.holds || seen(member).some(({ kind }) => kind === 'joined' || kind === 'taking-over')
  return may ? 'done' : 'refused'
}

export function acknowledge({ report, device, team, opened }: Acknowledging): void {
  const member = memberOf(report, device.agency)
  recorded(report, member)
  member.acknowledged = true
  member.opened = true
  if (member.stage === 'new' || member.stage === 'unopenable') member.stage = 'acknowledged'
  for (const one of team) {
    const held = handedTo(member, one)
    member.handed.set(one, [...held, ...opened.slice(held.length)])
  }
}

/** The reporter adds a message: for everybody who is here. */
export function followUp(report: ModelReport): void {
  report.messages++
  for (const member of here(report)) report.touched.add(member.agency)
}

/** The reporter wants it back. */
export function withdraw(report: ModelReport): 'withdrawn' | 'wish-recorded' | 'partly-withdrawn' {
  if (report.withdrawn) return 'withdrawn'
  const opened = here(report).filter(member => member.opened)
  const others = [...report.members.values()].filter(
    member => member.gone === 'withdrawn' || (isHere(member) && !member.opened),
  )
  for (const member of others.filter(isHere)) {
    leave(member, 'withdrawn')
    report.touched.add(member.agency)
  }
  for (const member of opened.filter(({ wished }) => !wished)) {
    member.wished = true
    report.touched.add(member.agency)
  }
  if (opened.length > 0) return others.length > 0 ? 'partly-withdrawn' : 'wish-recorded'
  report.withdrawn = true
  return 'withdrawn'
}
