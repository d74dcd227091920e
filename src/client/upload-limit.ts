// How much a service takes, as tus 1.0 tells it.

import { createUpload } from '../contract/files.ts'
import { eitherSignal } from './either-signal.ts'
import { RequestProblem, UnexpectedAnswer, Unreachable } from './failure.ts'
import type { Service } from './http.ts'

/**
 * Bytes that the blob of one message may have, seals and fill included; 0: none are taken. Throws `Unreachable`,
 * `RequestProblem`, `UnexpectedAnswer`.
 */
export async function readUploadLimit(service: Service, signal?: AbortSignal): Promise<number> {
  const response = await askOptions(service, signal)
  if (response.status === 404) return 0
  if (!response.ok) throw new RequestProblem('unrecognised', response.status)
  const limit = Number(response.headers.get('tus-max-size') ?? 'none')
  if (!Number.isSafeInteger(limit) || limit < 0) throw new UnexpectedAnswer('Tus-Max-Size')
  return limit
}

async function askOptions(service: Service, signal: AbortSignal | undefined): Promise<Response> {
  const deadline = AbortSignal.timeout(service.timeout)
  try {
    return await service.fetch(service.origin + createUpload.path, {
      method: 'OPTIONS',
      signal: eitherSignal(signal, deadline),
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
    })
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw new Unreachable('no connection', error)
  }
}
