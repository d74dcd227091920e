// What people do, step by step. A step that is not possible now is passed over; its choices are numbers, so that a
// shorter story still means something.
import { acknowledge, openCase, readCase, sendFollowUp, withdrawReport } from '../../src/client/index.ts'
import { refusalOf, sendReport } from '../journeys/people.ts'
import type { AgencyId } from '../support/world.ts'
import {
  bodyByHand,
  type Doing,
  doIt,
  everything,
  expected,
  expectedByHand,
  nameOf,
  opened,
  outcomeOf,
  post,
} from './acting.ts'
import { AGENCIES, begin, here, newReport } from './model.ts'
import { addDevice, deviceIn, passDays, type Real, realOf, reporterIn, revoke, today } from './real.ts'
import { ACTIONS, type ModelAction } from './rules.ts'
import { acknowledge as acknowledged, acknowledging, followUp, happen, withdraw } from './transitions.ts'

const MAX_REPORTS = 3
const MAX_MESSAGES = 6
const MAX_DEVICES = 24

/** What was done, what it came to, and what it should have come to. Null: not possible now. */
export interface Done {
  readonly said: string
  readonly outcome: string
  readonly expected: string
}

/** `pick` chooses among what is possible. */
export type Command = (real: Real, pick: number) => Promise<Done | null>

export const one = <T>(items: readonly T[], pick: number): T | undefined =>
  items[pick % Math.max(items.length, 1)]

/** To one, two or three agencies; some of the others must never get it. */
export const submit: Command = async (real, pick) => {
  const { model, world } = real
  if (model.reports.length >= MAX_REPORTS) return null
  const at = pick % AGENCIES.length
  const order = [...AGENCIES.slice(at), ...AGENCIES.slice(0, at)]
  const chosen = order.slice(0, 1 + (Math.floor(pick / 5) % 3))
  const excluded = order.slice(5 - (Math.floor(pick / 15) % 2))
  return send(real, `report ${model.reports.length}`, { chosen, excluded, world })
}

export async function send(
  real: Real,
  name: string,
  {
    chosen,
    excluded,
    world,
  }: { chosen: readonly AgencyId[]; excluded: readonly AgencyId[]; world: Real['world'] },
): Promise<Done> {
  const sent = await sendReport(world, name, chosen, real.reporters, excluded)
  const report = begin(newReport(name, chosen, excluded))
  real.model.reports.push(report)
  const { code, digest } = sent.prepared
  real.reports.set(report, { code, digest, cases: new Map(), opened: null })
  return {
    said: `${name} to ${chosen.join(', ')}, never to ${excluded.join(', ') || '–'}`,
    outcome: 'done',
    expected: 'done',
  }
}

export const write: Command = async (real, pick) => {
  const report = one(real.model.reports, pick)
  if (!report || report.messages >= MAX_MESSAGES) return null
  const wanted = here(report).length > 0 ? 'accepted' : 'InvalidInput'
  const outcome = await refusalOf(
    sendFollowUp(reporterIn(real, realOf(real, report)), `더 ${report.messages}`),
  )
  if (wanted === 'accepted') followUp(report)
  return { said: `${report.name}: follow-up`, outcome, expected: wanted }
}

export const takeBack: Command = async (real, pick) => {
  const report = one(real.model.reports, pick)
  if (!report) return null
  const outcome = await withdrawReport(reporterIn(real, realOf(real, report)))
  return { said: `${report.name}: withdrawal`, outcome, expected: withdraw(report) }
}

/** By any device that opens it; hands keys on to the others. */
export const open: Command = async (real, pick) => {
  const { devices, reports } = real.model
  const teamOf = (agency: AgencyId) =>
    devices.filter(one => one.agency === agency && one.ability === 'reader' && !one.revoked)
  const able = reports.flatMap(report =>
    devices.map(device => ({
      report,
      device,
      team: teamOf(device.agency),
      opened: opened(real, report, device),
    })),
  )
  const useful = able.filter(one => one.opened.length > 0 && acknowledging(one) !== 'nothing')
  const found = one(useful, pick)
  if (!found) return null
  const { report, device } = found
  const sdk = deviceIn(real, device)
  const id = realOf(real, report).cases.get(device.agency) ?? ''
  const outcome = await outcomeOf(async () => {
    const known = await openCase(sdk, await readCase(sdk, id))
    return (await acknowledge(sdk, known, { now: real.world.now() })) ? 'done' : 'nothing'
  })
  const wanted = acknowledging(found)
  if (wanted === 'done') acknowledged(found)
  return { said: `${report.name}: ${device.name} acknowledges`, outcome, expected: wanted }
}

/** Whoever may, does it: through the SDK. */
export const doing =
  (action: ModelAction): Command =>
  async (real, pick) => {
    const able = everything(real, action).filter(one => expected(real, one) === 'done')
    const found = one(able, pick)
    return found ? carriedOut(real, found) : null
  }

/** Asks an agency that another one asked already: neither may see the other. */
export const rival: Command = async (real, pick) => {
  const offers = (['hand-over-proposed', 'agency-invited'] as const).flatMap(action =>
    everything(real, action),
  )
  const able = offers.filter(offer => {
    const asked = offer.report.members.get(offer.target)?.offers ?? []
    return asked.some(({ from }) => from !== offer.device.agency) && expected(real, offer) === 'done'
  })
  const found = one(able, pick)
  return found ? carriedOut(real, found) : null
}

async function carriedOut(real: Real, found: Doing): Promise<Done> {
  const { report, device, action, target } = found
  const wanted = expected(real, found)
  const outcome = await doIt(real, found)
  if (wanted === 'done') happen(report, device, action, { target })
  return { said: nameOf(found), outcome, expected: wanted }
}

/** Somebody tries something, allowed or not. */
export const attempt: Command = async (real, pick) => {
  const action = one(ACTIONS, pick)
  const tried = everything(real, action ?? 'noted').filter(
    ({ report, device }) => realOf(real, report).cases.has(device.agency) && device.ability === 'reader',
  )
  const found = one(tried, Math.floor(pick / ACTIONS.length))
  return found ? carriedOut(real, found) : null
}

/** The same by a client of somebody's own, which asks nobody what is allowed. */
export const attemptByHand: Command = async (real, pick) => {
  const action = one(ACTIONS, pick)
  const tried = everything(real, action ?? 'noted').filter(({ report, device }) =>
    report.members.has(device.agency),
  )
  const found = one(tried, Math.floor(pick / ACTIONS.length))
  const body = found && (await bodyByHand(real, found))
  if (!found || !body) return null
  const { report, device, target } = found
  const wanted = expectedByHand(found)
  const outcome = await post(real, report, device, body)
  if (wanted === 'done') happen(report, device, found.action, { target })
  return { said: `${nameOf(found)}, by hand`, outcome, expected: wanted }
}

export const pass: Command = async (real, pick) => {
  const days = 1 + (pick % 9)
  await passDays(real, days)
  for (const report of real.model.reports) for (const { agency } of here(report)) report.touched.add(agency)
  return { said: `${days} days pass: ${today(real)}`, outcome: 'done', expected: 'done' }
}

export const enrol: Command = async (real, pick) => {
  const agency = one(AGENCIES, pick)
  if (!agency || real.model.devices.length >= MAX_DEVICES) return null
  const ability = (['reader', 'reader', 'pickup', 'watcher'] as const)[Math.floor(pick / 5) % 4] ?? 'reader'
  const name = `${agency} ${ability} ${real.model.devices.length}`
  await addDevice(real, agency, ability, name)
  return { said: `${name} is enrolled`, outcome: 'done', expected: 'done' }
}

/** Not the agency's own intake device: through its eyes the test looks. */
export const dismiss: Command = async (real, pick) => {
  const device = one(
    real.model.devices.filter(({ name, agency, revoked }) => !revoked && name !== `${agency} intake`),
    pick,
  )
  if (!device) return null
  await revoke(real, device)
  return { said: `${device.name} is revoked`, outcome: 'done', expected: 'done' }
}
