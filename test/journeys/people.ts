// Who takes part in a journey: everybody through the SDK.
import {
  type Device,
  deviceOf,
  fetchTrust,
  formatReceiptCode,
  type OpenedCase,
  openCase,
  type PreparedReport,
  parseReceiptCode,
  prepareReport,
  type Reporter,
  readCase,
  readCases,
  reporterOf,
  type Service,
  serviceAt,
  submitReport,
  type Trust,
} from '../../src/client/index.ts'
import { equalBytes } from '../../src/protocol/encoding.ts'
import type { AgencyId, World } from '../support/world.ts'

type Fetch = typeof fetch

export const reporters = (world: World, fetch?: Fetch): Service =>
  serviceAt(world.reporterUrl, { freshConnections: true, ...(fetch ? { fetch } : {}) })

export const trustIn = (world: World, service: Service = reporters(world)): Promise<Trust> =>
  fetchTrust(service, { pinned: world.deploymentId, now: world.now() })

export async function deviceIn(
  world: World,
  agency: AgencyId,
  role: 'intake' | 'investigator' | 'supervisor' = 'intake',
): Promise<Device> {
  const service = serviceAt(world.agencyUrl)
  return deviceOf(service, await trustIn(world, service), await world.deviceKey(agency, role))
}

export interface SentReport {
  readonly prepared: PreparedReport
  readonly reporter: Reporter
  /** As the reporter wrote it down. */
  readonly code: string
}

export async function sendReport(
  world: World,
  text: string,
  agencies: readonly AgencyId[],
  service: Service = reporters(world),
  notFor: readonly AgencyId[] = [],
): Promise<SentReport> {
  const trust = await trustIn(world, service)
  const content = { version: 1, language: 'ko', what: text } as const
  const prepared = await prepareReport(trust, {
    content: notFor.length === 0 ? content : { ...content, notFor: [...notFor] },
    agencies,
  })
  await submitReport(service, trust, prepared)
  const code = formatReceiptCode(prepared.code)
  // Whoever comes back has the code and nothing else.
  return { prepared, code, reporter: reporterOf(service, trust, parseReceiptCode(code)) }
}

/** This report's case at the device's agency; waits for the beat that gives it a position. */
export async function caseOf(device: Device, { prepared }: Pick<SentReport, 'prepared'>): Promise<string> {
  let after = 0
  for (;;) {
    const list = await readCases(device, { after, wait: 10 })
    if (!list || list.cases.length === 0) throw new Error('no case appeared')
    for (const { case: id } of list.cases) {
      const read = await readCase(device, id).catch(() => null)
      if (read && equalBytes(read.digest, prepared.digest)) return id
    }
    after = list.cursor
  }
}

export const openById = async (device: Device, id: string): Promise<OpenedCase> =>
  openCase(device, await readCase(device, id))

/** What a promise was refused with, by name or kind. */
export const refusalOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    (error: unknown) => {
      if (!(error instanceof Error)) return String(error)
      if ('kind' in error) return String(error.kind)
      return 'subject' in error
        ? String(error.subject)
        : 'reason' in error
          ? String(error.reason)
          : error.name
    },
  )
