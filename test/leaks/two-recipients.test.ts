import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  type Device,
  deviceOf,
  fetchTrust,
  openCase,
  type PreparedReport,
  prepareReport,
  type Reporter,
  readCase,
  readCases,
  reporterOf,
  sendFollowUp,
  sendReply,
  serviceAt,
  submitReport,
  withdrawReport,
} from '../../src/client/index.ts'
import { getCase, listCases } from '../../src/contract/casework.ts'
import type { Route } from '../../src/contract/route.ts'
import { ask } from '../support/http.ts'
import { askNonce, signedRequest } from '../support/request.ts'
import { until } from '../support/service.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'

// The same story twice: told to the police alone, and to the police and the intelligence service.
let alone: World
let together: World

beforeAll(async () => {
  alone = await createWorld()
  together = await createWorld()
})

afterAll(async () => {
  await alone?.stop()
  await together?.stop()
})

/** Keys, hashes and ciphertexts are chance: their length is all that one can tell. */
const withoutChance = (text: string) =>
  text.replace(/"((?:\\.|[^"\\])*)"/g, (whole, value: string) =>
    value.length >= 16 && !/^[a-z-]+$/.test(value) ? `"…${value.length}"` : whole,
  )

async function look(
  device: Device,
  route: Route,
  input: { params?: Record<string, string>; query?: Record<string, number> },
) {
  const { origin } = device.service
  const request = await signedRequest(route, device.signer, await askNonce(origin), input)
  const answer = await ask(origin, request)
  const { date: _, 'bongsu-challenge': challenge = '', ...fields } = answer.headers
  return {
    status: answer.status,
    fields,
    names: Object.keys(answer.headers),
    challenge: challenge.length,
    length: answer.body.length,
    text: withoutChance(answer.body.toString()),
  }
}

/** All that the police can ask: the list from the start and page by page, and each case. */
async function view(world: World, police: Device) {
  const feed = { name: 'feed', text: `select position from feeds where agency_id = 'police'` }
  const changed = { name: 'changed', text: 'select 1 from assignments where changed' }
  await until(async () => {
    if ((await world.database.query(changed)).length > 0) return false
    const [row] = await world.database.query(feed)
    return (await readCases(police))?.etag === `"${row?.position}-0"`
  })
  const list = await readCases(police)
  const pages = []
  for (const after of [0, 1, 2, 3]) pages.push(await look(police, listCases, { query: { after, wait: 0 } }))
  const cases = []
  for (const entry of list?.cases ?? []) {
    cases.push(await look(police, getCase, { params: { case: entry.case }, query: { from: 0 } }))
  }
  return { pages, cases, etag: list?.etag, cursor: list?.cursor }
}

interface Cast {
  readonly world: World
  readonly police: Device
  /** Null where the report went to the police alone. */
  readonly other: Device | null
  submit(): Promise<{ prepared: PreparedReport; reporter: Reporter }>
}

async function castOf(world: World, agencies: readonly AgencyId[]): Promise<Cast> {
  const reporters = serviceAt(world.reporterUrl)
  const trust = await fetchTrust(reporters, { now: world.now() })
  const device = async (id: AgencyId) =>
    deviceOf(serviceAt(world.agencyUrl), trust, await world.deviceKey(id))
  return {
    world,
    police: await device('police'),
    other: agencies.includes('nis') ? await device('nis') : null,
    async submit() {
      const content = { version: 1, language: 'ko', what: '전지' } as const
      const prepared = await prepareReport(trust, { content, agencies })
      await submitReport(reporters, trust, prepared)
      return { prepared, reporter: reporterOf(reporters, trust, prepared.code) }
    },
  }
}

/** Opens, acknowledges and answers whatever is there. */
async function workOff(device: Device | null): Promise<void> {
  if (!device) return
  for (const entry of (await readCases(device))?.cases ?? []) {
    if (entry.state === 'withdrawn') continue
    const opened = await openCase(device, await readCase(device, entry.case))
    await acknowledge(device, opened, { now: Date.now() })
    await sendReply(device, opened, { text: '네', number: 1 }, { now: Date.now() })
  }
}

/** What the police see after each step of the story. */
async function tell({ world, police, other, submit }: Cast) {
  const views: Awaited<ReturnType<typeof view>>[] = []
  const lookAround = async () => views.push(await view(world, police))
  const { reporter } = await submit()
  await lookAround()
  await workOff(other)
  await lookAround()
  await sendFollowUp(reporter, '하나 더')
  await lookAround()
  await workOff(other)
  await lookAround()
  await workOff(police)
  await lookAround()
  await withdrawReport(reporter)
  await lookAround()
  await withdrawReport(reporter)
  await lookAround()
  // The police have not opened this one when it is withdrawn, the other has.
  const second = await submit()
  await lookAround()
  await workOff(other)
  await lookAround()
  await withdrawReport(second.reporter)
  await lookAround()
  await withdrawReport(second.reporter)
  await lookAround()
  if (other) await sendFollowUp(second.reporter, '그리고')
  await workOff(other)
  await lookAround()
  return views
}

test('no view of one agency tells whether there is another, whatever that one does', async () => {
  const [one, two] = await Promise.all([
    castOf(alone, ['police']).then(tell),
    castOf(together, ['police', 'nis']).then(tell),
  ])
  expect(one.map(view => view.cases.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2])
  for (const [step, seen] of two.entries()) expect(seen, `after step ${step}`).toEqual(one[step])
  // What the story changes for the police does show.
  expect(new Set(one.map(view => JSON.stringify(view.pages[0]))).size).toBeGreaterThan(4)
})
