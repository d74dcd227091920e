// A built page at `/`, and the files that it names. Everything is in memory and none of it depends on who asks.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../contract/problems.ts'
import { chooseCoding } from './coding.ts'
import { MANIFEST, SINGLE_FILE, type Site } from './site.ts'

const YEAR_SECONDS = 31_536_000

const NOT_BUILT = `The web page is not built here. «npm run build» builds it; then start the service again.
웹 화면이 아직 빌드되지 않았습니다. npm run build 를 실행한 뒤 서버를 다시 시작하세요.
`

/** Fields that say «never by another name»: a name under assets/ holds the hash of what it names. */
const FOREVER = `public, max-age=${YEAR_SECONDS}, immutable, no-transform`
const ASK_AGAIN = 'no-cache, no-transform'

export function addSite(app: FastifyInstance, site: Site | null): void {
  if (!site) {
    app.get('/', async (_request, reply) =>
      reply.status(503).header('content-type', 'text/plain; charset=utf-8').send(NOT_BUILT),
    )
    return
  }
  const page = {
    'content-security-policy': `${site.policy}; frame-ancestors 'none'`,
    'integrity-policy': 'blocked-destinations=(script)',
  }
  const download = { 'content-disposition': `attachment; filename="${SINGLE_FILE}"` }
  const answer = (path: string, request: FastifyRequest, reply: FastifyReply, fields = {}) =>
    send(site, path, request, reply.headers(fields))
  app.get('/', (request, reply) => answer('index.html', request, reply, page))
  app.get(`/${MANIFEST}`, (request, reply) => answer(MANIFEST, request, reply))
  if (site.singleFileHash !== null) {
    app.get(`/${SINGLE_FILE}`, (request, reply) => answer(SINGLE_FILE, request, reply, download))
  }
  // One pattern for all of them: counts by route must not tell the engines apart.
  app.get<{ Params: { name: string } }>('/assets/:name', (request, reply) =>
    answer(`assets/${request.params.name}`, request, reply),
  )
}

function send(site: Site, path: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const file = site.files.get(path)
  if (!file) throw new Problem('not-found')
  const coding = chooseCoding(request.headers['accept-encoding'])
  const { body, etag } = file.representations[coding]
  reply
    .header('cache-control', path.startsWith('assets/') ? FOREVER : ASK_AGAIN)
    .header('vary', 'accept-encoding')
    .header('etag', etag)
  if (hasIt(request.headers['if-none-match'], etag)) return reply.status(304).send()
  if (coding !== 'identity') reply.header('content-encoding', coding)
  return reply.header('content-type', file.type).send(body)
}

const hasIt = (ifNoneMatch: string | undefined, etag: string) =>
  ifNoneMatch?.split(',').some(item => item.trim() === '*' || item.trim().replace(/^W\//, '') === etag)
