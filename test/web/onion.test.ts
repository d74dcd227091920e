// The form at an onion address. Tor Browser takes such an origin for a secure one; Chromium, as others, does not, and has
// no WebCrypto there.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { startSocksProxy } from '../support/socks-proxy.ts'
import { createWorld, type World } from '../support/world.ts'
import { visit } from './support/browser.ts'
import { officerAt } from './support/command-agency.ts'
import { comeBack, openForm, press, report, STORY } from './support/walk.ts'

const ONION = `http://${'a'.repeat(56)}.onion`

let world: World
let chromium: Chromium
beforeAll(async () => {
  world = await createWorld({ workBits: 4 })
  chromium = await launchChromium()
})
afterAll(async () => {
  await chromium.close()
  await world.stop()
})

test('report, reply and return, where the browser calls the origin insecure', async () => {
  const proxy = await startSocksProxy(Number(new URL(world.reporterUrl).port))
  onTestFinished(() => proxy.stop())
  const { page, network, breaches } = await visit(chromium, `${ONION}/`, {
    screen: 'phone',
    socks: proxy.address,
    expectBreaches: true,
  })
  expect(await page.evaluate(() => [isSecureContext, 'subtle' in crypto])).toEqual([false, false])
  const walk = await openForm(page, 'en')
  const code = await report(walk)
  const officer = officerAt(world, 'police')
  const opened = await officer.open(STORY.en.what)
  await officer.reply(opened.case, 'Received.')
  await press(page, walk.words.done.startAgain)
  await comeBack(walk, code)
  await page.getByText('Received.').waitFor()
  // What such a page does not get, it does not need.
  const told = await breaches()
  expect(
    told.filter(what => !/^console: The Cross-Origin-Opener-Policy header has been ignored/.test(what)),
  ).toEqual([])
  expect(new Set((await network()).map(({ url }) => new URL(url).origin))).toEqual(new Set([ONION]))
  expect(new Set(proxy.asked.map(({ name }) => `http://${name}`))).toEqual(new Set([ONION]))
})
