// A SOCKS5 proxy that leads every name to one port of this machine, as Tor leads an onion's to its service.
import { connect, createServer, type Socket } from 'node:net'

export interface SocksProxyServer {
  /** HOST:PORT */
  readonly address: string
  /** Of each connection, in order: the name that was asked for, and by which credentials. */
  readonly asked: { readonly name: string; readonly port: number; readonly credentials: string }[]
  stop(): Promise<void>
}

/** `refusal`: a reply other than success, RFC 1928 section 6. */
export async function startSocksProxy(targetPort: number, refusal = 0): Promise<SocksProxyServer> {
  const asked: SocksProxyServer['asked'] = []
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    serve(socket).catch(() => socket.destroy())
  })
  async function serve(socket: Socket): Promise<void> {
    const read = reading(socket)
    const [, count = 0] = await read(2)
    const wantsPassword = (await read(count)).includes(2)
    socket.write(Uint8Array.of(5, wantsPassword ? 2 : 0))
    const credentials = wantsPassword ? await readPassword(socket, read) : ''
    // Names only: what was looked up before would come as an address.
    const [, , , kind] = await read(4)
    if (kind !== 3) throw new Error('not a name')
    const name = (await read((await read(1))[0] ?? 0)).toString()
    const port = (await read(2)).readUInt16BE()
    asked.push({ name, port, credentials })
    socket.write(Uint8Array.of(5, refusal, 0, 1, 0, 0, 0, 0, 0, 0))
    if (refusal !== 0) return void socket.end()
    const target = connect(targetPort, '127.0.0.1')
    sockets.add(target)
    target.on('error', () => socket.destroy())
    socket.pipe(target).pipe(socket)
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  return {
    address: `127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`,
    asked,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

type Read = (length: number) => Promise<Buffer>

async function readPassword(socket: Socket, read: Read): Promise<string> {
  const [, nameLength = 0] = await read(2)
  const name = await read(nameLength)
  const password = await read((await read(1))[0] ?? 0)
  socket.write(Uint8Array.of(1, 0))
  return `${name}:${password}`
}

function reading(socket: Socket): Read {
  return async length => {
    for (;;) {
      const bytes: Buffer | null = length === 0 ? Buffer.alloc(0) : socket.read(length)
      if (bytes) return bytes
      await new Promise((resolve, reject) => {
        socket.once('readable', resolve)
        socket.once('close', reject)
      })
    }
  }
}
