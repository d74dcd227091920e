// What parts of uploads and long answers hold of memory: how many there are at once.
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../contract/problems.ts'
import type { Signer } from './signed-request.ts'

/** Of one listener. Each is in memory, a mebibyte, until it is stored. */
const MAX_PARTS = 64
/** Of one key. Each holds a few pieces of a mebibyte. */
const MAX_STREAMS = 8

export type HoldPart = (request: FastifyRequest, reply: FastifyReply) => void

/**
 * For one more part, of the upload at the request's path. One that is still coming gives way: the same part always,
 * since its sender has begun anew, and beyond the limit the oldest. Throws `unavailable` where all of them are there
 * and wait to be stored.
 */
export function createPartHolder(): HoldPart {
  const held = new Set<IncomingMessage>()
  const isComing = ({ complete }: IncomingMessage) => !complete
  const partOf = ({ url, headers }: IncomingMessage) => `${url} ${headers['upload-offset']}`
  const cutOff = (other: IncomingMessage) => {
    held.delete(other)
    other.socket.resetAndDestroy()
  }
  return ({ raw }, reply) => {
    const others = [...held].filter(isComing)
    for (const other of others.filter(other => partOf(other) === partOf(raw))) cutOff(other)
    if (held.size >= MAX_PARTS) {
      const [oldest] = others.filter(other => held.has(other))
      if (!oldest) throw new Problem('unavailable')
      cutOff(oldest)
    }
    held.add(raw)
    reply.raw.once('close', () => held.delete(raw))
  }
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
