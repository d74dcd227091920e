// A key with the nonces that were issued for it, and what signing a request with it takes.
import { type Route, WORK_FIELD } from '../contract/route.ts'
import { readChallenge, searchWork, type WorkTask } from '../protocol/challenge.ts'
import type { DeploymentId, SigningPair } from '../protocol/crypto.ts'
import { toBase64url } from '../protocol/encoding.ts'
import { contentDigest, type RequestRole, signatureTag, signRequest } from '../protocol/request-signature.ts'
import { UnexpectedAnswer } from './failure.ts'
import type { EncodedRequest } from './request.ts'

/** Work beyond this is no measure against floods any more. */
const MAX_WORK_BITS = 28
const WORK_SLICE = 512
const MAX_NONCES = 4

export interface Signer {
  readonly pair: SigningPair
  readonly tag: string
  /** Issued for this key and not used yet; a nonce is taken out by the request that uses it. */
  readonly nonces: string[]
}

export function createSigner(pair: SigningPair, role: RequestRole, deploymentId: DeploymentId): Signer {
  return { pair, tag: signatureTag(role, deploymentId), nonces: [] }
}

export function keepNonce(signer: Signer, nonce: string | null): void {
  if (nonce === null) return
  signer.nonces.push(nonce)
  if (signer.nonces.length > MAX_NONCES) signer.nonces.shift()
}

/** What work is for, where a request has no body whose hash would say so. */
export type WorkSubject = Pick<WorkTask, 'contentHash' | 'extraBits'>

/** The header fields that sign a request with this nonce, the work included that the nonce asks for. */
export async function signedFields(
  route: Route,
  request: EncodedRequest,
  signer: Signer,
  { nonce, work: about, signal }: { nonce: string; work?: WorkSubject; signal?: AbortSignal | undefined },
): Promise<Record<string, string>> {
  const { method, path, query, contentHash } = request
  const digest = contentHash ? contentDigest(contentHash) : undefined
  const signature = signRequest(
    { method, path, query: query || '?', contentDigest: digest },
    { pair: signer.pair, nonce, tag: signer.tag },
  )
  const fields = { ...signature, ...(digest ? { 'content-digest': digest } : {}) }
  const subject = about ?? (contentHash ? { contentHash } : null)
  if (!route.work || !subject) return fields
  const work = await findWork({ nonce, statusKey: signer.pair.publicKey, ...subject }, signal)
  return { ...fields, [WORK_FIELD]: toBase64url(work) }
}

async function findWork(task: WorkTask, signal?: AbortSignal): Promise<Uint8Array> {
  if (readChallenge(task.nonce).workBits > MAX_WORK_BITS) {
    throw new UnexpectedAnswer('the service asks for more work than any service should')
  }
  for (let start = 0; ; start += WORK_SLICE) {
    const counter = searchWork(task, start, WORK_SLICE)
    if (counter) return counter
    signal?.throwIfAborted()
    // A page stays alive between slices.
    await new Promise(resolve => setTimeout(resolve, 0))
  }
}
