// A proxy that lets nothing through and keeps who was asked for: no browser of a test reaches another machine.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface NoWayOut {
  /** `host:port` */
  readonly address: string
  readonly reached: readonly string[]
  stop(): Promise<void>
}

// What a browser asks for by itself.
const OWN = /(^|\.)(mozilla\.(org|com|net)|firefox\.com|mozgcp\.net)(:\d+)?$/

export async function createNoWayOut(): Promise<NoWayOut> {
  const reached: string[] = []
  const note = (host: string) => {
    if (!OWN.test(host)) reached.push(host)
  }
  const server = createServer((request, response) => {
    note(new URL(request.url ?? '', 'http://nobody').host)
    response.writeHead(502).end()
  })
  server.on('connect', (request, socket) => {
    note(request.url ?? '')
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    address,
    reached,
    async stop() {
      if (!server.listening) return
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
