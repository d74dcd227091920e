// What the contract promises of itself, and its shapes: strict, so that each value has one spelling.
import fc from 'fast-check'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { COMMON_PROBLEMS, PROBLEMS, problemDocument, problemOf } from '../../src/contract/problems.ts'
import type { Route } from '../../src/contract/route.ts'
import { ROUTES } from '../../src/contract/routes.ts'
import * as shapes from '../../src/contract/shapes.ts'
import { fromBase64url, toBase64url } from '../../src/protocol/encoding.ts'

const decodes = (text: string): Uint8Array | null => {
  try {
    return fromBase64url(text)
  } catch {
    return null
  }
}

test('no two routes share an id, or method and path on one listener', () => {
  const ids = ROUTES.map(route => route.id)
  expect(new Set(ids).size).toBe(ids.length)
  const places = ROUTES.flatMap(({ method, path, listeners }) =>
    listeners.map(listener => `${listener} ${method} ${path}`),
  )
  expect(new Set(places).size).toBe(places.length)
})

describe('a route lists the problems that follow from what it is', () => {
  const RULES: readonly (readonly [string, (route: Route) => boolean, readonly string[]])[] = [
    ['with a body', route => route.body !== undefined, ['payload-too-large', 'unsupported-media-type']],
    ['for devices', route => route.access === 'device', ['device-refused']],
    ['that takes work', route => route.work === true, ['work-required']],
  ]

  test.each(RULES)('%s', (_name, applies, needed) => {
    const lacking = ROUTES.filter(applies).flatMap(({ id, problems }) =>
      needed.filter(name => !problems.some(known => known === name)).map(name => `${id} ${name}`),
    )
    expect(lacking).toEqual([])
  })

  test('and no common one, which all may answer', () => {
    const repeated = ROUTES.flatMap(({ problems }) =>
      problems.filter(name => COMMON_PROBLEMS.some(common => common === name)),
    )
    expect(repeated).toEqual([])
  })
})

test('reporters reach nothing that needs a device, and agencies nothing that needs a code', () => {
  const misplaced = ROUTES.filter(
    ({ access, listeners }) =>
      (access === 'device' && listeners.includes('reporter')) ||
      (access === 'reporter' && listeners.includes('agency')),
  )
  expect(misplaced).toEqual([])
})

test('no id of a person or a report is in a path on the reporters’ listener', () => {
  const open = ROUTES.filter(route => route.listeners.includes('reporter') && route.path.includes(':'))
  // An upload's address is chance of its own: it names files that nobody has sent a message about yet.
  expect([...new Set(open.map(route => `${route.access} ${route.path}`))]).toEqual([
    'capability /v1/uploads/:upload',
  ])
})

test('every JSON reply is strict: a member too many fails here and does not leak there', () => {
  const open: string[] = []
  const visit = (id: string, schema: z.ZodType) => {
    if (schema instanceof z.ZodObject) {
      if (!(schema.def.catchall instanceof z.ZodNever)) open.push(id)
      for (const member of Object.values(schema.shape)) visit(id, member as z.ZodType)
    }
    if (schema instanceof z.ZodArray) visit(id, schema.element as z.ZodType)
    if (schema instanceof z.ZodNullable) visit(id, schema.unwrap() as z.ZodType)
  }
  for (const { id, reply, body } of ROUTES) {
    if (reply.type === 'json') visit(id, reply.schema)
    if (body?.type === 'json') visit(id, body.schema)
  }
  expect(open).toEqual([])
})

test('every problem’s document is one, and says what to do', () => {
  for (const [name, { status, remedy }] of Object.entries(PROBLEMS)) {
    const document = problemOf(name as keyof typeof PROBLEMS)
    expect(problemDocument.parse(document)).toEqual({ ...document, status, type: `/problems/${name}` })
    expect(remedy.length).toBeGreaterThan(20)
  }
})

/** As a browser has them: Node's own way of reading base64url is not there. */
async function shapesElsewhere(): Promise<typeof shapes> {
  vi.resetModules()
  vi.stubGlobal('Buffer', undefined)
  try {
    return await import('../../src/contract/shapes.ts')
  } finally {
    vi.unstubAllGlobals()
  }
}

describe.each([
  ['in Node', async () => shapes],
  ['elsewhere', shapesElsewhere],
] as const)('shapes %s', (_, load) => {
  let binary: typeof shapes.binary
  let binaryUpTo: typeof shapes.binaryUpTo
  let fill: typeof shapes.fill
  beforeAll(async () => {
    ;({ binary, binaryUpTo, fill } = await load())
  })
  test.each([1, 2, 3, 16, 31, 32, 64, 139, 1168])(
    '%i bytes have one spelling, that of the protocol',
    length => {
      const shape = binary(length)
      const exactly = fc.uint8Array({ minLength: length, maxLength: length })
      fc.assert(fc.property(exactly, bytes => shape.safeParse(toBase64url(bytes)).success))
      const characters = [...'AQgwEIMUYckosw048BCZz09-_=+/ \n\u0000\u0141é봉\ud800😀']
      const noise = fc.string({ unit: fc.constantFrom(...characters), maxLength: 200 })
      const near = fc
        .tuple(exactly, fc.nat(), fc.constantFrom(...characters))
        .map(([bytes, at, character]) => {
          const text = toBase64url(bytes)
          const place = at % text.length
          return text.slice(0, place) + character + text.slice(place + 1)
        })
      fc.assert(
        fc.property(
          fc.oneof(noise, near),
          text => shape.safeParse(text).success === (decodes(text)?.length === length),
        ),
      )
    },
  )

  test('a fill is of its characters, however many there are', () => {
    const shape = fill(500)
    const [good, any] = [[...'AZaz09-_'], [...'AZaz09-_=+/ \n\u0000\u0141é봉\ud800😀']].map(characters =>
      fc.array(fc.constantFrom(...characters), { maxLength: 500 }).map(list => list.join('').slice(0, 500)),
    )
    if (!good || !any) throw new Error('two')
    fc.assert(fc.property(good, text => shape.safeParse(text).success))
    fc.assert(fc.property(any, text => shape.safeParse(text).success === /^[A-Za-z0-9_-]*$/.test(text)))
    expect(shape.safeParse('A'.repeat(501)).success).toBe(false)
  })

  test('up to so many bytes, likewise', () => {
    const shape = binaryUpTo(48)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        return shape.safeParse(toBase64url(bytes)).success === bytes.length <= 48
      }),
    )
    fc.assert(fc.property(fc.string(), text => !shape.safeParse(text).success || decodes(text) !== null))
  })

  test('ids and days end where their text ends', () => {
    for (const text of ['police\n', '-police', 'Police', 'a'.repeat(33), '', 'pol ice', 'police\u0000'])
      expect([text, shapes.agencyId.safeParse(text).success]).toEqual([text, false])
    for (const text of ['2026-1-01', '2026-01-01\n', '+02026-01-01', '２０２６-01-01'])
      expect([text, shapes.day.safeParse(text).success]).toEqual([text, false])
  })
})
