// The whole story in the browser, in both languages, and what the wire shows of it.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { parseReceiptCode, receiptCodeToWords } from '../../src/client/index.ts'
import type { Language } from '../../src/web/report/answers.ts'
import { wordsIn } from '../../src/web/report/words/index.ts'
import { trustIn } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { answerAt, openAt } from './support/agency.ts'
import { visit } from './support/browser.ts'
import { officerAt } from './support/command-agency.ts'
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
import { leaks, type Overheard, shapes, tapWire } from './support/wiretap.ts'

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

/** What stands in a story and must not stand on the wire; the code's groups and words in pairs, as chance has short ones. */
async function secretsOf(language: Language, code: string): Promise<string[]> {
  const { what, when, more } = STORY[language]
  const agencies = (await trustIn(world)).directory.agencies.flatMap(({ names }) => [names.ko, names.en])
  const pairs = (parts: readonly string[], joint: string) =>
    parts.slice(1).map((part, i) => `${parts[i]}${joint}${part}`)
  const receiptCode = parseReceiptCode(code)
  const words = (['ko', 'en'] as const).map(list => receiptCodeToWords(receiptCode, list).split(' '))
  const { choices } = wordsIn(language).questions.kind
  return [
    ...[what, when, more, REPLIES[language]]
      .flatMap(text => [text, ...text.split(/[\s.,]+/)])
      .filter(isTelling),
    ...[choices.K02, wordsIn(language).questions.source.choices.saw, ...agencies],
    ...['-', ' ', ''].flatMap(joint =>
      pairs(code.split('-'), joint).flatMap(pair => [pair, pair.toLowerCase()]),
    ),
    ...words.flatMap(list => pairs(list, ' ')),
  ]
}

// Short ones stand in any text, and by chance in what is sealed.
const isTelling = (word: string) => Buffer.byteLength(word) >= 9

test.each(['ko', 'en'] as const)(
  'report, reply, follow-up, deletion and withdrawal in %s, with an officer at the command line',
  async language => {
    const wire = await tapWire(world.reporterUrl)
    const { page } = await visit(chromium, `${wire.url}/`, { screen: 'phone' })
    const walk = await openForm(page, language)
    const { words } = walk
    const code = await report(walk)
    const officer = officerAt(world, 'police')
    const opened = await officer.open(STORY[language].what)
    expect(opened.answers).toMatchObject({
      version: 1,
      language,
      when: STORY[language].when,
      urgency: 'U1',
      kind: 'K02',
      field: 'F03',
      source: `· ${words.questions.source.choices.saw}`,
      notFor: ['ip-police'],
    })
    expect(opened.answers).not.toHaveProperty('excluded')
    expect(opened.answers).not.toHaveProperty('told')
    expect(opened).toMatchObject({ urgent: false })

    await press(page, words.done.startAgain)
    await comeBack(walk, code)
    await page.getByText(words.mine.noReplies).waitFor()
    expect(await page.getByText(words.mine.waiting, { exact: true }).count()).toBe(2)
    await page.getByText(words.mine.acknowledged, { exact: true }).waitFor()

    await officer.reply(opened.case, REPLIES[language])
    await press(page, words.mine.refresh)
    await page.getByText(REPLIES[language]).waitFor()

    await answer(page, 'more', STORY[language].more)
    await press(page, words.mine.writeSend)
    await page.getByText(words.mine.followUps(1)).waitFor()
    const { followUps } = await officer.open(STORY[language].what)
    expect(followUps).toMatchObject([{ text: STORY[language].more }])

    await press(page, words.mine.delete)
    await press(page, words.mine.deleteYes)
    await page.getByText(words.mine.noReplies).waitFor()

    await press(page, words.mine.withdrawBegin)
    await press(page, words.mine.withdrawYes)
    await page.getByText(words.mine.outcome['partly-withdrawn']).waitFor()
    expect((await officer.open(STORY[language].what)).withdrawal).toBe('wished')

    const secrets = await secretsOf(language, code)
    const calls = wire.overheard.filter(({ path }) => path.startsWith('/v1/'))
    expect(calls.length).toBeGreaterThan(20)
    // The directory is public and names all agencies.
    const published = calls.find(({ path }) => path === '/v1/directory')
    expect(published && leaks([published], secrets)).not.toEqual([])
    expect(
      leaks(
        calls.filter(call => call !== published),
        secrets,
      ),
    ).toEqual([])
    expect(leaks(calls.map(withoutAnswer), secrets)).toEqual([])
  },
)

const withoutAnswer = (call: Overheard): Overheard => ({ ...call, responseBody: Buffer.alloc(0) })

const isMailbox = ({ path }: Overheard) => path === '/v1/mailbox'

test('a visit with news looks on the wire like one without', async () => {
  const first = await visit(chromium, `${world.reporterUrl}/`)
  const code = await report(await openForm(first.page, 'ko'))
  /** A visit from the start page to the report: what an observer of lengths sees of it. */
  const lookIn = async () => {
    const wire = await tapWire(world.reporterUrl)
    const { page } = await visit(chromium, `${wire.url}/`)
    const walk = await openForm(page, 'ko')
    await expect.poll(() => wire.overheard.filter(isMailbox).length).toBe(1)
    await comeBack(walk, code)
    return { seen: shapes(wire.overheard), replies: await page.locator('.reply').count() }
  }
  const before = await lookIn()
  await answerAt(world, 'police', code, ['첫째', '둘째', '셋째'.repeat(300)])
  const after = await lookIn()
  expect([before.replies, after.replies]).toEqual([0, 3])
  expect(before.seen.filter(line => line.startsWith('POST /v1/mailbox 80 200 70144'))).toHaveLength(2)
  expect(before.seen.filter(line => line.startsWith('GET /v1/report 0 200 32768'))).toHaveLength(1)
  expect(after.seen).toEqual(before.seen)
})

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
