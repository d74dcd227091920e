// Security header fields, and CORS for a form that is opened from disk (its origin is `null`).
import type { OutgoingHttpHeaders } from 'node:http'
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import { CHALLENGE_FIELD, type Route, WORK_FIELD } from '../../contract/route.ts'

const DAY_SECONDS = 86_400

const EXPOSED = `${CHALLENGE_FIELD}, etag, retry-after`

/** For answers that are given before there is a route: the same as helmet gives to all others. */
export const BARE_FIELDS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
  'strict-transport-security': `max-age=${2 * 365 * DAY_SECONDS}; includeSubDomains`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED,
}

export async function addSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    global: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    crossOriginEmbedderPolicy: true,
    strictTransportSecurity: { maxAge: 2 * 365 * DAY_SECONDS, includeSubDomains: true },
    xFrameOptions: { action: 'deny' },
  })
  // helmet writes its fields anew for each answer, from the directives on; they are the same each time.
  let fields: OutgoingHttpHeaders | null = null
  app.addHook('onRequest', (_request, reply, done) => {
    if (!fields) {
      reply.helmet()
      fields = {
        ...reply.raw.getHeaders(),
        'access-control-allow-origin': '*',
        'access-control-expose-headers': EXPOSED,
      }
    }
    reply.headers(fields)
    done()
  })
}

/** Answers the preflight of each path. Nothing here is protected by origin: requests are signed. */
export function addPreflights(app: FastifyInstance, routes: readonly Route[]): void {
  const fields = [
    'content-type',
    'content-digest',
    'signature',
    'signature-input',
    'if-none-match',
    WORK_FIELD,
  ]
  for (const path of new Set(routes.map(route => route.path))) {
    const methods = routes.filter(route => route.path === path).map(route => route.method)
    app.options(path, async (_request, reply) =>
      reply
        .status(204)
        .header('access-control-allow-methods', methods.join(', '))
        .header('access-control-allow-headers', fields.join(', '))
        .header('access-control-max-age', DAY_SECONDS)
        .send(),
    )
  }
}
