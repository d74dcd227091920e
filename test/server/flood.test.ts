// When many challenges are asked for, more work is asked of everybody, and for no longer than it lasts.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readChallenge } from '../../src/protocol/challenge.ts'
import { freshNonce, tooLittleWork } from '../support/caller.ts'
import { json, problemIn } from '../support/http.ts'
import { look, newReporter, put, sealFor } from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { fingerprint, settled } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'

const BASE = 2
let world: World
beforeAll(async () => {
  world = await createWorld({ workBits: BASE, stillClock: true })
})
afterAll(() => world.stop())

const bitsOf = async (origin: string) => readChallenge(await freshNonce(origin)).workBits

async function flood(origin: string, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 50) {
    await Promise.all(Array.from({ length: 50 }, () => freshNonce(origin)))
  }
}

test('a flood of challenges stores nothing and makes them dearer; whoever works for it is received; then it is over', async () => {
  await settled(world)
  const before = await fingerprint(world)
  expect(await bitsOf(world.reporterUrl)).toBe(BASE)
  await flood(world.reporterUrl, 4_500)
  const nonce = await freshNonce(world.reporterUrl)
  expect(readChallenge(nonce).workBits).toBe(BASE + 2)
  expect(await fingerprint(world)).toEqual(before)

  const reporter = newReporter(world)
  const { body } = await sealFor(world, reporter, ['police'])
  const work = tooLittleWork(reporter.caller, nonce, json(body))
  expect(problemIn(await put(reporter.caller, body, { nonce, work }))).toBe('work-required')
  expect((await put(reporter.caller, body, { nonce })).status).toBe(200)

  // What was just issued still counts in the window after it.
  world.advance(11_000)
  expect(await bitsOf(world.reporterUrl)).toBe(BASE + 2)
  world.advance(11_000)
  expect(await bitsOf(world.reporterUrl)).toBe(BASE)
})

test('signed requests get their next nonce, and count as asking for one', async () => {
  world.advance(60_000)
  const { caller } = newReporter(world)
  await flood(world.reporterUrl, 2_000)
  const answer = await look(caller)
  expect(readChallenge(answer.headers['bongsu-challenge'] ?? '').workBits).toBeGreaterThan(BASE)
})

test('a clock that is set back in a flood does not make it last', async () => {
  world.advance(60_000)
  await flood(world.reporterUrl, 2_500)
  expect(await bitsOf(world.reporterUrl)).toBe(BASE + 1)
  world.advance(-3_600_000)
  expect(await bitsOf(world.reporterUrl)).toBeLessThanOrEqual(BASE + 1)
  world.advance(22_000)
  expect(await bitsOf(world.reporterUrl)).toBe(BASE)
})

test('agencies’ devices are asked for no work, and none is asked where the operator wants none', async () => {
  const server = await startBeside(world, { BONGSU_WORK_BITS: '0' })
  try {
    await flood(server.reporterUrl, 2_500)
    expect(await bitsOf(server.reporterUrl)).toBe(0)
    expect(await bitsOf(server.agencyUrl)).toBe(0)
  } finally {
    await server.stop()
  }
})
