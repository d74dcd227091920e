// `bongsu report --not-for`: what it says before it sends, what the recipient reads, what is refused.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { did, type Offices, openOffices } from '../support/offices.ts'
import type { World } from '../support/world.ts'
import { bongsu } from './run.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 300_000 })

let offices: Offices
let world: World
beforeAll(async () => {
  offices = await openOffices()
  world = offices.world
})
afterAll(() => offices.stop())

const report = (text: string, ...args: string[]) =>
  bongsu(
    [
      ...['report', '-', '--server', world.reporterUrl],
      ...['--deployment', Buffer.from(world.deploymentId).toString('base64url'), ...args],
    ],
    { input: text },
  )

/** At its one agency, found by its text. */
async function openedAt(agency: 'police', what: string): Promise<{ case: string; answers: object }> {
  for (const { case: id } of await offices.casesOf(agency)) {
    const { json } = await offices.as(agency, 'intake', 'open', id)
    const { answers } = json as { answers: { what: string } }
    if (answers.what === what) return { case: id, answers }
  }
  throw new Error('no such case')
}

test('agencies named by --not-for are excluded inside the report, and its holder’s command refuses them', async () => {
  const what = '두 기관은 안 됩니다.'
  const sent = await report(what, '--to', 'police', '--not-for', 'nis', '--not-for', 'sme-office')
  expect(sent.code).toBe(0)
  expect(sent.err).toMatch(
    /Excluded: National Intelligence Service.*\n.*only the agencies that get it can read/,
  )
  const { case: id, answers } = await openedAt('police', what)
  expect(answers).toMatchObject({ notFor: ['nis', 'sme-office'] })
  const { out } = await offices.told('police', 'intake', 'open', id)
  expect(out).toMatch(/Must never get this.*\n {2}│ National Intelligence Service/)
  await did(offices.as('police', 'intake', 'act', id, 'assessment-started'))
  for (const action of ['hand-over-proposed', 'agency-invited']) {
    const offer = ['act', id, action, '--agency', 'nis', '--code', 'power-needed', '--yes']
    // The reporter said no, and this device holds to it: nothing was sent, and the service did not refuse.
    const refused = await offices.as('police', 'investigator', ...offer)
    expect(refused.json).toMatchObject({ error: { kind: 'excluded', detail: 'nis', exit: 2 } })
    expect(refused.code).toBe(2)
  }
})

test('nobody is excluded and written to at once, and a slip of the pen excludes nobody', async () => {
  const before = (await offices.casesOf('police')).length
  const both = await report('둘 다', '--to', 'police,nis', '--not-for', 'nis', '--json')
  expect(both.json).toMatchObject({ error: { kind: 'bad-input', exit: 2 } })
  const slip = await report('오타', '--to', 'police', '--not-for', 'niss', '--json')
  expect(slip.json).toMatchObject({ error: { detail: expect.stringMatching(/no such agency: niss .*nis/) } })
  expect((await offices.casesOf('police')).length).toBe(before)
})

test('what the directory recommends is sent to without those that are excluded', async () => {
  const asked = ['--kind', 'K02', '--field', 'F03', '--yes', '--json']
  const { agencies } = (await report('권하는 곳으로', ...asked)).json as { agencies: string[] }
  const [first = '', ...rest] = agencies
  expect(rest.length).toBeGreaterThan(0)
  const fewer = await report('권하는 곳으로', '--not-for', first, ...asked)
  expect(fewer.json.agencies).toEqual(rest)
  const none = await report('권하는 곳으로', '--not-for', agencies.join(','), ...asked)
  expect(none.json).toMatchObject({ error: { kind: 'bad-input', exit: 2 } })
})
