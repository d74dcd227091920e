// One deployment with two agencies, from fixed chance: what the tests of this folder share.

import { type VerifiedDevice, verifyCertificate } from '../../src/protocol/agency-documents.ts'
import {
  type AgencyInput,
  buildCertificate,
  buildDirectory,
  buildRoot,
  type CertificateInput,
  type DirectoryInput,
  type RootInput,
} from '../../src/protocol/authority.ts'
import {
  blake2b,
  cryptoReady,
  type DeploymentId,
  deriveSealingPair,
  deriveSigningPair,
  keyId,
  type RandomBytes,
  type SealingPair,
  type SigningPair,
  sealingSeed,
  signingSeed,
} from '../../src/protocol/crypto.ts'
import {
  type Agency,
  type VerifiedDirectory,
  type VerifiedRoot,
  verifyDirectory,
  verifyRootChain,
} from '../../src/protocol/directory.ts'
import { deploymentIdFrom } from '../../src/protocol/document.ts'
import { ascii, concat, u32 } from '../../src/protocol/encoding.ts'
import { receiptCode } from '../../src/protocol/receipt-code.ts'
import { deriveReporterKeys, type ReporterKeys } from '../../src/protocol/reporter-keys.ts'
import { type NoteSigner, noteSigner } from '../../src/protocol/signed-note.ts'
import type { Recipient } from '../../src/protocol/wrapped-key.ts'

/** BLAKE2b-256 in counter mode over a label: chance that is the same on every run. */
export function fixedRandom(label: string): RandomBytes {
  let counter = 0
  return length => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
      blake2b(concat(u32(counter++), ascii(label))),
    )
    return concat(...blocks).slice(0, length)
  }
}

export const signing = (label: string): SigningPair => deriveSigningPair(signingSeed(fixedRandom(label)(32)))
export const sealing = (label: string): SealingPair => deriveSealingPair(sealingSeed(fixedRandom(label)(32)))
export const noteSigning = (label: string): Promise<NoteSigner> => noteSigner(label, signing(label))

export interface TestAgency {
  readonly id: string
  readonly agency: Agency
  readonly identity: NoteSigner
  readonly epoch: SealingPair
  readonly recipient: Recipient
  readonly device: SigningPair
  readonly deviceSealing: SealingPair
  readonly verifiedDevice: VerifiedDevice
}

export interface World {
  readonly deployment: DeploymentId
  readonly rootNote: string
  readonly rootSigners: readonly NoteSigner[]
  readonly rootInput: RootInput
  readonly root: VerifiedRoot
  readonly directorySigner: NoteSigner
  readonly directoryInput: DirectoryInput
  readonly directory: VerifiedDirectory
  readonly north: TestAgency
  readonly south: TestAgency
  readonly reporter: ReporterKeys
}

export const certificateInput = (id: string): CertificateInput => ({
  agencyId: id,
  signingKey: signing(`${id}/device`).publicKey,
  sealingKey: sealing(`${id}/device`).publicKey,
  role: 'intake',
  scopes: ['intake', 'cases'],
  validFrom: '2026-01-01',
  validUntil: '2026-12-31',
})

async function agencyInput(id: string): Promise<AgencyInput> {
  return {
    id,
    names: { ko: `기관 ${id}`, en: `Agency ${id}` },
    about: { ko: '설명', en: 'about' },
    powers: ['investigation'],
    territory: 'KR',
    validFrom: '2026-01-01',
    validUntil: '2026-12-31',
    identity: (await noteSigning(`${id}/identity`)).key,
  }
}

async function testAgency(agency: Agency, deployment: DeploymentId): Promise<TestAgency> {
  const { id } = agency
  const identity = await noteSigning(`${id}/identity`)
  const epoch = sealing(`${id}/epoch`)
  const certificate = buildCertificate(certificateInput(id), deployment, identity)
  return {
    id,
    agency,
    identity,
    epoch,
    recipient: { agencyId: id, keyId: keyId(epoch.publicKey), sealingKey: epoch.publicKey },
    device: signing(`${id}/device`),
    deviceSealing: sealing(`${id}/device`),
    verifiedDevice: verifyCertificate(certificate, agency, deployment),
  }
}

export async function buildWorld(): Promise<World> {
  await cryptoReady
  const rootSigners = await Promise.all(['root-1', 'root-2', 'root-3'].map(noteSigning))
  const directorySigner = await noteSigning('directory')
  const rootInput = {
    version: 1,
    expires: '2027-03-01',
    threshold: 2,
    keys: rootSigners.map(({ key }) => key),
    directoryThreshold: 1,
    directoryKeys: [directorySigner.key],
  }
  const rootNote = buildRoot(rootInput, null, rootSigners.slice(0, 2))
  const deployment = deploymentIdFrom(rootNote)
  const directoryInput = {
    version: 1,
    expires: '2026-03-08',
    logKey: (await noteSigning('log')).key,
    agencies: [await agencyInput('north'), await agencyInput('south')],
    routes: [{ kinds: [], fields: [], involved: [], agencies: ['north', 'south'] }],
    timers: { acknowledgeDays: 3, feedbackDays: 30 },
  }
  const root = await verifyRootChain([rootNote], deployment)
  const note = buildDirectory(directoryInput, deployment, [directorySigner])
  const directory = await verifyDirectory(note, root)
  const [north, south] = directory.agencies
  if (!north || !south) throw new Error('two agencies')
  return {
    deployment,
    rootNote,
    rootSigners,
    rootInput,
    root,
    directorySigner,
    directoryInput,
    directory,
    north: await testAgency(north, deployment),
    south: await testAgency(south, deployment),
    reporter: deriveReporterKeys(deployment, receiptCode(fixedRandom('code')(16))),
  }
}
