// Answers of any length, whole or a range of them, sent as fast as they are taken and no faster.
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { Problem } from '../../contract/problems.ts'

export interface StreamAnswer {
  readonly length: number
  /** Bytes `from` to `to`, not included. */
  read(from: number, to: number): AsyncIterable<Uint8Array>
}

export interface ByteRange {
  readonly from: number
  /** Not included. */
  readonly to: number
}

/**
 * One range of bytes (RFC 9110 section 14). Null where there is none that this server understands: it then sends
 * the whole. Throws `range-not-satisfiable`.
 */
export function parseRange(field: string | undefined, length: number): ByteRange | null {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(field ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  if (first === '') {
    if (Number(last) === 0) throw new Problem('range-not-satisfiable')
    return { from: Math.max(0, length - Number(last)), to: length }
  }
  const from = Number(first)
  const to = last === '' ? length : Math.min(length, Number(last) + 1)
  if (last !== '' && Number(last) < from) return null
  if (from >= length) throw new Problem('range-not-satisfiable')
  return { from, to }
}

/** 200 or 206. Whoever takes longer than `pieceMs` over one piece is cut off. */
export function sendStream(
  reply: FastifyReply,
  answer: StreamAnswer,
  field: string | undefined,
  pieceMs: number,
): FastifyReply {
  reply.header('accept-ranges', 'bytes').header('content-type', 'application/octet-stream')
  let range: ByteRange | null
  try {
    range = parseRange(field, answer.length)
  } catch (error) {
    reply.header('content-range', `bytes */${answer.length}`)
    throw error
  }
  const { from, to } = range ?? { from: 0, to: answer.length }
  if (range) reply.status(206).header('content-range', `bytes ${from}-${to - 1}/${answer.length}`)
  reply.header('content-length', to - from)
  const pieces = Readable.from(
    paced(answer.read(from, to), pieceMs, () => reply.raw.destroy()),
    {
      objectMode: true,
      highWaterMark: 1,
    },
  )
  return reply.send(pieces)
}

async function* paced(
  pieces: AsyncIterable<Uint8Array>,
  pieceMs: number,
  cutOff: () => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    const late = setTimeout(cutOff, pieceMs)
    late.unref()
    try {
      yield piece
    } finally {
      clearTimeout(late)
    }
  }
}
