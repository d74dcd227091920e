// Every page, in both languages, on a phone and on a desktop, by day and by night: axe finds nothing on any, and
// nothing has to be scrolled sideways. With BONGSU_SCREENSHOTS set, pictures of all of it go to dist/screenshots.

import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendReply } from '../../src/client/index.ts'
import type { Language } from '../../src/web/report/answers.ts'
import { wordsIn } from '../../src/web/report/words/index.ts'
import { deviceIn } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { isSoak } from '../support/soak.ts'
import { createWorld, type World } from '../support/world.ts'
import { answerAt } from './support/agency.ts'
import { type VisitOptions, visit } from './support/browser.ts'
import { choose, fileOf, replyWithFiles, rowOf, toCheck, toEvidence } from './support/files.ts'
import {
  comeBack,
  heading,
  keepCode,
  nobodyLooks,
  openForm,
  press,
  report,
  STORY,
  throughQuestions,
  throughReaders,
  toFirstQuestion,
  type Walk,
} from './support/walk.ts'

const PICTURES = process.env.BONGSU_SCREENSHOTS
const FOLDER = join(import.meta.dirname, '../../dist/screenshots')

let world: World
let chromium: Chromium
let axe: string
beforeAll(async () => {
  world = await createWorld({ workBits: 4 })
  chromium = await launchChromium()
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
})
afterAll(async () => {
  await chromium.close()
  await world.stop()
})

interface AxeResult {
  readonly violations: readonly { id: string; nodes: readonly { html: string; failureSummary: string }[] }[]
}

async function findings(page: Page): Promise<string[]> {
  const run = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`
  // Evaluated from outside: the page's policy does not hold for it.
  await page.evaluate(axe)
  const { violations } = await page.evaluate<AxeResult>(run)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(node => `${id}: ${node.html} ${node.failureSummary}`),
  )
}

const sideways = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')

function looking(page: Page, name: string) {
  const found: string[] = []
  const look = async (what: string) => {
    if (PICTURES) await page.evaluate('scrollTo(0, 0)')
    if (PICTURES) await page.screenshot({ path: join(FOLDER, `${what}.${name}.png`), fullPage: true })
    for (const finding of await findings(page)) found.push(`${what}: ${finding}`)
    const size = page.viewportSize()
    // A desktop at 400 % is as narrow.
    await page.setViewportSize({ width: 320, height: 640 })
    if ((await sideways(page)) > 0) found.push(`${what}: scrolls sideways at 320 px`)
    if (size) await page.setViewportSize(size)
    if ((await sideways(page)) > 0) found.push(`${what}: scrolls sideways`)
    if ((await heading(page).count()) !== 1) found.push(`${what}: not one h1`)
  }
  return { look, found }
}

async function walkMistakes({ page, words, look }: Walk, code: string): Promise<void> {
  await press(page, new RegExp(`^${words.start.look}`))
  await page.locator('#code').fill(code.slice(0, -3))
  await press(page, words.enter.open)
  await look('enter-mistake')
  await press(page, words.back)
}

async function walkMine(walk: Walk, code: string): Promise<void> {
  const { page, words, language, look } = walk
  await comeBack(walk, code)
  await look('mine-waiting')
  const texts =
    language === 'ko'
      ? [
          '잘 받았습니다. 읽어 보았습니다.\n공정 조건표가 어느 설비의 것인지 알려 주실 수 있습니까? 직접 확인하려 하지는 마세요.',
          '둘째 회신입니다.',
        ]
      : [
          'Received and read, thank you.\nCould you say which machine the sheets belong to? Please do not go and look.',
          'A second reply.',
        ]
  await answerAt(world, 'police', code, texts)
  await press(page, words.mine.refresh)
  await page.getByText(words.mine.replyNumber(2)).waitFor()
  await look('mine-answered')
  await press(page, words.mine.delete)
  await page.locator('#more').fill(STORY[language].more)
  await press(page, words.mine.withdrawBegin)
  await look('mine-asking')
  await press(page, words.mine.withdrawNo)
  await press(page, words.mine.writeSend)
  await page.locator('.notice.good').waitFor()
  await look('mine-written')
}

const DRESSES: readonly (readonly [string, Language, VisitOptions])[] = [
  ['ko.phone.light', 'ko', { screen: 'phone', colors: 'light' }],
  ['en.phone.dark', 'en', { screen: 'phone', colors: 'dark' }],
  ['en.desktop.light', 'en', { screen: 'desktop', colors: 'light' }],
  ['ko.desktop.dark', 'ko', { screen: 'desktop', colors: 'dark' }],
]
const REST: typeof DRESSES = [
  ['ko.phone.dark', 'ko', { screen: 'phone', colors: 'dark' }],
  ['en.phone.light', 'en', { screen: 'phone', colors: 'light' }],
  ['ko.desktop.light', 'ko', { screen: 'desktop', colors: 'light' }],
  ['en.desktop.dark', 'en', { screen: 'desktop', colors: 'dark' }],
]

/** The police's acknowledgement is dropped; replies come from a wrong device, from a wrong agency and with a gap. */
async function forgeAnswers(code: string): Promise<void> {
  const now = { now: world.now() }
  const opened = await answerAt(world, 'nis', code, ['Genuine.'], 3)
  const device = await deviceIn(world, 'nis')
  const { certificate } = (await deviceIn(world, 'nis', 'investigator')).certified
  const borrowed = { ...device, certified: { ...device.certified, certificate } }
  await sendReply(borrowed, opened, { text: 'Do not believe it.', number: 1 }, now)
  const stranger = await deviceIn(world, 'serious-crimes')
  await sendReply(stranger, opened, { text: 'Junk.', number: 1 }, now)
  const police = await answerAt(world, 'police', code, [])
  const caseId = Buffer.from(police.id, 'base64url')
  await world.database.query({ name: 'drop-event', text: 'delete from events where case_id = $1' }, [caseId])
}

/** Two that differ in everything; all of them in a soak, and where somebody looks at the pictures. */
const SEEN = PICTURES || isSoak ? DRESSES : DRESSES.slice(-2)

test.each(DRESSES.slice(0, 2))('what goes wrong, %s', async (name, language, options) => {
  const { page } = await visit(chromium, 'about:blank', { ...options, service: world.reporterUrl })
  const { look, found } = looking(page, name)
  const words = wordsIn(language)
  const open = async () => {
    await page.goto(`${world.reporterUrl}/`)
    if (language === 'en') await press(page, 'English')
  }
  await page.route('**/v1/directory', route => route.fulfill({ status: 200, json: {} }))
  await open()
  await page.getByText(words.connection.notKnown.title).waitFor()
  await look('start-not-known')
  await page.route('**/v1/directory', route => route.abort('connectionrefused'))
  await open()
  await page.getByText(words.connection.unreachable.title).waitFor()
  await look('start-unreachable')
  await page.route('**/v1/directory', async route => {
    const response = await route.fetch()
    const documents = await response.json()
    const directory = documents.directory.replace('police', 'polite')
    await route.fulfill({ response, json: { ...documents, directory } })
  })
  await open()
  await page.getByText(words.connection.unproven.title).waitFor()
  await look('start-unproven')
  await page.unroute('**/v1/directory')
  await page.clock.setFixedTime(Date.now() + 10 * 86_400_000)
  await open()
  await page.getByText(words.connection.stale.title).waitFor()
  await look('start-stale')
  await page.clock.setFixedTime(Date.now())
  await open()
  await page.locator('.banner').waitFor()
  const walk = { page, words, language, look: nobodyLooks }
  await toFirstQuestion(walk)
  await throughQuestions(walk)
  await throughReaders(walk)
  await page.route('**/v1/report', route => route.abort('connectionreset'))
  await press(page, words.check.send)
  await page.getByText(words.send.stay).waitFor()
  await look('sending')
  await page.getByText(words.send.maybe.title).waitFor()
  await page.getByText(words.send.maybe.code).click()
  await look('sending-maybe')
  await page.unroute('**/v1/report')
  await press(page, words.send.retry)
  await page.locator('.code-sheet').waitFor()
  await page.emulateMedia({ media: 'print' })
  if (PICTURES) await page.screenshot({ path: join(FOLDER, `code-printed.${name}.png`), fullPage: true })
  // No room for the address and the day, which browsers print into the margin.
  const margins = await page.evaluate(() =>
    [...document.styleSheets]
      .flatMap(({ cssRules }) => [...cssRules])
      .flatMap(rule => (rule instanceof CSSPageRule ? [rule.style.getPropertyValue('margin')] : [])),
  )
  expect(margins).toEqual(['0px'])
  await page.emulateMedia({ media: null })
  const code = await keepCode(walk)
  await forgeAnswers(code)
  await press(page, words.done.startAgain)
  await comeBack(walk, code)
  await page.getByText(words.mine.forgedReply).waitFor()
  // What was forged is not shown as an agency's, and not before somebody asks.
  expect(await page.getByText('Do not believe it.').isVisible()).toBe(false)
  expect(await page.locator('.reply h3').count()).toBe(1)
  await look('mine-forged')
  expect(found).toEqual([])
})

test.each(SEEN)('files, %s', async (name, language, options) => {
  const { page } = await visit(chromium, `${world.reporterUrl}/`, options)
  const { look, found } = looking(page, name)
  const walk = await openForm(page, language)
  const { words } = walk
  await toEvidence(walk, language === 'ko' ? '자료가 있습니다.' : 'There is something to show.')
  const photo = fileOf('2026-03-14 15.27 주차장.jpg', 1_900_000, 'image/jpeg')
  const plan = fileOf('이차전지_전극_공정조건표_최종_수정본_김민수_v12(외부반출금지).xlsx', 300_000)
  await choose(walk, [photo, plan], [photo])
  if (options.screen === 'phone') {
    await page.locator('#camera-field').setInputFiles({ ...fileOf('image.jpg', 100_000, 'image/jpeg') })
  }
  await look('files')
  await toCheck(walk)
  await look('files-check')
  let release = () => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  let isCut = false
  await page.route('**/v1/uploads/*', async route => {
    if (Number(route.request().headers()['upload-offset'] ?? 0) > 0) await held
    return isCut ? route.abort('connectionreset') : route.continue()
  })
  await press(page, words.check.send)
  await page.getByText(words.upload.sent('1 MB', '2 MB')).waitFor()
  await look('files-sending')
  await press(page, words.upload.pause)
  await look('files-paused')
  await press(page, words.upload.goOn)
  isCut = true
  release()
  await page.getByText(words.upload.lost).first().waitFor()
  await look('files-lost')
  isCut = false
  const code = await keepCode({ ...walk, look: nobodyLooks })
  await page.getByText(words.keptFiles.title).click()
  await look('files-done')
  const opened = await answerAt(world, 'sme-office', code, [])
  const text = language === 'ko' ? '작성 양식을 보냅니다.' : 'Here is a form to fill in.'
  await replyWithFiles(world, 'sme-office', opened, text, [
    fileOf('form.pdf', 70_000),
    fileOf('가'.repeat(70), 1),
  ])
  await press(page, words.done.startAgain)
  await comeBack({ ...walk, look: nobodyLooks }, code)
  await page.getByText(words.replyFiles.heading).waitFor()
  await page.getByText(words.mine.writeFiles).click()
  await choose(walk, [plan], [])
  await look('files-mine')
  await rowOf(walk, plan.name).getByRole('button').click()
  expect(found).toEqual([])
})

test('the file from disk asks for an address', async () => {
  const file = pathToFileURL(join(import.meta.dirname, '../../dist/web/report/bongsu-report.html')).href
  const { page } = await visit(chromium, file, { screen: 'phone', service: world.reporterUrl })
  const { look, found } = looking(page, 'ko.phone.light')
  const { address, start } = wordsIn('ko')
  await heading(page).waitFor()
  await page.locator('#address').fill('https://report.example.kr/path')
  await press(page, address.go)
  await look('address')
  await page.locator('#address').fill(world.reporterUrl)
  await press(page, address.go)
  await page.locator('.banner').waitFor()
  await page.getByRole('button', { name: new RegExp(`^${start.report}`) }).waitFor()
  expect(found).toEqual([])
})

test.each(PICTURES ? [...DRESSES, ...REST] : SEEN)('every page, %s', async (name, language, options) => {
  if (PICTURES) await mkdir(FOLDER, { recursive: true })
  const { page } = await visit(chromium, `${world.reporterUrl}/`, options)
  const { look, found } = looking(page, name)
  const walk = await openForm(page, language, look)
  const code = await report(walk)
  await press(page, walk.words.done.startAgain)
  await walkMistakes(walk, code)
  await walkMine(walk, code)
  expect(found).toEqual([])
})
