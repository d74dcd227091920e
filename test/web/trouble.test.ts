// What goes wrong: connections, codes, texts, documents; and leaving in a hurry.
import type { Dialog, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemOf } from '../../src/contract/problems.ts'
import { koreanReturn } from '../../src/web/report/words/ko-return.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { answerAt, openAt } from './support/agency.ts'
import { turnPage, visit } from './support/browser.ts'
import {
  answer,
  comeBack,
  heading,
  keepCode,
  openForm,
  press,
  toCheckWith,
  toFirstQuestion,
} from './support/walk.ts'

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

const HARMLESS = 'https://www.weather.go.kr/'
const address = () => `${world.reporterUrl}/`

/** Whether the browser asks before it goes; it is then told to stay. */
async function asksBefore(page: Page, going: () => Promise<unknown>): Promise<boolean> {
  let asked = false
  const stay = (dialog: Dialog) => {
    asked = dialog.type() === 'beforeunload'
    dialog.dismiss()
  }
  page.once('dialog', stay)
  await Promise.race([going().catch(() => undefined), page.waitForTimeout(1500)])
  page.off('dialog', stay)
  return asked
}

test('an answer that is lost, and a second attempt by hand: one report, one code', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toCheckWith(walk, '한 번만 도착해야 합니다.')
  const bodies = new Set<string>()
  let lost = 0
  await page.route('**/v1/report', async route => {
    if (route.request().method() !== 'PUT') return route.continue()
    bodies.add(route.request().postData() ?? '')
    if (lost++ >= 3) return route.continue()
    // It arrives, and the answer does not come back.
    await route.fetch()
    await route.abort('connectionreset')
  })
  await press(page, words.check.send)
  await page.getByText(words.send.maybe.title).waitFor()
  await page.getByText(words.send.maybe.code).click()
  const early = await page.locator('.code-line').textContent()
  await press(page, words.send.retry)
  expect(await keepCode(walk)).toBe(early)
  expect(bodies.size).toBe(1)
  const rows = await world.database.query({
    name: 'count_reports',
    text: 'select count(*)::int as count from reports',
  })
  expect(rows).toEqual([{ count: 1 }])
})

test('a follow-up whose answer is lost is looked for before it is sent again', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toCheckWith(walk, '덧붙일 것이 있습니다.')
  await press(page, words.check.send)
  const code = await keepCode(walk)
  await press(page, words.done.startAgain)
  await comeBack(walk, code)
  await page.route('**/v1/report/messages', async route => {
    await route.fetch()
    await route.abort('connectionreset')
  })
  await answer(page, 'more', '한 번만 덧붙입니다.')
  await press(page, words.mine.writeSend)
  await page.getByText(words.mine.writeMaybe).waitFor()
  await page.unroute('**/v1/report/messages')
  await press(page, words.mine.writeRetry)
  await page.getByText(words.mine.writeArrived).waitFor()
  expect(await page.locator('#more').inputValue()).toBe('')
  const { followUps } = await openAt(world, 'sme-office', code)
  expect(followUps.map(({ text }) => text)).toEqual(['한 번만 덧붙입니다.'])
})

test('what was refused can be sealed afresh', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'en')
  const { words } = walk
  await toCheckWith(walk, 'Refused once.')
  let refused = 0
  await page.route('**/v1/report', route => {
    if (route.request().method() !== 'PUT' || refused++ > 0) return route.continue()
    const body = JSON.stringify(problemOf('recipient-refused'))
    return route.fulfill({ status: 422, contentType: 'application/problem+json', body })
  })
  await press(page, words.check.send)
  await page.getByText(words.send.refused.title).waitFor()
  await press(page, words.send.refused.again)
  await press(page, words.check.send)
  await keepCode(walk)
})

test('offline: said plainly, nothing lost, and on it goes', async () => {
  const { page, context } = await visit(chromium, address())
  await page.locator('.banner').waitFor()
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toCheckWith(walk, '연결이 끊깁니다.')
  await context.setOffline(true)
  await press(page, words.check.send)
  await page.getByText(words.send.maybe.offline).waitFor()
  await context.setOffline(false)
  await press(page, words.send.retry)
  await keepCode(walk)
})

test('a mistyped code is found on the device, and the mistake is named', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toCheckWith(walk, '코드를 잘못 적습니다.')
  await press(page, words.check.send)
  const code = await keepCode(walk)
  await press(page, words.done.startAgain)
  await press(page, new RegExp(`^${words.start.look}`))
  let asked = 0
  page.on('request', request => {
    if (request.url().endsWith('/v1/report')) asked++
  })
  const enter = async (text: string) => {
    await page.locator('#code').fill(text)
    await press(page, words.enter.open)
    return page.locator('#code-error').textContent()
  }
  const { mistake } = koreanReturn.enter
  expect(await enter('')).toBe(mistake({ kind: 'empty' }))
  expect(await enter('ㅍ5ㅅㅇ-3ㅁㅎㅡ')).toBe(mistake({ kind: 'keyboard' }))
  expect(await enter(code.slice(2))).toBe(mistake({ kind: 'symbol-count', found: 26, expected: 28 }))
  expect(await enter(`U${code.slice(1)}`)).toBe(mistake({ kind: 'symbol', symbol: 'U', group: 1 }))
  const last = code.endsWith('0') ? '1' : '0'
  expect(await enter(code.slice(0, -1) + last)).toBe(mistake({ kind: 'checksum', form: 'groups' }))
  expect(await page.locator('#code').getAttribute('aria-invalid')).toBe('true')
  expect(asked).toBe(0)
  // Pasted without hyphens, in small letters.
  await page.locator('#code').fill(code.replaceAll('-', ' ').toLowerCase())
  await press(page, words.enter.open)
  await page.getByText(words.mine.noReplies).waitFor()
})

test('a code of twelve words opens as well; a foreign one finds nothing', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'en')
  const { words } = walk
  await toCheckWith(walk, 'Twelve words.')
  await press(page, words.check.send)
  await page.getByText(words.code.wordsEn).click()
  const twelve = await page.locator('.code-sheet li').allTextContents()
  expect(twelve).toHaveLength(12)
  await page.getByText(words.code.groups, { exact: true }).click()
  await keepCode(walk)
  await press(page, words.done.startAgain)
  await comeBack(walk, twelve.join(' '))
  await page.reload()
  await openForm(page, 'en')
  await press(page, new RegExp(`^${words.start.look}`))
  await page
    .locator('#code')
    .fill('abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about')
  await press(page, words.enter.open)
  await page.getByText(words.enter.notFound).waitFor()
})

test('a text that is too long is told; one that just fits is sent', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toFirstQuestion(walk)
  // Three bytes each: more than half a mebibyte.
  await answer(page, 'what', '가'.repeat(180_000))
  await press(page, words.next)
  expect(await page.locator('#what-error').textContent()).toMatch(/^5,\d{3}자 넘칩니다/)
  expect(await page.locator('#what').evaluate(element => element === document.activeElement)).toBe(true)
  const fits = '가'.repeat(174_000)
  await answer(page, 'what', fits)
  expect(await page.locator('#what-error').textContent()).toBe('')
  await press(page, words.next)
  for (let at = 1; at < 11; at++) await press(page, new RegExp(`^${words.unknown}`))
  await press(page, words.next)
  await press(page, words.check.send)
  const code = await keepCode(walk)
  expect((await openAt(world, 'sme-office', code)).answers?.what).toBe(fits)
})

test('a reply cannot turn the page around: what cannot be seen is shown, direction stays inside', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toCheckWith(walk, '회신을 기다립니다.')
  await press(page, words.check.send)
  const code = await keepCode(walk)
  const text = 'رسالة 👩‍🔬 \u202ekcab\u2066 <img src=x onerror=alert(1)> \u0007'
  await answerAt(world, 'sme-office', code, [text])
  await press(page, words.done.startAgain)
  await comeBack(walk, code)
  const shown = page.locator('.reply-text')
  await shown.waitFor()
  expect(await shown.textContent()).toBe(
    'رسالة 👩‍🔬 ‹U+202E›kcab‹U+2066› <img src=x onerror=alert(1)> ‹U+0007›',
  )
  expect(await shown.evaluate(element => getComputedStyle(element).direction)).toBe('rtl')
})

test('reloading asks only once something was written; nothing is there afterwards', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'ko')
  await toFirstQuestion(walk)
  await page.locator('#what').click()
  expect(await asksBefore(page, () => page.reload())).toBe(false)
  await openForm(page, 'ko')
  await toFirstQuestion(walk)
  await page.locator('#what').click()
  await page.keyboard.type('secret')
  expect(await asksBefore(page, () => page.reload())).toBe(true)
  expect(await page.locator('#what').inputValue()).toBe('secret')
  page.once('dialog', dialog => dialog.accept())
  await page.reload()
  await page.locator('.banner').waitFor()
  expect(await page.content()).not.toContain('secret')
  expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2)
})

test('the browser’s back button asks once something was written, and brings none of it back', async () => {
  const { page } = await visit(chromium, 'about:blank', { service: world.reporterUrl })
  await page.goto(address())
  const walk = await openForm(page, 'ko')
  await toFirstQuestion(walk)
  await page.locator('#what').click()
  await page.keyboard.type('secret')
  await press(page, walk.words.next)
  await press(page, walk.words.back)
  // Forward and back inside the page leave no entries: the browser's button leaves the page.
  expect(await page.evaluate(() => history.length)).toBe(2)
  expect(await asksBefore(page, () => page.goBack())).toBe(true)
  expect(await page.locator('#what').inputValue()).toBe('secret')
  page.once('dialog', dialog => dialog.accept())
  await page.goBack()
  expect(page.url()).toBe('about:blank')
  await page.goForward()
  await page.locator('.banner').waitFor()
  expect(await page.content()).not.toContain('secret')
})

test('no browser offers to keep the code that is typed, hidden or not', async () => {
  const { page } = await visit(chromium, address())
  const { words } = await openForm(page, 'ko')
  await press(page, new RegExp(`^${words.start.look}`))
  const field = () =>
    page.locator('#code').evaluate(element => ({
      type: element.getAttribute('type'),
      autocomplete: element.getAttribute('autocomplete'),
      seenAs: getComputedStyle(element).getPropertyValue('-webkit-text-security'),
    }))
  expect(await field()).toEqual({ type: 'text', autocomplete: 'off', seenAs: 'none' })
  await page.getByText(words.enter.hide).click()
  expect(await field()).toEqual({ type: 'text', autocomplete: 'off', seenAs: 'disc' })
})

test('left by whatever way, the page is empty before a browser could keep it, and begins anew', async () => {
  const { page } = await visit(chromium, address())
  await toFirstQuestion(await openForm(page, 'ko'))
  await answer(page, 'what', 'secret')
  await turnPage(page, 'pagehide')
  expect(await page.locator('#app').innerHTML()).toBe('')
  await turnPage(page, 'pageshow')
  await page.locator('.banner').waitFor()
  expect(await page.locator('#what').count()).toBe(0)
})

test('what strangers wrote is text: markup in a reply does nothing', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'en')
  const markup =
    '<img src=x onerror="document.title=1"><script>document.title=2</script><a href="tel:1">1</a>'
  await toCheckWith(walk, markup)
  expect(await page.locator('.written').textContent()).toBe(markup)
  await press(page, walk.words.check.send)
  const code = await keepCode(walk)
  await answerAt(world, 'sme-office', code, [markup])
  await press(page, walk.words.done.startAgain)
  await comeBack(walk, code)
  expect(await page.locator('.reply-text').textContent()).toBe(markup)
  expect(await page.locator('.reply-text *').count()).toBe(0)
  expect(await page.title()).toBe(walk.words.title)
})

test.each(['key', 'touch'] as const)('leaving by %s wipes the page and replaces it', async way => {
  const { page, context, breaches } = await visit(chromium, address(), {
    screen: 'phone',
    expectBreaches: true,
  })
  const told: Record<string, string>[] = []
  await context.route(`${HARMLESS}**`, async route => {
    told.push(await route.request().allHeaders())
    await route.fulfill({ contentType: 'text/html', body: '<title>날씨</title>' })
  })
  const walk = await openForm(page, 'ko')
  await toFirstQuestion(walk)
  await page.locator('#what').click()
  await page.keyboard.type('아무도 보면 안 됩니다')
  const before = await page.evaluate(() => history.length)
  if (way === 'key') {
    await page.keyboard.press('Escape')
    expect(await heading(page).count()).toBe(1)
    await page.keyboard.press('Escape')
  } else {
    await page.getByRole('button', { name: walk.words.leave }).tap()
  }
  await page.waitForURL(HARMLESS)
  expect(await page.evaluate(() => history.length)).toBe(before)
  // That site learns nothing of where somebody came from.
  expect(JSON.stringify(told)).not.toContain(new URL(address()).host)
  expect(told.map(({ referer }) => referer)).toEqual([undefined])
  await page.goBack().catch(() => undefined)
  expect(await page.content()).not.toContain('아무도 보면')
  expect(await breaches()).toEqual([`foreign request: ${HARMLESS}`])
})

test('leaving: the text is gone at once, whether the other page comes or not', async () => {
  const { page } = await visit(chromium, address(), { expectBreaches: true })
  const walk = await openForm(page, 'en')
  await toFirstQuestion(walk)
  await answer(page, 'what', 'still secret')
  // In one turn of the page's own clock: nothing of the other page can have come.
  const left = await page.locator('.leave').evaluate(button => {
    if (button instanceof HTMLElement) button.click()
    return [document.getElementById('app')?.innerHTML, document.title, location.href]
  })
  expect(left).toEqual(['', '', address()])
  await page.waitForFunction(() => !document.body.textContent?.trim())
})

test('documents that do not verify: nothing goes on', async () => {
  const { page } = await visit(chromium, address(), { expectBreaches: true })
  await page.route('**/v1/directory', async route => {
    const response = await route.fetch()
    const documents = await response.json()
    await route.fulfill({
      response,
      json: { ...documents, directory: documents.directory.replace('police', 'polite') },
    })
  })
  await page.reload()
  await page.getByText(koreanTrouble('unproven')).waitFor()
  expect(await page.locator('.way').count()).toBe(0)
})

test('documents past their day: said, and can be overridden', async () => {
  const { page } = await visit(chromium, 'about:blank', { service: world.reporterUrl })
  await page.clock.setFixedTime(Date.now() + 10 * 86_400_000)
  await page.goto(address())
  await page.getByText(koreanTrouble('stale')).waitFor()
  await press(page, '지난 명부로 계속하기')
  await page.locator('.banner.stale').waitFor()
})

const koreanTrouble = (kind: 'unproven' | 'stale') =>
  kind === 'unproven' ? '멈추세요. 이 서비스를 믿을 수 없습니다' : '기관 명부의 기한이 지났습니다'

test('by keyboard alone, from the first page to a code', async () => {
  const { page } = await visit(chromium, address())
  const { words } = await openForm(page, 'en')
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
  /** Tabs until a control with this text has the focus. */
  const tabTo = async (name: string) => {
    for (let i = 0; i < 60 && !(await focused()).startsWith(name); i++) await page.keyboard.press('Tab')
    expect(await focused()).toMatch(new RegExp(`^${name.replaceAll('?', '\\?')}`))
  }
  const go = async (name: string) => {
    const title = await heading(page).textContent()
    await tabTo(name)
    await page.keyboard.press('Enter')
    await page.waitForFunction(before => document.querySelector('h1')?.textContent !== before, title)
    // Each new page begins at its heading.
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
  }
  await go(words.start.report)
  await go(words.before.next)
  await go(words.protect.next)
  await page.keyboard.press('Tab')
  await page.keyboard.type('Typed without a mouse.')
  await go(words.next)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await go(words.next)
  for (let at = 2; at < 11; at++) await go(words.unknown)
  await go(words.next)
  await go(words.check.send)
  await page.locator('.code-sheet').waitFor()
})
