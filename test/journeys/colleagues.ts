// Agencies at one case: what their people do before a story about them begins.
import {
  type Act,
  type AgencyStanding,
  acknowledge,
  act,
  agencyStandings,
  type Device,
  type OpenedCase,
  objectableIn,
  openCase,
  readCase,
  readCases,
  readStatus,
  sendFollowUp,
} from '../../src/client/index.ts'
import type { AgencyId, World } from '../support/world.ts'
import { caseOf, deviceIn, openById, type SentReport, sendReport } from './people.ts'

export const now = (world: World) => ({ now: world.now() })

export interface AtWork {
  readonly sent: SentReport
  readonly device: Device
  /** By its name at that agency. */
  readonly id: string
}

/** Opened, acknowledged and under assessment at one of the agencies that it was sent to. */
export async function assessed(
  world: World,
  text: string,
  [first, ...others]: readonly [AgencyId, ...AgencyId[]],
): Promise<AtWork> {
  const sent = await sendReport(world, text, [first, ...others])
  return { sent, ...(await takeUp(world, sent, first)) }
}

export async function takeUp(world: World, sent: SentReport, agency: AgencyId) {
  const device = await deviceIn(world, agency)
  const id = await caseOf(device, sent)
  await acknowledge(device, await openById(device, id), now(world))
  await done(world, device, id, { action: 'assessment-started' })
  return { device, id }
}

/** On the newest state; null where that was the end of the case here. */
export const done = async (
  world: World,
  device: Device,
  id: string,
  wanted: Act,
): Promise<OpenedCase | null> => act(device, await openById(device, id), wanted, now(world))

/** By an investigator: whoever takes reports in does not send them on. */
export async function offer(
  world: World,
  { agency, id }: { readonly agency: AgencyId; readonly id: string },
  action: 'hand-over-proposed' | 'agency-invited',
  subject: AgencyId,
): Promise<OpenedCase | null> {
  const investigator = await deviceIn(world, agency, 'investigator')
  return done(world, investigator, id, { action, subject, code: 'power-needed' })
}

/** The intake device as if it had lost the seed that the first follow-up was sealed to: it hands on what else there is. */
export async function handOnWithoutFirst(world: World, intake: Device, id: string): Promise<void> {
  const read = await readCase(intake, id)
  const messages = read.messages.map(message =>
    message.index === 1 ? { ...message, wrappedKey: null } : message,
  )
  const opened = await openCase(intake, { ...read, messages })
  await acknowledge(intake, opened, now(world))
}

/** What its reporter sees of each agency. */
export async function statusOf({ reporter }: SentReport) {
  const { agencies } = await readStatus(reporter)
  return Object.fromEntries(agencies.map(agency => [agency.id, agency]))
}

/** How each stands to the report, for its reporter: what, and the other agency that it is about. */
export async function standingsOf({ reporter }: SentReport): Promise<Record<string, readonly string[]>> {
  const status = await readStatus(reporter)
  const shown = ({ kind, agency }: AgencyStanding) => (agency === null ? kind : `${kind} ${agency}`)
  return Object.fromEntries(
    status.agencies.map(agency => [agency.id, agencyStandings(status, agency).map(shown)]),
  )
}

/** After the next two beats nothing waits for one. */
export async function cursorOf(device: Device): Promise<number> {
  let cursor = 0
  for (;;) {
    const list = await readCases(device, { after: cursor, wait: 2 })
    if (!list || list.cases.length === 0) return cursor
    cursor = list.cursor
  }
}

/** The reporter, to what the agency did last. */
export async function object(sent: SentReport, agencyId: AgencyId, text: string): Promise<void> {
  const status = await readStatus(sent.reporter)
  const agency = status.agencies.find(({ id }) => id === agencyId)
  const event = agency && objectableIn(sent.reporter.trust, status, agency).at(-1)
  if (!event?.head) throw new Error(`nothing of ${agencyId} to object to`)
  await sendFollowUp(sent.reporter, text, { objectsTo: event.head })
}
