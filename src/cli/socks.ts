// HTTP through a SOCKS5 proxy, such as Tor's (RFC 1928, RFC 1929). The proxy gets names as they are: nothing is looked
// up on this machine, where the lookup would tell others which service is meant.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, type AgentOptions, type RequestOptions } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { connect, type Socket } from 'node:net'
import { fetchOver } from './agents.ts'

export interface SocksProxy {
  readonly host: string
  readonly port: number
}

/** Nothing that speaks SOCKS5 listens there. */
export class NoProxy extends Error {}

/** What Node hands from a request to the making of its connection. */
interface Place {
  readonly host?: string | null
  readonly port?: number | string | null
  readonly during?: AbortSignal | undefined
}

type Connected = (error: Error | null, socket: Socket) => void

/** Each call makes its own credentials: Tor keeps streams of different ones on different circuits. */
export function fetchThrough(proxy: SocksProxy): typeof fetch {
  const name = randomBytes(16).toString('hex')
  const connectTo = (place: Place) => connectThrough(proxy, name, place)
  const agents = { 'http:': plainAgent(connectTo), 'https:': secureAgent(connectTo) }
  return fetchOver(agents)
}

const KEPT: AgentOptions = { keepAlive: true }

function plainAgent(connectTo: (place: Place) => Promise<Socket>): Agent {
  return new (class extends Agent {
    override createConnection(place: Place, done?: Connected) {
      hand(connectTo(place), done)
      return undefined
    }
  })(KEPT)
}

function secureAgent(connectTo: (place: Place) => Promise<Socket>): SecureAgent {
  return new (class extends SecureAgent {
    override createConnection(place: Place, done?: Connected) {
      const secured = connectTo(place).then(socket => {
        const over: RequestOptions & { readonly socket: Socket } = { ...(place as RequestOptions), socket }
        return super.createConnection(over) as Socket
      })
      hand(secured, done)
      return undefined
    }
  })(KEPT)
}

const hand = (connected: Promise<Socket>, done: Connected | undefined) =>
  connected.then(
    socket => done?.(null, socket),
    (error: Error) => done?.(error, undefined as never),
  )

const VERSION = 5
const BY_PASSWORD = 2

/** The proxy connects; whoever it is asked for is named, never an address of this machine's finding. */
async function connectThrough(
  proxy: SocksProxy,
  name: string,
  { host, port, during }: Place,
): Promise<Socket> {
  const socket = connect({ ...proxy, noDelay: true })
  const stop = () => socket.destroy()
  during?.addEventListener('abort', stop)
  try {
    await once(socket, 'connect').catch(() => {
      throw new NoProxy(`${proxy.host}:${proxy.port}`)
    })
    const read = reader(socket)
    socket.write(Uint8Array.of(VERSION, 2, 0, BY_PASSWORD))
    const [version, method] = await read(2)
    if (version !== VERSION) throw new NoProxy(`${proxy.host}:${proxy.port}`)
    if (method === BY_PASSWORD) await identify(socket, read, name)
    else if (method !== 0) throw new Error('the proxy wants a password')
    const target = Buffer.from((host ?? '').replace(/^\[|\]$/g, ''))
    socket.write(
      Uint8Array.of(VERSION, 1, 0, 3, target.length, ...target, Number(port) >> 8, Number(port) & 255),
    )
    await readReply(read)
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    during?.removeEventListener('abort', stop)
  }
}

type Read = (length: number) => Promise<Buffer>

async function identify(socket: Socket, read: Read, name: string): Promise<void> {
  const bytes = Buffer.from(name)
  socket.write(Uint8Array.of(1, bytes.length, ...bytes, bytes.length, ...bytes))
  const [, status] = await read(2)
  if (status !== 0) throw new Error('the proxy refuses the password')
}

const ADDRESS_LENGTHS: Readonly<Record<number, number>> = { 1: 4, 4: 16 }

/** The address at which the proxy connected is read, and of no use. */
async function readReply(read: Read): Promise<void> {
  const [version, status, , kind = 0] = await read(4)
  if (version !== VERSION || status !== 0) throw new Error(`the proxy refuses (${status})`)
  const length = kind === 3 ? (await read(1))[0] : ADDRESS_LENGTHS[kind]
  await read((length ?? 0) + 2)
}

/** Exactly so many bytes each time; what comes after them stays in the socket. */
function reader(socket: Socket): Read {
  return async length => {
    for (;;) {
      const bytes: Buffer | null = socket.read(length)
      if (bytes?.length === length) return bytes
      if (bytes || socket.readableEnded || socket.destroyed)
        throw new Error('the proxy closed the connection')
      await Promise.race([once(socket, 'readable'), once(socket, 'close')])
    }
  }
}
