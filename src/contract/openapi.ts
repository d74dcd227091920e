// OpenAPI 3.1 and the list of problems, from the routes.
import { z } from 'zod'
import { COMMON_PROBLEMS, PROBLEMS, type ProblemName, problemDocument } from './problems.ts'
import { CHALLENGE_FIELD, type PartPayload, type ReplyPayload, type Route, WORK_FIELD } from './route.ts'
import { ROUTES } from './routes.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json }
type JsonObject = { readonly [member: string]: Json }

const SIGNED_FIELDS: JsonObject[] = [
  {
    name: 'Signature-Input',
    in: 'header',
    required: true,
    description: 'RFC 9421, in the profile of docs/protocol.md, “Requests”',
    schema: { type: 'string' },
  },
  { name: 'Signature', in: 'header', required: true, schema: { type: 'string' } },
]

const DIGEST_FIELD: JsonObject = {
  name: 'Content-Digest',
  in: 'header',
  required: true,
  description: 'RFC 9530, sha-256',
  schema: { type: 'string' },
}

const CHALLENGE_HEADER: JsonObject = {
  [CHALLENGE_FIELD]: {
    description: 'A nonce for the next request with the same key',
    schema: { type: 'string' },
  },
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  // The dialect is OpenAPI 3.1's own; a member for each schema would repeat it.
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<
    string,
    Json
  >
  return json
}

const isSigned = (route: Route) => route.access === 'reporter' || route.access === 'device'

function contentOf(
  payload: Exclude<ReplyPayload | PartPayload, { type: 'empty' }>,
  io: 'input' | 'output',
): JsonObject {
  if (payload.type === 'json') return { 'application/json': { schema: schemaOf(payload.schema, io) } }
  if (payload.type === 'stream')
    return { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
  if (payload.type === 'part') {
    const schema = { type: 'string', format: 'binary', minLength: 1, maxLength: payload.limit }
    return { 'application/offset+octet-stream': { schema } }
  }
  const schema = { type: 'string', format: 'binary', minLength: payload.length, maxLength: payload.length }
  return { 'application/octet-stream': { schema } }
}

function parametersIn(place: 'path' | 'query' | 'header', schema: z.ZodType | undefined): JsonObject[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, JsonObject>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }))
}

function headerParameters(route: Route): JsonObject[] {
  const work = {
    name: WORK_FIELD,
    in: 'header',
    description: 'Proof of work, 8 bytes',
    schema: { type: 'string' },
  }
  const known = { name: 'If-None-Match', in: 'header', schema: { type: 'string' } }
  return [
    ...(isSigned(route) ? SIGNED_FIELDS : []),
    ...(isSigned(route) && route.body ? [DIGEST_FIELD] : []),
    ...(route.work ? [work] : []),
    ...(route.conditional ? [known] : []),
  ]
}

/** The route's own problems and those that any route may answer, in the order of their status. */
export function problemsOf(route: Route): ProblemName[] {
  const signed: ProblemName[] = !isSigned(route) ? [] : ['signature-invalid', 'challenge-invalid']
  const names = new Set<ProblemName>([...signed, ...route.problems, ...COMMON_PROBLEMS])
  return [...names].sort((a, b) => PROBLEMS[a].status - PROBLEMS[b].status || (a < b ? -1 : 1))
}

function problemResponses(route: Route): JsonObject {
  const byStatus = new Map<number, ProblemName[]>()
  for (const name of problemsOf(route)) {
    const { status } = PROBLEMS[name]
    byStatus.set(status, [...(byStatus.get(status) ?? []), name])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [
      String(status),
      {
        description: names.map(name => `\`${name}\`: ${PROBLEMS[name].title}`).join(' '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

function goodResponse(route: Route, names: readonly string[] = route.replyFields ?? []): JsonObject {
  const { reply } = route
  const own = Object.fromEntries(names.map(name => [name, { schema: { type: 'string' } }]))
  const headers = { ...(isSigned(route) ? CHALLENGE_HEADER : {}), ...own }
  return {
    description: reply.type === 'empty' ? 'Done' : 'The answer',
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(reply.type === 'empty' ? {} : { content: contentOf(reply, 'output') }),
  }
}

function operation(route: Route): JsonObject {
  const parameters = [
    ...parametersIn('path', route.params),
    ...parametersIn('query', route.query),
    ...parametersIn('header', route.fields),
    ...headerParameters(route),
  ]
  return {
    operationId: route.id,
    summary: route.summary,
    description: ACCESS[route.access],
    tags: [...route.listeners],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body ? { requestBody: { required: true, content: contentOf(route.body, 'input') } } : {}),
    security: [],
    responses: {
      [String(route.status)]: goodResponse(route),
      ...(route.reply.type === 'stream' ? { '206': goodResponse(route, ['content-range']) } : {}),
      ...(route.conditional ? { '304': { description: 'What you have is still right' } } : {}),
      ...problemResponses(route),
    },
  }
}

const ACCESS: Readonly<Record<Route['access'], string>> = {
  public: 'Anybody may ask.',
  reporter:
    'Signed by a key that follows from a receipt code or from a reply, or that is made for this one request. No account, no cookie, no identifier.',
  capability: 'Whoever knows the path.',
  device: 'Signed by a device of an agency, whose certificate is on the published list.',
}

/** Two listeners serve one contract: each operation’s tags say which. */
export function buildOpenApi(version: string): JsonObject {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of ROUTES) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Bongsu',
      version,
      description:
        'Confidential reporting of industrial-technology leaks. The service stores ciphertext only; requests are ' +
        'signed as docs/protocol.md says. Reporters and agencies are served by two listeners.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      contact: { name: 'The operator of the deployment', url: 'https://example.invalid/' },
    },
    servers: [
      { url: 'http://127.0.0.1:4080', description: 'Reporters' },
      { url: 'http://127.0.0.1:4081', description: 'Agencies' },
    ],
    tags: [
      { name: 'reporter', description: 'Served to reporters' },
      { name: 'agency', description: 'Served to agencies' },
    ],
    paths,
    components: { schemas: { Problem: schemaOf(problemDocument, 'output') } },
  }
}

/** openapi/problems.md: what happened, what to do, which routes answer it. */
export function buildProblemList(): string {
  const entries = Object.entries(PROBLEMS).map(([name, { status, title, remedy }]) => {
    const routes = ROUTES.filter(route => problemsOf(route).some(problem => problem === name))
    const where =
      routes.length === ROUTES.length
        ? 'Any route.'
        : routes.map(route => `\`${route.method} ${route.path}\``).join(', ')
    return `## ${name}\n\n**${status}** · ${title}\n\nWhat to do: ${remedy}\n\nAnswered by: ${where}\n`
  })
  return `# Problems\n\nEvery refusal is an RFC 9457 document (\`application/problem+json\`) whose \`type\` is \`/problems/<name>\`.\nA refused request has changed nothing. Written by \`npm run openapi\`.\n\n${entries.join('\n')}`
}
