// What somebody tries who writes a client of their own, or puts in what others sent.
import { randomBytes as chance } from 'node:crypto'
import { readCase, recordUnopenable, refuseUnopened } from '../../src/client/index.ts'
import { chainStart, type OfferedKey } from '../../src/protocol/event.ts'
import { record } from '../support/device.ts'
import {
  bodyByHand,
  canUnwrap,
  chainAt,
  type Doing,
  everything,
  keysByHand,
  nameOf,
  outcomeOf,
  post,
  saidBy,
} from './acting.ts'
import { type Command, type Done, one } from './commands.ts'
import { isHere, type ModelDevice, type ModelReport } from './model.ts'
import { deviceIn, type Real, rawDevice, realOf } from './real.ts'
import { ACTIONS, allows, type ModelAction } from './rules.ts'
import { happen, recorded, unopenable } from './transitions.ts'

interface Sent {
  readonly report: ModelReport
  readonly device: ModelDevice
  readonly body: object
  readonly caseId: string
}

const sent = new WeakMap<Real, Sent[]>()

/** Those whom the lifecycle allows it. */
const able = (real: Real, action: ModelAction): Doing[] =>
  everything(real, action).filter(({ report, device, target }) => allows(report, device, action, target))

const some = (real: Real, pick: number): Doing | undefined => {
  // Whoever declares a conflict does nothing more: the story would end soon.
  const others = ACTIONS.filter(action => action !== 'conflict-declared')
  const actions = [...others.slice(pick % others.length), ...others.slice(0, pick % others.length)]
  const found = actions.map(action => one(able(real, action), Math.floor(pick / ACTIONS.length)))
  return found.find(doing => doing !== undefined)
}

/** Done by hand, rightly; and the bytes are kept. */
const byHand: Command = async (real, pick) => {
  const doing = some(real, pick)
  const body = doing && (await bodyByHand(real, doing))
  if (!doing || !body) return null
  const { report, device, target } = doing
  const caseId = realOf(real, report).cases.get(device.agency) ?? ''
  const outcome = await post(real, report, device, body)
  happen(report, device, doing.action, { target })
  sent.set(real, [...(sent.get(real) ?? []), { report, device, body, caseId }])
  return { said: `${nameOf(doing)}, by hand`, outcome, expected: 'done' }
}

/** The same bytes again, whatever happened since: they change nothing. */
const replay: Command = async (real, pick) => {
  const again = one(sent.get(real) ?? [], pick)
  if (!again) return null
  const { report, device, body, caseId } = again
  const outcome = saidBy(await record(rawDevice(real, device), caseId, body))
  const expected = device.revoked ? 'device-refused' : 'done'
  return { said: `${report.name}: an event of ${device.name} is sent again`, outcome, expected }
}

/** A machine that hands keys on, or that watches the list, tries to say something. */
const overreach: Command = async (real, pick) => {
  const tried = ACTIONS.flatMap(action => everything(real, action)).filter(
    ({ report, device }) =>
      device.ability !== 'reader' && !device.revoked && isHere(report.members.get(device.agency)),
  )
  const doing = one(tried, pick)
  const body = doing && (await bodyByHand(real, doing))
  if (!doing || !body) return null
  const outcome = await post(real, doing.report, doing.device, body)
  return { said: `${nameOf(doing)}, beyond its scope`, outcome, expected: 'scope-missing' }
}

/** What one device signed is posted by another, of the agency or of another one. */
const borrow: Command = async (real, pick) => {
  const doing = some(real, pick)
  const body = doing && (await bodyByHand(real, doing))
  if (!doing || !body) return null
  const { report, device } = doing
  const others = real.model.devices.filter(
    other => other !== device && other.ability === 'reader' && !other.revoked,
  )
  const thief = one(others, Math.floor(pick / 7))
  if (!thief) return null
  const outcome = await post(real, report, thief, body)
  return { said: `${thief.name} posts: ${nameOf(doing)}`, outcome, expected: 'event-invalid' }
}

/** An event for an agency's own chain, posted to another agency's case. */
const intrude: Command = async (real, pick) => {
  const doing = some(real, pick)
  const body = doing && (await bodyByHand(real, doing))
  if (!doing || !body) return null
  const { report, device } = doing
  const foreign = [...real.reports.values()].flatMap(({ cases }) =>
    [...cases].flatMap(([agency, id]) => (agency === device.agency ? [] : [id])),
  )
  const id = one([...foreign, real.guessed], Math.floor(pick / 7)) ?? real.guessed
  const outcome = saidBy(await record(rawDevice(real, device), id, body))
  return {
    said: `${report.name}: ${device.name} posts to a case that is not its agency’s`,
    outcome,
    expected: 'not-found',
  }
}

/** On another head, over an earlier event, or beyond the next place. */
const misplace: Command = async (real, pick) => {
  const doing = some(real, pick)
  if (!doing) return null
  const { report, device } = doing
  const { head, index } = await chainAt(real, report, device.agency)
  const start = chainStart(realOf(real, report).digest, device.agency)
  const at = one(
    [
      { head: new Uint8Array(chance(32)), index },
      { head, index: index + 1 },
      ...(index > 0
        ? [
            { head: start, index: 0 },
            { head, index: 0 },
            { head: start, index },
          ]
        : []),
    ],
    Math.floor(pick / 7),
  )
  const body = at && (await bodyByHand(real, doing, { at }))
  if (!body) return null
  const outcome = await post(real, report, device, body)
  return { said: `${nameOf(doing)}, at a wrong place`, outcome, expected: 'chain-moved' }
}

const OFFERS = ['hand-over-proposed', 'agency-invited'] as const

interface BadKeys {
  readonly name: string
  readonly expected: string
  readonly of: (keys: readonly OfferedKey[]) => readonly OfferedKey[]
}

const BAD_KEYS: readonly BadKeys[] = [
  { name: 'without the newest message', expected: 'chain-moved', of: keys => keys.slice(0, -1) },
  { name: 'without the report', expected: 'event-invalid', of: keys => keys.slice(1) },
  {
    name: 'with a message that is not there',
    expected: 'event-invalid',
    of: keys => [...keys, ...keys.slice(-1).map(key => ({ ...key, index: key.index + 1 }))],
  },
  { name: 'in another order', expected: 'event-invalid', of: keys => [...keys].reverse() },
  {
    name: 'for a key that nobody published',
    expected: 'recipient-refused',
    of: keys => keys.map(key => ({ ...key, keyId: new Uint8Array(chance(16)) })),
  },
]

const badOffer: Command = async (real, pick) => {
  const doing = one(able(real, OFFERS[pick % 2] ?? OFFERS[0]), Math.floor(pick / 2))
  const bad = one(BAD_KEYS, Math.floor(pick / 31))
  const good = doing && (await keysByHand(real, doing.report, doing.target))
  if (!doing || !bad || !good || good.length < 2) return null
  const body = await bodyByHand(real, doing, { keys: bad.of(good) })
  if (!body) return null
  const outcome = await post(real, doing.report, doing.device, body)
  return { said: `${nameOf(doing)}, ${bad.name}`, outcome, expected: bad.expected }
}

/** The service cannot know that the keys open nothing, nor whom the reporter excluded. */
const garbageOffer: Command = async (real, pick) => {
  const doing = one(able(real, OFFERS[pick % 2] ?? OFFERS[0]), Math.floor(pick / 2))
  const keys = doing && (await keysByHand(real, doing.report, doing.target, true))
  const body = keys && (await bodyByHand(real, doing, { keys }))
  if (!doing || !body) return null
  const outcome = await post(real, doing.report, doing.device, body)
  happen(doing.report, doing.device, doing.action, { target: doing.target, garbage: true })
  return { said: `${nameOf(doing)}, with keys that open nothing`, outcome, expected: 'done' }
}

const excludedOffer: Command = async (real, pick) => {
  const mean = OFFERS.flatMap(action => able(real, action)).filter(({ report, target }) =>
    report.excluded.includes(target),
  )
  const doing = one(mean, pick)
  const body = doing && (await bodyByHand(real, doing))
  if (!doing || !body) return null
  const outcome = await post(real, doing.report, doing.device, body)
  happen(doing.report, doing.device, doing.action, { target: doing.target })
  return { said: `${nameOf(doing)}, whom the reporter excluded`, outcome, expected: 'done' }
}

/** Who was offered keys that open nothing says so, or refuses. */
const complain: Command = async (real, pick) => {
  const cases = real.model.reports.flatMap(report =>
    real.model.devices
      .filter(device => device.intake && device.ability === 'reader')
      .filter(device => {
        const member = report.members.get(device.agency)
        return isHere(member) && member.garbage > 0 && canUnwrap(real, report, device)(0)
      })
      .map(device => ({ report, device })),
  )
  const found = one(cases, pick)
  if (!found) return null
  const { report, device } = found
  const offer = ['hand-over-refused', 'invitation-refused'] as const
  const action = offer.find(kind => allows(report, device, kind, null))
  return action && pick % 3 > 0 ? refused(real, report, device, action) : complained(real, report, device)
}

async function refused(
  real: Real,
  report: ModelReport,
  device: ModelDevice,
  action: 'hand-over-refused' | 'invitation-refused',
): Promise<Done> {
  const sdk = deviceIn(real, device)
  const outcome = await outcomeOf(async () => {
    const read = await readCase(sdk, realOf(real, report).cases.get(device.agency) ?? '')
    await refuseUnopened(sdk, read, action, { now: real.world.now() })
    return 'done'
  })
  happen(report, device, action, { target: device.agency })
  return { said: `${report.name}: ${device.name} ${action}, unopened`, outcome, expected: 'done' }
}

async function complained(real: Real, report: ModelReport, device: ModelDevice): Promise<Done | null> {
  const sdk = deviceIn(real, device)
  const member = report.members.get(device.agency)
  if (!member) return null
  const outcome = await outcomeOf(async () => {
    const read = await readCase(sdk, realOf(real, report).cases.get(device.agency) ?? '')
    return (await recordUnopenable(sdk, read, { now: real.world.now() })) ? 'done' : 'nothing'
  })
  const expected = member.events > 0 ? 'nothing' : 'done'
  if (expected === 'done') {
    recorded(report, member)
    unopenable(member)
  }
  return { said: `${report.name}: ${device.name} says that it does not open`, outcome, expected }
}

export const ATTACKS: Readonly<Record<string, Command>> = {
  byHand,
  replay,
  overreach,
  borrow,
  intrude,
  misplace,
  badOffer,
  garbageOffer,
  excludedOffer,
  complain,
}
