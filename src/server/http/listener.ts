// One listener: what both apps have in common.
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { SingleFile } from '../../contract/reference.ts'
import type { Listener, Route } from '../../contract/route.ts'
import { ROUTES } from '../../contract/routes.ts'
import { type ConnectionLimits, trackAnswers } from './connections.ts'
import { addPreflights, addSecurityHeaders, bareFields, type Transport } from './headers.ts'
import { createPartHolder } from './held.ts'
import { DEFAULT_BODY_BYTES, limitRate, MAX_HEADER_BYTES, requireSingleFields } from './limits.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import { createRefusals, problemHandler, sendProblem } from './problem.ts'
import { addReference } from './reference.ts'
import { addParsers, createServe, type Serve, type ServeOptions } from './serve.ts'

/** Milliseconds. A stop takes less than two seconds, all listeners and the database included. */
const DRAIN_MS = 300
const SWEEP_MS = 20

export interface ListenerOptions extends Omit<ServeOptions, 'pieceMs' | 'parts'>, Transport {
  readonly listener: Listener
  readonly log: Logger
  readonly rateLimit: number
  readonly trustedProxies: number
  readonly metrics: Metrics
  /** Named on /docs where this listener hands it out. */
  readonly singleFile?: SingleFile | null
  readonly connections: ConnectionLimits
}

/** An app with its limits and handlers; `features` are told to register their routes on `serve`. */
export async function buildListener(
  options: ListenerOptions,
  features: readonly ((serve: Serve) => void)[],
): Promise<FastifyInstance> {
  const { log, connections } = options
  const handle = problemHandler(log)
  const bare = bareFields(options)
  const refusals = createRefusals(bare)
  const answers = trackAnswers()
  const parts = createPartHolder(connections)
  const app = fastify({
    // Its own lines carry URLs and addresses: none of them is written, and no logger is made for each request.
    logger: false,
    // The types of a request that Fastify could not route are not those of a routed one; the values are.
    frameworkErrors: (error, request, reply) => {
      handle(error, request as FastifyRequest, reply.headers(bare) as unknown as FastifyReply)
    },
    clientErrorHandler: (error, socket) => {
      // Node's word on this request is spoken with that, and the connection is as it was.
      if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && parts.maySend(socket)) return
      answers.inTurn(socket, () => refusals.broken(error, socket))
    },
    trustProxy: (_address, hop) => hop < options.trustedProxies,
    bodyLimit: DEFAULT_BODY_BYTES,
    requestTimeout: connections.requestMs,
    connectionTimeout: connections.idleMs,
    keepAliveTimeout: connections.keepAliveMs,
    forceCloseConnections: 'idle',
    // What still comes in is answered like anything else.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: connections.headersMs,
      connectionsCheckingInterval: connections.checkMs,
      requireHostHeader: false,
    },
    routerOptions: { maxParamLength: 64, caseSensitive: true, ignoreTrailingSlash: false },
  })
  app.server.maxConnections = connections.count
  app.server.on('checkExpectation', refusals.expectation)
  app.server.on('connect', (_request, socket) => refusals.end(socket, 'malformed-request'))
  app.setErrorHandler(handle)
  drainOnClose(app)
  answers.bound(app, connections)
  parts.bound(app)
  options.metrics.count(app, options.listener)
  requireSingleFields(app)
  await addSecurityHeaders(app, options)
  await limitRate(app, options.rateLimit)
  app.setNotFoundHandler({}, (_request, reply) => sendProblem(reply, 'not-found'))
  addParsers(app)
  const routes: readonly Route[] = ROUTES.filter(route => route.listeners.includes(options.listener))
  const serve = createServe(app, { ...options, parts, pieceMs: connections.answerMs })
  const guarded: Serve = (route, handler, admit) => {
    if (!routes.includes(route))
      throw new Error(`${route.id} is not a route of the ${options.listener} listener`)
    serve(route, handler, admit)
  }
  for (const register of features) register(guarded)
  addReference(app, options.singleFile ?? null)
  addPreflights(app, routes, options.maxFilesLength)
  return app
}

/** What is under way is answered first; whoever is still connected after a moment is cut off. */
function drainOnClose(app: FastifyInstance): void {
  const { server } = app
  app.addHook('preClose', async () => {
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    server.once('close', () => {
      clearInterval(sweep)
      clearTimeout(cut)
    })
  })
}
