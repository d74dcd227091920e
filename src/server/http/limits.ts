// Bounds that every request meets before it is read.
import { createHmac, randomBytes } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../../contract/problems.ts'

export const MAX_HEADER_BYTES = 8 * 1024
/** For routes that state no limit of their own. */
export const DEFAULT_BODY_BYTES = 16 * 1024
const MAX_BUCKETS = 20_000
const ROTATION_MS = 60 * 60_000
/** What a clock may go back by to be right again, without anybody noticing. */
const SLEW_MS = 2_000

/** Parts of files are counted by themselves: room for them was paid with work, and a file has many. */
export const PARTS_PER_REQUEST = 20
const takesParts = (request: FastifyRequest) => request.routeOptions.config.takesParts === true

/** Limits by a MAC of the address under a key that lives in memory and changes; no header tells of it. */
export async function limitRate(app: FastifyInstance, perMinute: number): Promise<void> {
  if (perMinute === 0) return
  let key = randomBytes(32)
  let latest = Date.now()
  const renew = () => {
    key = randomBytes(32)
  }
  const rotation = setInterval(renew, ROTATION_MS)
  rotation.unref()
  app.addHook('onClose', async () => clearInterval(rotation))
  const none = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false }
  await app.register(rateLimit, {
    max: request => perMinute * (takesParts(request) ? PARTS_PER_REQUEST : 1),
    timeWindow: 60_000,
    cache: MAX_BUCKETS,
    keyGenerator: request => {
      const now = Date.now()
      // Where the clock was set back, minutes that have begun would last for as long as it was set back.
      if (now < latest - SLEW_MS) renew()
      latest = now
      const kind = takesParts(request) ? 'part' : 'request'
      return createHmac('sha256', key).update(`${kind} ${request.ip}`).digest('base64')
    },
    addHeaders: { ...none, 'retry-after': false },
    addHeadersOnExceeding: none,
    errorResponseBuilder: () => new Problem('too-many-requests'),
  })
}

/** RFC 9112 section 3.2: exactly one Host field; so for others that Node would join or drop. */
export function requireSingleFields(app: FastifyInstance): void {
  const once = new Set([
    'host',
    'signature',
    'signature-input',
    'content-digest',
    'content-length',
    'bongsu-work',
  ])
  app.addHook('onRequest', (request, _reply, done) => {
    const seen = new Set<string>()
    const { rawHeaders } = request.raw
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const name = rawHeaders[i]?.toLowerCase() ?? ''
      if (once.has(name) && seen.has(name)) return done(new Problem('malformed-request'))
      seen.add(name)
    }
    if (!seen.has('host') && request.raw.httpVersion !== '1.0') return done(new Problem('malformed-request'))
    done()
  })
}
