// From a contract route to a Fastify route: authentication, validation, reply, challenge. Handlers see only
// what was verified and parsed.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { serializerCompiler, validatorCompiler } from '@fastify/type-provider-zod'
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import { Problem } from '../../contract/problems.ts'
import {
  type BodyOf,
  type BytesPayload,
  CHALLENGE_FIELD,
  type EmptyPayload,
  type FieldsOf,
  type ParamsOf,
  type PartPayload,
  type QueryOf,
  type ReplyOf,
  type Route,
  type StreamPayload,
  WORK_FIELD,
} from '../../contract/route.ts'
import type { DeviceScope } from '../../protocol/agency-documents.ts'
import type { DeploymentId } from '../../protocol/crypto.ts'
import { type RequestRole, signatureTag } from '../../protocol/request-signature.ts'
import { giveBack } from '../memory.ts'
import { createAnswerBuffers } from './answer-buffers.ts'
import { createStreamHolder, type PartHolder } from './held.ts'
import { addPartParser } from './parts.ts'
import { readPieces } from './pieces.ts'
import { type StreamAnswer, sendStream } from './ranges.ts'
import type { SignatureVerifier } from './signatures.ts'
import { type Challenges, type Signer, verifyRequest } from './signed-request.ts'
import { addTusFields, requireTus } from './tus.ts'

/** A device whose certificate was found valid for this request. */
export interface CallingDevice {
  readonly deviceId: Uint8Array
  readonly agencyId: string
  readonly signingKey: Uint8Array
  readonly certificate: string
  readonly scopes: readonly DeviceScope[]
}

export interface ServeOptions {
  readonly role: RequestRole
  readonly deploymentId: DeploymentId
  readonly challenges: Challenges
  readonly signatures: Pick<SignatureVerifier, 'verify'>
  /** Null for unknown, expired and revoked devices alike. */
  readonly findDevice: (signingKey: Uint8Array) => Promise<CallingDevice | null>
  /** Bytes that the files of one message may have. */
  readonly maxFilesLength: number
  /** Milliseconds in which a piece of a long answer has to be taken. */
  readonly pieceMs: number
  readonly parts: Pick<PartHolder, 'hold'>
}

type SignerOf<R extends Route> = R['access'] extends 'public' | 'capability' ? null : Signer
type DeviceOf<R extends Route> = R['access'] extends 'device' ? CallingDevice : null

export interface Input<R extends Route> {
  readonly params: ParamsOf<R>
  readonly query: QueryOf<R>
  readonly fields: FieldsOf<R>
  readonly body: BodyOf<R>
  /** SHA-256 of the body. */
  readonly contentHash: R['body'] extends PartPayload ? Uint8Array : null
  readonly signer: SignerOf<R>
  readonly device: DeviceOf<R>
  /** The Bongsu-Work field, unread. */
  readonly work: string | null
  readonly ifNoneMatch: string | null
  /** Where the reply is bytes: a buffer of their length, to be filled and returned at once. */
  readonly takeAnswer: R['reply'] extends BytesPayload ? () => Buffer : null
}

/** A null reply says that what the caller has is still right. */
type Answer<R extends Route> = R['conditional'] extends true
  ? { readonly etag: string; readonly reply: ReplyOf<R> | null }
  : R['reply'] extends StreamPayload
    ? StreamAnswer
    : ReplyOf<R>

/** Of a route that answers no body: nothing, or the header fields that it names. */
type Answering<R extends Route> = R['reply'] extends EmptyPayload
  ? R['replyFields'] extends readonly (infer Name extends string)[]
    ? Promise<{ readonly fields: Readonly<Record<Name, string>> }>
    : Promise<void>
  : Promise<Answer<R>>

type Form<R extends Route> = Pick<Input<R>, 'params' | 'fields'>
export type Handler<R extends Route, A = void> = (input: Input<R>, admitted: A) => Answering<R>
/** Refuses a request before its body is read; the handler has what it resolves to. The form has been checked then. */
export type Admit<R extends Route, A> = (form: Form<R>) => Promise<A>
export type Serve = <R extends Route, A = void>(route: R, handler: Handler<R, A>, admit?: Admit<R, A>) => void

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Takes parts of uploads: many requests, and another limit. */
    takesParts?: boolean
  }
  interface FastifyRequest {
    /** SHA-256 of the body as received; null until there is one. */
    contentHash: Uint8Array | null
    signer: Signer | null
    device: CallingDevice | null
    admitted: unknown
  }
}

/** zod for schemas, and body parsers that keep the hash of the bytes, which the signature covers. */
export function addParsers(app: FastifyInstance): void {
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('contentHash', null)
  app.decorateRequest('signer', null)
  app.decorateRequest('device', null)
  app.decorateRequest('admitted', null)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: IncomingMessage) => {
    const limit = request.routeOptions.bodyLimit
    if (Number(request.headers['content-length']) > limit) throw new Problem('payload-too-large')
    const pieces: Buffer[] = []
    const hash = await readPieces(payload, limit, piece => pieces.push(piece))
    requirePlain(request)
    request.contentHash = hash
    return parseJson(pieces)
  })
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      requireKind(request, false)
      requirePlain(request)
      request.contentHash = createHash('sha256').update(body).digest()
      return body
    },
  )
  addPartParser(app, 'application/offset+octet-stream', request => {
    requireKind(request, true)
    requirePlain(request)
  })
}

function requireKind({ routeOptions }: FastifyRequest, isPart: boolean): void {
  if ((routeOptions.config.takesParts === true) !== isPart) throw new Problem('unsupported-media-type')
}

function requirePlain({ headers }: FastifyRequest): void {
  if (headers['content-encoding'] !== undefined) throw new Problem('unsupported-media-type')
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Nobody reads the pieces after. */
function parseJson(pieces: readonly Buffer[]): unknown {
  const [first, second] = pieces
  const body = first && !second ? first : Buffer.concat(pieces)
  try {
    return JSON.parse(utf8.decode(body))
  } catch {
    throw new Problem('malformed-request')
  } finally {
    for (const read of new Set([body, ...pieces])) giveBack(read)
  }
}

export function createServe(app: FastifyInstance, options: ServeOptions): Serve {
  const expected = { ...options, tag: signatureTag(options.role, options.deploymentId) }
  const holdStream = createStreamHolder()
  return (route, handler, admit) => {
    const takeAnswer = route.reply.type === 'bytes' ? createAnswerBuffers(route.reply.length) : null
    app.route({
      method: route.method,
      url: route.path,
      ...(route.body?.type === 'json' && route.body.limit ? { bodyLimit: route.body.limit } : {}),
      ...(route.body?.type === 'bytes' ? { bodyLimit: route.body.length } : {}),
      ...(route.body?.type === 'part' ? { bodyLimit: route.body.limit, config: { takesParts: true } } : {}),
      schema: schemaOf(route),
      onRequest: (_request, reply, done) => {
        if (route.tus) addTusFields(reply, options.maxFilesLength)
        done()
      },
      // Before the body is read, and after the limits that every request meets.
      preParsing: async (request, reply) => {
        if (route.tus) requireTus(request)
        if (admit) request.admitted = await admit(formOf(route, request) as Form<typeof route>)
        if (route.body?.type === 'part') options.parts.hold(request, reply)
      },
      preValidation: (request, reply) => authenticate(route, request, reply, expected),
      handler: async (request, reply) => {
        if (route.reply.type === 'stream' && request.signer) holdStream(request.signer, reply)
        // Fastify's own types end at the schema; the contract's types say what validation let through.
        const take = takeAnswer && (() => takeAnswer(reply.raw))
        const input = inputOf(request, take) as Input<typeof route>
        // A request outlives its answer by a while, and would keep what it carried in memory for as long.
        request.body = null
        const answer = await handler(input, request.admitted as Parameters<typeof handler>[1])
        return send(route, answer, reply, { range: request.headers.range, pieceMs: options.pieceMs })
      },
    })
  }
}

function schemaOf(route: Route): FastifySchema {
  return {
    ...(route.params ? { params: route.params } : {}),
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.fields ? { headers: route.fields } : {}),
    ...(route.body?.type === 'json' ? { body: route.body.schema } : {}),
    ...(route.reply.type === 'json' ? { response: { [route.status]: route.reply.schema } } : {}),
  }
}

/** Parameters and fields, parsed before the body is there. */
function formOf(route: Route, request: FastifyRequest): { params: unknown; fields: unknown } {
  const parsed = {
    params: route.params?.safeParse(request.params),
    fields: route.fields?.safeParse(request.headers),
  }
  if (parsed.params?.success === false || parsed.fields?.success === false)
    throw new Problem('malformed-request')
  return { params: parsed.params?.data, fields: parsed.fields?.data }
}

async function authenticate(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  options: ServeOptions & { readonly tag: string },
): Promise<void> {
  const { body } = route
  requireOneSpelling(route, request)
  const received: unknown = request.body
  const isBytes = Buffer.isBuffer(received)
  if (route.access === 'reporter' || route.access === 'device') {
    reply.header(CHALLENGE_FIELD, options.challenges.issue())
    request.signer = await verifyRequest(request, request.contentHash, options.tag, options)
  }
  if (body && request.contentHash === null) throw new Problem('malformed-request')
  if (body && isBytes !== (body.type !== 'json')) throw new Problem('unsupported-media-type')
  if (body?.type === 'bytes' && isBytes && received.length !== body.length)
    throw new Problem('malformed-request')
  if (route.access === 'device' && request.signer) {
    request.device = await options.findDevice(request.signer.key)
    if (!request.device) throw new Problem('device-refused')
  }
}

/**
 * No escapes in the path, and neither query nor body where the route has none: whoever reads a signature later
 * knows what it covers.
 */
function requireOneSpelling(route: Route, { url, contentHash }: FastifyRequest): void {
  const form = route.query ? /^[A-Za-z0-9/_-]+(\?.*)?$/ : /^[A-Za-z0-9/_-]+\??$/
  if (!form.test(url) || (!route.body && contentHash !== null)) throw new Problem('malformed-request')
}

function inputOf(request: FastifyRequest, takeAnswer: (() => Buffer) | null): Input<Route> {
  const { params, query, body, signer, device, headers } = request
  const work = headers[WORK_FIELD]
  const ifNoneMatch = headers['if-none-match'] ?? null
  const input = {
    params,
    query,
    fields: headers,
    body,
    contentHash: request.contentHash,
    signer,
    device,
    work: typeof work === 'string' ? work : null,
    ifNoneMatch,
    takeAnswer,
  }
  return input as Input<Route>
}

function send(
  route: Route,
  answer: unknown,
  reply: FastifyReply,
  { range, pieceMs }: { range: string | undefined; pieceMs: number },
): FastifyReply {
  reply.status(route.status)
  if (route.conditional) {
    const { etag, reply: value } = answer as { etag: string; reply: unknown }
    reply.header('etag', etag).header('cache-control', 'no-cache')
    return value === null ? reply.status(304).send() : reply.send(value)
  }
  reply.header('cache-control', 'no-store')
  if (route.reply.type === 'stream') return sendStream(reply, answer as StreamAnswer, range, pieceMs)
  if (route.replyFields) reply.headers((answer as { fields: Record<string, string> }).fields)
  if (route.reply.type === 'empty') return reply.send()
  if (route.reply.type === 'bytes') reply.header('content-type', 'application/octet-stream')
  return reply.send(answer)
}
