// The form over a real onion service, in Chromium through Tor's SOCKS port. Chromium does not take such an origin for a
// secure one, as Tor Browser does.
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Language } from '../../src/web/report/answers.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createOnionWorld, type OnionWorld, whyNot } from '../support/onion.ts'
import { visit } from '../web/support/browser.ts'
import { officerAt } from '../web/support/command-agency.ts'
import { comeBack, openForm, press, report, STORY } from '../web/support/walk.ts'

// A network that votes first, and six hops for each answer.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 600_000 })

describe.skipIf(whyNot)('the form over Tor', () => {
  let onion: OnionWorld
  beforeAll(async () => {
    onion = await createOnionWorld()
  })
  afterAll(() => onion?.stop())

  async function walkThrough(chromium: Chromium, language: Language) {
    const { page, network, breaches } = await visit(chromium, `${onion.onionUrl}/`, {
      socks: onion.socks,
      expectBreaches: true,
    })
    expect(await page.evaluate(() => [isSecureContext, 'subtle' in crypto])).toEqual([false, false])
    const walk = await openForm(page, language)
    await press(page, new RegExp(`^${walk.words.start.report}`))
    await page.getByText(walk.words.before.onion).waitFor()
    await press(page, walk.words.back)
    const code = await report(walk)
    const officer = officerAt(onion.world, 'police')
    const opened = await officer.open(STORY[language].what)
    await officer.reply(opened.case, 'Received.')
    // Over http once more, whatever the answers before said about HTTPS.
    await page.goto(`${onion.onionUrl}/`)
    await comeBack(await openForm(page, language), code)
    await page.getByText('Received.').waitFor()
    const origins = new Set((await network()).map(({ url }) => new URL(url).origin))
    expect(origins).toEqual(new Set([onion.onionUrl]))
    const ignored = /^console: The Cross-Origin-Opener-Policy header has been ignored/
    expect((await breaches()).filter(what => !ignored.test(what))).toEqual([])
  }

  test.each([
    { jit: true, language: 'en', name: 'where the browser calls the origin insecure' },
    // The officer knows a report by its text: each has another.
    { jit: false, language: 'ko', name: 'without JIT and WebAssembly besides' },
  ] as const)('report, reply and return, $name', async ({ jit, language }) => {
    const chromium = await launchChromium({ jit })
    onTestFinished(() => chromium.close())
    await walkThrough(chromium, language)
  })
})
