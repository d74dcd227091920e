// When the database goes away in the middle: nothing is acknowledged that is not committed, and a retry says so.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { chainStart } from '../../src/protocol/event.ts'
import { SEALED_REPLY_LENGTH } from '../../src/protocol/reply.ts'
import { openSession } from '../../src/server/database.ts'
import type { RunningServer } from '../../src/server/main.ts'
import { at, deviceOf, eventBody, record, reply } from '../support/device.ts'
import { type Answer, ask, problemIn } from '../support/http.ts'
import { newReporter, put, sealFollowUpFor, sealFor, submit, withdraw, write } from '../support/reporter.ts'
import { startBeside, type Wire, wireTo } from '../support/servers.ts'
import { caseOf, countOf, until } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
const lines: string[] = []
let wire: Wire
let server: RunningServer
beforeAll(async () => {
  world = await createWorld({ onLogLine: line => lines.push(line) })
  wire = await wireTo(world.databaseUrl)
  server = await startBeside(world, { DATABASE_URL: wire.url })
})
afterAll(async () => {
  wire.mend()
  await server.stop()
  await wire.close()
  await world.stop()
})

const isBack = async () => {
  const answer = await ask(server.reporterUrl, { path: '/v1/health' })
  return JSON.parse(answer.body.toString()).database === true
}

interface Scene {
  readonly attempt: () => Promise<Answer>
  /** How often it is in the database. */
  readonly stored: () => Promise<number>
  /** How its repetition is answered. */
  readonly status: number
}

const aReport = async () => {
  const reporter = await submit(world, ['police'])
  return { ...reporter, caller: { ...reporter.caller, origin: server.reporterUrl } }
}
const police = async () => at(await deviceOf(world, 'police'), server.agencyUrl)

const SCENES: Readonly<Record<string, () => Promise<Scene>>> = {
  'a report': async () => {
    const { caller, ...reporter } = newReporter(world, server.reporterUrl)
    const { body } = await sealFor(world, { caller, ...reporter }, ['police', 'nis'])
    return {
      attempt: () => put(caller, body),
      stored: () => countOf(world, 'from reports where report_id = $1', [reporter.reportId]),
      status: 200,
    }
  },
  'a follow-up': async () => {
    const reporter = await aReport()
    const heads = [{ agencyId: 'police', head: chainStart(reporter.sealed.digest, 'police') }]
    const { body } = await sealFollowUpFor(world, reporter, 1, heads)
    return {
      attempt: () => write(reporter.caller, body),
      stored: () => countOf(world, 'from messages where report_id = $1 and index = 1', [reporter.reportId]),
      status: 204,
    }
  },
  'a withdrawal': async () => {
    const reporter = await aReport()
    return {
      attempt: () => withdraw(reporter.caller),
      stored: () => countOf(world, 'from reports where report_id = $1 and withdrawn', [reporter.reportId]),
      status: 200,
    }
  },
  'an event': async () => {
    const reporter = await aReport()
    const caseId = await caseOf(world, reporter.reportId, 'police')
    const device = await police()
    const { digest } = reporter.sealed
    const key = reporter.keys.acknowledgementKey
    const body = eventBody(world, device, { digest, head: chainStart(digest, 'police'), index: 0, key })
    return {
      attempt: () => record(device, caseId, body),
      stored: () => countOf(world, 'from events where case_id = $1', [Buffer.from(caseId, 'base64url')]),
      status: 200,
    }
  },
  'a reply': async () => {
    const [device, mailbox] = [await police(), randomBytes(32)]
    const sealed = randomBytes(SEALED_REPLY_LENGTH)
    return {
      attempt: () => reply(device, toBase64url(mailbox), sealed),
      stored: () => countOf(world, 'from replies where mailbox_id = $1', [mailbox]),
      status: 202,
    }
  },
}

test.each(Object.entries(SCENES))(
  '%s whose commit nobody hears of is not acknowledged, and sent again it is there once',
  async (name, prepare) => {
    const { attempt, stored, status } = await prepare()
    // A report is one statement and commits by itself; everything else says so.
    wire.deafenAfter(name === 'a report' ? 'insert-report' : 'commit\u0000')
    const answered = attempt()
    await until(async () => (await stored()) === 1)
    wire.cut()
    expect(problemIn(await answered)).toBe('unavailable')
    wire.mend()
    await until(isBack)
    const again = await attempt()
    expect([again.status, await stored()]).toEqual([status, 1])
  },
)

test.each(Object.entries(SCENES))(
  '%s that never reached the database is refused whole',
  async (_name, prepare) => {
    const { attempt, stored, status } = await prepare()
    wire.cut()
    const answer = await attempt()
    expect(problemIn(answer)).toBe('unavailable')
    expect(answer.headers['retry-after']).toBe('5')
    expect(await stored()).toBe(0)
    wire.mend()
    await until(isBack)
    expect([(await attempt()).status, await stored()]).toEqual([status, 1])
  },
)

test('connections that PostgreSQL ends under load cost retries, and no report', async () => {
  const session = await openSession(world.databaseUrl)
  const reporters = Array.from({ length: 40 }, () => newReporter(world, server.reporterUrl))
  const sealed = await Promise.all(reporters.map(reporter => sealFor(world, reporter, ['police'])))
  let done = false
  const ending = (async () => {
    while (!done) {
      await session.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name = 'bongsu'`,
      )
      await new Promise(resolve => setTimeout(resolve, 40))
    }
  })()
  const receipts = await Promise.all(
    Array.from({ length: 4 }, async (_, lane) => {
      const own: string[] = []
      for (let i = lane; i < reporters.length; i += 4) {
        const [reporter, report] = [reporters[i], sealed[i]]
        if (!reporter || !report) continue
        for (;;) {
          const answer = await put(reporter.caller, report.body)
          if (answer.status === 200) {
            own.push(answer.body.toString())
            break
          }
          expect(problemIn(answer)).toBe('unavailable')
        }
      }
      return own
    }),
  )
  done = true
  await ending
  await session.close()
  await until(isBack)
  expect(new Set(receipts.flat()).size).toBe(40)
  const ids = reporters.map(reporter => reporter.reportId)
  expect(await countOf(world, 'from reports where report_id = any($1)', [ids])).toBe(40)
  expect(await countOf(world, 'from messages where report_id = any($1)', [ids])).toBe(40)
  const again = await Promise.all(reporters.map((reporter, i) => put(reporter.caller, sealed[i]?.body ?? {})))
  expect(new Set(again.map(answer => answer.body.toString()))).toEqual(new Set(receipts.flat()))
})

test('a transaction in which something failed is no success, though whoever asked passed it over', async () => {
  const changed = world.database.transaction(async queries => {
    await queries.query({ name: 'fails', text: 'select 1 / 0' }).catch(() => {})
    return 'changed'
  })
  await expect(changed).rejects.toThrow('failed before its commit')
})

test('that a connection was lost is logged, and nothing of what PostgreSQL said', async () => {
  const others = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'bongsu' and pid <> pg_backend_pid()`
  const lost = () => lines.filter(line => line.includes('a connection to the database was lost'))
  await until(async () => {
    await world.database.query({ name: 'end-others', text: others })
    return lost().length > 0
  })
  for (const line of lost())
    expect(Object.keys(JSON.parse(line)).sort()).toEqual(['hostname', 'level', 'msg', 'pid', 'time'])
})
