// The API described where it is served: for people at /docs, for programs at /v1/openapi.json.
import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { buildOpenApi } from '../../contract/openapi.ts'
import { buildReference, REFERENCE_STYLE, type SingleFile } from '../../contract/reference.ts'

const HOUR_SECONDS = 3600

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

export function addReference(app: FastifyInstance, singleFile: SingleFile | null): void {
  const answer = (path: string, type: string, body: string, csp?: string) =>
    app.get(path, async (_request, reply) => {
      if (csp) reply.header('content-security-policy', csp)
      return reply
        .header('content-type', type)
        .header('cache-control', `public, max-age=${HOUR_SECONDS}`)
        .send(body)
    })
  const policy =
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
  answer('/v1/openapi.json', 'application/json', JSON.stringify(buildOpenApi(version)))
  answer('/docs', 'text/html; charset=utf-8', buildReference(version, singleFile), policy)
  answer('/docs/style.css', 'text/css; charset=utf-8', REFERENCE_STYLE)
}
