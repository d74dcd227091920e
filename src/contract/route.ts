// A route as data: server, client and OpenAPI follow from it.
import type { z } from 'zod'
import type { ProblemName } from './problems.ts'

export type Listener = 'reporter' | 'agency'

/**
 * `public`: anybody. `reporter`: signed by a key that follows from a receipt code (status or mailbox key);
 * that the key is known is not asked here; a key may be made for one request. `device`: signed by a device of
 * an agency. `capability`: whoever knows the path.
 */
export type Access = 'public' | 'reporter' | 'device' | 'capability'

export interface JsonPayload<Schema extends z.ZodType = z.ZodType> {
  readonly type: 'json'
  readonly schema: Schema
  /** Bytes at most; requests only. */
  readonly limit?: number
}

/** application/octet-stream of exactly this many bytes. */
export interface BytesPayload {
  readonly type: 'bytes'
  readonly length: number
}

export interface EmptyPayload {
  readonly type: 'empty'
}

/** application/offset+octet-stream of at most this many bytes: a part of an upload. */
export interface PartPayload {
  readonly type: 'part'
  readonly limit: number
}

/** application/octet-stream of any length, or a range of it: 206 with Content-Range. */
export interface StreamPayload {
  readonly type: 'stream'
}

export type Payload = JsonPayload | BytesPayload
export type ReplyPayload = Payload | EmptyPayload | StreamPayload

export interface Route {
  /** Names the route in clients and in OpenAPI's operationId. */
  readonly id: string
  readonly summary: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `:name` marks a parameter. */
  readonly path: string
  readonly listeners: readonly Listener[]
  readonly access: Access
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  /** Header fields, by their names in lower case. */
  readonly fields?: z.ZodType
  readonly body?: Payload | PartPayload
  readonly status: number
  readonly reply: ReplyPayload
  /** Header fields of the reply that the handler gives. */
  readonly replyFields?: readonly string[]
  /** Speaks tus: Tus-Resumable is asked for, and in every answer. */
  readonly tus?: boolean
  /** May answer 304 to If-None-Match. */
  readonly conditional?: boolean
  /** Takes Bongsu-Work. */
  readonly work?: boolean
  /** A mutation: the nonce is used up. */
  readonly burnsNonce?: boolean
  readonly problems: readonly ProblemName[]
}

export const json = <Schema extends z.ZodType>(schema: Schema, limit?: number): JsonPayload<Schema> =>
  limit === undefined ? { type: 'json', schema } : { type: 'json', schema, limit }

export const bytes = (length: number): BytesPayload => ({ type: 'bytes', length })

export const part = (limit: number): PartPayload => ({ type: 'part', limit })

export const EMPTY: EmptyPayload = { type: 'empty' }
export const STREAM: StreamPayload = { type: 'stream' }

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined
type PayloadOf<P> =
  P extends JsonPayload<infer Schema>
    ? z.output<Schema>
    : P extends BytesPayload | PartPayload | StreamPayload
      ? Uint8Array
      : undefined

export type ParamsOf<R extends Route> = Parsed<R['params']>
export type QueryOf<R extends Route> = Parsed<R['query']>
export type FieldsOf<R extends Route> = Parsed<R['fields']>
export type BodyOf<R extends Route> = PayloadOf<R['body']>
/** Of a route without a body: the header fields that it answers, where it names any. */
export type ReplyOf<R extends Route> = R['replyFields'] extends readonly (infer Name extends string)[]
  ? Readonly<Record<Name, string>>
  : PayloadOf<R['reply']>

/** Keeps the literal types of a route. */
export const route = <const R extends Route>(definition: R): R => definition

/** A nonce for the next request with the same key, in every answer to a signed request. */
export const CHALLENGE_FIELD = 'bongsu-challenge'
/** Proof of work: 8 bytes, base64url. */
export const WORK_FIELD = 'bongsu-work'
