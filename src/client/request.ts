// A route and its input as the bytes that go out, and the bytes that come back as a reply.
import { PROBLEMS, type ProblemName, problemDocument } from '../contract/problems.ts'
import type { Payload, Route } from '../contract/route.ts'
import { bytesToText, sha256, textToBytes } from '../protocol/crypto.ts'
import { InvalidInput, RequestProblem, UnexpectedAnswer } from './failure.ts'

export interface EncodedRequest {
  readonly method: string
  readonly path: string
  /** With its question mark; empty where there is none. */
  readonly query: string
  readonly body: Uint8Array<ArrayBuffer> | null
  readonly contentType: string | null
  /** SHA-256 of the body. */
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
    contentHash: body ? await sha256(body) : null,
  }
}

const mediaType = (payload: Payload) =>
  payload.type === 'json' ? 'application/json' : 'application/octet-stream'

function encodeBody(payload: Payload, body: unknown): Uint8Array<ArrayBuffer> {
  if (payload.type === 'json') return new Uint8Array(textToBytes(JSON.stringify(body)))
  if (body instanceof Uint8Array && body.length === payload.length) return new Uint8Array(body)
  throw new InvalidInput(`the body is not ${payload.length} bytes`)
}

/** What a route answered: null for "as you have it". Throws `RequestProblem`, `UnexpectedAnswer`. */
export function readReply(route: Route, answer: RawAnswer): unknown {
  if (answer.status === 304 && route.conditional) return null
  if (answer.status !== route.status) throw problemIn(answer)
  if (route.reply.type === 'empty') return undefined
  if (route.reply.type === 'bytes') {
    if (answer.body.length !== route.reply.length) throw new UnexpectedAnswer(`${route.id}: length`)
    return answer.body
  }
  const parsed = route.reply.schema.safeParse(parseJson(answer.body))
  if (!parsed.success) throw new UnexpectedAnswer(`${route.id}: not the form of this contract`)
  return parsed.data
}

function problemIn(answer: RawAnswer): Error {
  const { status, headers } = answer
  if (status < 400) return new UnexpectedAnswer(`status ${status}`)
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  const retryAfter = Number.isFinite(seconds) ? seconds : null
  return new RequestProblem(problemName(answer) ?? 'unrecognised', status, retryAfter)
}

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
