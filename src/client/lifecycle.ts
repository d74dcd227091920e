// Where a case stands for the device that opened it, what it may do now, and doing it.
import { currentEpoch } from '../protocol/agency-documents.ts'
import { type CaseClock, caseClocks, datedEvents } from '../protocol/case-clocks.ts'
import { hasRoomFor } from '../protocol/chain-length.ts'
import { type RandomBytes, randomBytes } from '../protocol/crypto.ts'
import { findAgency, isValidOn } from '../protocol/directory.ts'
import { toHex } from '../protocol/encoding.ts'
import { chainStart, isOffer, type OfferedKey } from '../protocol/event.ts'
import { type Action, confirmsDecision, rowIn, rowsOf } from '../protocol/lifecycle.ts'
import type { Choice } from '../protocol/lifecycle-guards.ts'
import type { Obstacle } from '../protocol/lifecycle-obstacles.ts'
import type { Standing } from '../protocol/lifecycle-phases.ts'
import {
  type Actor,
  type CaseEvent,
  type CaseState,
  followEvent,
  invitingCase,
  newCase,
  proposedCase,
} from '../protocol/lifecycle-state.ts'
import { type Asked, choicesIn, viewFor, viewsOf } from '../protocol/lifecycle-views.ts'
import { type Particulars, particularsKey } from '../protocol/particulars.ts'
import { type Recipient, wrapContentKey } from '../protocol/wrapped-key.ts'
import type { CheckedEvent } from './chain.ts'
import type { Device } from './device.ts'
import { InvalidInput, RequestProblem } from './failure.ts'
import { type CheckedCase, NotOpened, type OpenedCase, openCase, readCase } from './opening.ts'
import { type EventOptions, recordEvent } from './recording.ts'
import { KeysMissing, missingHere } from './team-wraps.ts'

const MAX_MOVES = 4

/** Why an action is not open to this device now. */
export class NotAllowed extends Error {
  readonly obstacle: Obstacle

  constructor(obstacle: Obstacle) {
    super(obstacle)
    this.name = 'NotAllowed'
    this.obstacle = obstacle
  }
}

export const actorOf = ({ agency, certified }: Device): Actor => ({
  agency: agency.id,
  device: toHex(certified.deviceId),
  role: certified.role,
})

type Views = readonly [CaseState, ...CaseState[]]

/**
 * By this agency's own verified chain, and, of who else works on the case, by what the service says: its own case, or else
 * the one that it was asked into.
 */
export const caseStateOf = (device: Device, read: CheckedCase): CaseState => viewsOfCase(device, read)[0]

/** Why an action is not open to this device now; also of a case that it has not opened. */
export const obstacleBefore = (device: Device, read: CheckedCase, action: Action): Obstacle | null =>
  placeFor(device, read, action).obstacle

/** The state that an action belongs to, and what is in its way: the table, or that the chain has no room for it. */
function placeFor(device: Device, read: CheckedCase, action: Action) {
  const { view, obstacle } = viewFor(viewsOfCase(device, read), actorOf(device), action)
  const hasRoom = hasRoomFor(action, view.state, read.file.events.length)
  return { view, obstacle: obstacle ?? (hasRoom ? null : ('full' as const)) }
}

function viewsOfCase({ agency }: Device, { file, chain }: CheckedCase): Views {
  const own = chain.events.reduce(
    (state, event) => {
      const said = eventOf(event, agency.id)
      return said ? followEvent(state, said) : state
    },
    startOf(file.origin, agency.id),
  )
  const asked = file.partners.filter(({ lead }) => lead === agency.id)
  const others = file.partners.filter(({ lead }) => lead !== agency.id)
  const [lead] = others.filter(({ standing }) => standing.includes('holder'))
  return viewsOf(own, {
    agency: agency.id,
    holds: file.standing.includes('holder'),
    asked: asked.map(partner => ({ agency: partner.agency, standing: partner.standing.filter(isAsked) })),
    offer: lead
      ? {
          lead: lead.agency,
          standing: file.standing.filter(isAsked),
          colleagues: others.flatMap(partner => (partner === lead ? [] : [partner.agency])),
        }
      : null,
  })
}

const isAsked = (standing: Standing): standing is Asked => standing !== 'holder'

function startOf({ kind, agency }: OpenedCase['file']['origin'], own: string): CaseState {
  if (kind === 'proposed') return proposedCase(agency ?? '', own)
  if (kind === 'invited') return invitingCase(agency ?? '', own)
  return newCase(own)
}

/** What each clock of the directory shows today, by this agency's verified chain. */
export function clocksOf(device: Device, { file, chain }: OpenedCase): CaseClock[] {
  const { clocks, holidays } = device.trust.directory
  const events = chain.events.flatMap(event => {
    const said = eventOf(event, device.agency.id)
    return said && event.day !== null ? [{ ...said, day: event.day }] : []
  })
  const dated = datedEvents(startOf(file.origin, device.agency.id), file.day, events)
  return caseClocks(clocks, dated, device.trust.today, holidays)
}

/** Null for an event that does not verify: it did nothing. */
export function eventOf(event: CheckedEvent, agencyId: string): CaseEvent | null {
  const { verdict, content, deviceId, role, particulars } = event
  if (verdict === 'forged' || !content || deviceId === null || role === null) return null
  const names = rowsOf(content.kind)[0]?.names
  return {
    action: content.kind,
    by: { agency: agencyId, device: deviceId, role },
    ...(particulars?.code === undefined ? {} : { code: particulars.code }),
    ...(names === 'agency' ? { agency: content.subject } : {}),
    ...(names === 'device' ? { device: content.subject } : {}),
    ...(names === 'message' ? { message: Number(content.subject) } : {}),
  }
}

/** Every action, and for those that are not open, why. */
export const choicesOf = (device: Device, opened: OpenedCase): readonly Choice[] =>
  choicesIn(viewsOfCase(device, opened), actorOf(device)).map(choice => ({
    ...choice,
    obstacle: placeFor(device, opened, choice.action).obstacle,
  }))

/** Not before an offer is accepted. */
export const mayAcknowledge = (device: Device, opened: OpenedCase): boolean =>
  choicesOf(device, opened).some(({ action, obstacle }) => action === 'acknowledged' && obstacle === null)

export interface Act extends Particulars {
  readonly action: Action
  /** The agency, the device (hexadecimal) or the follow-up (its index) that the action names. */
  readonly subject?: string
}

/**
 * Does it, on the newest head; answers the case as it is then, null where that was the end of it here. Throws
 * `NotAllowed`, `InvalidInput`; `RequestProblem` `action-refused` where the service sees an obstacle that this device
 * did not.
 */
export async function act(
  device: Device,
  opened: OpenedCase,
  wanted: Act,
  options: EventOptions,
): Promise<OpenedCase | null> {
  let current = opened
  for (let moves = 0; moves <= MAX_MOVES; moves++) {
    const { view, obstacle } = placeFor(device, current, wanted.action)
    if (obstacle) throw new NotAllowed(obstacle)
    // Whoever confirms or drops a decision means the one that they saw.
    if (DECIDES.includes(wanted.action) && placeOfProposal(opened) !== placeOfProposal(current)) break
    const isDone = await recordEvent(
      device,
      current,
      await eventFor(device, { opened: current, state: view.state }, wanted, options),
      options,
    )
    const after = await openedOr(device, opened.id, options.signal)
    if (isDone || !after) return after
    current = after
  }
  throw new RequestProblem('chain-moved', 409)
}

const DECIDES: readonly Action[] = ['confirmed', 'declined']

/** The last decision for two people that was proposed: while one waits, there is no other. */
const lastProposal = ({ chain }: OpenedCase): CheckedEvent | null =>
  chain.events.findLast(
    ({ verdict }) => verdict !== 'forged' && rowsOf(verdict).some(({ twoPeople }) => twoPeople),
  ) ?? null

/** What the decision says that waits for its second person; null where none does, or this device cannot read it. */
export const waitingParticulars = (device: Device, opened: OpenedCase): Particulars | null =>
  caseStateOf(device, opened).pending ? (lastProposal(opened)?.particulars ?? null) : null

const placeOfProposal = (opened: OpenedCase) => lastProposal(opened)?.content?.index

/** What the first person wanted the reporter told. Throws `InvalidInput` where this device cannot read it. */
function proposedIn(opened: OpenedCase, { action, text }: Act): Particulars {
  if (text !== undefined) throw new InvalidInput(`${action}: says what was proposed, and nothing else`)
  const said = lastProposal(opened)?.particulars
  if (!said) throw new InvalidInput(`${action}: this device cannot read what was proposed`)
  return said
}

async function openedOr(device: Device, id: string, signal?: AbortSignal): Promise<OpenedCase | null> {
  try {
    return await openCase(device, await readCase(device, id, signal))
  } catch (error) {
    if (error instanceof NotOpened && error.reason === 'no-key') return null
    throw error
  }
}

async function eventFor(
  device: Device,
  { opened, state }: { readonly opened: OpenedCase; readonly state: CaseState['state'] },
  wanted: Act,
  { random = randomBytes }: EventOptions,
) {
  const { acknowledgementKey } = opened.report.replyKeys
  const { action, subject = '', code, text } = wanted
  const row = rowIn(action, state)
  if ((row?.code !== undefined) !== (code !== undefined))
    throw new InvalidInput(`${action}: a code is missing, or too much`)
  if ((row?.names !== undefined) !== (subject !== ''))
    throw new InvalidInput(`${action}: names nobody, or somebody too much`)
  const particulars = confirmsDecision(action)
    ? proposedIn(opened, wanted)
    : { ...(code === undefined ? {} : { code }), ...(text === undefined ? {} : { text }) }
  const place = { kind: action, agencyId: device.agency.id }
  const key = particularsKey(place, { acknowledgementKey, contentKey: opened.contentKey })
  return {
    kind: action,
    key: acknowledgementKey,
    wraps: [],
    subject,
    said: key && Object.keys(particulars).length > 0 ? { key, particulars } : null,
    offered: isOffer(action) ? await keysFor(device, opened, subject, random) : null,
  }
}

/**
 * All messages' keys, for the agency's epoch key of today. Throws `InvalidInput` for one that the reporter excluded;
 * `KeysMissing`: a transfer that misses a message would lose it.
 */
async function keysFor(
  { trust }: Device,
  opened: OpenedCase,
  agencyId: string,
  random: RandomBytes,
): Promise<OfferedKey[]> {
  if (opened.answers?.notFor?.includes(agencyId)) throw new InvalidInput(`the reporter excluded ${agencyId}`)
  const agency = findAgency(trust.directory, agencyId)
  const statement = trust.statements.get(agencyId)
  const epoch = statement && currentEpoch(statement, trust.today)
  if (!agency || !isValidOn(agency, trust.today) || !epoch)
    throw new InvalidInput(`no agency ${agencyId} can be written to today`)
  const to: Recipient = { agencyId, keyId: epoch.keyId, sealingKey: epoch.sealingKey }
  const head = chainStart(opened.digest, agencyId)
  const messages = [{ index: 0, digest: opened.digest, contentKey: opened.contentKey }, ...opened.followUps]
  const keys: OfferedKey[] = []
  for (const { index, digest, contentKey } of messages) {
    if (!contentKey) throw new KeysMissing(missingHere(opened))
    const wrapped = await wrapContentKey(contentKey, digest, index === 0 ? to : { ...to, head }, random)
    keys.push({ index, keyId: epoch.keyId, wrapped: wrapped.wrapped })
  }
  return keys
}
