// Whoever signs requests: with the right key, nonce and body, or with any other.
import { createHash } from 'node:crypto'
import { CHALLENGE_FIELD, WORK_FIELD } from '../../src/contract/route.ts'
import { isWorkDone, readChallenge, searchWork, type WorkTask } from '../../src/protocol/challenge.ts'
import {
  type DeploymentId,
  deriveSigningPair,
  randomBytes,
  type SigningPair,
  signingSeed,
} from '../../src/protocol/crypto.ts'
import { toBase64url, u32 } from '../../src/protocol/encoding.ts'
import {
  contentDigest,
  type RequestRole,
  signatureTag,
  signRequest,
} from '../../src/protocol/request-signature.ts'
import { type Answer, ask } from './http.ts'

export interface Caller {
  readonly origin: string
  readonly pair: SigningPair
  readonly role: RequestRole
  readonly deploymentId: DeploymentId
}

export type WorkSubject = Pick<WorkTask, 'contentHash' | 'extraBits'>

export interface Call {
  readonly method: string
  readonly path: string
  /** With its question mark. */
  readonly query?: string
  readonly body?: Uint8Array | undefined
  readonly type?: string
  /** Instead of a fresh one. */
  readonly nonce?: string
  /** Instead of enough; null for none. */
  readonly work?: string | null
  /** What the work is about where there is no body. */
  readonly workFor?: WorkSubject
  /** Instead of the caller's. */
  readonly tag?: string
  /** Instead of the body's. */
  readonly digest?: string
  /** Sent and not signed. */
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export const newPair = (): SigningPair => deriveSigningPair(signingSeed(randomBytes(32)))

export async function freshNonce(origin: string): Promise<string> {
  const answer = await ask(origin, { method: 'POST', path: '/v1/challenges' })
  return JSON.parse(answer.body.toString()).nonce
}

/** Sends it from another origin where the caller says so: two servers of one deployment are one service. */
export async function callAs(caller: Caller, call: Call): Promise<Answer> {
  const nonce = call.nonce ?? (await freshNonce(caller.origin))
  return ask(caller.origin, {
    method: call.method,
    path: call.path + (call.query ?? ''),
    headers: { ...signedHeaders(caller, { ...call, nonce }), ...call.headers },
    body: call.body ?? null,
    ...(call.signal && { signal: call.signal }),
  })
}

export function signedHeaders(
  caller: Caller,
  call: Call & { readonly nonce: string },
): Record<string, string> {
  const { pair, role, deploymentId } = caller
  const { method, path, nonce, body } = call
  const query = call.query || '?'
  const hash = body && createHash('sha256').update(body).digest()
  const digest = hash && (call.digest ?? contentDigest(hash))
  const tag = call.tag ?? signatureTag(role, deploymentId)
  const signature = signRequest({ method, path, query, contentDigest: digest }, { pair, nonce, tag })
  const subject = call.workFor ?? (hash && { contentHash: hash })
  const work = call.work === undefined ? enoughWork(caller, nonce, subject) : call.work
  return {
    ...signature,
    ...(digest && { 'content-digest': digest, 'content-type': call.type ?? 'application/json' }),
    ...(work !== null && { [WORK_FIELD]: work }),
  }
}

function enoughWork({ pair }: Caller, nonce: string, subject: WorkSubject | undefined): string | null {
  if (!subject || !isReadable(nonce)) return null
  const counter = searchWork({ nonce, statusKey: pair.publicKey, ...subject }, 0, 1 << 20)
  return counter && toBase64url(counter)
}

function isReadable(nonce: string): boolean {
  try {
    return readChallenge(nonce).workBits <= 16
  } catch {
    return false
  }
}

/** A counter that is not enough for this nonce, key and body. */
export function tooLittleWork({ pair }: Caller, nonce: string, body: Uint8Array): string {
  const contentHash = createHash('sha256').update(body).digest()
  for (let i = 0; ; i++) {
    const counter = Buffer.concat([u32(0), u32(i)])
    if (!isWorkDone({ nonce, statusKey: pair.publicKey, contentHash }, counter)) return toBase64url(counter)
  }
}

export const nextNonce = (answer: Answer): string => answer.headers[CHALLENGE_FIELD] ?? ''
