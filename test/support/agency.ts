// What an agency's people do with a case, through the SDK.
import {
  acknowledge,
  type Device,
  deviceOf,
  type OpenedCase,
  openCase,
  readCase,
  recordUnopenable,
  serviceAt,
} from '../../src/client/index.ts'
import { trustOf } from './reporter.ts'
import type { AgencyId, World } from './world.ts'

export async function clientOf(
  world: World,
  agencyId: AgencyId,
  role: 'intake' | 'investigator' | 'supervisor' = 'intake',
): Promise<Device> {
  return deviceOf(serviceAt(world.agencyUrl), await trustOf(world), await world.deviceKey(agencyId, role))
}

/** Opens a case and tells its reporter so. */
export async function openAndAcknowledge(
  world: World,
  agencyId: AgencyId,
  caseId: string,
): Promise<OpenedCase> {
  const device = await clientOf(world, agencyId)
  const opened = await openCase(device, await readCase(device, caseId))
  await acknowledge(device, opened, { now: world.now() })
  return opened
}

export async function sayUnopenable(world: World, agencyId: AgencyId, caseId: string): Promise<void> {
  const device = await clientOf(world, agencyId)
  await recordUnopenable(device, await readCase(device, caseId), { now: world.now() })
}
