// Requests as bytes: what no honest client sends can be sent from here.
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { PROBLEMS, type ProblemName, problemDocument, problemOf } from '../../src/contract/problems.ts'

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const PATIENCE_MS = 60_000

export interface Asked {
  readonly method?: string
  /** As on the wire, query included. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: Uint8Array | string | null
  readonly signal?: AbortSignal
}

export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export function ask(
  origin: string,
  { method = 'GET', path, headers = {}, body, signal }: Asked,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const sent = request({
      agent,
      hostname,
      port,
      method,
      path,
      timeout: PATIENCE_MS,
      ...(signal && { signal }),
    })
    for (const [name, value] of Object.entries(headers)) sent.setHeader(name, value)
    if (body !== null && body !== undefined) sent.setHeader('content-length', Buffer.byteLength(body))
    sent.on('error', reject)
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    sent.on('response', response => {
      const parts: Buffer[] = []
      response.on('data', part => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const fields = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(fields),
          body: Buffer.concat(parts),
        })
      })
    })
    sent.end(body ?? undefined)
  })
}

/** Writes to a socket as it is and reads until the service closes it. */
export function askRaw(origin: string, ...chunks: readonly (string | Uint8Array)[]): Promise<string> {
  return converse(origin, chunks, () => undefined)
}

/** Writes and then breaks the connection off. */
export function breakOff(origin: string, ...chunks: readonly (string | Uint8Array)[]): Promise<string> {
  return converse(origin, chunks, socket => setTimeout(() => socket.destroy(), 100))
}

function converse(
  origin: string,
  chunks: readonly (string | Uint8Array)[],
  written: (socket: Socket) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const socket = connect(Number(port), hostname)
    const parts: Buffer[] = []
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer')))
    socket.on('data', part => parts.push(part))
    // A service that refuses early may close while we still write.
    socket.on('error', error => ('syscall' in error ? undefined : reject(error)))
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')))
    for (const chunk of chunks) socket.write(chunk)
    written(socket)
  })
}

/** What `askRaw` read, taken apart. */
export function parseRaw(text: string): Answer {
  const at = text.indexOf('\r\n\r\n')
  const [line = '', ...fields] = text.slice(0, Math.max(at, 0)).split('\r\n')
  const headers = Object.fromEntries(
    fields.map(field => {
      const colon = field.indexOf(':')
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]
    }),
  )
  const body = Buffer.from(text.slice(at + 4), 'latin1')
  return { status: Number(line.split(' ')[1] ?? 0), headers, body }
}

export const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

/** The problem's name; says what is wrong where the answer is not the problem document of this contract. */
export function problemIn(answer: Answer): ProblemName | string {
  if (answer.status < 400) return `no problem: ${answer.status} ${answer.body.toString().slice(0, 300)}`
  const type = answer.headers['content-type'] ?? ''
  if (!/^application\/problem\+json(; charset=utf-8)?$/.test(type))
    return `${answer.status}, media type ${type}`
  const parsed = problemDocument.safeParse(JSON.parse(answer.body.toString('utf8')))
  if (!parsed.success) return `not a problem document: ${answer.body}`
  const name = parsed.data.type.replace('/problems/', '')
  if (!isProblemName(name)) return `no problem of this contract: ${name}`
  const same = JSON.stringify(parsed.data) === JSON.stringify(problemOf(name))
  return same && answer.status === PROBLEMS[name].status ? name : `not as the contract has it: ${answer.body}`
}

const isProblemName = (name: string): name is ProblemName => Object.hasOwn(PROBLEMS, name)
