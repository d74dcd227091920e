// Writes the documents that directory.ts and agency-documents.ts read. Offline: whoever holds the seeds signs.

import type { DeviceRole, DeviceScope } from './agency-documents.ts'
import { type ClockPolicy, clockEntry } from './clocks.ts'
import type { DeploymentId, SealingKey, SigningKey } from './crypto.ts'
import type { Names, Route } from './directory.ts'
import { signDocument } from './document.ts'
import { toBase64url } from './encoding.ts'
import type { NoteKey, NoteSigner } from './signed-note.ts'

const keyEntry = (key: NoteKey) => ({ name: key.name, key: toBase64url(key.publicKey) })

export interface RootInput {
  readonly version: number
  readonly expires: string
  readonly threshold: number
  readonly keys: readonly NoteKey[]
  readonly directoryThreshold: number
  readonly directoryKeys: readonly NoteKey[]
}

/** `deployment` is null for version 1. `signers` must meet the thresholds of this root and the one before. */
export function buildRoot(
  input: RootInput,
  deployment: DeploymentId | null,
  signers: readonly NoteSigner[],
): string {
  const content = {
    version: input.version,
    expires: input.expires,
    threshold: input.threshold,
    keys: input.keys.map(keyEntry),
    directory: { threshold: input.directoryThreshold, keys: input.directoryKeys.map(keyEntry) },
  }
  return signDocument('root', deployment, content, signers)
}

export interface AgencyInput {
  readonly id: string
  readonly names: Names
  readonly about: Names
  readonly powers: readonly string[]
  readonly territory: string
  readonly validFrom: string
  readonly validUntil: string
  readonly successor?: string
  readonly identity: NoteKey
}

export interface DirectoryInput {
  readonly version: number
  readonly expires: string
  readonly demonstration?: boolean
  readonly logKey: NoteKey
  readonly agencies: readonly AgencyInput[]
  readonly routes: readonly Route[]
  readonly timers: { readonly acknowledgeDays: number; readonly feedbackDays: number }
  readonly clocks?: readonly ClockPolicy[]
}

export function buildDirectory(
  input: DirectoryInput,
  deployment: DeploymentId,
  signers: readonly NoteSigner[],
): string {
  const content = {
    version: input.version,
    expires: input.expires,
    ...(input.demonstration ? { demonstration: true } : {}),
    log: keyEntry(input.logKey),
    agencies: input.agencies.map(agency => ({ ...agency, identity: keyEntry(agency.identity) })),
    routes: input.routes,
    timers: input.timers,
    ...(input.clocks ? { clocks: input.clocks.map(clockEntry) } : {}),
  }
  return signDocument('directory', deployment, content, signers)
}

export interface StatementInput {
  readonly agencyId: string
  readonly version: number
  readonly epochs: readonly { readonly sealingKey: SealingKey; readonly validFrom: string }[]
}

export function buildStatement(
  input: StatementInput,
  deployment: DeploymentId,
  identity: NoteSigner,
): string {
  const epochs = input.epochs.map(({ sealingKey, validFrom }) => ({
    key: toBase64url(sealingKey),
    validFrom,
  }))
  const content = { agency: input.agencyId, version: input.version, epochs }
  return signDocument('statement', deployment, content, [identity])
}

export interface CertificateInput {
  readonly agencyId: string
  readonly signingKey: SigningKey
  readonly sealingKey: SealingKey
  readonly role: DeviceRole
  readonly scopes: readonly DeviceScope[]
  readonly validFrom: string
  readonly validUntil: string
}

export function buildCertificate(
  input: CertificateInput,
  deployment: DeploymentId,
  identity: NoteSigner,
): string {
  const { agencyId, signingKey, sealingKey, ...rest } = input
  const keys = { signingKey: toBase64url(signingKey), sealingKey: toBase64url(sealingKey) }
  return signDocument('device', deployment, { agency: agencyId, ...keys, ...rest }, [identity])
}

export interface DeviceListInput {
  readonly agencyId: string
  readonly version: number
  readonly certificates: readonly string[]
  /** Device ids, 16 bytes each. */
  readonly revoked: readonly Uint8Array[]
}

export function buildDeviceList(
  input: DeviceListInput,
  deployment: DeploymentId,
  identity: NoteSigner,
): string {
  const content = {
    agency: input.agencyId,
    version: input.version,
    devices: input.certificates.map(certificate => ({ certificate })),
    revoked: input.revoked.map(id => ({ device: toBase64url(id) })),
  }
  return signDocument('device-list', deployment, content, [identity])
}
