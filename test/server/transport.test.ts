// Answers behind TLS ask browsers to come by TLS alone; those at an onion service, which is plain HTTP, do not.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningServer } from '../../src/server/main.ts'
import { ask, askRaw, parseRaw } from '../support/http.ts'
import { nowhere, startBeside } from '../support/servers.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let server: RunningServer
beforeAll(async () => {
  world = await createWorld()
  server = await startBeside(world, { BONGSU_ONION_LISTEN: '127.0.0.1:0' })
})
afterAll(async () => {
  await server.stop()
  await world.stop()
})

const FIELD = 'strict-transport-security'
const PATHS = [
  '/',
  '/v1/health',
  '/v1/directory',
  nowhere(),
  '/v1/report',
  '/v1/%zz',
  `/v1/${'a'.repeat(9000)}`,
]
/** Whatever Node would answer by itself. */
const RAW = [
  'NONSENSE\r\n\r\n',
  'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /v1/challenges HTTP/1.1\r\nHost: a\r\nExpect: a-wonder\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
]

async function fieldsAt(origin: string) {
  const asked = await Promise.all(PATHS.map(async path => (await ask(origin, { path })).headers))
  const said = await Promise.all(RAW.map(async text => parseRaw(await askRaw(origin, text)).headers))
  return [...asked, ...said]
}

test('every answer to reporters and agencies has the field', async () => {
  for (const origin of [server.reporterUrl, server.agencyUrl]) {
    const found = (await fieldsAt(origin)).map(fields => fields[FIELD])
    expect(found).toEqual(found.map(() => 'max-age=63072000; includeSubDomains'))
  }
})

test('no answer at the onion service has it, and all other fields are as elsewhere', async () => {
  const there = await fieldsAt(server.onionUrl ?? '')
  const here = await fieldsAt(server.reporterUrl)
  const names = (fields: object) => Object.keys(fields).filter(name => name !== FIELD)
  expect(there.filter(fields => FIELD in fields)).toEqual([])
  expect(there.map(fields => names(fields))).toEqual(here.map(fields => names(fields)))
})
