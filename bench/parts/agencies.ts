import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { type Device, deviceOf, parseKeyFile, readCases, serviceAt } from '../../src/client/index.ts'
import { type Cpu, costOf, describeCost, middleCost } from '../cpu.ts'
import { startFilled } from '../filled.ts'
import { cycle, measure } from '../load.ts'
import type { Bench, Part } from '../part.ts'
import { AGENCY, casePolls, caseReads } from '../requests.ts'
import { type Known, knownOf, type RunningService, startService } from '../service.ts'
import { alternate, round } from '../statistics.ts'

const SMALL = 1_000
const LARGE = 100_000
const EVENTS_A_CASE = 10
const ROUNDS = 7
const SECONDS = 1.5
const REQUESTS = 256
/** The cases whose events are new to who asks. */
const CHANGED = 10

const DEVICES = 200
const IDLE_SECONDS = 60

/** What an agency’s devices ask all day, with a thousand cases and with a hundred thousand; then 200 that wait. */
export const measureAgencies: Part = async bench => ({
  ...(await measureCasework(bench)),
  ...(await measureWaiting(bench)),
})

async function measureCasework(bench: Bench) {
  const small = await worldWith(bench, SMALL)
  const large = await worldWith(bench, LARGE)
  const slowdowns: number[] = []
  const figures: Record<string, number> = {}
  for (const what of ['list', 'since', 'case'] as const) {
    await small[what]()
    await large[what]()
    const { first, second, ratio } = await alternate(ROUNDS, small[what], large[what])
    bench.say(
      `${SAID[what].padEnd(44)} ${first.toFixed(0)}/s and ${second.toFixed(0)}/s: ` +
        `${ratio.toFixed(2)} times as slow (at most 1.2)`,
    )
    bench.say(
      `  CPU: ${describeCost(middleCost(small.costs[what]))}; ${describeCost(middleCost(large.costs[what]))}`,
    )
    figures[`agencies_${what}_slowdown`] = round(ratio)
    slowdowns.push(ratio)
  }
  await small.stop()
  await large.stop()
  return { agencies_slowdown: round(Math.max(...slowdowns)), ...figures }
}

const SAID = {
  list: 'GET /v1/cases, a page from the start',
  since: `GET /v1/cases, ${CHANGED} cases since a cursor`,
  case: `GET /v1/cases/…, one with ${EVENTS_A_CASE} events`,
} as const

type Asked = keyof typeof SAID

async function worldWith(bench: Bench, cases: number) {
  const { running, known, device } = await startFilled(bench, cases, {
    agencies: [AGENCY],
    events: EVENTS_A_CASE,
  })
  const { ids, last } = await someCases(running)
  const costs: Record<Asked, Cpu[]> = { list: [], since: [], case: [] }
  const requests: Record<Asked, Buffer[]> = {
    list: casePolls(known, device, { after: 0, count: REQUESTS }),
    since: casePolls(known, device, { after: last - CHANGED, count: REQUESTS }),
    case: caseReads(known, device, ids),
  }
  const rate = async (what: Asked) => {
    const load = { port: running.agencyPort, next: cycle(requests[what], SECONDS), status: 200 }
    const { measured, cost } = await costOf(running, () => measure(load))
    costs[what].push(cost)
    return measured.perSecond
  }
  return {
    costs,
    stop: running.stop,
    list: () => rate('list'),
    since: () => rate('since'),
    case: () => rate('case'),
  }
}

async function someCases({ databaseUrl }: RunningService): Promise<{ ids: string[]; last: number }> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  const cases = await client.query(`select case_id from assignments order by random() limit ${REQUESTS}`)
  const feed = await client.query('select max(position)::float8 as last from assignments')
  await client.end()
  return {
    ids: cases.rows.map(({ case_id }: { case_id: Buffer }) => case_id.toString('base64url')),
    last: feed.rows[0]?.last,
  }
}

/** Each on a connection of its own, asking again when its wait is over: by the SDK, as any device does. */
async function measureWaiting({ folder, onEnd, say }: Bench) {
  const running = await startService(await folder())
  onEnd(() => running.stop())
  const devices = await devicesOf(running, await knownOf(running))
  const ending = new AbortController()
  let answers = 0
  const polls = Array.from({ length: DEVICES }, async (_, i) => {
    const device = devices[i % devices.length]
    while (device && !ending.signal.aborted) {
      await readCases(device, { wait: 30, signal: ending.signal }).catch(() => null)
      answers++
    }
  })
  // Until all of them wait.
  await sleep(10_000)
  answers = 0
  const { cost } = await costOf(running, async () => {
    await sleep(IDLE_SECONDS * 1000)
    return { count: IDLE_SECONDS }
  })
  const asked = answers
  ending.abort()
  await Promise.all(polls)
  await running.stop()
  const share = (cost.process + cost.postgres) / 10_000
  say(
    `${DEVICES} devices wait, ${asked} answers in ${IDLE_SECONDS} s: ${share.toFixed(1)} % of a core (at most 5), ` +
      `${(cost.postgres / 10_000).toFixed(1)} % of them PostgreSQL’s`,
  )
  return { agencies_waiting_percent: round(share, 1) }
}

async function devicesOf({ folder, agencyPort }: RunningService, { trust }: Known): Promise<Device[]> {
  const service = serviceAt(`http://127.0.0.1:${agencyPort}`)
  const names = ['police', 'nis', 'sme-office', 'ip-police', 'serious-crimes']
  const files = names.map(name => readFile(join(folder, 'demo', `${name}-intake.key.json`), 'utf8'))
  return (await Promise.all(files)).map(text => {
    const key = parseKeyFile(text)
    if (key.kind !== 'device') throw new Error('not a device key')
    return deviceOf(service, trust, key)
  })
}
