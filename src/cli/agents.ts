// Fetch by node:http and node:https: over connections of one's own making, and with no bound on time but the caller's.
import { Agent, request as askPlain, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as askSecure, Agent as SecureAgent } from 'node:https'
import { Readable } from 'node:stream'

export interface Agents {
  readonly 'http:': Agent
  readonly 'https:': SecureAgent
}

/** Agents find the signal, while they connect, as `during`. Bodies are bytes. */
export function fetchOver(agents: Agents): typeof fetch {
  return (input, init = {}) => {
    const url = new URL(String(input))
    const isSecure = url.protocol === 'https:'
    const signal = init.signal ?? undefined
    const options: RequestOptions & { readonly during?: AbortSignal } = {
      agent: agents[isSecure ? 'https:' : 'http:'],
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(signal ? { signal, during: signal } : {}),
    }
    return new Promise((resolve, reject) => {
      const outgoing = (isSecure ? askSecure : askPlain)(url, options, answer =>
        resolve(responseOf(answer, options.method)),
      )
      outgoing.on('error', reject)
      outgoing.end(init.body instanceof Uint8Array ? init.body : undefined)
    })
  }
}

/** Node's own fetch gives up whatever is not answered within five minutes: over a slow line a part takes longer. */
export function fetchWithPatience(): typeof fetch {
  const keepAlive = true
  const patient = fetchOver({ 'http:': new Agent({ keepAlive }), 'https:': new SecureAgent({ keepAlive }) })
  return (input, init) => (init?.method === 'PATCH' ? patient : globalThis.fetch)(input, init)
}

const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304])

/** Redirections are answers like others: nothing follows them. */
function responseOf(answer: IncomingMessage, method: string | undefined): Response {
  const { statusCode: status = 0, rawHeaders } = answer
  const headers = new Headers()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '')
  const isEmpty = WITHOUT_BODY.has(status) || method === 'HEAD'
  if (isEmpty) answer.resume()
  const body = isEmpty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>)
  return new Response(body, { status, headers })
}
