// PDFs in the console: in a worker that is alone, and ended when nobody looks any more.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ROOT } from '../../scripts/web/inputs.ts'
import { englishFiles } from '../../src/web/console/words/en-files.ts'
import { caseOf, deviceIn } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { type VisitOptions, visit } from './support/browser.ts'
import { atDesk, openCase, pressed } from './support/desk.ts'
import { hostilePdf, lockedPdf, reportWith } from './support/evidence.ts'

const words = englishFiles
/** A bound against hangs, not a measurement. */
const PATIENCE = { timeout: 30_000 }

const FILES = [
  { name: 'one.pdf', type: '', bytes: hostilePdf(1) },
  { name: 'locked.pdf', type: '', bytes: lockedPdf() },
  { name: 'broken.pdf', type: '', bytes: Buffer.from('%PDF-1.7\nand nothing of one behind it\n') },
  {
    name: 'endless.pdf',
    type: '',
    bytes: hostilePdf(20, '1 0 0 rg 0 0 m 500 800 l 0 800 l f\n'.repeat(200_000)),
  },
] as const
const [ONE, LOCKED, BROKEN, ENDLESS] = [1, 2, 3, 4]

let world: World
let chromium: Chromium
let caseId: string
beforeAll(async () => {
  world = await createWorld({ workBits: 2 })
  chromium = await launchChromium()
  caseId = await caseOf(await deviceIn(world, 'nis'), await reportWith(world, ['nis'], FILES))
})
afterAll(async () => {
  await chromium.close()
  await world.stop()
})

async function atCase(options: VisitOptions = {}) {
  const visiting = await visit(chromium, `${world.agencyUrl}/#lang=en`, options)
  await openCase(atDesk(visiting.page, 'en'), world.deviceKeyFile('nis'), caseId)
  return visiting
}

async function look(page: Page, number: number): Promise<void> {
  await pressed(page, words.lookAt(number)).click()
  const goOn = pressed(page, words.warning.goOn)
  if (await goOn.isVisible()) await goOn.click()
}

test('one that a password opens, and one that is none, are said to be', async () => {
  const { page } = await atCase()
  await look(page, LOCKED)
  await page.getByText(words.preview.pdf.locked).waitFor()
  await look(page, BROKEN)
  await page.getByText(words.preview.pdf.broken).waitFor()
  await look(page, ONE)
  await page.getByText(words.preview.pdfShown(1, 1)).waitFor()
  // Each was ended with its last page.
  await expect.poll(() => page.workers().length, PATIENCE).toBe(0)
})

test('one that takes for ever is ended by closing its preview, and the page goes on meanwhile', async () => {
  const { page } = await atCase()
  const begun = page.waitForEvent('worker')
  await look(page, ENDLESS)
  await begun
  await page.getByText(words.preview.pdfReading).waitFor()
  await pressed(page, words.closeOf(ENDLESS)).click()
  await expect.poll(() => page.workers().length, PATIENCE).toBe(0)
  await look(page, ONE)
  await page.getByText(words.preview.pdfShown(1, 1)).waitFor()
})

test('a program that is not the one that was built does not run; the right one comes at the next attempt', async () => {
  const { page, breaches } = await atCase({ expectBreaches: true })
  await page.route('**/assets/pdf-*', route => route.fulfill({ body: 'document.title = "another"' }))
  await look(page, ONE)
  await page.getByText(words.preview.pdf['not-loaded']).waitFor()
  expect(await page.title()).not.toBe('another')
  const said = await breaches()
  expect(said).toHaveLength(1)
  expect(said[0]).toContain('Failed to find a valid digest')
  await page.unroute('**/assets/pdf-*')
  await pressed(page, words.closeOf(ONE)).click()
  await look(page, ONE)
  await page.getByText(words.preview.pdfShown(1, 1)).waitFor()
})

const ROADS = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'importScripts',
  'Worker',
  'indexedDB',
  'caches',
]

/** What of these a worker has, after it has run a script. */
const roadsAfter = (page: Page, script: string) =>
  page.evaluate(
    async ([code, roads]) => {
      const ask = `postMessage([...${roads}, ...('storage' in navigator ? ['storage'] : [])].filter(road => road in self || road === 'storage'))`
      const worker = new Worker(URL.createObjectURL(new Blob([`${code}\n${ask}`])))
      const { data } = await new Promise<MessageEvent<string[]>>((resolve, reject) => {
        worker.onmessage = resolve
        worker.onerror = ({ message }) => reject(new Error(message))
      })
      worker.terminate()
      return data
    },
    [script, JSON.stringify(ROADS)] as const,
  )

test('the worker has no way to others, where another worker has', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-alone-'))
  const entry = join(folder, 'entry.js')
  await writeFile(entry, `import ${JSON.stringify(join(ROOT, 'src/web/console/pdf-alone.ts'))}`)
  const bundle = await rolldown({ input: entry, platform: 'browser' })
  const { output } = await bundle.generate({ format: 'iife' })
  await bundle.close()
  await rm(folder, { recursive: true })
  const page = await chromium.browser.newPage()
  // An address that a browser trusts, without a policy: elsewhere some of them are missing anyway.
  await page.route('**/*', route => route.fulfill({ contentType: 'text/html', body: '' }))
  await page.goto('http://127.0.0.1/')
  expect(await roadsAfter(page, '')).toEqual([...ROADS, 'storage'])
  expect(await roadsAfter(page, output[0].code)).toEqual([])
  await page.close()
})
