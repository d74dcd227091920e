// A wire to a listener that can be torn after so many bytes.
import { connect, createServer, type Socket } from 'node:net'

export interface TornWire {
  /** The listener's address by this wire. */
  readonly url: string
  /** Tears what is connected once so many more bytes have gone to the service; what connects then is whole. */
  tearAfter(bytes: number): void
  /** How often it was torn. */
  readonly tears: () => number
  stop(): Promise<void>
}

export async function tornWireTo(target: string): Promise<TornWire> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  let left = Number.POSITIVE_INFINITY
  let tears = 0
  const tear = () => {
    tears += 1
    left = Number.POSITIVE_INFINITY
    for (const socket of open) socket.destroy()
  }
  const server = createServer(near => {
    const far = connect(Number(port), hostname)
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      open.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
    far.pipe(near)
    near.on('data', part => {
      far.write(part.subarray(0, Math.min(part.length, left)))
      left -= part.length
      if (left <= 0) tear()
    })
    near.on('end', () => far.end())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    tearAfter: bytes => {
      left = bytes
    },
    tears: () => tears,
    stop: () => {
      for (const socket of open) socket.destroy()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
