// Files of a case in Chromium: strangers' files are pictures and text here, saved as they came, and refused where they
// are not the ones that were listed.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { englishFiles } from '../../src/web/console/words/en-files.ts'
import { caseOf, deviceIn, type SentReport } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { type Visit, visit } from './support/browser.ts'
import { atDesk, openCase, pressed } from './support/desk.ts'
import { type Evidence, hostileFiles, jpegFrom, KEPT, reportWith, sha256Of } from './support/evidence.ts'

const words = englishFiles
/** A bound against hangs, not a measurement. */
const PATIENCE = { timeout: 30_000 }

let world: World
let chromium: Chromium
let evidence: readonly Evidence[]
let sent: SentReport
let caseId: string
beforeAll(async () => {
  world = await createWorld({ workBits: 2 })
  chromium = await launchChromium()
  const page = await chromium.browser.newPage()
  evidence = hostileFiles(await jpegFrom(page))
  await page.close()
  sent = await reportWith(world, ['nis'], evidence, [KEPT])
  caseId = await caseOf(await deviceIn(world, 'nis'), sent)
})
afterAll(async () => {
  await chromium.close()
  await world.stop()
})

/** In the opened case. */
async function atCase(id = caseId): Promise<Visit> {
  const visiting = await visit(chromium, `${world.agencyUrl}/#lang=en`)
  await openCase(atDesk(visiting.page, 'en'), world.deviceKeyFile('nis'), id)
  return visiting
}

const fileAt = (page: Page, number: number) => page.locator('.files > ol > li').nth(number - 1)
const numberOf = (name: string) => evidence.findIndex(file => file.name.includes(name)) + 1

async function heedWarning(page: Page): Promise<void> {
  await page.getByText(words.warning.title).waitFor()
  await pressed(page, words.warning.goOn).click()
}

async function look(page: Page, number: number) {
  await pressed(page, words.lookAt(number)).click()
  if (await page.getByText(words.warning.title).isVisible()) await heedWarning(page)
  const preview = fileAt(page, number).locator('.preview')
  await preview.waitFor()
  return preview
}

/** The colour in the middle, or whether anything was drawn. */
const middleOf = (page: Page, number: number, at = 0) =>
  fileAt(page, number)
    .locator('.preview canvas')
    .nth(at)
    .evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas
      const [r, g, b] = canvas.getContext('2d')?.getImageData(width / 2, height / 2, 1, 1).data ?? []
      return [r, g, b]
    })

/** Told of every element that comes into the page from now on and could fetch, run or be another document. */
async function watchElements(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const seen: string[] = []
    Reflect.set(globalThis, 'seenElements', seen)
    const acting = 'script,img,image,iframe,object,embed,video,audio,link,style,form,base,meta,a[href]'
    new MutationObserver(changes => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) {
          if (!(node instanceof Element)) continue
          for (const found of [node, ...node.querySelectorAll('*')]) {
            if (found.matches(acting)) seen.push(`${found.localName} ${found.getAttribute('src') ?? ''}`)
          }
        }
      }
    }).observe(document, { childList: true, subtree: true })
  })
  return () => page.evaluate(() => Reflect.get(globalThis, 'seenElements'))
}

test('files are listed with what their sender says of them, and what is odd in a name is told', async () => {
  const { page } = await atCase()
  expect(await page.locator('.files > ol > li').count()).toBe(evidence.length + 1)
  for (const [i, { bytes, name }] of [...evidence, KEPT].entries()) {
    const item = fileAt(page, i + 1)
    expect(await item.locator('.fingerprint').textContent()).toBe(sha256Of(bytes))
    if (!name.includes('\u202e')) expect(await item.locator('.written').textContent()).toBe(name)
  }
  const turned = fileAt(page, numberOf('photo'))
  expect(await turned.locator('.written').textContent()).toBe('photo‹U+202E›gpj.exe')
  await turned.getByText('Turns the reading direction').waitFor()
  await fileAt(page, numberOf('Sаmsun')).getByText('Look-alike letters').waitFor()
  expect(await fileAt(page, numberOf('archive')).locator('.file-facts dd').first().textContent()).toBe(
    '<b>zip</b>',
  )
  const kept = fileAt(page, evidence.length + 1)
  await kept.getByText(words.kept).waitFor()
  expect(await kept.getByRole('button').count()).toBe(0)
})

test('previews are pictures and text; nothing of a file runs, asks or becomes a part of the page', async () => {
  const { page, network } = await atCase()
  const dialogs: string[] = []
  page.on('dialog', dialog => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  const elements = await watchElements(page)

  await look(page, numberOf('.png'))
  await expect.poll(() => middleOf(page, numberOf('.png')), PATIENCE).toEqual([255, 0, 0])
  await look(page, numberOf('photo'))
  await expect.poll(() => middleOf(page, numberOf('photo')), PATIENCE).toEqual([0, 0, 254])

  const text = await look(page, numberOf('메모'))
  const shown = (await text.locator('.written').textContent()) ?? ''
  expect(shown).toContain(
    '도면‹U+202E›gnp.exe 그리고 Sаmsun\n<script>alert(1)</script><img src=http://evil.example',
  )
  expect(shown).toContain('javascript:alert(1)‹U+0007›‹U+200B›')
  await text.getByText('Very long line').waitFor()
  expect(await (await look(page, numberOf('plan.svg'))).locator('.written').textContent()).toContain(
    '<svg xmlns=',
  )
  expect(await (await look(page, numberOf('.html'))).locator('.written').textContent()).toContain(
    '<!doctype html>',
  )
  const old = await look(page, numberOf('옛글'))
  expect(await old.locator('.written').textContent()).toBe('가나다')
  await old.getByText(words.preview.text['euc-kr']).waitFor()

  await (await look(page, numberOf('archive'))).getByText(words.preview.unknown).waitFor()
  await (await look(page, numberOf('bomb'))).getByText(words.preview.tooManyPixels).waitFor()
  await (await look(page, numberOf('not-a-picture'))).getByText(words.preview.notDecoded).waitFor()

  const pdf = await look(page, numberOf('contract'))
  await pdf.getByText(words.preview.pdfShown(20, 22)).waitFor()
  expect(await pdf.locator('canvas').count()).toBe(20)
  const marks = await pdf
    .locator('canvas')
    .last()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
        data: [],
      }
      let [red, dark] = [0, 0]
      for (let i = 0; i < data.length; i += 4) {
        const [r = 0, g = 0] = [data[i], data[i + 1]]
        if (r > 200 && g < 50) red++
        if (r < 50) dark++
      }
      return { red, dark }
    })
  // The rectangle, and letters of two fonts that the file does not bring.
  expect(marks.red).toBeGreaterThan(50_000)
  expect(marks.dark).toBeGreaterThan(500)

  expect(dialogs).toEqual([])
  const came = (await elements()).map(what => what.replace(/-[\w-]{8}\.js$/, ''))
  expect(came).toEqual([`script ${world.agencyUrl}/assets/pdf`])
  expect(await page.evaluate(() => document.querySelectorAll('img,iframe,object,embed').length)).toBe(0)
  const asked = (await network()).map(({ url }) => url)
  // The worker's code, out of the page's own memory.
  expect(asked.filter(url => url.startsWith('blob:'))).toHaveLength(1)
  for (const url of asked.filter(url => !url.startsWith('blob:')))
    expect(url).toMatch(new RegExp(`^${world.agencyUrl}/(v1/|assets/|$|#)`))
  expect(page.url()).toBe(`${world.agencyUrl}/#lang=en`)
})

/** Stands for the dialog, which nobody can click here; what it gives is a real file of the browser's own. */
const givePicker = (page: Page) =>
  page.evaluate(() => {
    globalThis.showSaveFilePicker = async ({ suggestedName }) => {
      const folder = await navigator.storage.getDirectory()
      return folder.getFileHandle(suggestedName, { create: true })
    }
  })

const savedFiles = (page: Page) =>
  page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory()
    const found: Record<string, string> = {}
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind !== 'file') continue
      const bytes = await (handle as FileSystemFileHandle).getFile().then(file => file.arrayBuffer())
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
      found[name] = [...hash].map(byte => byte.toString(16).padStart(2, '0')).join('')
    }
    return found
  })

describe('saving', () => {
  test('to a chosen place, byte for byte, under a name that is safe', async () => {
    const { page } = await atCase()
    await givePicker(page)
    const wanted: Record<string, string> = {}
    for (const [part, safe] of [
      ['archive', '_.._archive.zip'],
      ['photo', 'photo_gpj.exe'],
    ] as const) {
      const number = numberOf(part)
      await pressed(page, words.saveOf(number)).click()
      if (part === 'archive') await heedWarning(page)
      await page.getByText(words.saved(number)).waitFor()
      wanted[safe] = sha256Of(evidence[number - 1]?.bytes ?? Buffer.alloc(0))
    }
    expect(await savedFiles(page)).toEqual(wanted)
  })

  test('as a download, where the browser has no such dialog', async () => {
    const { page } = await atCase()
    await page.evaluate(() => {
      globalThis.showSaveFilePicker = undefined
    })
    const number = numberOf('archive')
    await pressed(page, words.saveOf(number)).click()
    const [download] = await Promise.all([page.waitForEvent('download'), heedWarning(page)])
    expect(download.suggestedFilename()).toBe('_.._archive.zip')
    expect(
      (await readFile(await download.path())).equals(evidence[number - 1]?.bytes ?? Buffer.alloc(0)),
    ).toBe(true)
  })
})

test('a file that stayed with its owner is known again, and another is not', async () => {
  const { page } = await atCase()
  const kept = join(world.folder, 'brought.dwg')
  await writeFile(kept, KEPT.bytes)
  await page.locator('#compare-file').setInputFiles(kept)
  await page.getByText(words.compare.matches(1)).waitFor()
  await page
    .locator('.compare')
    .getByText(words.compare.match(0, evidence.length + 1))
    .waitFor()
  const other = join(world.folder, 'other.dwg')
  await writeFile(other, Buffer.concat([KEPT.bytes, Buffer.from(' ')]))
  await page.locator('#compare-file').setInputFiles(other)
  await page.getByText(words.compare.none).waitFor()
})

test('a file of which one byte was changed is refused, and nothing of it is kept', async () => {
  const bytes = Buffer.alloc(2_500_000, 'evidence ')
  const changed = await reportWith(world, ['nis'], [{ name: 'log.txt', type: 'text/plain', bytes }])
  const id = await caseOf(await deviceIn(world, 'nis'), changed)
  const tampered = await world.database.query(
    {
      name: 'tamper with a part',
      text: `update blob_pieces set bytes = set_byte(bytes, 700, get_byte(bytes, 700) # 1)
             from blob_parts p, blobs b, assignments a
             where a.case_id = $1 and b.report_id = a.report_id and p.blob_id = b.blob_id and p.index = 1
               and blob_pieces.part = p.part and n = 80`,
    },
    [Buffer.from(id, 'base64url')],
  )
  expect(tampered).toBeDefined()
  const { page } = await atCase(id)
  await givePicker(page)
  await pressed(page, words.lookAt(1)).click()
  await heedWarning(page)
  const refusal = page.locator('.file .notice.bad').getByText(words.troubles.unverified)
  await refusal.waitFor()
  expect(await page.locator('.preview').count()).toBe(0)
  await pressed(page, words.saveOf(1)).click()
  await refusal.waitFor({ state: 'detached' })
  await refusal.waitFor()
  expect(await savedFiles(page)).toEqual({})
})
