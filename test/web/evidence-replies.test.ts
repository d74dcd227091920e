// Files of replies: saved, in whatever way the browser can, and deleted.
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseReceiptCode, replyFiles, reporterOf, sendReply } from '../../src/client/index.ts'
import { blobKeyOf } from '../../src/protocol/crypto.ts'
import { safeName } from '../../src/web/page/safe-name.ts'
import { MOST_HELD } from '../../src/web/page/save-file.ts'
import { neutralise } from '../../src/web/page/untrusted-text.ts'
import { deviceIn, reporters, trustIn } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { answerAt } from './support/agency.ts'
import { visit } from './support/browser.ts'
import { fileOf, replyWithFiles, sha256, toCheck, toEvidence } from './support/files.ts'
import { comeBack, keepCode, openForm, press, type Walk } from './support/walk.ts'

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

const reporterWith = async (code: string) =>
  reporterOf(reporters(world), await trustIn(world), parseReceiptCode(code))

/** A report that an agency has answered with these files; on the page of the report. */
async function answered(page: Page, files: Parameters<typeof replyWithFiles>[4]) {
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toEvidence(walk, '회신을 기다립니다.')
  await toCheck(walk)
  await press(page, words.check.send)
  const code = await keepCode(walk)
  const opened = await answerAt(world, 'sme-office', code, [])
  const list = await replyWithFiles(world, 'sme-office', opened, '파일을 보냅니다.', files)
  await press(page, words.done.startAgain)
  await comeBack(walk, code)
  await page.getByText(words.replyFiles.heading).waitFor()
  return { walk, code, list }
}

const saveButton = (page: Page, { words }: Walk, name: string) =>
  page.getByRole('button', { name: words.replyFiles.saveOf(name) })

test('files of a reply are saved whole, under safe names, and deleted with it', async () => {
  const { page } = await visit(chromium, 'about:blank', { service: world.reporterUrl })
  // As Firefox and phones are.
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'))
  await page.goto(address())
  const [form, other] = [fileOf('작성 양식.hwp', 5_000_000), fileOf('../..\u202e/run.exe', 10)]
  const { walk, code, list } = await answered(page, [form, other])
  const { words } = walk
  const saved = async (name: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      saveButton(page, walk, neutralise(name)).click(),
    ])
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
  }
  const first = await saved(form.name)
  expect([first.name, first.bytes.equals(form.buffer)]).toEqual([form.name, true])
  const second = await saved(other.name)
  expect([second.name, second.bytes.equals(other.buffer)]).toEqual([safeName(other.name), true])
  await page.getByText(words.replyFiles.saved(form.name)).waitFor()

  const reporter = await reporterWith(code)
  const read = replyFiles(reporter, list.blobKey)
  await read(0, 10)
  await press(page, words.mine.delete)
  await press(page, words.mine.deleteYes)
  await page.getByText(words.mine.noReplies).waitFor()
  await expect(read(0, 10)).rejects.toThrow('not-found')
})

test('where the browser can, a file of a reply is written to the disk as it comes', async () => {
  const { page } = await visit(chromium, 'about:blank', { service: world.reporterUrl })
  // No dialog can be clicked here: it is a place of the browser's own that is chosen.
  await page.addInitScript(() => {
    globalThis.showSaveFilePicker = async ({ suggestedName }) => {
      const folder = await navigator.storage.getDirectory()
      return folder.getFileHandle(suggestedName, { create: true })
    }
  })
  await page.goto(address())
  const form = fileOf('양식.pdf', 5_000_000)
  const { walk } = await answered(page, [form])
  await saveButton(page, walk, form.name).click()
  await page.getByText(walk.words.replyFiles.saved(form.name)).waitFor()
  const hash = await page.evaluate(async name => {
    const folder = await navigator.storage.getDirectory()
    const file = await (await folder.getFileHandle(name)).getFile()
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))]
  }, form.name)
  expect(Uint8Array.from(hash)).toEqual(sha256(form.buffer))
})

test('what is not the file that the agency sealed is not saved', async () => {
  const { page } = await visit(chromium, 'about:blank', { service: world.reporterUrl })
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'))
  await page.goto(address())
  const { walk } = await answered(page, [fileOf('양식.pdf', 200_000)])
  let downloads = 0
  page.on('download', () => downloads++)
  await page.route('**/v1/reply-files', async route => {
    const response = await route.fetch()
    const body = await response.body()
    body[body.length - 1] = (body.at(-1) ?? 0) ^ 1
    await route.fulfill({ response, body })
  })
  await saveButton(page, walk, '양식.pdf').click()
  await page.getByText(walk.words.replyFiles.wrong).waitFor()
  expect(downloads).toBe(0)
  // Another range of the file may still be on its way.
  await page.unrouteAll({ behavior: 'wait' })
})

test('a file that is larger than this browser can save: said, and not begun', async () => {
  const { page } = await visit(chromium, 'about:blank', { service: world.reporterUrl })
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'))
  await page.goto(address())
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toEvidence(walk, '큰 파일을 기다립니다.')
  await toCheck(walk)
  await press(page, words.check.send)
  const code = await keepCode(walk)
  const opened = await answerAt(world, 'sme-office', code, [])
  // Only the list says so: nothing that large has to be sent to see it.
  const device = await deviceIn(world, 'sme-office')
  const large = {
    name: 'disk.img',
    type: '',
    size: MOST_HELD + 1,
    sha256: sha256(Buffer.alloc(0)),
    attached: true,
  }
  const files = { blobKey: blobKeyOf(randomBytes(32)), files: [large] }
  await sendReply(device, opened, { text: '큽니다.', number: 1, files }, { now: world.now() })
  await press(page, words.done.startAgain)
  await comeBack(walk, code)
  await page.getByText(words.replyFiles.tooLarge('256 MB')).waitFor()
  expect(await saveButton(page, walk, 'disk.img').isDisabled()).toBe(true)
})

test('a forged reply offers no files, and is deleted without a word to whoever forged it', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toEvidence(walk, '위조된 회신이 옵니다.')
  await toCheck(walk)
  await press(page, words.check.send)
  const code = await keepCode(walk)
  const opened = await answerAt(world, 'sme-office', code, [])
  const device = await deviceIn(world, 'sme-office')
  const { certificate } = (await deviceIn(world, 'sme-office', 'investigator')).certified
  const borrowed = { ...device, certified: { ...device.certified, certificate } }
  const file = { name: 'trap.pdf', type: '', size: 10, sha256: sha256(Buffer.alloc(10)), attached: true }
  const files = { blobKey: blobKeyOf(randomBytes(32)), files: [file] }
  await sendReply(borrowed, opened, { text: '열어 보세요.', number: 1, files }, { now: world.now() })
  const asked: string[] = []
  page.on('request', request => {
    if (request.url().endsWith('/v1/reply-files')) asked.push(request.method())
  })
  await press(page, words.done.startAgain)
  await comeBack(walk, code)
  await page.getByText(words.mine.forgedReply).waitFor()
  await page.getByText(words.mine.showForged).click()
  expect(await page.content()).not.toContain('trap.pdf')
  await press(page, words.mine.delete)
  await press(page, words.mine.deleteYes)
  await page.getByText(words.mine.noReplies).waitFor()
  expect(asked).toEqual([])
})
