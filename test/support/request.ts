// One signed request as it goes out: to be sent once, twice, or to somebody else.

import { call, serviceAt } from '../../src/client/index.ts'
import { encodeRequest, type RequestInput } from '../../src/client/request.ts'
import { type Signer, signedFields } from '../../src/client/signer.ts'
import { createChallenge } from '../../src/contract/directory.ts'
import type { Route } from '../../src/contract/route.ts'

export interface SignedRequest {
  /** With the query. */
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer> | null
}

export async function askNonce(origin: string): Promise<string> {
  return (await call(serviceAt(origin), createChallenge, {})).reply.nonce
}

export async function signedRequest(
  route: Route,
  signer: Signer,
  nonce: string,
  input: RequestInput = {},
): Promise<SignedRequest> {
  const request = await encodeRequest(route, input)
  const fields = await signedFields(route, request, signer, { nonce })
  const type = request.contentType ? { 'content-type': request.contentType } : {}
  const { method, path, query, body } = request
  return { method, path: path + query, headers: { ...type, ...fields }, body }
}

export const send = (origin: string, { path, method, headers, body }: SignedRequest): Promise<Response> =>
  fetch(origin + path, { method, headers, body, signal: AbortSignal.timeout(60_000) })
