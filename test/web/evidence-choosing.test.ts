// Choosing files: by button, by dropping, with the camera, by keyboard; how much; and nothing read before it is sent.
import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { turnPage, visit } from './support/browser.ts'
import { choose, fileOf, folderOfThisTest, readyToSend, rowOf, toEvidence } from './support/files.ts'
import { openForm, press } from './support/walk.ts'

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

const MIB = 1024 * 1024
const HARMLESS = 'https://www.weather.go.kr/'
const address = () => `${world.reporterUrl}/`

/** Counts every way into a file that a page has. */
function watchReading(): void {
  Reflect.set(globalThis, 'filesRead', 0)
  const ways: [object, string][] = [
    ...['stream', 'arrayBuffer', 'text', 'slice', 'bytes'].map((name): [object, string] => [
      Blob.prototype,
      name,
    ]),
    ...['readAsArrayBuffer', 'readAsText', 'readAsDataURL'].map((name): [object, string] => [
      FileReader.prototype,
      name,
    ]),
    [URL, 'createObjectURL'],
  ]
  for (const [owner, name] of ways) {
    const original: unknown = Reflect.get(owner, name)
    if (typeof original !== 'function') continue
    Reflect.set(owner, name, function (this: unknown, ...args: unknown[]) {
      Reflect.set(globalThis, 'filesRead', Number(Reflect.get(globalThis, 'filesRead')) + 1)
      return Reflect.apply(original, this, args)
    })
  }
}

test('too much for a message: told before anything is read; kept, it may be of any size', async () => {
  const { page } = await visit(chromium, 'about:blank', { service: world.reporterUrl })
  await page.addInitScript(watchReading)
  await page.goto(address())
  // Longer than all that a message can have, and next to nothing on the disk.
  const file = join(await folderOfThisTest(), 'disk image.bin')
  await writeFile(file, '')
  await truncate(file, 2048 * MIB + 1)
  const walk = await openForm(page, 'en')
  const { words } = walk
  await toEvidence(walk, 'A whole disk.')
  await page.locator('#files-field').setInputFiles(file)
  const row = rowOf(walk, 'disk image.bin')
  await row.getByText('2 GB').waitFor()
  await row.getByText(words.files.send).click()
  await page.getByText(words.files.tooLarge('2 GB')).waitFor()
  await press(page, words.next)
  expect(await page.locator('#files').evaluate(element => element === document.activeElement)).toBe(true)
  await row.getByText(words.files.keep).click()
  await page.getByText(words.files.unseen).waitFor()
  await press(page, words.next)
  await page.getByRole('heading', { name: words.questions.told.title }).waitFor()
  expect(await page.evaluate(() => Reflect.get(globalThis, 'filesRead'))).toBe(0)
})

test.each([
  [100 * MIB, '96 MB'],
  [0, null],
] as const)('a service that takes %i bytes', async (limit, shown) => {
  const { page } = await visit(chromium, 'about:blank', { service: world.reporterUrl })
  await page.route('**/v1/uploads', async route => {
    if (route.request().method() !== 'OPTIONS') return route.continue()
    const response = await route.fetch()
    await route.fulfill({ response, headers: { ...response.headers(), 'tus-max-size': String(limit) } })
  })
  await page.goto(address())
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toEvidence(walk, '한도가 있습니다.')
  await page.getByText(shown === null ? words.files.noFiles : words.files.limit(shown)).waitFor()
  await choose(walk, [fileOf('small.bin', 10)])
  expect(await page.getByText(words.files.cannotSend).count()).toBe(shown === null ? 1 : 0)
})

/** Drops files by their names on what the selector finds; says whether the browser would open them. */
const drop = (page: Page, selector: string, names: readonly string[]) =>
  page.locator(selector).evaluate((element, names) => {
    const dataTransfer = new DataTransfer()
    for (const name of names) dataTransfer.items.add(new File(['x'], name))
    const about = { bubbles: true, cancelable: true, dataTransfer }
    return element.dispatchEvent(new DragEvent('drop', about))
  }, names)

test('files can be dropped on the field; beside it the browser does not open them', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'ko')
  expect(await drop(page, 'main', ['plan.pdf'])).toBe(false)
  await toEvidence(walk, '끌어다 놓습니다.')
  expect(await drop(page, '.picking', ['하나.txt', '둘.txt'])).toBe(false)
  await page.getByText(walk.words.files.added(2)).waitFor()
  expect(await drop(page, 'h1', ['셋.txt'])).toBe(false)
  expect(await page.locator('li.file bdi').allTextContents()).toEqual(['하나.txt', '둘.txt'])
  // The list shows what a name hides.
  await drop(page, '.picking', ['photo\u202egpj.exe'])
  await rowOf(walk, 'photo‹U+202E›gpj.exe').waitFor()
})

test('by keyboard alone: chosen, told apart, sent or kept, removed', async () => {
  const { page } = await visit(chromium, address())
  // Asked for before anything else: the browser shows a dialog of its own until it has heard of it.
  const asked = page.waitForEvent('filechooser')
  const walk = await openForm(page, 'en')
  const { words } = walk
  await toEvidence(walk, 'Typed.')
  await page.locator('textarea#evidence').focus()
  const active = () => page.evaluate(() => document.activeElement?.textContent?.trim())
  const tabTo = async (name: string) => {
    for (let i = 0; i < 20 && (await active()) !== name; i++) await page.keyboard.press('Tab')
    expect(await active()).toBe(name)
  }
  await tabTo(words.files.choose)
  await page.keyboard.press('Enter')
  const chooser = await asked
  expect(chooser.isMultiple()).toBe(true)
  await chooser.setFiles([fileOf('one.txt', 10), fileOf('two.txt', 20)])
  await page.getByText(words.files.totals(0, '0 B', 2)).waitFor()
  await page.keyboard.press('Tab')
  const choice = page.getByRole('group', { name: `one.txt: ${words.files.fate}` })
  expect(await choice.getByRole('radio', { name: words.files.keep }).evaluate(isFocused)).toBe(true)
  await page.keyboard.press('ArrowDown')
  await page.getByText(words.files.totals(1, '10 B', 1)).waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText(words.files.removed('one.txt')).waitFor()
  // The focus has a place, though the button that had it is gone.
  expect(await page.locator('#files').evaluate(isFocused)).toBe(true)
  expect(await page.locator('li.file').count()).toBe(1)
})

const isFocused = (element: Element) => element === document.activeElement

test('a photo taken here is sent or removed: it may be nowhere else', async () => {
  const { page } = await visit(chromium, address(), { screen: 'phone' })
  const asked = page.waitForEvent('filechooser')
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toEvidence(walk, '찍습니다.')
  await press(page, words.files.camera)
  const chooser = await asked
  expect(await chooser.element().getAttribute('capture')).toBe('environment')
  await chooser.setFiles(fileOf('image.jpg', 2000, 'image/jpeg'))
  await rowOf(walk, 'image.jpg').getByText(words.files.fresh).waitFor()
  expect(await rowOf(walk, 'image.jpg').getByRole('radio').count()).toBe(0)
  // Each is another one, whatever the phone calls it.
  await page.locator('#camera-field').setInputFiles(fileOf('image.jpg', 2000, 'image/jpeg'))
  expect(await rowOf(walk, 'image.jpg').count()).toBe(2)
})

test('nothing of a choice is left when the page is left, by whatever way', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'ko')
  await toEvidence(walk, '떠납니다.')
  await choose(walk, [fileOf('남으면 안 되는 이름.txt', 10)])
  expect(await page.locator('#files-field').inputValue()).toBe('')
  await turnPage(page, 'pagehide')
  expect(await page.locator('#app').innerHTML()).toBe('')
  await turnPage(page, 'pageshow')
  await toEvidence(await openForm(page, 'ko'), '돌아옵니다.')
  expect(await page.locator('li.file').count()).toBe(0)
  expect(await page.content()).not.toContain('남으면 안 되는')
})

test('leaving during an upload: nothing more of it is sent', async () => {
  const { page } = await visit(chromium, address(), { expectBreaches: true })
  const walk = await readyToSend(page, '급히 나갑니다.', [fileOf('log.bin', 3 * MIB)])
  const sent: string[] = []
  await page.context().route(`${HARMLESS}**`, async route => {
    sent.push('left')
    await route.fulfill({ contentType: 'text/html', body: '<title>날씨</title>' })
  })
  await page.route('**/v1/uploads/*', async route => {
    if (route.request().method() !== 'PATCH') return route.continue()
    sent.push('part')
    // The first is under way when the page is left.
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await route.continue().catch(() => undefined)
  })
  await press(page, walk.words.check.send)
  await page.waitForURL(HARMLESS)
  expect(sent).toEqual(['part', 'left'])
})

test('a voice is told of quarters, and of what happens; not of each part', async () => {
  const { page } = await visit(chromium, address())
  const walk = await readyToSend(page, '들으며 기다립니다.', [fileOf('log.bin', 5 * MIB)])
  const { words } = walk
  await page.evaluate(() => {
    const said: string[] = []
    Reflect.set(globalThis, 'said', said)
    new MutationObserver(() => {
      const text = document.querySelector('.upload [role=status]')?.textContent ?? ''
      if (text && said.at(-1) !== text) said.push(text)
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  await press(page, words.check.send)
  await page.locator('.code-sheet').waitFor()
  const said = await page.evaluate(() => Reflect.get(globalThis, 'said') as string[])
  const { prepare, send, spoken } = words.upload
  const all = [prepare, send, ...[25, 50, 75, 100].map(spoken)]
  // A quarter that passes between two looks is not missed by anybody.
  expect(all.filter(text => said.includes(text))).toEqual(said)
  expect(said.length).toBeGreaterThan(2)
})
