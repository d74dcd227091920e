// Stands before a listener and changes what it answers in JSON.
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

// biome-ignore lint/suspicious/noExplicitAny: any answer of the service
export type Lie = (answer: any, path: string) => unknown

export interface LyingProxy {
  readonly url: string
  /** From now on; the truth until then. */
  tell(lie: Lie): void
  stop(): Promise<void>
}

export async function createLyingProxy(target: string): Promise<LyingProxy> {
  let lie: Lie = answer => answer
  const server = createServer(async (incoming, answer) => {
    const { method = 'GET', url = '/', headers } = incoming
    const body = await text(incoming)
    const asked = Object.entries(headers).filter(([name]) => !['host', 'connection'].includes(name))
    const sent = { method, headers: asked as [string, string][], ...(body && { body }) }
    const from = await fetch(new URL(url, target), sent)
    const type = from.headers.get('content-type') ?? ''
    answer.writeHead(from.status, { 'content-type': type })
    if (!type.includes('json')) answer.end(Buffer.from(await from.arrayBuffer()))
    else answer.end(JSON.stringify(lie(await from.json(), url)))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    tell: next => {
      lie = next
    },
    stop: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
