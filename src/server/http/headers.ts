// Security header fields, and CORS for a form that is opened from disk (its origin is `null`).
import type { OutgoingHttpHeaders } from 'node:http'
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import { CHALLENGE_FIELD, type Route, WORK_FIELD } from '../../contract/route.ts'
import { tusOffer } from './tus.ts'

const DAY_SECONDS = 86_400

const EXPOSED = [
  CHALLENGE_FIELD,
  'etag',
  'retry-after',
  'location',
  'content-range',
  'upload-offset',
  'upload-length',
  'upload-expires',
  'tus-resumable',
  'tus-version',
  'tus-extension',
  'tus-checksum-algorithm',
  'tus-max-size',
].join(', ')

const STRICT_TRANSPORT = { maxAge: 2 * 365 * DAY_SECONDS, includeSubDomains: true } as const

/** Of a listener. */
export interface Transport {
  /** Whether TLS is in front: of an onion's plain HTTP nothing may be said that holds for the address from then on. */
  readonly behindTls: boolean
}

export type BareFields = Readonly<Record<string, string>>

/** For answers that are given before there is a route: the same as helmet gives to all others. */
export const bareFields = ({ behindTls }: Transport): BareFields => ({
  'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
  ...(behindTls
    ? { 'strict-transport-security': `max-age=${STRICT_TRANSPORT.maxAge}; includeSubDomains` }
    : {}),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED,
})

export async function addSecurityHeaders(app: FastifyInstance, { behindTls }: Transport): Promise<void> {
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
    strictTransportSecurity: behindTls && STRICT_TRANSPORT,
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
export function addPreflights(app: FastifyInstance, routes: readonly Route[], maxFilesLength: number): void {
  const fields = [
    'content-type',
    'content-digest',
    'signature',
    'signature-input',
    'if-none-match',
    'range',
    'tus-resumable',
    'upload-length',
    'upload-offset',
    'upload-checksum',
    'upload-metadata',
    WORK_FIELD,
  ]
  for (const path of new Set(routes.map(route => route.path))) {
    const served = routes.filter(route => route.path === path)
    const isTus = served.some(route => route.tus)
    // A page on another origin may ask for the offer itself.
    const methods = [...served.map(route => route.method), ...(isTus ? ['OPTIONS'] : [])]
    const offer = isTus ? tusOffer(maxFilesLength) : {}
    app.options(path, async (_request, reply) =>
      reply
        .status(204)
        .header('access-control-allow-methods', methods.join(', '))
        .header('access-control-allow-headers', fields.join(', '))
        .header('access-control-max-age', DAY_SECONDS)
        .headers(offer)
        .send(),
    )
  }
}
