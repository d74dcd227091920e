// Whom to believe: the published documents, verified from the first root to the agencies' epoch keys.
import { getDirectory } from '../contract/directory.ts'
import type { ReplyOf } from '../contract/route.ts'
import { currentEpoch, type VerifiedStatement, verifyStatement } from '../protocol/agency-documents.ts'
import type { DeploymentId } from '../protocol/crypto.ts'
import { dayOf } from '../protocol/day.ts'
import {
  type Agency,
  checkFresh,
  isValidOn,
  type VerifiedDirectory,
  type VerifiedRoot,
  verifyDirectory,
  verifyRootChain,
} from '../protocol/directory.ts'
import { deploymentIdFrom } from '../protocol/document.ts'
import { equalBytes, fromBase64url } from '../protocol/encoding.ts'
import { ProtocolError } from '../protocol/error.ts'
import { type Unproven, VerificationFailed } from './failure.ts'
import { call, type Service } from './http.ts'

export interface Trust {
  readonly deploymentId: DeploymentId
  /** False on first use: whoever answered chose the deployment. Show the id, and pin it from then on. */
  readonly pinned: boolean
  readonly root: VerifiedRoot
  readonly directory: VerifiedDirectory
  readonly statements: ReadonlyMap<string, VerifiedStatement>
  /** The day, in Seoul, on which this was verified. */
  readonly today: string
  /** Only with `allowStale`: root or directory are past their last day. */
  readonly stale: boolean
}

export interface TrustOptions {
  readonly pinned?: DeploymentId | undefined
  /** Milliseconds since 1970. */
  readonly now: number
  /** Take documents past their last day: the caller has shown that to somebody who said yes. */
  readonly allowStale?: boolean
  readonly signal?: AbortSignal
}

export type PublishedDocuments = ReplyOf<typeof getDirectory>

/** Throws `VerificationFailed`, `RequestProblem`, `Unreachable`. */
export async function fetchTrust(service: Service, options: TrustOptions): Promise<Trust> {
  const { reply } = await call(service, getDirectory, { signal: options.signal })
  if (!reply) throw new VerificationFailed('directory')
  return verifyPublished(reply, options)
}

/** What `fetchTrust` does with an answer that the caller already has. */
export async function verifyPublished(documents: PublishedDocuments, options: TrustOptions): Promise<Trust> {
  const { pinned, now, allowStale = false } = options
  const today = dayOf(now)
  const deploymentId = pinned ?? (await verified('deployment', async () => firstDeployment(documents)))
  const { root, directory } = await verified('deployment', async () => {
    const root = await verifyRootChain(documents.roots, deploymentId)
    return { root, directory: await verified('directory', () => verifyDirectory(documents.directory, root)) }
  })
  const stale = isStale(root, today) || isStale(directory, today)
  if (stale && !allowStale) throw new VerificationFailed('directory', new ProtocolError('expired'))
  const statements = new Map<string, VerifiedStatement>()
  for (const agency of directory.agencies) {
    const note = documents.statements[agency.id]
    if (note === undefined) continue
    const statement = await verified('statement', async () => verifyStatement(note, agency, deploymentId))
    statements.set(agency.id, statement)
  }
  return { deploymentId, pinned: pinned !== undefined, root, directory, statements, today, stale }
}

function firstDeployment({ roots, deployment }: PublishedDocuments): DeploymentId {
  const id = deploymentIdFrom(roots[0] ?? '')
  if (!equalBytes(id, fromBase64url(deployment))) throw new ProtocolError('wrong-deployment')
  return id
}

async function verified<T>(subject: Unproven, verify: () => Promise<T>): Promise<T> {
  try {
    return await verify()
  } catch (error) {
    throw error instanceof VerificationFailed ? error : new VerificationFailed(subject, error)
  }
}

function isStale(document: { readonly expires: string }, today: string): boolean {
  try {
    checkFresh(document, today)
    return false
  } catch {
    return true
  }
}

/** The agencies that can be written to today: valid, with an epoch key for today. */
export function agenciesToday(trust: Trust): Agency[] {
  return trust.directory.agencies.filter(agency => {
    const statement = trust.statements.get(agency.id)
    return isValidOn(agency, trust.today) && statement && currentEpoch(statement, trust.today)
  })
}
