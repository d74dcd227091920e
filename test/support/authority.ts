// The demonstration's authorities: they sign what a test asks, honest or not.

import {
  buildDirectory,
  buildRoot,
  buildStatement,
  type DirectoryInput,
} from '../../src/protocol/authority.ts'
import type { DeploymentId } from '../../src/protocol/crypto.ts'
import { addDays, dayOf } from '../../src/protocol/day.ts'
import { type Agency, verifyDirectory, verifyRootChain } from '../../src/protocol/directory.ts'
import { signerOf } from '../../src/protocol/key-file.ts'
import { type NoteSigner, noteSigner } from '../../src/protocol/signed-note.ts'
import { newPair } from './caller.ts'
import { identityOf, putJson } from './device.ts'
import { type Answer, ask } from './http.ts'
import type { AgencyId, World } from './world.ts'

export interface PublishedNotes {
  readonly roots: string[]
  readonly directory: string
  readonly statements: Readonly<Record<string, string>>
}

export async function published(origin: string): Promise<PublishedNotes> {
  const answer = await ask(origin, { path: '/v1/directory' })
  return JSON.parse(answer.body.toString())
}

export const rootSigner = async (world: World): Promise<NoteSigner> =>
  signerOf(await world.store.authorityKey('root', 'root'))

export const directorySigner = async (world: World): Promise<NoteSigner> =>
  signerOf(await world.store.authorityKey('directory', 'directory'))

export const newSigner = (name: string): Promise<NoteSigner> => noteSigner(name, newPair())

const withoutSuccessor = ({ successor, ...agency }: Agency) => (successor ? { ...agency, successor } : agency)

/** The published directory, one version on, with these changes, signed by its own key or another. */
export async function nextDirectory(
  world: World,
  changes: Partial<DirectoryInput> = {},
  { signer, deploymentId = world.deploymentId }: { signer?: NoteSigner; deploymentId?: DeploymentId } = {},
): Promise<string> {
  const notes = await published(world.reporterUrl)
  const root = await verifyRootChain(notes.roots, world.deploymentId)
  const { agencies, ...directory } = await verifyDirectory(notes.directory, root)
  const input = {
    ...directory,
    version: directory.version + 1,
    expires: addDays(dayOf(world.now()), 7),
    agencies: agencies.map(withoutSuccessor),
    ...changes,
  }
  return buildDirectory(input, deploymentId, [signer ?? (await directorySigner(world))])
}

/** The agencies of the published directory, as a new one would have them. */
export async function agenciesOf(world: World): Promise<DirectoryInput['agencies']> {
  const notes = await published(world.reporterUrl)
  const directory = await verifyDirectory(
    notes.directory,
    await verifyRootChain(notes.roots, world.deploymentId),
  )
  return directory.agencies.map(withoutSuccessor)
}

export interface NextRoot {
  readonly version: number
  /** Of the root before and of this one. */
  readonly signers: readonly NoteSigner[]
  readonly root: NoteSigner
  readonly directory: NoteSigner
  readonly expires?: string
}

export function nextRoot(world: World, next: NextRoot): string {
  const input = {
    version: next.version,
    expires: next.expires ?? addDays(dayOf(world.now()), 365),
    threshold: 1,
    keys: [next.root.key],
    directoryThreshold: 1,
    directoryKeys: [next.directory.key],
  }
  return buildRoot(input, world.deploymentId, next.signers)
}

export const putDirectory = (origin: string, roots: readonly string[], directory: string): Promise<Answer> =>
  putJson(origin, '/v1/directory', { roots, directory })

export const putStatement = (origin: string, agencyId: string, statement: string): Promise<Answer> =>
  putJson(origin, `/v1/agencies/${agencyId}/statement`, { statement })

export async function statementOf(
  world: World,
  agencyId: AgencyId,
  version: number,
  epochs: Parameters<typeof buildStatement>[0]['epochs'] = [],
  identity?: NoteSigner,
): Promise<string> {
  const signer = identity ?? (await identityOf(world, agencyId))
  return buildStatement({ agencyId, version, epochs }, world.deploymentId, signer)
}
