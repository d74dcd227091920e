// A clock that jumps: ahead, and back again. The service's own clock is moved; nothing else is.
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { chainStart } from '../../src/protocol/event.ts'
import { SEALED_REPLY_LENGTH } from '../../src/protocol/reply.ts'
import { forgetSpentNonces } from '../../src/server/http/nonces.ts'
import { freshNonce, nextNonce } from '../support/caller.ts'
import { deviceOf, eventBody, list, record, reply } from '../support/device.ts'
import { type Answer, ask, problemIn } from '../support/http.ts'
import { newReporter, put, sealFollowUpFor, sealFor, submit, withdraw, write } from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { caseOf, countOf, fingerprint, settled } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
let world: World
beforeAll(async () => {
  world = await createWorld()
  // So that a clock that goes back does not come before the first document.
  world.advance(49 * HOUR_MS)
  await world.renew()
})
afterAll(() => world.stop())
afterEach(() => {
  vi.useRealTimers()
})

/** Everything that changes something, each ready to be sent with any nonce. */
async function mutations() {
  const device = await deviceOf(world, 'police')
  const reporter = await submit(world, ['police'])
  const { digest } = reporter.sealed
  const head = chainStart(digest, 'police')
  const caseId = await caseOf(world, reporter.reportId, 'police')
  const key = reporter.keys.acknowledgementKey
  const event = eventBody(world, device, { digest, head, index: 0, key })
  const followUp = await sealFollowUpFor(world, reporter, 1, [{ agencyId: 'police', head }])
  const fresh = newReporter(world)
  const report = await sealFor(world, fresh, ['police', 'nis'])
  const leaving = await submit(world, ['nis'])
  const [mailbox, sealed] = [toBase64url(randomBytes(32)), randomBytes(SEALED_REPLY_LENGTH)]
  return {
    report: (nonce: string) => put(fresh.caller, report.body, { nonce }),
    followUp: (nonce: string) => write(reporter.caller, followUp.body, { nonce }),
    event: (nonce: string) => record(device, caseId, event, { nonce }),
    reply: (nonce: string) => reply(device, mailbox, sealed, { nonce }),
    withdrawal: (nonce: string) => withdraw(leaving.caller, { nonce }),
  }
}

const originFor = (name: string) => (/event|reply/.test(name) ? world.agencyUrl : world.reporterUrl)

test.each([
  ['an hour ahead', HOUR_MS],
  ['an hour back', -HOUR_MS],
  ['a day ahead', 24 * HOUR_MS],
  ['a day back', -24 * HOUR_MS],
])('%s: what was prepared is sent again with a new nonce and is there once', async (_name, jump) => {
  for (const [name, send] of Object.entries(await mutations())) {
    const nonce = await freshNonce(originFor(name))
    world.advance(jump)
    const refused = await send(nonce)
    expect([name, problemIn(refused)]).toEqual([name, 'challenge-invalid'])
    const first = await send(nextNonce(refused))
    expect([name, first.status < 300]).toEqual([name, true])
    const again = await send(nextNonce(first))
    expect([name, again.status, again.body.toString()]).toEqual([name, first.status, first.body.toString()])
    world.advance(-jump)
  }
})

test('what is replayed after the clock went ahead, nonces were forgotten and it came back changes nothing', async () => {
  const sent: [string, (nonce: string) => Promise<Answer>, string][] = []
  for (const [name, send] of Object.entries(await mutations())) {
    const nonce = await freshNonce(originFor(name))
    expect([name, (await send(nonce)).status < 300]).toEqual([name, true])
    sent.push([name, send, nonce])
  }
  world.advance(3 * HOUR_MS)
  await forgetSpentNonces(world.database, world.now())
  world.advance(-3 * HOUR_MS)
  await settled(world)
  const before = await fingerprint(world, ['spent_nonces', 'reply_quotas'])
  for (const [name, send, nonce] of sent) {
    const answer = await send(nonce)
    expect([name, answer.status < 500]).toEqual([name, true])
  }
  await settled(world)
  expect(await fingerprint(world, ['spent_nonces', 'reply_quotas'])).toEqual(before)
})

test('the feed goes on from where it was, and a held poll ends, whatever the clock does', async () => {
  const device = await deviceOf(world, 'nis')
  let after = 0
  const seen: string[] = []
  const page = async (wait: number) => {
    const answer = await list(device, `?after=${after}&wait=${wait}`)
    expect(answer.status).toBe(200)
    const { cases, cursor } = JSON.parse(answer.body.toString())
    expect(cursor).toBeGreaterThanOrEqual(after)
    after = cursor
    seen.push(...cases.map((entry: { case: string }) => entry.case))
    return cases.length
  }
  while ((await page(0)) > 0) {}
  const before = seen.length
  for (const jump of [HOUR_MS, -2 * HOUR_MS, 24 * HOUR_MS, -23 * HOUR_MS]) {
    const held = page(1)
    world.advance(jump)
    await held
    await submit(world, ['nis'])
    await settled(world)
  }
  while ((await page(0)) > 0) {}
  expect(new Set(seen.slice(before)).size).toBe(4)
  expect(await countOf(world, 'from assignments where changed')).toBe(0)
})

test('whoever is limited for a minute is not for an hour when the clock is set back', async () => {
  const server = await startBeside(world, { BONGSU_RATE_LIMIT: '5' })
  const asks = async () => (await ask(server.reporterUrl, { path: '/v1/health' })).status
  try {
    for (let i = 0; i < 5; i++) expect(await asks()).toBe(200)
    expect(await asks()).toBe(429)
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() - HOUR_MS)
    await asks()
    vi.setSystemTime(Date.now() + MINUTE_MS)
    expect(await asks()).toBe(200)
  } finally {
    await server.stop()
  }
})
