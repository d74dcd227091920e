// An agency's machine that hands keys on: certified for that alone, with the epoch seeds of the intake device.
import { deviceOf as clientOf, type Device, serviceAt } from '../../src/client/index.ts'
import type { DeviceScope } from '../../src/protocol/agency-documents.ts'
import type { DeviceKey } from '../../src/protocol/key-file.ts'
import { deviceListOf, deviceOf, newDevice, putDevices, type TestDevice } from './device.ts'
import { trustOf } from './reporter.ts'
import type { AgencyId, World } from './world.ts'

export interface Machine {
  /** Asks whatever a test wants. */
  readonly raw: TestDevice
  readonly key: DeviceKey
  /** As the SDK has it. */
  readonly device: Device
}

/** Published beside the agency's three own devices. */
export async function newMachine(
  world: World,
  agencyId: AgencyId,
  { scopes = ['intake', 'pickup'], version = 2 }: { scopes?: readonly DeviceScope[]; version?: number } = {},
): Promise<Machine> {
  const raw = await newDevice(world, agencyId, scopes, { role: 'machine' })
  const roles = ['intake', 'investigator', 'supervisor'] as const
  const own = await Promise.all(roles.map(role => deviceOf(world, agencyId, role)))
  const list = await deviceListOf(world, agencyId, { version, devices: [...own, raw] })
  const { status } = await putDevices(world.agencyUrl, agencyId, list)
  if (status !== 204) throw new Error(`not published: ${status}`)
  const key: DeviceKey = {
    ...(await world.deviceKey(agencyId)),
    signingSeed: raw.caller.pair.seed,
    sealingSeed: raw.sealing.seed,
    certificate: raw.certificate,
  }
  return { raw, key, device: clientOf(serviceAt(world.agencyUrl), await trustOf(world), key) }
}
