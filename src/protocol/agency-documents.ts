// What an agency says of itself under its identity key: epoch keys (public), devices (not public).
import {
  type DeploymentId,
  keyId,
  type SealingKey,
  type SigningKey,
  sealingKey,
  signingKey,
} from './crypto.ts'
import { addDays } from './day.ts'
import { type Agency, isValidOn } from './directory.ts'
import { type JsonObject, openDocument, read } from './document.ts'
import { equalBytes } from './encoding.ts'
import { ProtocolError } from './error.ts'

/** Days for which reporters seal to an epoch key, from its first. */
export const EPOCH_VALID_DAYS = 7
/** Days for which the server accepts it, from its first. */
export const EPOCH_ACCEPTED_DAYS = 21
/** Days after the last of these for which its seed is kept. */
export const EPOCH_GRACE_DAYS = 14

export interface EpochKey {
  /** 16 bytes. */
  readonly keyId: Uint8Array
  readonly sealingKey: SealingKey
  readonly validFrom: string
  readonly validUntil: string
  readonly acceptedUntil: string
}

export interface VerifiedStatement {
  readonly agencyId: string
  readonly version: number
  readonly epochs: readonly EpochKey[]
}

export const DEVICE_ROLES = ['intake', 'investigator', 'supervisor', 'auditor', 'machine'] as const
export type DeviceRole = (typeof DEVICE_ROLES)[number]

/**
 * `intake`: receives keys wrapped for the agency. `cases`: reads assigned cases, records events, replies.
 * `status`: sees the list of cases and nothing inside. `pickup`: acknowledges and hands keys on, and does nothing else.
 */
export const DEVICE_SCOPES = ['intake', 'cases', 'status', 'pickup'] as const
export type DeviceScope = (typeof DEVICE_SCOPES)[number]

export interface VerifiedDevice {
  /** `keyId` of the signing key, 16 bytes. */
  readonly deviceId: Uint8Array
  readonly agencyId: string
  readonly signingKey: SigningKey
  readonly sealingKey: SealingKey
  readonly role: DeviceRole
  readonly scopes: readonly DeviceScope[]
  readonly validFrom: string
  readonly validUntil: string
  /** The signed note itself; it travels inside replies and beside events. */
  readonly certificate: string
}

export interface VerifiedDeviceList {
  readonly agencyId: string
  readonly version: number
  readonly devices: readonly VerifiedDevice[]
  /** Device ids whose certificates no longer count. */
  readonly revoked: readonly Uint8Array[]
}

function open(
  note: string,
  type: 'statement' | 'device-list' | 'device',
  of: Agency,
  deployment: DeploymentId,
) {
  const content = openDocument(note, type, deployment, [of.identity], 1)
  if (read.id(content, 'agency') !== of.id) throw new ProtocolError('bad-document', 'agency')
  return content
}

const parseEpoch = (content: JsonObject): EpochKey =>
  epochKeyOf(sealingKey(read.bytes(content, 'key', 1216)), read.day(content, 'validFrom'))

export function epochKeyOf(key: SealingKey, validFrom: string): EpochKey {
  return {
    keyId: keyId(key),
    sealingKey: key,
    validFrom,
    validUntil: addDays(validFrom, EPOCH_VALID_DAYS - 1),
    acceptedUntil: addDays(validFrom, EPOCH_ACCEPTED_DAYS - 1),
  }
}

/** The last day on which the seed of an epoch key must be kept. */
export const seedKeptUntil = (validFrom: string): string =>
  addDays(validFrom, EPOCH_ACCEPTED_DAYS - 1 + EPOCH_GRACE_DAYS)

/** Throws `bad-signature`, `bad-document`, `wrong-deployment`. */
export function verifyStatement(note: string, agency: Agency, deployment: DeploymentId): VerifiedStatement {
  const content = open(note, 'statement', agency, deployment)
  const epochs = read.list(content, 'epochs', parseEpoch)
  return { agencyId: agency.id, version: read.integer(content, 'version', 1), epochs }
}

/** The epoch key to seal to on a day: the one that began last; null when the agency published none. */
export function currentEpoch(statement: VerifiedStatement, today: string): EpochKey | null {
  const valid = statement.epochs.filter(epoch => isValidOn(epoch, today))
  return valid.sort((a, b) => (a.validFrom < b.validFrom ? 1 : -1))[0] ?? null
}

/** Throws `bad-certificate`, whatever is wrong with it; whether it is valid today is the caller's to ask. */
export function verifyCertificate(
  certificate: string,
  agency: Agency,
  deployment: DeploymentId,
): VerifiedDevice {
  try {
    const content = open(certificate, 'device', agency, deployment)
    const key = signingKey(read.bytes(content, 'signingKey', 32))
    const role = DEVICE_ROLES.find(name => name === content.role)
    const scopes = DEVICE_SCOPES.filter(name => read.texts(content, 'scopes').includes(name))
    if (!role) throw new ProtocolError('bad-certificate')
    return {
      deviceId: keyId(key),
      agencyId: agency.id,
      signingKey: key,
      sealingKey: sealingKey(read.bytes(content, 'sealingKey', 1216)),
      role,
      scopes,
      validFrom: read.day(content, 'validFrom'),
      validUntil: read.day(content, 'validUntil'),
      certificate,
    }
  } catch {
    throw new ProtocolError('bad-certificate')
  }
}

/** Throws `bad-signature`, `bad-document`, `bad-certificate`, `wrong-deployment`. */
export function verifyDeviceList(note: string, agency: Agency, deployment: DeploymentId): VerifiedDeviceList {
  const content = open(note, 'device-list', agency, deployment)
  const certificates = read.list(content, 'devices', entry => read.text(entry, 'certificate', 16_384))
  return {
    agencyId: agency.id,
    version: read.integer(content, 'version', 1),
    devices: certificates.map(certificate => verifyCertificate(certificate, agency, deployment)),
    revoked: read.list(content, 'revoked', entry => read.bytes(entry, 'device', 16)),
  }
}

/** The devices of a list that are neither revoked nor outside their dates. */
export function activeDevices(list: VerifiedDeviceList, today: string): VerifiedDevice[] {
  return list.devices.filter(
    device => isValidOn(device, today) && !list.revoked.some(id => equalBytes(id, device.deviceId)),
  )
}
