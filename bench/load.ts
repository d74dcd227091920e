// A load generator that costs little beside what it measures: whole requests out, status and length in.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export const CONNECTIONS = 32

export interface Load {
  readonly port: number
  /** The next request, bytes as they go out; null: this connection is done. */
  readonly next: () => Buffer | null
  readonly status: number
}

export interface Measured {
  readonly count: number
  readonly seconds: number
  readonly perSecond: number
  /** Milliseconds, ascending. */
  readonly latencies: Float64Array
  /** Bytes of one answer, head and body; all must be alike to a few bytes for it to mean anything. */
  readonly answerBytes: number
}

interface Tally {
  latencies: number[]
  bytes: number
}

/** Each of 32 connections sends its next request once the one before is answered. Throws on any other status. */
export async function measure(load: Load): Promise<Measured> {
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(load.port)))
  const tally: Tally = { latencies: [], bytes: 0 }
  const begun = performance.now()
  try {
    await Promise.all(sockets.map(socket => drive(socket, load, tally)))
  } finally {
    for (const socket of sockets) socket.destroy()
  }
  const seconds = (performance.now() - begun) / 1000
  const count = tally.latencies.length
  const latencies = Float64Array.from(tally.latencies).sort()
  return { count, seconds, perSecond: count / seconds, latencies, answerBytes: tally.bytes / count }
}

/** Sends these, each once. */
export function each(requests: readonly Buffer[]): Load['next'] {
  let at = 0
  return () => requests[at++] ?? null
}

/** Sends these round and round for so long. */
export function cycle(requests: readonly Buffer[], seconds: number): Load['next'] {
  const until = performance.now() + seconds * 1000
  let at = 0
  return () => (performance.now() < until ? (requests[at++ % requests.length] ?? null) : null)
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket
}

function drive(socket: Socket, { next, status }: Load, tally: Tally): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = 0
    let left = 0
    let head: Buffer = Buffer.alloc(0)
    const send = () => {
      const request = next()
      if (!request) return resolve()
      sent = performance.now()
      socket.write(request)
    }
    const finish = () => {
      tally.latencies.push(performance.now() - sent)
      send()
    }
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the connection was closed')))
    socket.on('data', (chunk: Buffer) => {
      tally.bytes += chunk.length
      if (left > 0) {
        left -= chunk.length
        if (left === 0) finish()
        return
      }
      head = head.length > 0 ? Buffer.concat([head, chunk]) : chunk
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      const answer = readHead(head.toString('latin1', 0, end))
      if (answer.status !== status) {
        reject(new Error(`${answer.status} instead of ${status}: ${head.toString('utf8', end + 4)}`))
        return
      }
      left = answer.length - (head.length - end - 4)
      head = Buffer.alloc(0)
      if (left === 0) finish()
    })
    send()
  })
}

function readHead(text: string): { status: number; length: number } {
  const status = Number(text.slice(9, 12))
  const [, length = '0'] = /\r\ncontent-length: (\d+)/i.exec(text) ?? []
  return { status, length: status === 304 ? 0 : Number(length) }
}

/** One request's head as it answers. */
export async function probe(port: number, request: Buffer): Promise<string> {
  const socket = await open(port)
  socket.write(request)
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return chunk.toString('latin1', 0, chunk.indexOf('\r\n\r\n'))
}
