// Somebody in a hurry: stops, touches twice, calls for help, pulls at the page.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemOf } from '../../src/contract/problems.ts'
import { QUESTIONS } from '../../src/web/report/questions.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { openAt } from './support/agency.ts'
import { visit } from './support/browser.ts'
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

const address = () => `${world.reporterUrl}/`

test('what may have arrived cannot be stopped any more: its code would be lost', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toCheckWith(walk, '답이 오지 않습니다.')
  // Each arrives, and no answer comes back; what is asked for before the next attempt waits.
  let arrived = 0
  let release: () => void = () => undefined
  await page.route('**/v1/report', async route => {
    if (route.request().method() !== 'PUT') return route.continue()
    await route.fetch()
    arrived++
    await route.abort('connectionreset')
  })
  const holdChallenges = () =>
    page.route('**/v1/challenges', async route => {
      await new Promise<void>(resolve => {
        release = resolve
      })
      await route.continue().catch(() => undefined)
    })
  const stop = page.getByRole('button', { name: words.send.abort })
  await press(page, words.check.send)
  await expect.poll(() => arrived).toBe(1)
  await holdChallenges()
  await page.getByText(words.send.waiting).waitFor()
  await page.locator('.sending .here', { hasText: words.send.steps.work }).waitFor()
  expect(await stop.count()).toBe(0)
  await page.unroute('**/v1/challenges')
  release()
  await page.getByText(words.send.maybe.title).waitFor()
  // The same by hand.
  await holdChallenges()
  await press(page, words.send.retry)
  await page.locator('.sending .here', { hasText: words.send.steps.work }).waitFor()
  expect(await stop.count()).toBe(0)
  await page.unroute('**/v1/challenges')
  await page.unroute('**/v1/report')
  release()
  await keepCode(walk)
})

test.each(['button', 'Escape'] as const)(
  'by %s, with Escape on and on: the way to the other page is not ended',
  async way => {
    const { page } = await visit(chromium, address(), { expectBreaches: true })
    await openForm(page, 'ko')
    // In one turn, before the other page can come. What a page lets through ends what a browser is loading.
    const ends = await page.locator('.leave').evaluate((button, clicks) => {
      const press = () =>
        window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', cancelable: true }))
      const first = press()
      if (clicks && button instanceof HTMLElement) button.click()
      return [first, press(), press(), press()]
    }, way === 'button')
    expect(ends).toEqual([true, false, false, false])
  },
)

test('a double tap goes one page on, and answers nothing there', async () => {
  const { page } = await visit(chromium, address(), { screen: 'phone' })
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toFirstQuestion(walk)
  await answer(page, 'what', '두 번 누릅니다.')
  for (const [at, id] of QUESTIONS.map(({ id }) => id).entries()) {
    await heading(page)
      .filter({ hasText: words.questions[id].title.replace('|', ' ') })
      .waitFor()
    expect(await page.locator('input:checked').count()).toBe(0)
    const next = page.getByRole('button', { name: at === 0 ? words.next : new RegExp(`^${words.unknown}`) })
    await next.dblclick()
  }
  await heading(page).filter({ hasText: words.readers.heading }).waitFor()
  await page.getByRole('button', { name: words.next }).dblclick()
  expect(await page.locator('.answer .choice').count()).toBe(0)
  await page.getByRole('button', { name: words.check.send }).dblclick()
  await keepCode(walk)
})

test('calling for help asks nothing first, and loses nothing', async () => {
  const { page, breaches } = await visit(chromium, address(), { screen: 'phone', expectBreaches: true })
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toFirstQuestion(walk)
  await page.locator('#what').click()
  await page.keyboard.type('지금 위험합니다.')
  await press(page, words.next)
  await page.getByText(words.questions.when.choices.U0).click()
  const asked: string[] = []
  page.on('dialog', dialog => {
    asked.push(dialog.type())
    dialog.dismiss()
  })
  await page.locator('.calls a').first().tap()
  await page.locator('.calls a').last().tap()
  expect(asked).toEqual([])
  // What follows is asked about as before.
  await page.evaluate(() => void setTimeout(() => location.reload()))
  await expect.poll(() => asked).toEqual(['beforeunload'])
  await press(page, words.back)
  expect(await page.locator('#what').inputValue()).toBe('지금 위험합니다.')
  expect(await breaches()).toEqual(['foreign request: tel:112', 'foreign request: tel:119'])
})

test('a page that is pulled at its edge is neither loaded anew nor left', async () => {
  const { page } = await visit(chromium, address(), { screen: 'phone' })
  await toFirstQuestion(await openForm(page, 'ko'))
  const pulled = await page.evaluate(() => getComputedStyle(document.documentElement).overscrollBehavior)
  expect(pulled).toBe('none')
})

test('going to the first page keeps a draft, and asks before it drops what was to be added', async () => {
  const { page } = await visit(chromium, address(), { screen: 'phone' })
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toCheckWith(walk, '먼저 알린 일입니다.')
  await press(page, words.check.send)
  const code = await keepCode(walk)
  await press(page, words.done.startAgain)
  await toFirstQuestion(walk)
  await answer(page, 'what', '다음에 알릴 일입니다.')
  for (let times = 0; times < 3; times++) await press(page, words.back)
  await comeBack(walk, code)
  await answer(page, 'more', '아직 보내지 않았습니다.')
  await press(page, words.done.startAgain)
  await press(page, words.mine.dropNo)
  expect(await page.locator('#more').inputValue()).toBe('아직 보내지 않았습니다.')
  await press(page, words.done.startAgain)
  await press(page, words.mine.dropYes)
  await toFirstQuestion(walk)
  expect(await page.locator('#what').inputValue()).toBe('다음에 알릴 일입니다.')
})

test('a code that is hidden as it is typed is not shown by what is said of it', async () => {
  const { page } = await visit(chromium, address())
  const { words } = await openForm(page, 'ko')
  await press(page, new RegExp(`^${words.start.look}`))
  await page.getByText(words.enter.hide).click()
  const said = async (typed: string) => {
    await page.locator('#code').fill(typed)
    await press(page, words.enter.open)
    return page.locator('#code-error').textContent()
  }
  expect(await said('희생마음차량암컷')).toBe(
    words.enter.mistake({ kind: 'word', word: '•••', position: 1, near: null }),
  )
  expect(await said('U1SZ-YJR6')).toBe(words.enter.mistake({ kind: 'symbol', symbol: '•', group: 1 }))
  // Typed blindly, with the keyboard in Korean.
  expect(await said('ㅋㅛㅏㅊ-ㅛㄷㅛ2')).toBe(words.enter.mistake({ kind: 'keyboard' }))
})

test('after a withdrawal nothing is left to be sent, and nothing is asked about', async () => {
  const { page } = await visit(chromium, address(), { screen: 'phone' })
  const walk = await openForm(page, 'en')
  const { words } = walk
  await toCheckWith(walk, 'To be withdrawn.')
  await press(page, words.check.send)
  const code = await keepCode(walk)
  await press(page, words.done.startAgain)
  await comeBack(walk, code)
  await answer(page, 'more', 'Not sent.')
  await press(page, words.mine.withdrawBegin)
  await press(page, words.mine.withdrawYes)
  await page.locator('#more').waitFor({ state: 'detached' })
  await press(page, words.done.startAgain)
  await page.locator('.way').first().waitFor()
})

/** What is asked arrives, and the line is cut before the answer. */
const loseAnswers = (page: Page, method: 'PUT' | 'DELETE') =>
  page.route('**/v1/report', async route => {
    if (route.request().method() !== method) return route.continue()
    await route.fetch()
    await route.abort('connectionreset')
  })

test('a withdrawal whose answer is lost may have happened: it says so, and shows how the report stands', async () => {
  const { page } = await visit(chromium, address(), { screen: 'phone' })
  const walk = await openForm(page, 'en')
  const { words } = walk
  await toCheckWith(walk, 'To be withdrawn on a bad line.')
  await press(page, words.check.send)
  const code = await keepCode(walk)
  await press(page, words.done.startAgain)
  await comeBack(walk, code)
  await loseAnswers(page, 'DELETE')
  await press(page, words.mine.withdrawBegin)
  await press(page, words.mine.withdrawYes)
  await page.getByRole('group', { name: words.mine.withdrawFailed }).waitFor()
  expect(await page.getByRole('button', { name: words.mine.withdrawNo }).count()).toBe(0)
  await press(page, words.mine.withdrawLook)
  await page.locator('#withdraw').waitFor({ state: 'detached' })
  await page.getByText('and withdrawn by you').waitFor()
})

test('refused after an attempt that may have arrived: the code of that one stays', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'en')
  const { words } = walk
  await toCheckWith(walk, 'Arrived, and then refused.')
  await loseAnswers(page, 'PUT')
  await press(page, words.check.send)
  await page.getByText(words.send.maybe.title).waitFor()
  await page.unroute('**/v1/report')
  await page.route('**/v1/report', route => {
    const body = JSON.stringify(problemOf('recipient-refused'))
    return route.fulfill({ status: 422, contentType: 'application/problem+json', body })
  })
  await press(page, words.send.retry)
  await page.getByText(words.send.refused.unclear).waitFor()
  expect(await page.getByText(words.send.refused.text).count()).toBe(0)
  const code = (await page.locator('.code-line').textContent()) ?? ''
  await page.unroute('**/v1/report')
  // It is the code of what arrived.
  expect((await openAt(world, 'sme-office', code)).answers?.what).toBe('Arrived, and then refused.')
})
