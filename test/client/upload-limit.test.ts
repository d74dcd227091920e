import { afterAll, beforeAll, expect, test } from 'vitest'
import { readUploadLimit, serviceAt, Unreachable } from '../../src/client/index.ts'
import { MAX_BLOB_LENGTH } from '../../src/protocol/blob.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

test('a service says how much a message may have, to a page on any origin', async () => {
  expect(await readUploadLimit(serviceAt(world.reporterUrl))).toBe(MAX_BLOB_LENGTH)
  const headers = {
    origin: 'null',
    'access-control-request-method': 'OPTIONS',
  }
  const preflight = await fetch(`${world.reporterUrl}/v1/uploads`, { method: 'OPTIONS', headers })
  expect(preflight.headers.get('access-control-allow-methods')?.split(', ')).toContain('OPTIONS')
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
  expect(preflight.headers.get('access-control-expose-headers')?.split(', ')).toContain('tus-max-size')
})

test('one without files takes none; one that does not answer is unreachable', async () => {
  // The agencies' listener makes no room for reports.
  expect(await readUploadLimit(serviceAt(world.agencyUrl))).toBe(0)
  await expect(readUploadLimit(serviceAt('http://127.0.0.1:9'))).rejects.toThrow(Unreachable)
})
