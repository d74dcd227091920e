// Proof of work, where a route asks for it.
import { Problem } from '../../contract/problems.ts'
import { isWorkDone } from '../../protocol/challenge.ts'
import { fromBase64url } from '../../protocol/encoding.ts'
import type { Signer } from './signed-request.ts'

/**
 * Throws `work-required`. `about` is instead of the body's hash where the request has no body, and the bits beyond
 * those of the nonce.
 */
export function requireWork(
  signer: Signer,
  work: string | null,
  about: { readonly contentHash: Uint8Array; readonly extraBits: number } | null = null,
): void {
  if (signer.challenge.workBits === 0) return
  const { nonce, key: statusKey } = signer
  const contentHash = about?.contentHash ?? signer.contentHash
  const extraBits = about?.extraBits ?? 0
  if (work === null || contentHash === null || !/^[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]$/.test(work)) {
    throw new Problem('work-required')
  }
  const task = { nonce, statusKey, contentHash, extraBits }
  if (!isWorkDone(task, fromBase64url(work))) throw new Problem('work-required')
}
