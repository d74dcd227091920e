// One handler writes every refusal, as RFC 9457 says.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem, type ProblemName, problemOf } from '../../contract/problems.ts'
import { ProtocolError } from '../../protocol/error.ts'
import { isUnavailable } from '../database.ts'
import { endWith } from './connections.ts'
import type { BareFields } from './headers.ts'
import { describeError, type Logger } from './log.ts'

/** Seconds. Room for files comes back as reports are withdrawn and uploads end, hour by hour. */
const RETRY_AFTER: Partial<Record<ProblemName, number>> = {
  unavailable: 5,
  'too-many-requests': 5,
  'storage-full': 600,
}

/** Whoever comes between may keep a 404 by itself, and paths are the same for all reporters. */
const FIELDS = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }

const BY_STATUS: Readonly<Record<number, ProblemName>> = {
  404: 'not-found',
  408: 'request-timeout',
  413: 'payload-too-large',
  414: 'uri-too-long',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  431: 'headers-too-large',
  503: 'unavailable',
}

/** What an error means to the caller. Everything that we did not expect is `internal-error`. */
export function problemFor(error: unknown): ProblemName {
  if (error instanceof Problem) return error.kind
  // Parsing what a request carries throws these; a service that opens anything maps its own failures.
  if (error instanceof ProtocolError) return 'malformed-request'
  if (isUnavailable(error)) return 'unavailable'
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  if (typeof status !== 'number') return 'internal-error'
  return BY_STATUS[status] ?? (status >= 400 && status < 500 ? 'malformed-request' : 'internal-error')
}

export function sendProblem(reply: FastifyReply, name: ProblemName): FastifyReply {
  const document = problemOf(name)
  reply.status(document.status).headers(FIELDS)
  const seconds = RETRY_AFTER[name]
  if (seconds !== undefined) reply.header('retry-after', seconds)
  return reply.serializer(JSON.stringify).send(document)
}

export function problemHandler(log: Logger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const name = problemFor(error)
    if (name === 'internal-error')
      log.error({ route: request.routeOptions.url, err: describeError(error) }, 'failed')
    return sendProblem(reply, name)
  }
}

const PARSER_PROBLEMS: Readonly<Record<string, ProblemName>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
}

export interface Refusals {
  /** For what Node's HTTP parser refuses before there is a request. */
  broken(error: NodeJS.ErrnoException, socket: Socket): void
  /** With this the connection ends. */
  end(socket: Duplex, name: ProblemName): void
  /** RFC 9110 section 10.1.1: Node knows 100-continue, and would refuse others in a form of its own. */
  expectation(request: IncomingMessage, response: ServerResponse): void
}

/** Answers in the same form, with these fields, where Fastify gives none. */
export function createRefusals(bare: BareFields): Refusals {
  const refusal = (name: ProblemName) => {
    const document = problemOf(name)
    const body = JSON.stringify(document)
    const fields = {
      ...bare,
      ...FIELDS,
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    }
    return { status: document.status, fields, body }
  }
  const end = (socket: Duplex, name: ProblemName) => {
    const { status, fields, body } = refusal(name)
    const lines = Object.entries(fields).map(([field, value]) => `${field}: ${value}\r\n`)
    endWith(socket, `HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n${body}`)
  }
  return {
    end,
    broken(error, socket) {
      if (error.code === 'ECONNRESET') socket.destroy()
      // Otherwise it has had its last answer, and what still comes in is of no account.
      if (!socket.writable) return
      end(socket, PARSER_PROBLEMS[error.code ?? ''] ?? 'malformed-request')
    },
    expectation(_request, response) {
      const { status, fields, body } = refusal('malformed-request')
      response.writeHead(status, fields).end(body)
    },
  }
}
