import { createServer } from 'node:net'

/** Of this machine's loopback, or another of its addresses; taken all at once, so that they differ. */
export async function freePorts(count: number, address = '127.0.0.1'): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports: number[] = []
  for (const server of servers) {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, address, resolve))
    const place = server.address()
    ports.push(typeof place === 'object' && place ? place.port : 0)
  }
  for (const server of servers) await new Promise(resolve => server.close(resolve))
  return ports
}
