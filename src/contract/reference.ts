// The API as one readable page: no script, one style sheet, everything from the routes.
import { z } from 'zod'
import { problemsOf } from './openapi.ts'
import { PROBLEMS } from './problems.ts'
import type { PartPayload, ReplyPayload, Route } from './route.ts'
import { ROUTES } from './routes.ts'

interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly required?: readonly string[]
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, character => ESCAPES[character] ?? character)

/** A JSON schema in the notation of TypeScript, a comment behind each member that has a description. */
function shape(schema: JsonSchema, indent = ''): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(' | ')
  if (schema.anyOf) return [...new Set(schema.anyOf.map(option => shape(option, indent)))].join(' | ')
  if (schema.items) return `${shape(schema.items, indent)}[]`
  if (!schema.properties) {
    const values = schema.additionalProperties
    return typeof values === 'object' ? `{ [id: string]: ${shape(values, indent)} }` : (schema.type ?? 'any')
  }
  const inner = `${indent}  `
  const members = Object.entries(schema.properties).map(([name, member]) => {
    const optional = schema.required?.includes(name) ? '' : '?'
    const comment = member.description ? `  // ${member.description}` : ''
    return `${inner}${name}${optional}: ${shape(member, inner)}${comment}`
  })
  return `{\n${members.join('\n')}\n${indent}}`
}

function payload(kind: ReplyPayload | PartPayload | undefined, io: 'input' | 'output'): string {
  if (!kind) return ''
  if (kind.type === 'empty') return '<p>No body.</p>'
  if (kind.type === 'bytes')
    return `<p><code>application/octet-stream</code>, exactly ${kind.length} bytes.</p>`
  if (kind.type === 'stream')
    return '<p><code>application/octet-stream</code>, whole or a range: 206 with Content-Range.</p>'
  if (kind.type === 'part')
    return `<p><code>application/offset+octet-stream</code>, at most ${kind.limit} bytes.</p>`
  const text = shape(z.toJSONSchema(kind.schema, { io, unrepresentable: 'any' }) as JsonSchema)
  const limit = kind.limit ? `<p>At most ${Math.floor(kind.limit / 1024)} KiB.</p>` : ''
  return `${limit}<pre><code>${escapeHtml(text)}</code></pre>`
}

const ACCESS: Readonly<Record<Route['access'], string>> = {
  public: 'anybody',
  reporter: 'signed by a key that follows from a receipt code',
  device: 'signed by a device of an agency',
  capability: 'whoever knows the path',
}

function parameters(route: Route): string {
  const describe = (place: string, schema: z.ZodType | undefined) => {
    if (!schema) return ''
    const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
    const rows = Object.entries(properties).map(
      ([name, member]) => `<li><code>${name}</code> (${place}) ${escapeHtml(member.description ?? '')}</li>`,
    )
    return rows.join('')
  }
  const items =
    describe('path', route.params) + describe('query', route.query) + describe('header', route.fields)
  return items && `<ul>${items}</ul>`
}

function section(route: Route): string {
  const problems = problemsOf(route).map(name => `<a href="#${name}">${name}</a>`)
  return `<section id="${route.id}">
<h2><code>${route.method} ${escapeHtml(route.path)}</code></h2>
<p>${escapeHtml(route.summary)}.</p>
<p><small>For ${route.listeners.map(name => (name === 'reporter' ? 'reporters' : 'agencies')).join(' and ')};
${ACCESS[route.access]}.${route.work ? ' Takes a proof of work.' : ''}</small></p>
${parameters(route)}
${route.body ? `<h3>Request</h3>${payload(route.body, 'input')}` : ''}
<h3>Answer ${route.status}</h3>${payload(route.reply, 'output')}
<p><small>Problems: ${problems.join(', ')}</small></p>
</section>`
}

const STYLE = `:root{color-scheme:light dark}body{font:1rem/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
pre{overflow-x:auto;padding:1rem;border:1px solid;border-radius:.4rem;font-size:.85rem;line-height:1.45}
code{font-family:ui-monospace,monospace}h2{margin-top:3rem}section+section{border-top:1px solid}dt{margin-top:1rem}
a{color:inherit}nav li{margin:.3rem 0}`

/** The style sheet of `/docs`. */
export const REFERENCE_STYLE = `${STYLE}\n`

/** The form as a single file, as this server hands it out. */
export interface SingleFile {
  readonly path: string
  /** SHA-256, hex. */
  readonly hash: string
}

const describeSingleFile = ({
  path,
  hash,
}: SingleFile) => `<section id="single-file"><h2>The form as a single file</h2>
<p><a href="${escapeHtml(path)}">${escapeHtml(path)}</a> opens from disk. Its SHA-256:
<code>${escapeHtml(hash)}</code>. Compare it with one that came another way: from the operator’s announcement, or from a
build of your own (<code>npm run build</code>).</p></section>`

/** The page at `/docs`. */
export function buildReference(version: string, singleFile: SingleFile | null = null): string {
  const index = ROUTES.map(
    route =>
      `<li><a href="#${route.id}"><code>${route.method} ${escapeHtml(route.path)}</code></a> ${escapeHtml(route.summary)}</li>`,
  )
  const problems = Object.entries(PROBLEMS).map(
    ([name, { status, title, remedy }]) =>
      `<dt id="${name}"><code>${name}</code> (${status})</dt><dd>${escapeHtml(title)} ${escapeHtml(remedy)}</dd>`,
  )
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Bongsu API ${version}</title>
<link rel="stylesheet" href="docs/style.css"></head>
<body>
<h1>Bongsu API ${version}</h1>
<p>The service keeps ciphertext only. What is inside it, and how requests are signed, is specified in
<code>docs/protocol.md</code> of the source. The same description for programs:
<a href="v1/openapi.json">OpenAPI 3.1</a>.</p>
<nav><ul>${index.join('\n')}</ul></nav>
<main>
${ROUTES.map(section).join('\n')}
${singleFile ? describeSingleFile(singleFile) : ''}
<section><h2>Problems</h2><p>Every refusal is an RFC 9457 document; a refused request has changed nothing.</p>
<dl>${problems.join('\n')}</dl></section>
</main>
</body>
</html>
`
}
