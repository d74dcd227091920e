// After every step: who can obtain and open which keys is exactly who the model says, and the reporter is told so.
import { expect } from 'vitest'
import { NotOpened, openCase, RequestProblem, readCase, readStatus } from '../../src/client/index.ts'
import type { CaseFile } from '../../src/contract/casework.ts'
import { equalBytes, toBase64url } from '../../src/protocol/encoding.ts'
import { open } from '../support/device.ts'
import { problemIn } from '../support/http.ts'
import type { AgencyId } from '../support/world.ts'
import { opened } from './acting.ts'
import {
  AGENCIES,
  here,
  type ModelDevice,
  type ModelReport,
  partners,
  standings,
  wrappedFor,
} from './model.ts'
import { deviceIn, type Real, type RealReport, rawDevice, realOf, reporterIn } from './real.ts'
import { intakeOf, type View } from './view.ts'

/** What a device gets, or does not get, of a report. */
interface Got {
  readonly answer: string
  /** Messages whose key wrapped for the agency it is given. */
  readonly wrapped: readonly number[]
  /** Keys beside events that are wrapped for it. */
  readonly handed: number
  readonly opens: readonly number[]
  readonly standing: readonly string[]
  readonly partners: readonly string[]
}

const NOTHING = { wrapped: [], handed: 0, opens: [], standing: [], partners: [] }

/** Cases that have appeared in a feed, by the report that they are of. */
export async function findCases(
  real: Real,
  agency: AgencyId,
  { cases }: Pick<View, 'cases'>,
  reports: readonly RealReport[] = [...real.reports.values()],
): Promise<void> {
  const known = new Set(reports.map(report => report.cases.get(agency)))
  for (const id of cases.filter(one => !known.has(one))) {
    const { digest } = await readCase(deviceIn(real, intakeOf(real, agency)), id)
    const found = reports.find(report => equalBytes(report.digest, digest))
    expect(found, `${agency} has a case that nobody sent it`).toBeDefined()
    expect(found?.cases.has(agency), `${agency} has two cases of one report`).toBe(false)
    found?.cases.set(agency, id)
  }
}

/** With `isWhole`, also that nobody gets anything by the name of another agency's case. */
export async function checkReport(real: Real, report: ModelReport, isWhole = false): Promise<void> {
  await checkStatus(real, report)
  const { cases } = realOf(real, report)
  for (const agency of AGENCIES) {
    expect(cases.has(agency), `${report.name} at ${agency}`).toBe(report.members.has(agency))
    if (isWhole) await checkForeign(real, report, agency)
    const id = cases.get(agency)
    if (id === undefined) continue
    // The agency's own intake device comes first: it sees for which seeds its keys were wrapped.
    for (const device of real.model.devices.filter(one => one.agency === agency)) {
      const got = await gotBy(real, report, device, id)
      expect(got, `${report.name}: what ${device.name} gets`).toEqual(wantedOf(real, report, device))
    }
  }
}

/** Nobody gets anything under the name that the case has for another agency. */
async function checkForeign(real: Real, report: ModelReport, agency: AgencyId): Promise<void> {
  const raw = rawDevice(real, intakeOf(real, agency))
  for (const [other, id] of realOf(real, report).cases) {
    if (other !== agency)
      expect(problemIn(await open(raw, id)), `${agency} asks for ${other}’s case`).toBe('not-found')
  }
}

function wantedOf(real: Real, report: ModelReport, device: ModelDevice): Got {
  const member = report.members.get(device.agency)
  if (device.revoked) return { answer: 'device-refused', ...NOTHING }
  if (device.ability === 'watcher') return { answer: 'scope-missing', ...NOTHING }
  if (!member || member.gone) return { answer: member?.gone ?? 'not-found', ...NOTHING }
  return {
    answer: 'here',
    wrapped: device.intake ? wrappedFor(report, device.agency) : [],
    handed: member.handed.get(device)?.length ?? 0,
    opens: opened(real, report, device),
    standing: standings(member),
    partners: partners(report, member),
  }
}

async function gotBy(real: Real, report: ModelReport, device: ModelDevice, id: string): Promise<Got> {
  const sdk = deviceIn(real, device)
  try {
    const read = await readCase(sdk, id)
    const ids = read.messages.map(({ wrappedKey }) => wrappedKey?.keyId ?? '')
    if (ids.some(keyId => keyId !== '')) real.keyIds.set(id, ids)
    const known = await openCase(sdk, read).catch(nullIfClosed)
    if (known) keepOpened(real, report, known)
    const messages = known ? [{ index: 0, contentKey: known.contentKey }, ...known.followUps] : []
    return {
      answer: 'here',
      ...inFile(read.file, rawDevice(real, device).deviceId),
      opens: messages.filter(({ contentKey }) => contentKey).map(({ index }) => index),
    }
  } catch (error) {
    if (error instanceof RequestProblem) return { answer: error.kind, ...NOTHING }
    if (!(error instanceof NotOpened)) throw error
    return withoutMessages(real, device, id)
  }
}

function nullIfClosed(error: unknown): null {
  if (error instanceof NotOpened) return null
  throw error
}

/** An agency may keep what it once read: attacks are made with it. */
function keepOpened(real: Real, report: ModelReport, known: Awaited<ReturnType<typeof openCase>>): void {
  const kept = realOf(real, report)
  const isMore =
    known.followUps.every(({ contentKey }) => contentKey) &&
    !(kept.opened && kept.opened.followUps.length > known.followUps.length)
  if (isMore) kept.opened = known
}

async function withoutMessages(real: Real, device: ModelDevice, id: string): Promise<Got> {
  const file: CaseFile = JSON.parse((await open(rawDevice(real, device), id)).body.toString())
  const keys = file.events.flatMap(event => event.deviceKeys)
  expect(keys, 'keys beside the events of who left').toEqual([])
  return { answer: file.state, ...inFile(file, rawDevice(real, device).deviceId), opens: [] }
}

function inFile(file: CaseFile, deviceId: Uint8Array): Omit<Got, 'answer' | 'opens'> {
  const name = toBase64url(deviceId)
  return {
    wrapped: file.messages.filter(({ wrappedKey }) => wrappedKey).map(({ index }) => index),
    handed: file.events.flatMap(event => event.deviceKeys).filter(({ device }) => device === name).length,
    standing: [...file.standing].sort(),
    partners: file.partners
      .map(({ agency, lead, standing }) => `${agency}: ${[...standing].sort().join(' ')} under ${lead}`)
      .sort(),
  }
}

/** The reporter sees exactly those who hold the report, what they are, and only what they can prove. */
async function checkStatus(real: Real, report: ModelReport): Promise<void> {
  const status = await readStatus(reporterIn(real, realOf(real, report)))
  const { agencies } = status
  const told = agencies.map(({ id, state, withdrawalWished, offeredBy, chain, events }) => {
    const forged = events.filter(({ verdict }) => verdict === 'forged').length
    return { id, state, withdrawalWished, offered: offeredBy !== null, chain, forged, events: events.length }
  })
  const wanted = [...report.members.values()].map(member => ({
    id: member.agency,
    state: member.gone ?? 'assigned',
    withdrawalWished: member.wished,
    offered: !member.chosen,
    chain: 'sound',
    forged: 0,
    events: member.events,
  }))
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
  expect(told.sort(byId), `${report.name}: what its reporter sees`).toEqual(wanted.sort(byId))
  const contradicted = agencies.filter(agency => agency.contradicted).map(({ id }) => id)
  expect(contradicted, `${report.name}: whom its chains contradict`).toEqual([])
  const holders = agencies.filter(({ state }) => state === 'assigned').map(({ id }) => id)
  expect(holders.sort(), `${report.name}: who holds it`).toEqual(
    here(report)
      .map(({ agency }) => agency)
      .sort(),
  )
  expect(status.state).toBe(report.withdrawn ? 'withdrawn' : 'received')
  expect(status.followUps).toHaveLength(report.messages - 1)
}
