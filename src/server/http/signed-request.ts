// Verifies that a request is signed by the key that it names, with a nonce of ours. Who that key is, is asked after.

import type { FastifyRequest } from 'fastify'
import { Problem } from '../../contract/problems.ts'
import {
  CHALLENGE_LIFETIME,
  type Challenge,
  issueChallenge,
  openChallenge,
} from '../../protocol/challenge.ts'
import { equalBytes } from '../../protocol/encoding.ts'
import { parseContentDigest, parseSignature, signatureBase } from '../../protocol/request-signature.ts'
import { someChance } from '../memory.ts'
import type { SignatureVerifier } from './signatures.ts'

/** What a verified signature says. */
export interface Signer {
  readonly key: Uint8Array
  /** As it was issued. */
  readonly nonce: string
  readonly challenge: Challenge
  /** SHA-256 of the body; null where there is none. */
  readonly contentHash: Uint8Array | null
  readonly signature: Uint8Array
}

export interface Challenges {
  issue(): string
  /** Throws `challenge-invalid`. */
  open(nonce: string): Challenge
}

export function createChallenges(key: Uint8Array, workBits: () => number, now: () => number): Challenges {
  const seconds = () => Math.floor(now() / 1000)
  return {
    issue: () =>
      issueChallenge(key, {
        random: someChance(16),
        expiry: seconds() + CHALLENGE_LIFETIME,
        workBits: workBits(),
      }),
    open: nonce => {
      try {
        return openChallenge(key, nonce, seconds())
      } catch {
        throw new Problem('challenge-invalid')
      }
    },
  }
}

function single(field: string | string[] | undefined): string {
  if (typeof field !== 'string') throw new Problem('signature-invalid')
  return field
}

/**
 * Throws `signature-invalid` or `challenge-invalid`. Takes the path and query as they were on the wire.
 * `contentHash` is of the body as received, null where there was none; `tag` is the one that signatures must have.
 */
export async function verifyRequest(
  request: Pick<FastifyRequest, 'method' | 'headers'> & { readonly url: string },
  contentHash: Uint8Array | null,
  tag: string,
  { challenges, signatures }: { challenges: Challenges; signatures: Pick<SignatureVerifier, 'verify'> },
): Promise<Signer> {
  const parsed = attempt(() =>
    parseSignature(single(request.headers['signature-input']), single(request.headers.signature)),
  )
  const digestField = request.headers['content-digest']
  if (parsed.tag !== tag) throw new Problem('signature-invalid')
  if (parsed.coversBody !== (contentHash !== null)) throw new Problem('signature-invalid')
  const contentDigest = contentHash === null ? undefined : single(digestField)
  if (contentHash !== null && contentDigest !== undefined) {
    const claimed = attempt(() => parseContentDigest(contentDigest))
    if (!equalBytes(claimed, contentHash)) throw new Problem('signature-invalid')
  }
  const challenge = challenges.open(parsed.nonce)
  const at = request.url.indexOf('?')
  const path = at < 0 ? request.url : request.url.slice(0, at)
  const query = at < 0 ? '?' : request.url.slice(at)
  const base = signatureBase({ method: request.method, path, query, contentDigest }, parsed.parameters)
  if (!(await signatures.verify(parsed.keyId, base, parsed.signature))) throw new Problem('signature-invalid')
  return { key: parsed.keyId, nonce: parsed.nonce, challenge, contentHash, signature: parsed.signature }
}

function attempt<T>(parse: () => T): T {
  try {
    return parse()
  } catch {
    throw new Problem('signature-invalid')
  }
}
