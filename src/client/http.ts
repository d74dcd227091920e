// Calls of contract routes over fetch: signed, timed, bounded, validated, and repeated with the same bytes.
import { createChallenge } from '../contract/directory.ts'
import { TUS_VERSION } from '../contract/files.ts'
import {
  type BodyOf,
  CHALLENGE_FIELD,
  type FieldsOf,
  type ParamsOf,
  type QueryOf,
  type ReplyOf,
  type Route,
} from '../contract/route.ts'
import { cryptoReady } from '../protocol/crypto.ts'
import { concat } from '../protocol/encoding.ts'
import { eitherSignal } from './either-signal.ts'
import { InvalidInput, RequestProblem, UnexpectedAnswer, Unreachable } from './failure.ts'
import type { Patience } from './patience.ts'
import {
  type EncodedRequest,
  encodeRequest,
  type RawAnswer,
  type RequestInput,
  readReply,
} from './request.ts'
import { keepNonce, type Signer, signedFields, type WorkSubject } from './signer.ts'

const TIMEOUT_MS = 60_000
/** A service gives a part of an upload ten minutes, and says so when they are over. */
const PART_TIMEOUT_MS = 620_000
/** Milliseconds before the second and the third attempt. */
const PAUSES = [250, 1500] as const
const MAX_PAUSE_MS = 10_000
const MAX_PUBLIC_REPLY = 16 * 1024 * 1024
/** A page of a case: fifty messages of half a mebibyte. */
const MAX_DEVICE_REPLY = 64 * 1024 * 1024

export interface Service {
  readonly origin: string
  readonly fetch: typeof fetch
  /** Milliseconds for one attempt, from the first byte to the last. */
  readonly timeout: number
  /** The same for a part of an upload, at most. */
  readonly partTimeout: number
  /** Ask for a connection of its own for each request. Browsers ignore it and decide by themselves. */
  readonly freshConnections: boolean
}

/** Throws `InvalidInput` on anything but http(s)://host[:port]. */
export function serviceAt(url: string, options: Partial<Omit<Service, 'origin'>> = {}): Service {
  const parsed = URL.canParse(url) ? new URL(url) : null
  const plain = parsed && parsed.pathname === '/' && !parsed.search && !parsed.hash && !parsed.username
  if (!plain || !/^https?:$/.test(parsed.protocol)) {
    throw new InvalidInput(`not a service's address: ${url}`, 'service-address', url)
  }
  return {
    origin: parsed.origin,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    timeout: options.timeout ?? TIMEOUT_MS,
    partTimeout: options.partTimeout ?? PART_TIMEOUT_MS,
    freshConnections: options.freshConnections ?? false,
  }
}

type Given<Name extends string, T> = [T] extends [undefined] ? unknown : { readonly [K in Name]: T }
type Chosen<Name extends string, T> = [T] extends [undefined]
  ? unknown
  : { readonly [K in Name]?: Partial<T> }

/** What a call is at; `waiting` is the pause before it is tried again. */
export type CallStep = 'challenge' | 'work' | 'exchange' | 'waiting'

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Told as each step begins. */
  readonly onStep?: ((step: CallStep) => void) | undefined
  /** Milliseconds; instead of the service's. */
  readonly timeout?: number
  /** Where it is unclear whether it was done the caller looks: it is not sent again here. */
  readonly looksAfter?: boolean
  /** Instead of both; told how long an attempt took. */
  readonly patience?: Patience
  /** For conditional routes. */
  readonly etag?: string | null
  /** Of a route without a body that takes work: what the work is about. */
  readonly work?: WorkSubject
}

export type CallInput<R extends Route> = CallOptions &
  Given<'params', ParamsOf<R>> &
  Chosen<'query', QueryOf<R>> &
  Given<'fields', FieldsOf<R>> &
  Given<'body', BodyOf<R>> &
  (R['access'] extends 'public' | 'capability' ? unknown : { readonly signer: Signer })

export interface Answer<R extends Route> {
  /** Null where what the caller named by its etag is still right. */
  readonly reply: R['conditional'] extends true ? ReplyOf<R> | null : ReplyOf<R>
  readonly etag: string | null
}

interface AnyInput extends CallOptions, RequestInput {
  readonly signer?: Signer
  /** Header fields. */
  readonly fields?: Readonly<Record<string, unknown>>
}

/**
 * Throws `RequestProblem`, `Unreachable`, `UnexpectedAnswer`. What fails for the moment is tried three times;
 * each time the same bytes, signed anew: every mutation of this contract can be repeated.
 */
export function call<const R extends Route>(
  service: Service,
  route: R,
  input: CallInput<R>,
): Promise<Answer<R>>
export async function call(
  service: Service,
  route: Route,
  input: AnyInput,
): Promise<{ reply: unknown; etag: string | null }> {
  await cryptoReady
  const request = await encodeRequest(route, input)
  for (let attempt = 0; ; attempt++) {
    try {
      return await send(service, route, request, input)
    } catch (error) {
      const pause = PAUSES[attempt]
      if (pause === undefined || !isPassing(error)) throw error
      if (input.looksAfter && isUnclear(error)) throw error
      input.onStep?.('waiting')
      await sleep(Math.max(pause, secondsAsked(error) * 1000), input.signal)
    }
  }
}

/** Whether what was asked for may have been done all the same. */
export const isUnclear = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof RequestProblem && error.status >= 500)

/** How long the service asks to be left alone. */
export const secondsAsked = (error: unknown): number =>
  error instanceof RequestProblem ? (error.retryAfter ?? 0) : 0

function isPassing(error: unknown): boolean {
  if (error instanceof Unreachable) return true
  if (!(error instanceof RequestProblem) || secondsAsked(error) * 1000 > MAX_PAUSE_MS) return false
  return error.kind === 'too-many-requests' || [408, 500, 502, 503, 504].includes(error.status)
}

/** Rejects with the signal's reason when it is aborted. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

async function send(service: Service, route: Route, request: EncodedRequest, input: AnyInput) {
  const { signer, onStep } = input
  if (!signer) return readAnswer(route, await exchange(service, route, request, input, {}))
  for (let renewed = false; ; renewed = true) {
    onStep?.('challenge')
    const nonce = signer.nonces.pop() ?? (await askNonce(service, input.signal))
    onStep?.('work')
    const fields = await signedFields(route, request, signer, { nonce, ...input })
    onStep?.('exchange')
    const answer = await exchange(service, route, request, input, fields)
    keepNonce(signer, answer.headers.get(CHALLENGE_FIELD))
    try {
      return readAnswer(route, answer)
    } catch (error) {
      if (renewed || !isStaleNonce(error)) throw error
    }
  }
}

// The nonce ran out or was used up; or more work is asked than it carried.
const isStaleNonce = (error: unknown) =>
  error instanceof RequestProblem && (error.kind === 'challenge-invalid' || error.kind === 'work-required')

async function askNonce(service: Service, signal: AbortSignal | undefined): Promise<string> {
  const request = await encodeRequest(createChallenge, {})
  const answer = await exchange(service, createChallenge, request, { signal }, {})
  const parsed = createChallenge.reply.schema.safeParse(readReply(createChallenge, answer))
  if (!parsed.success) throw new UnexpectedAnswer('no challenge')
  return parsed.data.nonce
}

function readAnswer(route: Route, answer: RawAnswer) {
  return { reply: readReply(route, answer), etag: answer.headers.get('etag') }
}

async function exchange(
  service: Service,
  route: Route,
  request: EncodedRequest,
  { signal, patience, timeout = patience?.now ?? service.timeout, etag, fields: given }: AnyInput,
  fields: Readonly<Record<string, string>>,
): Promise<RawAnswer> {
  const deadline = AbortSignal.timeout(timeout)
  const begun = performance.now()
  try {
    const response = await service.fetch(service.origin + request.path + request.query, {
      method: request.method,
      headers: {
        accept: 'application/json, application/problem+json, application/octet-stream',
        ...(request.contentType ? { 'content-type': request.contentType } : {}),
        ...(etag ? { 'if-none-match': etag } : {}),
        ...(route.tus ? { 'tus-resumable': TUS_VERSION } : {}),
        ...(given as Record<string, string> | undefined),
        ...(service.freshConnections ? { connection: 'close' } : {}),
        ...fields,
      },
      body: request.body,
      signal: eitherSignal(signal, deadline),
      // Nothing of a visit stays behind, and a signed request goes nowhere else.
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
    })
    const body = await readBounded(response, maxReply(route))
    if (response.ok) patience?.arrived(performance.now() - begun)
    return { status: response.status, headers: response.headers, body }
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (error instanceof UnexpectedAnswer) throw error
    if (deadline.aborted) patience?.ranOut()
    throw new Unreachable(deadline.aborted ? 'no answer in time' : 'no connection', error)
  }
}

const maxReply = (route: Route) => (route.access === 'device' ? MAX_DEVICE_REPLY : MAX_PUBLIC_REPLY)

async function readBounded(response: Response, maximum: number): Promise<Uint8Array> {
  if (!response.body) return new Uint8Array(0)
  const parts: Uint8Array[] = []
  let length = 0
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return concat(...parts)
    length += value.length
    if (length > maximum) {
      await reader.cancel()
      throw new UnexpectedAnswer('the answer is too large')
    }
    parts.push(value)
  }
}
