// A day at the console: more cases than fit, filters, drafts, the keyboard, and nobody at the desk.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { caseOf, deviceIn, sendReport } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { type VisitOptions, visit } from './support/browser.ts'
import { type AtDesk, atDesk, declareAndOpen, pressed, rows, tab, unlock } from './support/desk.ts'

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

async function arrive(options: VisitOptions = {}, hash = ''): Promise<AtDesk> {
  const { page } = await visit(chromium, `${world.agencyUrl}/${hash}`, options)
  return atDesk(page, hash.includes('lang=en') ? 'en' : 'ko')
}

const live = (page: Page) => page.locator('.live.live').waitFor()

const send = async (text: string) => {
  const sent = await sendReport(world, text, ['police'])
  await caseOf(await deviceIn(world, 'police'), sent)
}

test('ten thousand cases: a few rows in the page, all of them within reach of the keyboard', async () => {
  const { page } = await visit(chromium, `${world.agencyUrl}/#lang=en`)
  const desk = atDesk(page, 'en')
  const PAGE = 50
  const COUNT = 10_000
  await page.route('**/v1/cases?*', async route => {
    const after = Number(new URL(route.request().url()).searchParams.get('after'))
    if (after >= COUNT)
      return void setTimeout(() => void route.fulfill({ status: 304 }).catch(() => {}), 20_000)
    const cases = Array.from({ length: PAGE }, (_, at) => {
      const id = Buffer.alloc(16)
      id.writeUInt32BE(after + at, 0)
      return {
        case: id.toString('base64url'),
        state: at % 7 === 0 ? 'new' : 'acknowledged',
        stage: at % 7 === 0 ? 'new' : 'assessing',
        standing: ['holder'],
        due: '2026-12-20',
        withdrawalWished: false,
        urgent: (after + at) % 1000 === 3,
        day: '2026-11-20',
        bucket: 8192,
        followUps: 0,
        events: 1,
      }
    })
    await route.fulfill({ json: { cases, cursor: after + PAGE, more: after + PAGE < COUNT } })
  })
  await unlock(desk, world.deviceKeyFile('police'))
  await page.getByText('10,000 cases').waitFor({ timeout: 50_000 })
  expect(await rows(page).count()).toBeLessThan(60)
  await page.locator('.list').focus()
  const began = Date.now()
  await page.keyboard.press('End')
  await page.locator('.row[aria-posinset="10000"]').waitFor()
  await page.keyboard.press('Home')
  await page.locator('.row[aria-posinset="1"]').waitFor()
  for (let at = 0; at < 60; at++) await page.keyboard.press('j')
  await page.locator('.row.active[aria-posinset="61"]').waitFor()
  for (let at = 0; at < 40; at++) await page.mouse.wheel(0, 9000)
  expect(Date.now() - began).toBeLessThan(15_000)
  expect(await rows(page).count()).toBeLessThan(60)
  await page.keyboard.press('/')
  await page.keyboard.type('0000 270f')
  await page.getByText('1 of 10,000 cases').waitFor()
  await page.setViewportSize({ width: 390, height: 844 })
  await page.locator('#search').fill('')
  await page.getByText('10,000 cases').waitFor()
  expect(await rows(page).count()).toBeLessThan(60)
}, 120_000)

test('filters survive a reload, and no id stands in the address', async () => {
  await send('거를 신고')
  const desk = await arrive({}, '#lang=en')
  const { page, words } = desk
  await unlock(desk, world.deviceKeyFile('police'))
  await live(page)
  await page.getByText(words.inbox.filters, { exact: true }).click()
  await page.getByLabel(words.inbox.state.unopenable).check()
  await page.locator('#order').selectOption('day')
  await page.getByText(words.inbox.noMatch).waitFor()
  expect(new URL(page.url()).hash).toBe('#lang=en&state=unopenable&order=day')
  await page.reload()
  await unlock(desk, world.deviceKeyFile('police'))
  await live(page)
  await page.getByText(words.inbox.noMatch).waitFor()
  await pressed(page, words.inbox.clear).click()
  await rows(page).first().waitFor()
  expect(await page.locator('#order').inputValue()).toBe('day')
})

test('a page that nobody uses warns, and then locks', async () => {
  const { page } = await visit(chromium, `${world.agencyUrl}/#lang=en`)
  const desk = atDesk(page, 'en')
  await page.clock.install({ time: world.now() })
  await unlock(desk, world.deviceKeyFile('police'))
  await page.locator('.live.live').waitFor()
  await page.clock.fastForward(9 * 60_000 + 10_000)
  await page.getByText(desk.words.idle.title).waitFor()
  await pressed(page, desk.words.idle.stay).click()
  await page.getByText(desk.words.idle.title).waitFor({ state: 'detached' })
  await page.clock.fastForward(10 * 60_000 + 5000)
  await page.getByText(desk.words.unlock.reasons.idle).waitFor()
})

test('from the list to a reply and back, by keyboard alone', async () => {
  await send('자판만으로 여는 신고')
  const desk = await arrive({}, '#lang=en&order=activity')
  const { page, words } = desk
  const focused = () =>
    page.evaluate<string>('document.activeElement?.id || document.activeElement?.textContent')
  await unlock(desk, world.deviceKeyFile('police'))
  await live(page)
  // The feed moves once a second.
  await rows(page).first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByText(words.case.declare.heading).waitFor()
  await expect.poll(focused).toBe('case-heading')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText(words.case.acknowledge.heading).waitFor()
  await expect.poll(focused).toBe('case-heading')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect.poll(focused).toBe(words.case.acknowledge.go)
  await page.keyboard.press('Enter')
  await expect.poll(focused).toBe('tab-report')
  await page.keyboard.press('ArrowRight')
  await expect.poll(focused).toBe('tab-talk')
  await page.keyboard.press('r')
  await expect.poll(focused).toBe('reply')
  await page.keyboard.type('What is your name? jk?/1')
  await page.keyboard.press('Tab')
  await expect.poll(focused).toBe('reply-files')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText(words.case.talk.sure).last().waitFor()
  await page.keyboard.press('Tab')
  await expect.poll(focused).toBe(words.case.talk.change)
  await page.keyboard.press('Enter')
  await expect.poll(focused).toBe('reply')
  await page.keyboard.press('Control+A')
  await page.keyboard.type('Thank you.')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText(words.case.talk.state.sent).waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.evaluate('document.activeElement?.getAttribute("role")')).toBe('listbox')
})

test('drafts stay while somebody moves between cases, and are asked about before the page is left', async () => {
  await send('첫째 신고')
  await send('둘째 신고')
  const desk = await arrive({}, '#lang=en&state=new')
  const { page, words } = desk
  await unlock(desk, world.deviceKeyFile('police'))
  await live(page)
  const names: string[] = []
  for (const text of ['For the one.', 'For the other.']) {
    await rows(page).first().click()
    await declareAndOpen(desk)
    names.push((await page.locator('#case-heading').getAttribute('aria-label')) ?? '')
    await pressed(page, words.case.acknowledge.go).click()
    await tab(desk, 'talk').click()
    await page.locator('#reply').fill(text)
    await expect.poll(() => page.locator('.row[aria-selected=true]').count()).toBe(0)
  }
  await pressed(page, words.inbox.clear).click()
  for (const [at, text] of ['For the one.', 'For the other.'].entries()) {
    await page.locator('#search').fill((names[at] ?? '').replace('Case ', ''))
    await rows(page).first().click()
    await tab(desk, 'talk').click()
    expect(await page.locator('#reply').inputValue()).toBe(text)
  }
  let asked = 0
  page.on('dialog', dialog => {
    asked++
    void dialog.accept()
  })
  await page.reload()
  expect(asked).toBe(1)
  await page.getByText(words.unlock.lead).waitFor()
})
