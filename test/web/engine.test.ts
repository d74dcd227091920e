// The engine in a real browser: loaded under the page's own policy, with and without JIT, served and from disk.
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { visit } from './support/browser.ts'
import { buildProbeForm } from './support/probe-form.ts'

let folder: string
let world: World
beforeAll(async () => {
  folder = await buildProbeForm()
  world = await createWorld({ formFolder: folder, workBits: 4 })
})
afterAll(async () => {
  await world.stop()
  await rm(dirname(folder), { recursive: true, force: true })
})

/** Runs in the page: a report to one agency, and what its code then says. */
async function reportFromPage(typed: string | null) {
  const engine = await probe.loadEngine()
  const service = engine.serviceAt(typed ?? probe.serviceUrl() ?? '')
  const trust = await engine.fetchTrust(service, { now: Date.now() })
  const content = { version: 1, language: 'ko', what: '도면을 누가 가져갔습니다.' } as const
  const prepared = await engine.prepareReport(trust, { content, agencies: ['police'] })
  const { note } = await engine.submitReport(service, trust, prepared)
  const reporter = engine.reporterOf(service, trust, prepared.code)
  const status = await engine.readStatus(reporter)
  await engine.readNothing(service, trust)
  return {
    deployment: engine.toBase64url(trust.deploymentId),
    agencies: status.agencies.map(agency => agency.id),
    receiptLines: note.trim().split('\n').length,
    offline: probe.isOffline(),
  }
}

describe.each([
  ['with JIT', true, 'wasm'],
  ['without JIT', false, 'plain'],
] as const)('%s', (_name, jit, flavour) => {
  let chromium: Chromium
  beforeAll(async () => {
    chromium = await launchChromium({ jit })
  })
  afterAll(() => chromium.close())

  test('the served page seals and sends a report, and loads one engine only', async () => {
    const { page, network } = await visit(chromium, `${world.reporterUrl}/`)
    const sent = await page.evaluate(reportFromPage, null)
    expect(sent).toMatchObject({
      deployment: toBase64url(world.deploymentId),
      agencies: ['police'],
      offline: false,
    })
    const engines = (await network()).map(({ url }) => url).filter(url => url.includes('/assets/engine-'))
    expect(engines).toEqual([expect.stringContaining(`engine-${flavour}-`)])
  })

  test('an engine that was changed on its way does not run; the right one is taken at the next try', async () => {
    const { page, breaches } = await visit(chromium, `${world.reporterUrl}/`, { expectBreaches: true })
    await page.route('**/assets/engine-*', async route => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, body: `${await answer.text()}\n` })
    })
    const load = () =>
      page.evaluate(() =>
        probe.loadEngine().then(
          () => 'loaded',
          (error: Error) => error.message,
        ),
      )
    expect(await load()).toBe('the script did not load')
    expect((await breaches()).join()).toContain('integrity')
    await page.unroute('**/assets/engine-*')
    expect(await load()).toBe('loaded')
  })

  test('the single file, opened from disk, reports to a service on another origin', async () => {
    const file = pathToFileURL(join(folder, 'bongsu-report.html')).href
    const { page, network } = await visit(chromium, file, { service: world.reporterUrl })
    const sent = await page.evaluate(reportFromPage, world.reporterUrl)
    expect(sent).toMatchObject({ agencies: ['police'], offline: true })
    const asked = (await network())
      .map(({ url }) => new URL(url).pathname)
      .filter(path => path.startsWith('/'))
    expect(asked.some(path => path.startsWith('/assets'))).toBe(false)
  })
})
