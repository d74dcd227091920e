// A device of an agency at a service: its keys, its certificate, and the colleagues on its agency's list.
import { getDevices } from '../contract/directory.ts'
import {
  activeDevices,
  type VerifiedDevice,
  type VerifiedDeviceList,
  verifyCertificate,
  verifyDeviceList,
} from '../protocol/agency-documents.ts'
import { deriveSealingPair, deriveSigningPair, type SealingPair } from '../protocol/crypto.ts'
import { type Agency, findAgency } from '../protocol/directory.ts'
import { equalBytes } from '../protocol/encoding.ts'
import type { DeviceKey } from '../protocol/key-file.ts'
import { VerificationFailed } from './failure.ts'
import { call, type Service } from './http.ts'
import { createSigner, type Signer } from './signer.ts'
import type { Trust } from './trust.ts'

export interface Device {
  readonly service: Service
  readonly trust: Trust
  readonly agency: Agency
  readonly certified: VerifiedDevice
  readonly key: DeviceKey
  readonly sealing: SealingPair
  readonly signer: Signer
}

/** Throws `VerificationFailed` where key file, certificate and directory do not belong together. */
export function deviceOf(service: Service, trust: Trust, key: DeviceKey): Device {
  if (!equalBytes(key.deployment, trust.deploymentId)) throw new VerificationFailed('deployment')
  const agency = findAgency(trust.directory, key.agencyId)
  if (!agency) throw new VerificationFailed('own-certificate')
  const certified = certificateOf(key, agency, trust)
  const signing = deriveSigningPair(key.signingSeed)
  const sealing = deriveSealingPair(key.sealingSeed)
  const own =
    equalBytes(certified.signingKey, signing.publicKey) && equalBytes(certified.sealingKey, sealing.publicKey)
  if (!own) throw new VerificationFailed('own-certificate')
  const signer = createSigner(signing, 'agency', trust.deploymentId)
  return { service, trust, agency, certified, key, sealing, signer }
}

function certificateOf(key: DeviceKey, agency: Agency, trust: Trust): VerifiedDevice {
  try {
    return verifyCertificate(key.certificate, agency, trust.deploymentId)
  } catch (error) {
    throw new VerificationFailed('own-certificate', error)
  }
}

/** The devices of this agency that take part in cases today. Throws `VerificationFailed`. */
export async function readTeam(device: Device, signal?: AbortSignal): Promise<VerifiedDevice[]> {
  const list = await readDeviceList(device, signal)
  return activeDevices(list, device.trust.today).filter(({ scopes }) => scopes.includes('cases'))
}

/** All that the agency’s list says, revoked and expired devices included. Throws `VerificationFailed`. */
export async function readDeviceList(device: Device, signal?: AbortSignal): Promise<VerifiedDeviceList> {
  const { service, agency, signer, trust } = device
  const { reply } = await call(service, getDevices, { params: { agency: agency.id }, signer, signal })
  try {
    return verifyDeviceList(reply.devices, agency, trust.deploymentId)
  } catch (error) {
    throw new VerificationFailed('device-list', error)
  }
}
