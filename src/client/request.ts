// A route and its input as the bytes that go out, and the bytes that come back as a reply.
import { COMMON_PROBLEMS, PROBLEMS, type ProblemName, problemDocument } from '../contract/problems.ts'
import type { PartPayload, Payload, Route } from '../contract/route.ts'
import { bytesToText, sha256, textToBytes } from '../protocol/crypto.ts'
import { InvalidInput, RequestProblem, UnexpectedAnswer } from './failure.ts'

export interface EncodedRequest {
  readonly method: string
  readonly path: string
  /** With its question mark; empty where there is none. */
  readonly query: string
  readonly body: Uint8Array<ArrayBuffer> | null
  readonly contentType: string | null
  /** SHA-256 of the body; null where nothing signs it. */
  readonly contentHash: Uint8Array | null
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
}

export interface RequestInput {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number>>
  readonly body?: unknown
}

export async function encodeRequest(route: Route, input: RequestInput): Promise<EncodedRequest> {
  const path = route.path.replace(/:([a-z]+)/g, (_, name: string) => {
    const value = input.params?.[name]
    if (value === undefined || value === '') throw new InvalidInput(`${route.id}: ${name} is missing`)
    return encodeURIComponent(value)
  })
  const query = Object.entries(input.query ?? {}).map(([name, value]) => `${name}=${value}`)
  const body = route.body ? encodeBody(route.body, input.body) : null
  return {
    method: route.method,
    path,
    query: query.length > 0 ? `?${query.join('&')}` : '',
    body,
    contentType: route.body ? mediaType(route.body) : null,
    contentHash: body && isSigned(route) ? await sha256(body) : null,
  }
}

const isSigned = ({ access }: Route) => access === 'reporter' || access === 'device'

const MEDIA_TYPES = {
  json: 'application/json',
  bytes: 'application/octet-stream',
  part: 'application/offset+octet-stream',
} as const
const mediaType = (payload: Payload | PartPayload) => MEDIA_TYPES[payload.type]

function encodeBody(payload: Payload | PartPayload, body: unknown): Uint8Array<ArrayBuffer> {
  if (payload.type === 'json') return new Uint8Array(textToBytes(JSON.stringify(body)))
  // A part is a mebibyte of its maker's: it is not copied again.
  if (payload.type === 'part' && body instanceof Uint8Array) return body as Uint8Array<ArrayBuffer>
  if (payload.type === 'bytes' && body instanceof Uint8Array && body.length === payload.length)
    return new Uint8Array(body)
  throw new InvalidInput('the body has another length')
}

/** What a route answered: null for "as you have it". Throws `RequestProblem`, `UnexpectedAnswer`. */
export function readReply(route: Route, answer: RawAnswer): unknown {
  if (answer.status === 304 && route.conditional) return null
  const isRange = route.reply.type === 'stream' && answer.status === 206
  if (answer.status !== route.status && !isRange) throw problemIn(route, answer)
  if (route.reply.type === 'stream') return answer.body
  if (route.replyFields) return fieldsIn(route, answer, route.replyFields)
  if (route.reply.type === 'empty') return undefined
  if (route.reply.type === 'bytes') {
    if (answer.body.length !== route.reply.length) throw new UnexpectedAnswer(`${route.id}: length`)
    return answer.body
  }
  const parsed = route.reply.schema.safeParse(parseJson(answer.body))
  if (!parsed.success) throw new UnexpectedAnswer(`${route.id}: not the form of this contract`)
  return parsed.data
}

function fieldsIn(route: Route, { headers }: RawAnswer, names: readonly string[]): Record<string, string> {
  const fields = names.map(name => [name, headers.get(name)] as const)
  if (fields.some(([, value]) => value === null)) throw new UnexpectedAnswer(`${route.id}: header fields`)
  return Object.fromEntries(fields.map(([name, value]) => [name, value ?? '']))
}

function problemIn(route: Route, answer: RawAnswer): Error {
  const { status, headers } = answer
  if (status < 400) return new UnexpectedAnswer(`status ${status}`)
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  const retryAfter = Number.isFinite(seconds) ? seconds : null
  const name = route.method === 'HEAD' ? problemByStatus(route, status) : problemName(answer)
  return new RequestProblem(name ?? 'unrecognised', status, retryAfter)
}

// An answer to HEAD has no document.
const problemByStatus = (route: Route, status: number): ProblemName | undefined =>
  [...route.problems, ...COMMON_PROBLEMS].find(name => PROBLEMS[name].status === status)

function problemName({ headers, body }: RawAnswer): ProblemName | null {
  if (!headers.get('content-type')?.startsWith('application/problem+json')) return null
  const parsed = problemDocument.safeParse(parseJson(body))
  const name = parsed.success ? parsed.data.type.replace('/problems/', '') : ''
  return isProblemName(name) ? name : null
}

const isProblemName = (name: string): name is ProblemName => Object.hasOwn(PROBLEMS, name)

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(bytesToText(body))
  } catch {
    throw new UnexpectedAnswer('not JSON')
  }
}
