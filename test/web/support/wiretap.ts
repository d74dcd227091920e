// Somebody on the line between a browser and the service: passes everything on, and keeps it.
import { createServer, type IncomingMessage, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Overheard {
  readonly method: string
  readonly path: string
  /** Request line and fields, as they came. */
  readonly requestHead: string
  readonly requestBody: Buffer
  readonly status: number
  readonly responseHead: string
  readonly responseBody: Buffer
}

export interface Wiretap {
  readonly url: string
  /** Complete ones so far, in the order of their ends. */
  readonly overheard: readonly Overheard[]
}

/** Ends with the test. */
export async function tapWire(target: string): Promise<Wiretap> {
  const overheard: Overheard[] = []
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming
    const requestBody = await all(incoming)
    const answer = await new Promise<IncomingMessage>((resolve, reject) =>
      send(target + path, { method, headers }, resolve)
        .on('error', reject)
        .end(requestBody),
    )
    const responseBody = await all(answer)
    const { statusCode: status = 0, rawHeaders } = answer
    overheard.push({
      method,
      path,
      requestHead: [`${method} ${path}`, ...lines(incoming.rawHeaders)].join('\n'),
      requestBody,
      status,
      responseHead: [String(status), ...lines(rawHeaders)].join('\n'),
      responseBody,
    })
    outgoing.writeHead(status, rawHeaders).end(responseBody)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, overheard }
}

const lines = (rawHeaders: readonly string[]) =>
  rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1]}`] : []))

const all = async (stream: AsyncIterable<Buffer>) => {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

/** A secret as it could stand in an address, a field or a body. */
function formsOf(secret: string): Buffer[] {
  const bytes = Buffer.from(secret)
  const escaped = secret.replace(/[^\0-\x7f]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const texts = [encodeURIComponent(secret), bytes.toString('hex'), escaped]
  return [
    bytes,
    Buffer.from(secret, 'utf16le'),
    ...texts.map(text => Buffer.from(text)),
    ...[0, 1, 2].flatMap(offset => inBase64(bytes, offset)),
  ]
}

/** Without the symbols at both ends, which depend on what is beside it. */
function inBase64(bytes: Buffer, offset: number): Buffer[] {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes])
  const middle = (text: string) =>
    Buffer.from(text.slice(offset && offset + 1, Math.floor((padded.length * 4) / 3)))
  return [middle(padded.toString('base64')), middle(padded.toString('base64url'))]
}

/** Where one of the secrets stands. */
export function leaks(overheard: readonly Overheard[], secrets: readonly string[]): string[] {
  const forms = secrets.map(secret => [secret, formsOf(secret)] as const)
  return overheard.flatMap(({ requestHead, requestBody, responseHead, responseBody, method, path }) => {
    const heads = Buffer.from(`${requestHead}\n${responseHead}\n`)
    const wire = Buffer.concat([heads, requestBody, Buffer.from('\n'), responseBody])
    return forms
      .filter(([, all]) => all.some(form => wire.includes(form)))
      .map(([secret]) => `${secret} in ${method} ${path}`)
  })
}

/** Calls to the service as they look to an observer of lengths. */
export const shapes = (overheard: readonly Overheard[]): string[] =>
  overheard
    .filter(({ path }) => path.startsWith('/v1/'))
    .map(({ method, path, requestBody, status, responseHead, responseBody }) =>
      [method, path, requestBody.length, status, responseBody.length, responseHead.length].join(' '),
    )
