// Replies with files in Chromium: sealed and sent in parts, paused, taken back, forgotten with the case.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readReplies, readStatus, replyFiles } from '../../src/client/index.ts'
import { englishFiles } from '../../src/web/console/words/en-files.ts'
import { caseOf, deviceIn, type SentReport } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { readAll } from '../support/files.ts'
import { createWorld, type World } from '../support/world.ts'
import { visit } from './support/browser.ts'
import { type AtDesk, acknowledgeCase, atDesk, openCase, pressed, tab } from './support/desk.ts'
import { reportWith } from './support/evidence.ts'

const words = englishFiles

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

interface Talking {
  readonly page: Page
  readonly desk: AtDesk
  readonly sent: SentReport
}

/** In the acknowledged case of a report with one small file. */
async function atTalk(): Promise<Talking> {
  const sent = await reportWith(world, ['nis'], [{ name: 'a.txt', type: '', bytes: Buffer.from('text') }])
  const id = await caseOf(await deviceIn(world, 'nis'), sent)
  const { page } = await visit(chromium, `${world.agencyUrl}/#lang=en`)
  const desk = atDesk(page, 'en')
  await openCase(desk, world.deviceKeyFile('nis'), id)
  await acknowledgeCase(desk)
  await tab(desk, 'talk').click()
  return { page, desk, sent }
}

const repliesTo = async ({ reporter }: SentReport) =>
  (await readReplies(reporter, await readStatus(reporter))).replies

test('a reply takes files along: paused, gone on with, and read by the reporter', async () => {
  const { page, desk, sent } = await atTalk()
  const bytes = Buffer.alloc(3_000_000, '답장 ')
  const file = join(world.folder, '안내.txt')
  await writeFile(file, bytes)
  await page.locator('#reply-files').setInputFiles([file, world.deviceKeyFile('nis')])
  await pressed(page, /^Take out: .*json$/).click()
  await page.locator('#reply').fill('안내문을 함께 보냅니다.')

  // The parts wait until the test lets them go.
  const held = Promise.withResolvers<void>()
  await page.route('**/v1/uploads/*', async route => {
    await held.promise
    await route.continue()
  })
  await pressed(page, desk.words.case.talk.send).click()
  await pressed(page, words.reply.pause).click()
  await page.getByText(words.reply.paused, { exact: true }).waitFor()
  held.resolve()
  await pressed(page, words.reply.goOn).click()
  await page.getByText(desk.words.case.talk.state.sent).waitFor()

  const replies = await repliesTo(sent)
  expect(replies.map(({ text }) => text)).toEqual(['안내문을 함께 보냅니다.'])
  const files = replies[0]?.files
  expect(files?.files.map(({ name }) => name)).toEqual(['안내.txt'])
  if (!files) throw new Error('no files came')
  const [came] = await readAll(replyFiles(sent.reporter, files.blobKey), files)
  expect(came?.equals(bytes)).toBe(true)
})

test('a reply that is taken back is a draft again, and leaving the case forgets its files', async () => {
  const { page, desk, sent } = await atTalk()
  await tab(desk, 'report').click()
  await pressed(page, words.lookAt(1)).click()
  await pressed(page, words.warning.goOn).click()
  await page.locator('.preview').waitFor()
  await tab(desk, 'talk').click()
  await page.locator('#reply-files').setInputFiles(world.deviceKeyFile('nis'))
  await page.locator('#reply').fill('With a file.')
  await page.route('**/v1/uploads/*', async route => {
    if (route.request().method() === 'PATCH') return
    await route.continue()
  })
  await pressed(page, desk.words.case.talk.send).click()
  await page.getByText(words.reply.uploading).waitFor()
  await pressed(page, words.reply.takeBack).click()
  expect(await page.locator('#reply').inputValue()).toBe('With a file.')
  expect(await page.locator('.reply-files .attached li').count()).toBe(1)

  await pressed(page, desk.words.case.talk.send).click()
  await page.getByText(words.reply.uploading).waitFor()
  await pressed(page, desk.words.frame.devices).click()
  await pressed(page, desk.words.frame.cases).click()
  await tab(desk, 'talk').click()
  expect(await page.locator('#reply').inputValue()).toBe('With a file.')
  expect(await page.locator('.attached').count()).toBe(0)
  await tab(desk, 'report').click()
  expect(await page.locator('.preview').count()).toBe(0)
  expect(await repliesTo(sent)).toEqual([])
})
