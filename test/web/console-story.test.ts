// Between the form and the console, in both languages: each side sees what the other wrote.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { visit } from './support/browser.ts'
import {
  acknowledgeCase,
  atDesk,
  chooseLanguage,
  declareAndOpen,
  pressed,
  reply,
  rows,
  tab,
  unlock,
} from './support/desk.ts'
import { answer, comeBack, openForm, press, report, STORY } from './support/walk.ts'

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

/** A bound against hangs, not a measurement. */
const PATIENCE = { timeout: 30_000 }
/** One after the other, a case each. */
const LANGUAGES = ['ko', 'en'] as const

const REPLIES = {
  ko: '잘 받았습니다. 어느 설비의 조건표입니까?',
  en: 'Received, thank you. Which machine do the sheets belong to?',
} as const

test.each(LANGUAGES)('report, acknowledgement, reply and follow-up in %s', async language => {
  const form = await visit(chromium, `${world.reporterUrl}/`, { screen: 'phone' })
  const walk = await openForm(form.page, language)
  const { page, network } = await visit(chromium, `${world.agencyUrl}/`)
  const desk = atDesk(page, language)
  await chooseLanguage(desk)
  await unlock(desk, world.deviceKeyFile('police'))
  await page.locator('.live.live').waitFor()
  // The header may know of the connection before the list shows what came.
  const before = LANGUAGES.indexOf(language)
  await expect.poll(() => rows(page).count(), PATIENCE).toBe(before)

  // It comes while the console is open.
  const code = await report(walk)
  await expect.poll(() => rows(page).count(), PATIENCE).toBe(before + 1)
  await page.getByText(desk.words.inbox.arrived(1)).waitFor()
  await rows(page).filter({ hasText: desk.words.inbox.state.new }).first().click()
  await declareAndOpen(desk)
  await page.getByText(STORY[language].when).waitFor()
  // What somebody wrote is there to the letter.
  expect(await page.locator('.answer.what .written').textContent()).toBe(STORY[language].what)
  await press(form.page, walk.words.done.startAgain)
  await comeBack(walk, code)
  expect(await form.page.getByText(walk.words.mine.acknowledged, { exact: true }).count()).toBe(0)

  await acknowledgeCase(desk)
  await reply(desk, REPLIES[language])
  await press(form.page, walk.words.mine.refresh)
  await form.page.getByText(REPLIES[language]).waitFor()
  await form.page.getByText(walk.words.mine.acknowledged, { exact: true }).waitFor()

  await answer(form.page, 'more', STORY[language].more)
  await press(form.page, walk.words.mine.writeSend)
  await page.getByText(STORY[language].more).waitFor()
  await page.getByText(desk.words.case.talk.seenUpTo(1)).waitFor()

  await tab(desk, 'history').click()
  await page.getByText(desk.words.case.history.sound).waitFor()
  expect(await page.locator('.timeline > li').count()).toBe(1)

  const sent = (await network()).map(({ requestBody }) => requestBody?.toString('latin1') ?? '').join('\n')
  const answers = Buffer.from(REPLIES[language]).toString('latin1')
  expect(sent.includes(answers)).toBe(false)
  expect(page.url()).not.toMatch(/[0-9a-f]{8}/)

  await pressed(page, desk.words.frame.lock).click()
  await page.getByText(desk.words.unlock.reasons.locked).waitFor()
  expect(await page.content()).not.toContain(STORY[language].when)
})

test('two at once: both see what the other did, and a draft stays', async () => {
  const form = await visit(chromium, `${world.reporterUrl}/`, { screen: 'phone' })
  const walk = await openForm(form.page, 'en')
  const code = await report(walk)
  await press(form.page, walk.words.done.startAgain)
  await comeBack(walk, code)
  const people = []
  for (const role of ['intake', 'investigator'] as const) {
    const { page } = await visit(chromium, `${world.agencyUrl}/#lang=en`)
    const desk = atDesk(page, 'en')
    await unlock(desk, world.deviceKeyFile('police', role))
    await page.locator('.live.live').waitFor()
    people.push(desk)
  }
  const [first, second] = people
  if (!first || !second) throw new Error('nobody')
  const { talk } = first.words.case
  await rows(first.page).filter({ hasText: first.words.inbox.state.new }).first().click()
  await declareAndOpen(first)
  await acknowledgeCase(first)
  await rows(second.page).first().waitFor()
  const shown = (await first.page.locator('#case-heading').getAttribute('aria-label')) ?? ''
  await second.page.keyboard.press('/')
  await second.page.keyboard.type(shown.replace(/^Case /, ''))
  await second.page.keyboard.press('Enter')
  await second.page.keyboard.press('Enter')
  await declareAndOpen(second)
  await tab(second, 'talk').click()
  await second.page.locator('#reply').fill('A draft of the second investigator.')
  await reply(first, 'The first answers.')
  await answer(form.page, 'more', 'And there is more.')
  await press(form.page, walk.words.mine.writeSend)
  for (const { page } of people) await page.getByText(talk.followUp(1)).waitFor()
  await pressed(first.page, first.words.case.acknowledge.handOnGo).click()
  for (const { page } of people) await page.getByText('And there is more.').waitFor()
  await second.page.getByText(talk.colleague).waitFor()
  expect(await second.page.locator('#reply').inputValue()).toBe('A draft of the second investigator.')
  await pressed(second.page, talk.send).click()
  await second.page.getByText(talk.state.sent).waitFor()
  await press(form.page, walk.words.mine.refresh)
  await form.page.getByText('The first answers.').waitFor()
  await form.page.getByText('A draft of the second investigator.').waitFor()
})
