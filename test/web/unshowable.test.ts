// What one agency recorded cannot be shown: its own place on the page says so, and nothing else is lost.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendReply } from '../../src/client/index.ts'
import { assessed, done } from '../journeys/colleagues.ts'
import { openById, trustIn } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'
import { visit } from './support/browser.ts'
import { DRESSES, looking } from './support/looking.ts'
import { comeBack, nobodyLooks, openForm, press } from './support/walk.ts'

let world: World
let chromium: Chromium
beforeAll(async () => {
  world = await createWorld({ workBits: 2 })
  chromium = await launchChromium()
})
afterAll(async () => {
  await chromium.close()
  await world.stop()
})

const STUMBLES = '언제였습니까?'

/** Nothing that an agency can sign is known to stop the page. A browser that fails at one text stands for what is not known. */
const stumbleAt = (page: Page, text: string) =>
  page.evaluate(unshowable => {
    const { replace } = String.prototype
    const failing = function (this: string, ...given: unknown[]): unknown {
      if (String(this).includes(unshowable)) throw new Error('cannot be shown')
      return Reflect.apply(replace, this, given)
    }
    Object.defineProperty(String.prototype, 'replace', { value: failing, configurable: true, writable: true })
    Reflect.set(globalThis, 'mend', () =>
      Object.defineProperty(String.prototype, 'replace', {
        value: replace,
        configurable: true,
        writable: true,
      }),
    )
  }, text)

test.each(DRESSES)(
  'an agency whose part cannot be shown, %s',
  { timeout: 180_000 },
  async (name, language, options) => {
    const { sent, device, id } = await assessed(world, '보이지 않을 기록이 있는 신고', ['sme-office', 'nis'])
    await done(world, device, id, { action: 'information-requested', text: STUMBLES })
    const { directory } = await trustIn(world)
    const named = (agency: AgencyId) =>
      directory.agencies.find(one => one.id === agency)?.names[language] ?? ''
    const { page } = await visit(chromium, `${world.reporterUrl}/`, options)
    const { look, found } = looking(page, name, { at: 'mine', fullPage: true })
    const walk = await openForm(page, language, nobodyLooks)
    const { mine } = walk.words
    const card = (agency: AgencyId) =>
      page.locator('.card.standing', { has: page.locator('.card-name', { hasText: named(agency) }) })
    const restShows = async () => {
      await card('nis').getByText(mine.waiting, { exact: true }).waitFor()
      await page.getByText(mine.noReplies).waitFor()
      await page.locator('textarea#more').waitFor()
      await page.getByRole('button', { name: mine.withdrawBegin }).waitFor()
    }

    await stumbleAt(page, STUMBLES)
    await comeBack(walk, sent.code)
    await card('sme-office').getByText(mine.unshown, { exact: true }).waitFor()
    await card('sme-office').getByText(mine.unshownText, { exact: true }).waitFor()
    expect(await page.getByText(mine.unshown, { exact: true }).count()).toBe(1)
    await restShows()
    await look('unshown')

    // The same once more; and whatever has changed since is tried anew.
    await press(page, mine.refresh)
    await card('sme-office').getByText(mine.unshown, { exact: true }).waitFor()
    await restShows()
    await page.evaluate('mend()')
    await press(page, mine.refresh)
    await card('sme-office').getByText(mine.acknowledged, { exact: true }).waitFor()
    await page.getByText(mine.told(1)).click()
    await page.locator('.told').getByText(STUMBLES).waitFor()
    expect(await page.getByText(mine.unshown, { exact: true }).count()).toBe(0)
    expect(found).toEqual([])
  },
)

test('a reply that cannot be shown takes neither the other replies nor the page with it', {
  timeout: 180_000,
}, async () => {
  const { sent, device, id } = await assessed(world, '보이지 않을 회신이 있는 신고', ['sme-office'])
  const opened = await openById(device, id)
  const now = { now: world.now() }
  await sendReply(device, opened, { text: STUMBLES, number: 1 }, now)
  await sendReply(device, opened, { text: '잘 받았습니다.', number: 2 }, now)
  const { page } = await visit(chromium, `${world.reporterUrl}/`)
  const walk = await openForm(page, 'ko', nobodyLooks)
  const { mine } = walk.words
  await stumbleAt(page, STUMBLES)
  await comeBack(walk, sent.code)
  await page.getByText(mine.unshownReply, { exact: true }).waitFor()
  await page.getByText('잘 받았습니다.', { exact: true }).waitFor()
  await page.locator('textarea#more').waitFor()
})
