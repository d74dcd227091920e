// How many requests an address may make: nobody chooses their own, and where all have the same there is no limit.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningServer } from '../../src/server/main.ts'
import { ask } from '../support/http.ts'
import { startBeside } from '../support/servers.ts'
import { createWorld, type World } from '../support/world.ts'

const LIMIT = 5
let world: World
const servers: RunningServer[] = []
beforeAll(async () => {
  world = await createWorld()
})
afterAll(async () => {
  for (const server of servers) await server.stop()
  await world.stop()
})

async function limited(variables: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const server = await startBeside(world, { BONGSU_RATE_LIMIT: String(LIMIT), ...variables })
  servers.push(server)
  return server
}

/** The status of each of these requests, one after another. */
async function statuses(origin: string | null, count: number, forwarded?: (i: number) => string) {
  const found: number[] = []
  for (let i = 0; i < count; i++) {
    const headers: Record<string, string> = forwarded ? { 'x-forwarded-for': forwarded(i) } : {}
    found.push((await ask(origin ?? '', { path: '/v1/health', headers })).status)
  }
  return found
}

const all = (count: number, status: number) => Array.from({ length: count }, () => status)
const UP_TO_THE_LIMIT = [...all(LIMIT, 200), 429]

test('without a proxy in front, whoever names addresses is counted by their own', async () => {
  const { reporterUrl } = await limited()
  expect(await statuses(reporterUrl, LIMIT + 1, i => `203.0.113.${i}`)).toEqual(UP_TO_THE_LIMIT)
})

test('behind one, by the address that the proxy adds, whatever stands before it', async () => {
  const { reporterUrl } = await limited({ BONGSU_TRUSTED_PROXIES: '1' })
  const found = await statuses(reporterUrl, LIMIT + 1, i => `198.51.100.${i}, 203.0.113.1`)
  expect(found).toEqual(UP_TO_THE_LIMIT)
  expect(await statuses(reporterUrl, 1, () => '203.0.113.2')).toEqual([200])
})

test('at the onion service, where all have the address of its daemon, nobody is refused', async () => {
  const { onionUrl, reporterUrl } = await limited({ BONGSU_ONION_LISTEN: '127.0.0.1:0' })
  expect(await statuses(onionUrl, 3 * LIMIT)).toEqual(all(3 * LIMIT, 200))
  expect(await statuses(reporterUrl, LIMIT + 1)).toEqual(UP_TO_THE_LIMIT)
})

test('agencies, of which many share an address, may ask ten times as often', async () => {
  const { agencyUrl } = await limited()
  expect(await statuses(agencyUrl, 10 * LIMIT + 1)).toEqual([...all(10 * LIMIT, 200), 429])
})
