// Devices of agencies: the demonstration's own, and others that an agency's identity key certifies.
import { randomBytes as chance } from 'node:crypto'
import type { DeviceScope } from '../../src/protocol/agency-documents.ts'
import { buildCertificate, buildDeviceList, type CertificateInput } from '../../src/protocol/authority.ts'
import {
  deriveSealingPair,
  deriveSigningPair,
  keyId,
  type SealingPair,
  type SigningPair,
  sealingSeed,
} from '../../src/protocol/crypto.ts'
import { dayOf } from '../../src/protocol/day.ts'
import { fromBase64url, toBase64url } from '../../src/protocol/encoding.ts'
import {
  type DeviceWrap,
  deviceWrapsHash,
  documentHash,
  type EventContent,
  type NewEventContent,
  type OfferedKey,
  offeredKeysHash,
  particularsHash,
  signEvent,
} from '../../src/protocol/event.ts'
import { signerOf } from '../../src/protocol/key-file.ts'
import type { AcknowledgementKey } from '../../src/protocol/reporter-keys.ts'
import type { NoteSigner } from '../../src/protocol/signed-note.ts'
import { type Call, type Caller, callAs, newPair } from './caller.ts'
import { type Answer, ask, json } from './http.ts'
import type { AgencyId, World } from './world.ts'

export interface TestDevice {
  readonly caller: Caller
  readonly agencyId: AgencyId
  readonly deviceId: Uint8Array
  readonly sealing: SealingPair
  readonly certificate: string
}

const callerOf = (world: World, pair: SigningPair, origin = world.agencyUrl): Caller => ({
  origin,
  pair,
  role: 'agency',
  deploymentId: world.deploymentId,
})

/** One of the three devices that each agency of the demonstration has. */
export async function deviceOf(
  world: World,
  agencyId: AgencyId,
  role: 'intake' | 'investigator' | 'supervisor' = 'intake',
): Promise<TestDevice> {
  const key = await world.deviceKey(agencyId, role)
  const pair = deriveSigningPair(key.signingSeed)
  return {
    caller: callerOf(world, pair),
    agencyId,
    deviceId: keyId(pair.publicKey),
    sealing: deriveSealingPair(key.sealingSeed),
    certificate: key.certificate,
  }
}

/** The same device, asking at another server of the deployment. */
export const at = (device: TestDevice, origin: string): TestDevice => ({
  ...device,
  caller: { ...device.caller, origin },
})

export const identityOf = async (world: World, agencyId: AgencyId): Promise<NoteSigner> =>
  signerOf(await world.store.authorityKey(`${agencyId}-identity`, 'identity'))

/** A device that its agency certifies and nobody has published yet. */
export async function newDevice(
  world: World,
  agencyId: AgencyId,
  scopes: readonly DeviceScope[],
  more: Partial<CertificateInput> = {},
): Promise<TestDevice> {
  const pair = newPair()
  const sealing = deriveSealingPair(sealingSeed(chance(32)))
  const input: CertificateInput = {
    agencyId,
    signingKey: pair.publicKey,
    sealingKey: sealing.publicKey,
    role: 'investigator',
    scopes,
    validFrom: '2026-01-01',
    validUntil: '2099-12-31',
    ...more,
  }
  const certificate = buildCertificate(input, world.deploymentId, await identityOf(world, agencyId))
  return { caller: callerOf(world, pair), agencyId, deviceId: keyId(pair.publicKey), sealing, certificate }
}

export interface ListInput {
  readonly version: number
  readonly devices: readonly TestDevice[]
  readonly revoked?: readonly TestDevice[]
}

export async function deviceListOf(
  world: World,
  agencyId: AgencyId,
  { version, devices, revoked = [] }: ListInput,
): Promise<string> {
  const certificates = devices.map(device => device.certificate)
  const input = { agencyId, version, certificates, revoked: revoked.map(device => device.deviceId) }
  return buildDeviceList(input, world.deploymentId, await identityOf(world, agencyId))
}

export const putDevices = (origin: string, agencyId: string, devices: string): Promise<Answer> =>
  putJson(origin, `/v1/agencies/${agencyId}/devices`, { devices })

export const putJson = (origin: string, path: string, body: object): Promise<Answer> =>
  ask(origin, { method: 'PUT', path, headers: { 'content-type': 'application/json' }, body: json(body) })

/** Publishes a list of the agency's own devices and these. */
export async function publishDevices(world: World, agencyId: AgencyId, input: ListInput): Promise<void> {
  const roles = ['intake', 'investigator', 'supervisor'] as const
  const own = await Promise.all(roles.map(role => deviceOf(world, agencyId, role)))
  const list = await deviceListOf(world, agencyId, { ...input, devices: [...own, ...input.devices] })
  const answer = await putDevices(world.agencyUrl, agencyId, list)
  if (answer.status !== 204) throw new Error(`not published: ${answer.status} ${answer.body}`)
}

type More = Partial<Omit<Call, 'body'>>

export const list = (device: TestDevice, query = '', more: More = {}): Promise<Answer> =>
  callAs(device.caller, { method: 'GET', path: '/v1/cases', query, ...more })

export const underEpoch = (device: TestDevice, epoch: Uint8Array, query = ''): Promise<Answer> =>
  callAs(device.caller, { method: 'GET', path: `/v1/epochs/${toBase64url(epoch)}/cases`, query })

export const open = (device: TestDevice, caseId: string, more: More = {}): Promise<Answer> =>
  callAs(device.caller, { method: 'GET', path: `/v1/cases/${caseId}`, ...more })

export const record = (device: TestDevice, caseId: string, body: object, more: More = {}): Promise<Answer> =>
  callAs(device.caller, { method: 'POST', path: `/v1/cases/${caseId}/events`, body: json(body), ...more })

export const reply = (
  device: TestDevice,
  mailbox: string,
  sealed: Uint8Array,
  more: More = {},
): Promise<Answer> =>
  callAs(device.caller, {
    method: 'POST',
    path: `/v1/mailboxes/${mailbox}/messages`,
    body: json({ sealed: toBase64url(sealed) }),
    ...more,
  })

export const notesOf = (device: TestDevice, more: More = {}): Promise<Answer> =>
  callAs(device.caller, { method: 'GET', path: '/v1/notes', ...more })

export const keepNotes = (
  device: TestDevice,
  version: number,
  sealed: Uint8Array,
  more: More = {},
): Promise<Answer> =>
  callAs(device.caller, {
    method: 'PUT',
    path: '/v1/notes',
    body: json({ version, sealed: toBase64url(sealed) }),
    ...more,
  })

export const team = (device: TestDevice, agencyId: string, more: More = {}): Promise<Answer> =>
  callAs(device.caller, { method: 'GET', path: `/v1/agencies/${agencyId}/devices`, ...more })

export interface EventInput {
  readonly digest: Uint8Array
  readonly head: Uint8Array
  readonly index: number
  readonly key: AcknowledgementKey | null
  readonly wraps?: readonly DeviceWrap[]
  /** Sealed. */
  readonly particulars?: Uint8Array | null
  /** To the agency that is the subject. */
  readonly offered?: readonly OfferedKey[] | null
  /** Instead of what is right. */
  readonly wrong?: Partial<EventContent>
  readonly signedBy?: SigningPair
}

/** The body that records an event: an acknowledgement, or `unopenable` where `key` is null. */
export function eventBody(world: World, device: TestDevice, input: EventInput) {
  const { digest, head, index, key, wraps = [], wrong = {}, signedBy = device.caller.pair } = input
  const { particulars = null, offered = null } = input
  const content: NewEventContent = {
    digest,
    agencyId: device.agencyId,
    previous: head,
    index,
    kind: key ? 'acknowledged' : 'unopenable',
    day: dayOf(world.now()),
    certificateHash: documentHash(device.certificate),
    wrapsHash: deviceWrapsHash(wraps),
    ...(particulars ? { particularsHash: particularsHash(particulars) } : {}),
    ...(offered ? { offerHash: offeredKeysHash(wrong.subject ?? '', offered) } : {}),
    ...wrong,
  }
  const event = signEvent(content, key, signedBy)
  return {
    core: toBase64url(event.core),
    tag: toBase64url(event.tag),
    signature: toBase64url(event.signature),
    certificate: device.certificate,
    deviceKeys: wraps.map(({ deviceId, index, wrapped }) => ({
      index,
      device: toBase64url(deviceId),
      key: toBase64url(wrapped),
    })),
    particulars: particulars && toBase64url(particulars),
    ...(offered ? { offer: { agency: content.subject ?? '', keys: offered.map(offeredKey) } } : {}),
  }
}

const offeredKey = ({ index, keyId, wrapped }: OfferedKey) => ({
  index,
  keyId: toBase64url(keyId),
  key: toBase64url(wrapped),
})

export const headIn = (answer: Answer): Uint8Array => fromBase64url(JSON.parse(answer.body.toString()).head)
