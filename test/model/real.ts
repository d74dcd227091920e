// The real side: a running service, key files, receipt codes, and what everybody has ever read.
import { randomBytes as chance } from 'node:crypto'
import {
  type Device,
  type DeviceKey,
  deviceOf,
  fetchTrust,
  type OpenedCase,
  type Reporter,
  reporterOf,
  type Service,
  serviceAt,
  type Trust,
} from '../../src/client/index.ts'
import { buildCertificate, buildDeviceList } from '../../src/protocol/authority.ts'
import {
  deriveSealingPair,
  deriveSigningPair,
  keyId,
  sealingSeed,
  signingSeed,
} from '../../src/protocol/crypto.ts'
import { dayOf } from '../../src/protocol/day.ts'
import type { ReceiptCode } from '../../src/protocol/receipt-code.ts'
import { createDueJob } from '../../src/server/casework/due.ts'
import { createFeeds } from '../../src/server/casework/feed.ts'
import { createDirectory } from '../../src/server/directory/service.ts'
import { identityOf, putDevices, type TestDevice } from '../support/device.ts'
import type { AgencyId, World } from '../support/world.ts'
import { type Ability, AGENCIES, type Model, type ModelDevice, type ModelReport, type Role } from './model.ts'

const DAY_MS = 86_400_000
const ROLES: readonly Role[] = ['intake', 'investigator', 'supervisor']

export interface RealReport {
  readonly code: ReceiptCode
  readonly digest: Uint8Array
  /** By agency; a case is known once it has appeared. */
  readonly cases: Map<AgencyId, string>
  /** What agencies keep of what they once opened. */
  opened: OpenedCase | null
}

export interface Real {
  readonly world: World
  readonly model: Model
  readonly service: Service
  readonly reporters: Service
  readonly keys: Map<ModelDevice, DeviceKey>
  readonly reports: Map<ModelReport, RealReport>
  /** Where each agency's feed was when this began. */
  readonly cursors: Map<AgencyId, number>
  /** Of the agency's wrapped keys, by case and message. */
  readonly keyIds: Map<string, readonly string[]>
  /** A case that does not exist. */
  readonly guessed: string
  trust: Trust
  /** Of this day's trust. */
  devices: Map<ModelDevice, Device>
  nonces: Map<ModelDevice, string>
}

/** Everybody's own devices and no report, also after a story that was told before. */
export async function begin(world: World): Promise<Real> {
  await world.database.query({ name: 'forget-reports', text: 'truncate reports cascade' })
  const devices = AGENCIES.flatMap(agency => ROLES.map(role => baseDevice(agency, role)))
  const real: Real = {
    world,
    model: { devices, reports: [] },
    service: serviceAt(world.agencyUrl),
    reporters: serviceAt(world.reporterUrl),
    keys: new Map(),
    reports: new Map(),
    cursors: new Map(),
    keyIds: new Map(),
    guessed: chance(16).toString('base64url'),
    trust: await trustIn(world),
    devices: new Map(),
    nonces: new Map(),
  }
  await readKeys(real)
  for (const agency of AGENCIES) await publish(real, agency)
  await settle(real)
  for (const agency of AGENCIES) real.cursors.set(agency, await positionOf(real, agency))
  return real
}

const baseDevice = (agency: AgencyId, role: Role): ModelDevice => ({
  name: `${agency} ${role}`,
  agency,
  role,
  ability: 'reader',
  intake: role === 'intake',
  revoked: false,
})

const trustIn = (world: World) =>
  fetchTrust(serviceAt(world.agencyUrl), { pinned: world.deploymentId, now: world.now() })

/** The demonstration's keys: intake devices get new seeds, and lose old ones. */
async function readKeys({ world, keys, model }: Real): Promise<void> {
  for (const device of model.devices.filter(({ name, agency, role }) => name === `${agency} ${role}`))
    keys.set(device, await world.deviceKey(device.agency, device.role))
}

async function positionOf({ world }: Real, agency: AgencyId): Promise<number> {
  const query = {
    name: `position-${agency}`,
    text: `select position from feeds where agency_id = '${agency}'`,
  }
  const [row] = await world.database.query<{ position: string }>(query)
  return Number(row?.position ?? 0)
}

/** Looks at what is due and gives every change its place in the feeds, as a second server would. */
export async function settle({ world }: Real): Promise<void> {
  const { database, deploymentId, now } = world
  await createDueJob({ database, directory: createDirectory({ database, deploymentId, now }) }, now)()
  await createFeeds(database).beat()
}

export const keyOf = ({ keys }: Real, device: ModelDevice): DeviceKey => {
  const key = keys.get(device)
  if (!key) throw new Error(`no key of ${device.name}`)
  return key
}

/** Through the SDK. */
export function deviceIn(real: Real, device: ModelDevice): Device {
  const found = real.devices.get(device) ?? deviceOf(real.service, real.trust, keyOf(real, device))
  real.devices.set(device, found)
  return found
}

/** By raw requests. */
export function rawDevice(real: Real, device: ModelDevice): TestDevice {
  const { signingSeed: seed, sealingSeed: sealing, certificate } = keyOf(real, device)
  const pair = deriveSigningPair(seed)
  const { agencyUrl: origin, deploymentId } = real.world
  return {
    caller: { origin, pair, role: 'agency', deploymentId },
    agencyId: device.agency,
    deviceId: keyId(pair.publicKey),
    sealing: deriveSealingPair(sealing),
    certificate,
  }
}

export const reporterIn = ({ reporters, trust }: Real, { code }: Pick<RealReport, 'code'>): Reporter =>
  reporterOf(reporters, trust, code)

export function realOf({ reports }: Real, report: ModelReport): RealReport {
  const found = reports.get(report)
  if (!found) throw new Error(`no such report: ${report.name}`)
  return found
}

/** Days pass: epochs and documents are renewed. */
export async function passDays(real: Real, days: number): Promise<void> {
  const { world } = real
  world.advance(days * DAY_MS)
  await world.renew()
  await refresh(real)
}

async function refresh(real: Real): Promise<void> {
  real.trust = await trustIn(real.world)
  real.devices = new Map()
  real.nonces = new Map()
  await readKeys(real)
}

const SCOPES = { reader: ['cases'], pickup: ['intake', 'pickup'], watcher: ['status'] } as const

/** Certified and published. */
export async function addDevice(real: Real, agency: AgencyId, ability: Ability, name: string): Promise<void> {
  const { world, model, keys } = real
  const intake = ability === 'pickup'
  const device: ModelDevice = { name, agency, role: 'investigator', ability, intake, revoked: false }
  const seeds = { signingSeed: signingSeed(chance(32)), sealingSeed: sealingSeed(chance(32)) }
  const certificate = buildCertificate(
    {
      agencyId: agency,
      signingKey: deriveSigningPair(seeds.signingSeed).publicKey,
      sealingKey: deriveSealingPair(seeds.sealingSeed).publicKey,
      role: 'investigator',
      scopes: SCOPES[ability],
      validFrom: '2026-01-01',
      validUntil: '2099-12-31',
    },
    world.deploymentId,
    await identityOf(world, agency),
  )
  const { epochs } = await world.deviceKey(agency)
  const deployment = world.deploymentId
  keys.set(device, {
    kind: 'device',
    deployment,
    agencyId: agency,
    ...seeds,
    certificate,
    epochs: intake ? epochs : [],
  })
  model.devices.push(device)
  await publish(real, agency)
}

export async function revoke(real: Real, device: ModelDevice): Promise<void> {
  device.revoked = true
  await publish(real, device.agency)
}

const versions = new WeakMap<World, number>()

async function publish(real: Real, agency: AgencyId): Promise<void> {
  const { world, model } = real
  const version = (versions.get(world) ?? 1) + 1
  versions.set(world, version)
  const devices = model.devices.filter(device => device.agency === agency)
  const revoked = devices.filter(device => device.revoked)
  const input = {
    agencyId: agency,
    version,
    certificates: devices.map(device => keyOf(real, device).certificate),
    revoked: revoked.map(device => rawDevice(real, device).deviceId),
  }
  const list = buildDeviceList(input, world.deploymentId, await identityOf(world, agency))
  const answer = await putDevices(world.agencyUrl, agency, list)
  if (answer.status !== 204) throw new Error(`${agency}: ${answer.status} ${answer.body}`)
}

export const today = ({ world }: Real): string => dayOf(world.now())
