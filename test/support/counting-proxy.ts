// Stands before a listener, counts the parts that it lets through, and can hold back those behind the first.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { PART_SIZE } from '../../src/protocol/blob.ts'

export interface CountingProxy {
  readonly url: string
  /** Parts that were passed on. */
  readonly parts: () => number
  /** Of one upload, all parts but the first `count`: resolves once one of them waits, and those are answered. */
  holdAfter(count: number): Promise<void>
  /** Lets it go, and all that follow. */
  release(): void
  /** Forgets it, as its sender is gone; what follows is let through. */
  drop(): void
  stop(): Promise<void>
}

export async function createCountingProxy(target: string): Promise<CountingProxy> {
  let parts = 0
  let underWay = 0
  let limit = Number.POSITIVE_INFINITY
  let onHeld: () => void = () => undefined
  let waiting: (() => void)[] = []
  const tell = () => {
    if (waiting.length > 0 && underWay === 0) onHeld()
  }
  const server = createServer((incoming, answer) => {
    if (incoming.method !== 'PATCH') return passOn(target, incoming, answer)
    const passPart = () => {
      parts += 1
      underWay += 1
      answer.once('close', () => {
        underWay -= 1
        tell()
      })
      passOn(target, incoming, answer)
    }
    if (Number(incoming.headers['upload-offset']) < limit) return passPart()
    waiting.push(passPart)
    tell()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    parts: () => parts,
    holdAfter: count => {
      limit = count * PART_SIZE
      return new Promise(resolve => {
        onHeld = resolve
      })
    },
    release: () => {
      limit = Number.POSITIVE_INFINITY
      for (const go of waiting) go()
      waiting = []
    },
    drop: () => {
      limit = Number.POSITIVE_INFINITY
      waiting = []
    },
    stop: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

function passOn(target: string, incoming: IncomingMessage, answer: ServerResponse): void {
  const { method = 'GET', url = '/', headers } = incoming
  const onward = request(new URL(url, target), { method, headers }, from => {
    answer.writeHead(from.statusCode ?? 502, from.headers)
    from.pipe(answer)
  })
  onward.on('error', () => answer.destroy())
  incoming.on('error', () => onward.destroy())
  incoming.pipe(onward)
}
