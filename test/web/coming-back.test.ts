// Coming back late, and the whole story with the file from disk.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays } from '../../src/protocol/day.ts'
import { speechIn } from '../../src/web/report/parts/speaking.tsx'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { answerAt, openAt } from './support/agency.ts'
import { visit } from './support/browser.ts'
import { answer, comeBack, openForm, press, report, STORY } from './support/walk.ts'

const FILE = join(import.meta.dirname, '../../dist/web/report/bongsu-report.html')

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

test('the file from disk, its address typed: report, reply, follow-up, withdrawal', async () => {
  const { page } = await visit(chromium, pathToFileURL(FILE).href, { service: world.reporterUrl })
  await page.locator('#address').fill(world.reporterUrl)
  await page.keyboard.press('Enter')
  const walk = await openForm(page, 'ko')
  const { words } = walk
  const code = await report(walk)
  expect((await openAt(world, 'police', code)).answers?.what).toBe(STORY.ko.what)
  await press(page, words.done.startAgain)
  await answerAt(world, 'police', code, ['파일로도 잘 받았습니다.'])
  await comeBack(walk, code)
  await page.getByText('파일로도 잘 받았습니다.').waitFor()
  await answer(page, 'more', STORY.ko.more)
  await press(page, words.mine.writeSend)
  await page.getByText(words.mine.followUps(1)).waitFor()
  await press(page, words.mine.withdrawBegin)
  await press(page, words.mine.withdrawYes)
  await page.getByText(words.mine.outcome['partly-withdrawn']).waitFor()
  expect((await openAt(world, 'police', code)).withdrawal).toBe('wished')
})

// The last one: it moves the service's clock.
test('an agency that did not open in time: said with the day, beside one that did', async () => {
  const first = await visit(chromium, `${world.reporterUrl}/`)
  const walk = await openForm(first.page, 'ko')
  const { mine } = walk.words
  const code = await report(walk)
  const { file } = await answerAt(world, 'police', code, [])
  world.advance(9 * 86_400_000)
  await world.renew()
  const { page } = await visit(chromium, 'about:blank', { service: world.reporterUrl })
  await page.clock.setFixedTime(world.now())
  await page.goto(`${world.reporterUrl}/`)
  await comeBack(await openForm(page, 'ko'), code)
  const due = speechIn('ko').day(addDays(file.day, 7))
  expect(await page.getByText(mine.overdue, { exact: true }).count()).toBe(2)
  expect(await page.getByText(mine.overdueText(due)).count()).toBe(2)
  expect(await page.getByText(mine.acknowledged, { exact: true }).count()).toBe(1)
})
