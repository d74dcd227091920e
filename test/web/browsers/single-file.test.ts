// The form as a single file, from the disk, in Firefox and WebKit.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, test as anyTest, beforeAll, expect } from 'vitest'
import { createWorld, type World } from '../../support/world.ts'
import { openAt } from '../support/agency.ts'
import { choose, fileOf, filesAt, replyWithFiles, toCheck, toEvidence } from '../support/files.ts'
import { comeBack, keepCode, openForm, press, STORY } from '../support/walk.ts'
import { BROWSERS, whyNot } from './support/tab.ts'
import { visit } from './support/visit.ts'

const test = anyTest.skipIf(whyNot !== null)
const FILE = join(import.meta.dirname, '../../../dist/web/report/bongsu-report.html')

let world: World
beforeAll(async () => {
  if (!whyNot) world = await createWorld({ workBits: 4 })
})
afterAll(() => world?.stop())

test.each(BROWSERS)(
  'its address typed: a report with a file, a reply with one, in %s',
  { timeout: 300_000 },
  async browser => {
    const { page, saved } = await visit(browser, pathToFileURL(FILE).href)
    await page.locator('#address').fill(world.reporterUrl)
    await page.keyboard.press('Enter')
    const walk = await openForm(page, 'ko')
    const { words } = walk
    const photo = fileOf('현장.jpg', 1_500_000, 'image/jpeg')
    await toEvidence(walk, STORY.ko.what)
    await choose(walk, [photo])
    await toCheck(walk)
    await press(page, words.check.send)
    const code = await keepCode(walk)
    const opened = await openAt(world, 'sme-office', code)
    const [file] = await filesAt(world, 'sme-office', opened)
    expect(file?.bytes?.equals(photo.buffer)).toBe(true)
    const form = fileOf('양식.hwp', 1_500_000)
    await replyWithFiles(world, 'sme-office', opened, '파일로도 잘 받았습니다.', [form])
    await press(page, words.done.startAgain)
    await comeBack(walk, code)
    await page.getByText('파일로도 잘 받았습니다.').waitFor()
    await page.getByRole('button', { name: words.replyFiles.saveOf(form.name) }).click()
    const { name, bytes } = await saved(form.buffer.length)
    expect([name, bytes.equals(form.buffer)]).toEqual([form.name, true])
  },
)
