// What one connection may hold of the service, and for how long: whoever sends or reads slowly is cut off, however
// slowly it goes on.
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'

export interface ConnectionLimits {
  /** Per listener. */
  readonly count: number
  /** For the header fields. */
  readonly headersMs: number
  /** For the whole request, unless it brings a part of an upload. */
  readonly requestMs: number
  /** For a part of an upload that comes on: a mebibyte, over a line of 2 KiB/s too. */
  readonly partMs: number
  /** Bytes by which it has to come on in each `progressMs`. */
  readonly partProgress: number
  readonly progressMs: number
  /** From when an answer is ready until it is taken. */
  readonly answerMs: number
  /** Requests of one connection that wait for their answers. */
  readonly pipelined: number
  /** Without a byte in either direction; a held poll is silent for 30 s. */
  readonly idleMs: number
  /** Between two requests. */
  readonly keepAliveMs: number
  /** How often it is looked who is late. */
  readonly checkMs: number
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  count: 2_000,
  headersMs: 10_000,
  requestMs: 60_000,
  partMs: 600_000,
  partProgress: 16 * 1024,
  progressMs: 60_000,
  answerMs: 60_000,
  pipelined: 4,
  idleMs: 40_000,
  keepAliveMs: 10_000,
  checkMs: 1_000,
}

/** A refusal is read, or it is not: after this the connection is gone. */
const LINGER_MS = 1_000

/** With these words the connection ends, also for a client that goes on sending and never closes it. */
export function endWith(socket: Duplex, text: string): void {
  socket.end(text)
  const cut = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(cut))
}

/** Of one connection. */
interface Waiting {
  /** Since when each is ready; null while it is being made. */
  readonly answers: Map<ServerResponse, number | null>
  /** Since when none is open. */
  idleSince: number
  /** Written once nothing else is due. */
  refusal: (() => void) | null
}

export interface Answers {
  /** Ends connections that take their answers too slowly, ask and ask and take nothing, or ask no more: Node does not. */
  bound(app: FastifyInstance, limits: ConnectionLimits): void
  /** Refuses what is no request, after the answers to those before it: none must be taken for another's. */
  inTurn(socket: Socket, refuse: () => void): void
}

export function trackAnswers(): Answers {
  const open = new Map<Socket, Waiting>()
  const follow = (socket: Socket) => {
    const waiting: Waiting = { answers: new Map(), idleSince: performance.now(), refusal: null }
    open.set(socket, waiting)
    socket.once('close', () => open.delete(socket))
    return waiting
  }
  return {
    bound(app, limits) {
      const { pipelined, checkMs } = limits
      app.addHook('onRequest', ({ raw: { socket } }, reply, done) => {
        const waiting = open.get(socket) ?? follow(socket)
        if (waiting.answers.size >= pipelined) {
          // Nobody will read the answer: none is made.
          reply.hijack()
          socket.resetAndDestroy()
          return
        }
        waiting.answers.set(reply.raw, null)
        reply.raw.once('close', () => {
          waiting.answers.delete(reply.raw)
          waiting.idleSince = performance.now()
          if (!isDue(waiting)) waiting.refusal?.()
        })
        done()
      })
      const sweep = setInterval(() => cutOffLate(open, limits), checkMs)
      sweep.unref()
      app.server.once('close', () => clearInterval(sweep))
    },
    inTurn(socket, refuse) {
      const waiting = open.get(socket)
      if (socket.writable && waiting && isDue(waiting)) waiting.refusal ??= refuse
      else refuse()
    },
  }
}

/** Whether a whole request waits for its answer, or any is getting one. */
const isDue = ({ answers }: Waiting): boolean =>
  [...answers.keys()].some(answer => answer.req.complete || answer.headersSent)

function cutOffLate(
  open: ReadonlyMap<Socket, Waiting>,
  { answerMs, keepAliveMs, headersMs }: ConnectionLimits,
): void {
  const now = performance.now()
  for (const [socket, { answers, idleSince }] of open) {
    // Empty lines are bytes, so that Node's own clock between two requests begins anew with each.
    if (answers.size === 0 && now - idleSince > keepAliveMs + headersMs) socket.resetAndDestroy()
    for (const [answer, readySince] of answers) {
      if (readySince === null && answer.writableEnded) answers.set(answer, now)
      // A reset: what the kernel keeps for a reader that does not read goes, too.
      if (readySince !== null && now - readySince > answerMs) socket.resetAndDestroy()
    }
  }
}
