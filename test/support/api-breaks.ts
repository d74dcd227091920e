// What of one API description a client of another could trip over. Additions to answers and optional additions to
// requests are none of it.

interface Schema {
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  [keyword: string]: unknown
}

type Content = Record<string, { schema?: Schema }>

interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
}

export interface Description {
  paths: Record<string, Record<string, Operation>>
}

export function breaksBetween(before: Description, after: Description): string[] {
  return Object.entries(before.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, old]) => {
      const name = `${method.toUpperCase()} ${path}`
      const next = after.paths[path]?.[method]
      return next ? operationBreaks(name, old, next) : [`${name} is gone`]
    }),
  )
}

function operationBreaks(name: string, before: Operation, after: Operation): string[] {
  const known = new Set(before.parameters?.map(parameter => parameter.name))
  const demanded = (after.parameters ?? []).filter(({ name: id, required }) => required && !known.has(id))
  const lost = (before.parameters ?? []).filter(
    old => !after.parameters?.some(next => next.name === old.name),
  )
  return [
    ...demanded.map(parameter => `${name}: parameter ${parameter.name} is now demanded`),
    ...lost.map(parameter => `${name}: parameter ${parameter.name} is gone`),
    ...requestBreaks(`${name} request`, before.requestBody?.content, after.requestBody?.content),
    ...Object.entries(before.responses).flatMap(([status, old]) => {
      const next = after.responses[status]
      return next ? answerBreaks(`${name} answer`, old.content, next.content) : [`${name}: ${status} is gone`]
    }),
  ]
}

function requestBreaks(where: string, before: Content = {}, after: Content = {}): string[] {
  if (Object.keys(after).some(type => !(type in before))) return [`${where}: another media type`]
  return Object.entries(before).flatMap(([type, { schema: old = {} }]) => {
    const next = after[type]?.schema
    if (!next) return [`${where}: ${type} is not taken any more`]
    const demanded = (next.required ?? []).filter(member => !old.required?.includes(member))
    const other = Object.entries(old.properties ?? {}).filter(
      ([member, value]) => !isSame(value, next.properties?.[member]),
    )
    return [
      ...demanded.map(member => `${where}: ${member} is now demanded`),
      ...other.map(([member]) => `${where}: ${member} takes other values`),
    ]
  })
}

function answerBreaks(where: string, before: Content = {}, after: Content = {}): string[] {
  return Object.entries(before).flatMap(([type, { schema: old = {} }]) => {
    const next = after[type]?.schema
    return next ? memberBreaks(where, old, next) : [`${where}: ${type} is gone`]
  })
}

function memberBreaks(where: string, before: Schema, after: Schema): string[] {
  if (before.items && after.items) return memberBreaks(where, before.items, after.items)
  if (!before.properties) return isSame(before, after) ? [] : [`${where}: other values`]
  return Object.entries(before.properties).flatMap(([member, old]) => {
    const next = after.properties?.[member]
    return next ? memberBreaks(`${where}.${member}`, old, next) : [`${where}: ${member} is gone`]
  })
}

const isSame = (a: Schema, b: Schema | undefined): boolean =>
  JSON.stringify(plain(a)) === JSON.stringify(plain(b))

// A better description breaks nobody.
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'description')
      .map(([key, inner]) => [key, plain(inner)]),
  )
}
