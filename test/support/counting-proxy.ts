// Stands before a listener, counts the parts that it lets through, and can hold one back.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

export interface CountingProxy {
  readonly url: string
  /** Parts that were passed on. */
  readonly parts: () => number
  /** Resolves once a part waits that comes after `count` more. */
  holdAfter(count: number): Promise<void>
  /** Lets it go, and all that follow. */
  release(): void
  /** Forgets it, as its sender is gone; what follows is let through. */
  drop(): void
  stop(): Promise<void>
}

export async function createCountingProxy(target: string): Promise<CountingProxy> {
  let parts = 0
  let limit = Number.POSITIVE_INFINITY
  let onHeld: () => void = () => undefined
  let waiting: (() => void)[] = []
  const server = createServer((incoming, answer) => {
    const isPart = incoming.method === 'PATCH'
    if (isPart && parts >= limit) {
      waiting.push(() => {
        parts += 1
        passOn(target, incoming, answer)
      })
      return onHeld()
    }
    if (isPart) parts += 1
    passOn(target, incoming, answer)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    parts: () => parts,
    holdAfter: count => {
      limit = parts + count
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
