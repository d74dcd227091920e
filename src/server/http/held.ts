// What parts of uploads and long answers hold of memory: how many there are at once, and for how long.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../contract/problems.ts'
import type { ConnectionLimits } from './connections.ts'
import type { Signer } from './signed-request.ts'

/** Of one listener. Each is in memory, a mebibyte, until it is stored. */
const MAX_PARTS = 64
/** Each part counts as begun so long ago, and as having come so far: at 2 KiB/s. */
const BEGUN_MS = 1_000
const BEGUN_BYTES = 2 * 1024
/** Of one key. Each holds a few pieces of a mebibyte. */
const MAX_STREAMS = 8

export interface PartHolder {
  /**
   * For one more part, of the upload at the request's path. One that is still coming gives way: the same part always,
   * since its sender has begun anew, and beyond the limit the slowest. Throws `unavailable` where all of them are there
   * and wait to be stored.
   */
  hold(request: FastifyRequest, reply: FastifyReply): void
  /** Whether what comes on a connection, and took all the time that a request has, is a part that comes on. */
  maySend(socket: Duplex): boolean
  /** Cuts off those that do not. */
  bound(app: FastifyInstance): void
}

interface Part {
  readonly raw: IncomingMessage
  readonly since: number
  /** Of its connection, when it was admitted. */
  readonly readBefore: number
  /** Where it last had come on by as much as it has to, and when. */
  read: number
  at: number
}

const nameOf = ({ url, headers }: IncomingMessage) => `${url} ${headers['upload-offset']}`

export function createPartHolder(limits: ConnectionLimits): PartHolder {
  const held = new Set<Part>()
  const isComing = ({ raw }: Part) => !raw.complete
  const cutOff = (part: Part) => {
    held.delete(part)
    part.raw.socket.resetAndDestroy()
  }
  const isLate = (part: Part, now: number) => {
    const { bytesRead } = part.raw.socket
    if (bytesRead - part.read >= limits.partProgress) Object.assign(part, { read: bytesRead, at: now })
    return now - part.since > limits.partMs || now - part.at > limits.progressMs
  }
  return {
    hold({ raw }, reply) {
      for (const other of [...held].filter(isComing)) if (nameOf(other.raw) === nameOf(raw)) cutOff(other)
      const now = performance.now()
      if (held.size >= MAX_PARTS) {
        const slowest = slowestOf([...held].filter(isComing), now)
        if (!slowest) throw new Problem('unavailable')
        cutOff(slowest)
      }
      const { bytesRead: read } = raw.socket
      const part: Part = { raw, since: now, readBefore: read, read, at: now }
      held.add(part)
      reply.raw.once('close', () => held.delete(part))
    },
    maySend(socket) {
      const part = [...held].find(({ raw }) => raw.socket === socket && !raw.complete)
      return part !== undefined && !isLate(part, performance.now())
    },
    bound(app) {
      const sweep = setInterval(() => {
        const now = performance.now()
        for (const part of [...held].filter(isComing)) if (isLate(part, now)) cutOff(part)
      }, limits.checkMs)
      sweep.unref()
      app.server.once('close', () => clearInterval(sweep))
    },
  }
}

/** Whoever sends keeps a place before whoever only asks for one, and has a moment to begin. */
function slowestOf(parts: readonly Part[], now: number): Part | null {
  const rateOf = ({ raw, since, readBefore }: Part) =>
    (raw.socket.bytesRead - readBefore + BEGUN_BYTES) / (now - since + BEGUN_MS)
  let slowest: Part | null = null
  for (const part of parts) if (!slowest || rateOf(part) < rateOf(slowest)) slowest = part
  return slowest
}

export type HoldStream = (signer: Signer, reply: FastifyReply) => void

/** For one more long answer. Throws `too-many-requests`. */
export function createStreamHolder(): HoldStream {
  const counts = new Map<string, number>()
  return ({ key }, reply) => {
    const name = Buffer.from(key).toString('base64')
    const count = counts.get(name) ?? 0
    if (count >= MAX_STREAMS) throw new Problem('too-many-requests')
    counts.set(name, count + 1)
    reply.raw.once('close', () => {
      const left = (counts.get(name) ?? 1) - 1
      if (left === 0) counts.delete(name)
      else counts.set(name, left)
    })
  }
}
