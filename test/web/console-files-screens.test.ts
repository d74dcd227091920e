// Everything that the console shows of files, in both languages, on a desktop and on a phone, by day and by night: axe
// finds nothing, nothing scrolls sideways, and the keyboard alone is enough.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { wordsIn } from '../../src/web/console/words/index.ts'
import { caseOf, deviceIn } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { visit } from './support/browser.ts'
import {
  type AtDesk,
  acknowledgeCase,
  atDesk,
  chooseLanguage,
  openCase,
  pressed,
  tab,
} from './support/desk.ts'
import { hostileFiles, hostilePdf, jpegFrom, KEPT, pngOf, reportWith } from './support/evidence.ts'
import { DRESSES, looking } from './support/looking.ts'

/** A bound against hangs, not a measurement. */
const PATIENCE = { timeout: 30_000 }

let world: World
let chromium: Chromium
let files: ReturnType<typeof hostileFiles>
beforeAll(async () => {
  world = await createWorld({ workBits: 2 })
  chromium = await launchChromium()
  const page = await chromium.browser.newPage()
  files = [
    { name: '전극 공정 사진.png', type: 'image/png', bytes: pngOf(800, 300, [23, 80, 94]) },
    { name: '계약서 사본.pdf', type: 'application/pdf', bytes: hostilePdf(2) },
    ...hostileFiles(await jpegFrom(page)).filter(({ name }) => /photo|txt|zip/.test(name)),
  ]
  await page.close()
})
afterAll(async () => {
  await chromium.close()
  await world.stop()
})

async function newCase(): Promise<string> {
  const sent = await reportWith(world, ['nis'], files, [KEPT])
  const id = await caseOf(await deviceIn(world, 'nis'), sent)
  return id
}

async function previews({ page, words, look }: AtDesk): Promise<void> {
  const said = words.files
  await page.locator('.files').scrollIntoViewIfNeeded()
  await look('files')
  await pressed(page, said.lookAt(1)).click()
  await page.getByText(said.warning.title).waitFor()
  await look('files-warning')
  await pressed(page, said.warning.goOn).click()
  await page.locator('.preview canvas').waitFor()
  await look('files-picture')
  await pressed(page, said.closeOf(1)).click()
  await pressed(page, said.lookAt(2)).click()
  await page.getByText(said.preview.pdfShown(2, 2)).waitFor()
  await look('files-pdf')
  await pressed(page, said.closeOf(2)).click()
  await pressed(page, said.lookAt(4)).click()
  await page.locator('.preview .written').waitFor()
  await look('files-text')
  await pressed(page, said.closeOf(4)).click()
}

async function progress({ page, words, look }: AtDesk): Promise<void> {
  const said = words.files
  // No answer comes before it is cancelled.
  await page.route('**/files', () => undefined)
  await pressed(page, said.lookAt(1)).click()
  await pressed(page, said.cancelOf(1)).waitFor()
  await look('files-progress')
  await pressed(page, said.cancelOf(1)).click()
  await page.unroute('**/files')
  await pressed(page, said.lookAt(1)).waitFor()
  const kept = join(world.folder, 'brought.dwg')
  await writeFile(kept, KEPT.bytes)
  await page.locator('#compare-file').setInputFiles(kept)
  await page.getByText(said.compare.matches(1)).waitFor()
  await page.locator('.compare').scrollIntoViewIfNeeded()
  await look('files-compared')
}

async function refusal({ page, words, look }: AtDesk, id: string): Promise<void> {
  await world.database.query(
    {
      name: 'change the first byte of a first part',
      text: `update blob_pieces set bytes = set_byte(bytes, 30, get_byte(bytes, 30) # 1)
             from blob_parts p, blobs b, assignments a
             where a.case_id = $1 and b.report_id = a.report_id and p.blob_id = b.blob_id and p.index = 0
               and blob_pieces.part = p.part and n = 0`,
    },
    [Buffer.from(id, 'base64url')],
  )
  await pressed(page, words.files.lookAt(1)).click()
  await page.getByText(words.files.troubles.unverified).waitFor()
  await look('files-refused')
}

async function replying(desk: AtDesk): Promise<void> {
  const { page, words, look } = desk
  const said = words.files.reply
  await tab(desk, 'talk').click()
  await page.locator('#reply-files').setInputFiles([
    { name: '안내문.pdf', mimeType: 'application/pdf', buffer: hostilePdf(1) },
    { name: 'notice.txt', mimeType: 'text/plain', buffer: Buffer.alloc(2_000_000, 'a') },
  ])
  await page.locator('#reply').fill('안내문을 함께 보냅니다.')
  await page.locator('.attached').scrollIntoViewIfNeeded()
  await look('files-attached')
  await page.route('**/v1/uploads/*', () => undefined)
  await pressed(page, words.case.talk.send).click()
  await page.getByText(said.uploading).waitFor()
  await look('files-uploading')
  await pressed(page, said.pause).click()
  await page.getByText(said.paused, { exact: true }).first().waitFor()
  await look('files-paused')
  await pressed(page, said.takeBack).click()
}

test.each(DRESSES)(
  'everything about files, %s',
  async (name, language, options) => {
    const id = await newCase()
    const { page } = await visit(chromium, `${world.agencyUrl}/`, options)
    const { look, found } = looking(page, name)
    const at = atDesk(page, language, look)
    await chooseLanguage(at)
    await openCase(atDesk(page, language), world.deviceKeyFile('nis'), id)
    await acknowledgeCase(atDesk(page, language))
    await previews(at)
    await progress(at)
    await refusal(at, id)
    await replying(at)
    expect(found).toEqual([])
  },
  180_000,
)

test('by the keyboard alone: a warning is heeded, a preview is opened and closed, a reply takes a file out', async () => {
  const words = wordsIn('en')
  const id = await newCase()
  const { page } = await visit(chromium, `${world.agencyUrl}/#lang=en`)
  const desk = atDesk(page, 'en')
  await openCase(desk, world.deviceKeyFile('nis'), id)
  await acknowledgeCase(desk)
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press('Tab')
      const { label, text } = await page.evaluate(() => ({
        label: document.activeElement?.getAttribute('aria-label') ?? '',
        text: document.activeElement?.textContent ?? '',
      }))
      if (label === name || text === name) return
    }
    throw new Error(`the focus did not come to ${name}`)
  }
  await tab(desk, 'report').focus()
  await tabTo(words.files.lookAt(1))
  await page.keyboard.press('Enter')
  await tabTo(words.files.warning.goOn)
  await page.keyboard.press('Enter')
  await page.locator('.preview canvas').waitFor()
  await expect.poll(focused, PATIENCE).toBe(words.files.preview.of(1))
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Shift+Tab')
  await expect.poll(focused, PATIENCE).toBe(words.files.closeOf(1))
  await page.keyboard.press('Enter')
  await page.locator('.preview').waitFor({ state: 'detached' })
  await tab(desk, 'talk').click()
  await page.locator('#reply-files').setInputFiles({ name: 'a.txt', mimeType: '', buffer: Buffer.from('a') })
  await tab(desk, 'talk').focus()
  await tabTo(words.files.reply.remove('a.txt'))
  await page.keyboard.press('Enter')
  await page.locator('.attached').waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate(() => document.activeElement?.id), PATIENCE).toBe('reply-files')
})
