// The good answer of each route is what the contract says, to the member and to the byte.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { z } from 'zod'
import { CHALLENGE_FIELD } from '../../src/contract/route.ts'
import { ROUTES } from '../../src/contract/routes.ts'
import { freshNonce } from '../support/caller.ts'
import { goodRequests, perform } from '../support/good.ts'
import { ask, problemIn } from '../support/http.ts'
import { SMALL } from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const schemaIssues = (schema: z.ZodType, text: string) =>
  schema.safeParse(JSON.parse(text)).error?.issues ?? []

test('every route has a good request here', () => {
  expect(Object.keys(goodRequests(world)).sort()).toEqual(ROUTES.map(route => route.id).sort())
})

const ON_LISTENERS = ROUTES.flatMap(route =>
  route.listeners.map(listener => ({ id: route.id, listener, route })),
)

test.each(ON_LISTENERS)('$id answers on the listener for $listener', async ({ id, listener, route }) => {
  const request = await goodRequests(world)[id]?.()
  if (!request) throw new Error('no request')
  const origin = listener === 'agency' ? world.agencyUrl : world.reporterUrl
  const { status, headers, body } = await perform({ ...request, origin })
  expect({ status, text: status === route.status ? '' : body.toString() }).toEqual({
    status: route.status,
    text: '',
  })
  if (route.reply.type === 'json') {
    expect(headers['content-type']).toMatch(/^application\/json(; charset=utf-8)?$/)
    expect(schemaIssues(route.reply.schema, body.toString('utf8'))).toEqual([])
  } else if (route.reply.type === 'stream') {
    expect(headers).toMatchObject({ 'accept-ranges': 'bytes', 'content-length': String(body.length) })
    expect(body.length).toBe(SMALL)
  } else {
    expect(body.length).toBe(route.reply.type === 'bytes' ? route.reply.length : 0)
  }
  for (const name of route.replyFields ?? []) expect(headers[name]).toBeTruthy()
  expect(headers['cache-control']).toBe(route.conditional ? 'no-cache' : 'no-store')
  expect(CHALLENGE_FIELD in headers).toBe(route.access === 'reporter' || route.access === 'device')
  expect(headers['tus-resumable']).toBe(route.tus ? '1.0.0' : undefined)
  expect('etag' in headers).toBe(route.conditional === true)
})

test('what is on one listener is not on the other', async () => {
  for (const { method, path, listeners } of ROUTES) {
    if (listeners.length === 2) continue
    const origin = listeners[0] === 'agency' ? world.reporterUrl : world.agencyUrl
    const { status } = await ask(origin, { method, path: path.replace(/:[a-z]+/g, 'police') })
    expect([method, path, status]).toEqual([method, path, 404])
  }
})

test('a conditional route answers 304 without a body to who has it already', async () => {
  for (const id of ['getDirectory', 'listCases']) {
    const request = await goodRequests(world)[id]?.()
    if (!request) throw new Error('no request')
    const { etag = '' } = (await perform(request)).headers
    const again = await perform({
      ...request,
      call: { ...request.call, headers: { 'if-none-match': etag } },
    })
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, etag])
  }
})

/** Looking into a mailbox may be repeated: what it names is deleted once. */
const MUTATIONS = ROUTES.filter(
  ({ id, access, method }) =>
    (access === 'reporter' || access === 'device') && method !== 'GET' && id !== 'readMailbox',
)

test.each(MUTATIONS)('$id uses its nonce up: whoever sends it again as it was is refused', async route => {
  const request = await goodRequests(world)[route.id]?.()
  if (!request) throw new Error('no request')
  const call = { ...request.call, nonce: await freshNonce(request.origin) }
  expect((await perform({ ...request, call })).status).toBe(route.status)
  expect(problemIn(await perform({ ...request, call }))).toBe('challenge-invalid')
})
