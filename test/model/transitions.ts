// What follows from each action, in the model.
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
  type Stage,
  seen,
} from './model.ts'
import type { ModelAction } from './rules.ts'

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
    answer(report, member, kind, offer => {
      const lead = report.members.get(offer.from)
      lead?.declined.set(member.agency, (lead.declined.get(member.agency) ?? 0) + 1)
      over(report, member, offer)
    })
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

/** What can be said without having opened anything. */
const UNREAD: readonly ModelAction[] = ['conflict-declared', 'hand-over-refused', 'invitation-refused']

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
  if (!UNREAD.includes(action)) member.opened = true
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
    member.opened = false
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
    // Who has opened it keeps the keys that do.
    if (!member.holds && !member.opened) member.garbage = offer.garbage
  }
}

/** It keeps no key, wrapped or handed on. */
export function leave(member: Member, gone: 'left' | 'withdrawn'): void {
  member.gone = gone
  member.holds = false
  member.offers = []
  member.handed.clear()
  member.declined.clear()
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

/** Whoever declared a conflict is handed no keys. */
const ableIn = (team: readonly ModelDevice[], { barred }: Member) => team.filter(one => !barred.has(one))

const handedTo = (member: Member, device: ModelDevice) => member.handed.get(device) ?? []

/** What comes of saying that it was opened and handing keys on to the team. */
export function acknowledging({ report, device, team, opened }: Acknowledging): 'nothing' | 'done' {
  const member = memberOf(report, device.agency)
  const may = member.holds || seen(member).some(({ kind }) => kind === 'joined' || kind === 'taking-over')
  if (!may) return 'nothing'
  const isWhole = ableIn(team, member).every(one =>
    opened.every(index => handedTo(member, one).includes(index)),
  )
  const isSaid =
    member.acknowledged === 'by a person' ||
    (member.acknowledged === 'by a machine' && device.role === 'machine')
  return isSaid && isWhole ? 'nothing' : 'done'
}

export function acknowledge({ report, device, team, opened }: Acknowledging): void {
  const member = memberOf(report, device.agency)
  recorded(report, member)
  if (device.role !== 'machine') member.acknowledged = 'by a person'
  else if (member.acknowledged === 'no') member.acknowledged = 'by a machine'
  member.opened = true
  if (member.stage === 'new' || member.stage === 'unopenable') member.stage = 'acknowledged'
  for (const one of ableIn(team, member)) {
    const held = handedTo(member, one)
    member.handed.set(one, [...held, ...opened.filter(index => !held.includes(index))])
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
