// A wire to a listener that carries so many bytes a second each way, all its connections together.
import { connect, createServer, type Socket } from 'node:net'

export interface SlowWire {
  /** The listener's address by this wire. */
  readonly url: string
  stop(): Promise<void>
}

const BEAT_MS = 10
/** What a connection may have waiting; then it is read no further. */
const MOST_WAITING = 16 * 1024

interface Stream {
  readonly from: Socket
  readonly to: Socket
  waiting: Buffer
  ended: boolean
}

export async function slowWireTo(target: string, bytesPerSecond: number): Promise<SlowWire> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  const ways: [Set<Stream>, Set<Stream>] = [new Set(), new Set()]
  const follow = (way: Set<Stream>, from: Socket, to: Socket) => {
    const stream: Stream = { from, to, waiting: Buffer.alloc(0), ended: false }
    way.add(stream)
    from.on('data', part => {
      stream.waiting = Buffer.concat([stream.waiting, part])
      if (stream.waiting.length > MOST_WAITING) from.pause()
    })
    from.on('end', () => {
      stream.ended = true
    })
    from.on('error', () => to.destroy())
    from.on('close', () => {
      if (stream.ended && stream.waiting.length > 0) return
      way.delete(stream)
      if (!stream.ended) to.destroy()
    })
  }
  const server = createServer({ allowHalfOpen: true }, near => {
    const far = connect({ port: Number(port), host: hostname, allowHalfOpen: true })
    for (const socket of [near, far]) {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    }
    follow(ways[0], near, far)
    follow(ways[1], far, near)
  })
  let last = performance.now()
  const beat = setInterval(() => {
    const now = performance.now()
    for (const way of ways) share(way, ((now - last) * bytesPerSecond) / 1000)
    last = now
  }, BEAT_MS)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    stop: () => {
      clearInterval(beat)
      for (const socket of open) socket.destroy()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

/** Each of those that have something gets as much. */
function share(way: Set<Stream>, bytes: number): void {
  const streams = [...way].filter(({ waiting }) => waiting.length > 0)
  for (const stream of streams) {
    const { from, to, waiting } = stream
    const part = waiting.subarray(0, Math.ceil(bytes / streams.length))
    stream.waiting = waiting.subarray(part.length)
    if (!to.destroyed) to.write(part)
    if (stream.waiting.length <= MOST_WAITING) from.resume()
  }
  for (const stream of way) {
    if (!stream.ended || stream.waiting.length > 0) continue
    way.delete(stream)
    stream.to.end()
  }
}
