// The form as it is built, opened: served and from disk, on a phone and on a desk.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FORM_FOLDER } from '../../scripts/web/build.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { visit } from './support/browser.ts'

let world: World
let chromium: Chromium
beforeAll(async () => {
  world = await createWorld()
  chromium = await launchChromium()
})
afterAll(async () => {
  await chromium.close()
  await world.stop()
})

test.each(['phone', 'desktop'] as const)(
  'the served page opens on a %s and keeps its rules',
  async screen => {
    const { page, network } = await visit(chromium, `${world.reporterUrl}/`, { screen })
    await page.locator('#app > *').first().waitFor()
    // What it asks the service by itself may still be under way.
    const files = (await network()).filter(({ url }) => !url.includes('/v1/'))
    expect(files.length).toBeGreaterThan(1)
    expect(files.filter(({ status }) => status !== 200)).toEqual([])
  },
)

test('the single file opens from disk and keeps its rules', async () => {
  const { page } = await visit(chromium, pathToFileURL(join(FORM_FOLDER, 'bongsu-report.html')).href)
  await page.locator('#app > *').first().waitFor()
})

// A browser that translates sends what stands on the page to its maker, and puts its own nodes in place of the page's.
test.each(['form', 'file', 'console'] as const)(
  'no browser is to translate the %s, or to make links of numbers in a text',
  async which => {
    const addresses = {
      form: `${world.reporterUrl}/`,
      file: pathToFileURL(join(FORM_FOLDER, 'bongsu-report.html')).href,
      console: `${world.agencyUrl}/`,
    }
    const { page } = await visit(chromium, addresses[which])
    await page.locator('#app > *').first().waitFor()
    const asked = await page.evaluate(() => ({
      translates: document.body.translate,
      google: document.querySelector('meta[name=google]')?.getAttribute('content'),
      links: document.querySelector('meta[name=format-detection]')?.getAttribute('content'),
    }))
    expect(asked).toEqual({
      translates: false,
      google: 'notranslate',
      links: 'telephone=no, date=no, address=no, email=no',
    })
  },
)

test('a page that breaks its rules is found out', async () => {
  const { page, breaches } = await visit(chromium, `${world.reporterUrl}/`, { expectBreaches: true })
  await page.evaluate(() => {
    const image = new Image()
    image.src = 'http://127.0.0.1:9/picture.png'
    setTimeout(() => localStorage.setItem('a', 'b'))
  })
  for (const breach of ['policy: img-src', 'storage: setItem', 'error: Error: setItem']) {
    await expect.poll(async () => (await breaches()).join('\n')).toContain(breach)
  }
})
