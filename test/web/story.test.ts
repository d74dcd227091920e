// The whole story in the browser, in both languages, with an agency that works through the SDK.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { SLOT_LENGTH, SLOTS } from '../../src/protocol/reply.ts'
import type { Language } from '../../src/web/report/answers.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { answerAt, openAt } from './support/agency.ts'
import { visit } from './support/browser.ts'
import {
  answer,
  comeBack,
  keepCode,
  nobodyLooks,
  openForm,
  press,
  report,
  STORY,
  throughReaders,
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

const REPLIES: Readonly<Record<Language, string>> = {
  ko: '잘 받았습니다. 어느 설비인지 알려 주실 수 있습니까?',
  en: 'Received, thank you. Could you say which machine it is?',
}

test.each(['ko', 'en'] as const)(
  'report, reply, follow-up, deletion and withdrawal in %s',
  async language => {
    const { page, network } = await visit(chromium, `${world.reporterUrl}/`, { screen: 'phone' })
    const mailboxAnswers: (string | undefined)[] = []
    page.on('response', response => {
      if (response.url().endsWith('/v1/mailbox')) mailboxAnswers.push(response.headers()['content-length'])
    })
    const walk = await openForm(page, language)
    const { words } = walk
    const code = await report(walk)
    const opened = await openAt(world, 'police', code)
    expect(opened.answers).toMatchObject({
      version: 1,
      language,
      what: STORY[language].what,
      when: STORY[language].when,
      urgency: 'U1',
      kind: 'K02',
      field: 'F03',
      source: `· ${words.questions.source.choices.saw}`,
    })
    expect(opened.answers?.excluded).toMatch(language === 'ko' ? /^· 지식재산처/ : /^· Ministry/)
    expect(opened.answers).not.toHaveProperty('told')
    expect(opened.file.urgent).toBe(false)

    await press(page, words.done.startAgain)
    await comeBack(walk, code)
    await page.getByText(words.mine.noReplies).waitFor()
    expect(await page.getByText(words.mine.waiting, { exact: true }).count()).toBe(3)

    await answerAt(world, 'police', code, [REPLIES[language]])
    await press(page, words.mine.refresh)
    await page.getByText(REPLIES[language]).waitFor()
    await page.getByText(words.mine.acknowledged, { exact: true }).waitFor()

    await answer(page, 'more', STORY[language].more)
    await press(page, words.mine.writeSend)
    await page.getByText(words.mine.followUps(1)).waitFor()
    expect((await openAt(world, 'police', code)).followUps).toMatchObject([{ text: STORY[language].more }])

    await press(page, words.mine.delete)
    await press(page, words.mine.deleteYes)
    await page.getByText(words.mine.noReplies).waitFor()

    await press(page, words.mine.withdrawBegin)
    await press(page, words.mine.withdrawYes)
    await page.getByText(words.mine.outcome['partly-withdrawn']).waitFor()
    expect((await openAt(world, 'police', code)).withdrawal).toBe('wished')

    const exchanges = await network()
    const sent = exchanges.map(({ requestBody }) => requestBody?.toString('latin1') ?? '').join('\n')
    for (const secret of [STORY[language].what, STORY[language].more, code]) {
      expect(sent.includes(Buffer.from(secret).toString('latin1')), secret).toBe(false)
    }
    // News, no news, a deletion, and the visits for company: all of one size.
    expect(mailboxAnswers.length).toBeGreaterThanOrEqual(6)
    expect(new Set(mailboxAnswers)).toEqual(new Set([String(SLOTS * SLOT_LENGTH)]))
    const asked = exchanges.filter(({ url }) => url.endsWith('/v1/mailbox'))
    expect(new Set(asked.map(({ requestBody }) => requestBody?.length))).toEqual(new Set([80]))
  },
)

test('only the first question needs an answer', async () => {
  const { page } = await visit(chromium, `${world.reporterUrl}/`)
  const walk = await openForm(page, 'ko', nobodyLooks)
  const { words } = walk
  await toFirstQuestion(walk)
  await press(page, words.next)
  await page.getByText(words.needed).waitFor()
  await answer(page, 'what', '도면이 나갔습니다. 🔥 مرحبا \u202egnirts\u202c 👩‍🔬')
  await press(page, words.next)
  for (let at = 1; at < 11; at++) await press(page, new RegExp(`^${words.unknown}`))
  await press(page, words.next)
  await press(page, words.check.send)
  const code = await keepCode(walk)
  const opened = await openAt(world, 'sme-office', code)
  expect(opened.answers).toEqual({
    version: 1,
    language: 'ko',
    what: '도면이 나갔습니다. 🔥 مرحبا \u202egnirts\u202c 👩‍🔬',
  })
})

test('forward and back keep every answer; going back from checking returns there', async () => {
  const { page } = await visit(chromium, `${world.reporterUrl}/`)
  const walk = await openForm(page, 'en')
  const { words } = walk
  await toFirstQuestion(walk)
  await answer(page, 'what', 'Something is leaving.')
  await press(page, words.next)
  await page.getByText(words.questions.when.choices.U2).click()
  await press(page, words.next)
  await press(page, words.back)
  expect(await page.getByRole('radio', { checked: true }).count()).toBe(1)
  await press(page, words.back)
  expect(await page.locator('#what').inputValue()).toBe('Something is leaving.')
  await press(page, words.next)
  await press(page, words.next)
  for (let at = 2; at < 11; at++) await press(page, new RegExp(`^${words.unknown}`))
  await throughReaders(walk)
  await press(page, new RegExp(`^${words.check.changeOf(words.questions.told.title).replace('?', '\\?')}`))
  await page.getByText(words.questions.told.choices.nobody, { exact: true }).click()
  await press(page, '한국어')
  await press(page, '확인 화면으로')
  await page.getByText('아무에게도 말하지 않았습니다').waitFor()
  await page.getByText('Something is leaving.').waitFor()
})

test('softer words replace what was found', async () => {
  const { page } = await visit(chromium, `${world.reporterUrl}/`)
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toFirstQuestion(walk)
  await answer(page, 'what', '김민수 과장이 3월 14일에 옮겼습니다.')
  await press(page, words.next)
  for (let at = 1; at < 11; at++) await press(page, new RegExp(`^${words.unknown}`))
  await press(page, words.next)
  expect(await page.locator('mark').allTextContents()).toEqual(['김민수 과장', '3월 14일'])
  await press(page, words.check.replace('어떤 직원'))
  await press(page, words.check.replace('3월 중순'))
  await page.getByText('어떤 직원이 3월 중순에 옮겼습니다.').waitFor()
  expect(await page.locator('mark').count()).toBe(0)
})

test('without JIT, as in Tor Browser at «Safer»', async () => {
  const slow = await launchChromium({ jit: false })
  onTestFinished(() => slow.close())
  const { page } = await visit(slow, `${world.reporterUrl}/`, { screen: 'phone' })
  const walk = await openForm(page, 'ko')
  const code = await report(walk)
  await press(page, walk.words.done.startAgain)
  await comeBack(walk, code)
  await page.getByText(walk.words.mine.noReplies).waitFor()
})

test('a second tab knows nothing of the first', async () => {
  const { page, context } = await visit(chromium, `${world.reporterUrl}/`)
  const walk = await openForm(page, 'en')
  await toFirstQuestion(walk)
  await answer(page, 'what', 'Only here.')
  const second = await context.newPage()
  await second.goto(`${world.reporterUrl}/`)
  const other = await openForm(second, 'ko')
  await toFirstQuestion(other)
  expect(await second.locator('#what').inputValue()).toBe('')
  expect(await page.locator('#what').inputValue()).toBe('Only here.')
})

test('each visit to the first page looks into a mailbox that is thrown away', async () => {
  const { page } = await visit(chromium, `${world.reporterUrl}/`)
  const keys: string[] = []
  page.on('request', request => {
    if (!request.url().endsWith('/v1/mailbox')) return
    keys.push(/keyid="([^"]+)"/.exec(request.headers()['signature-input'] ?? '')?.[1] ?? '')
  })
  const { words } = await openForm(page, 'ko')
  await expect.poll(() => keys.length).toBe(1)
  await press(page, new RegExp(`^${words.start.look}`))
  await press(page, words.back)
  await expect.poll(() => keys.length).toBe(2)
  expect(new Set(keys).size).toBe(2)
})
