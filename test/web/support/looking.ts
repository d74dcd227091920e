// Somebody who looks at each page: for axe, for widths, and with BONGSU_SCREENSHOTS set for people, whose
// pictures go to dist/screenshots.

import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Language } from '../../../src/web/console/reading.ts'
import { isSoak } from '../../support/soak.ts'
import type { VisitOptions } from './browser.ts'

const PICTURES = process.env.BONGSU_SCREENSHOTS
const FOLDER = join(import.meta.dirname, '../../../dist/screenshots')

/** Both languages, both kinds of screen, by day and by night. */
const ALL_DRESSES: readonly (readonly [string, Language, VisitOptions])[] = [
  ['ko.desktop.light', 'ko', { screen: 'desktop', colors: 'light' }],
  ['en.desktop.dark', 'en', { screen: 'desktop', colors: 'dark' }],
  ['en.phone.light', 'en', { screen: 'phone', colors: 'light' }],
  ['ko.phone.dark', 'ko', { screen: 'phone', colors: 'dark' }],
]

/** Two that differ in everything; all of them in a soak, and where somebody looks at the pictures. */
export const DRESSES = PICTURES || isSoak ? ALL_DRESSES : [1, 3].flatMap(i => ALL_DRESSES.slice(i, i + 1))

interface AxeResult {
  readonly violations: readonly { id: string; nodes: readonly { html: string; failureSummary: string }[] }[]
}

let axe: Promise<string> | null = null

async function findings(page: Page): Promise<string[]> {
  axe ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const run = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`
  await page.evaluate(await axe)
  const { violations } = await page.evaluate<AxeResult>(run)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(node => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`),
  )
}

const sideways = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')

interface LookingOptions {
  /** Whose pages they are: pictures are called after it. */
  readonly at?: string
  /** Pictures of all of it, not of what the window shows. */
  readonly fullPage?: boolean
}

/** `found` is to be empty at the end. */
export function looking(page: Page, name: string, { at = 'console', fullPage = false }: LookingOptions = {}) {
  const found: string[] = []
  const look = async (what: string) => {
    if (PICTURES) {
      await mkdir(FOLDER, { recursive: true })
      // What stays at the top of the window would lie across the middle of a whole page.
      if (fullPage) await page.evaluate('scrollTo(0, 0)')
      await page.screenshot({ path: join(FOLDER, `${at}-${what}.${name}.png`), fullPage })
    }
    for (const finding of await findings(page)) found.push(`${what}: ${finding}`)
    const size = page.viewportSize()
    // A desktop at 400 % is as narrow.
    await page.setViewportSize({ width: 320, height: 640 })
    if ((await sideways(page)) > 0) found.push(`${what}: scrolls sideways at 320 px`)
    if (size) await page.setViewportSize(size)
    if ((await sideways(page)) > 0) found.push(`${what}: scrolls sideways`)
    if ((await page.locator('h1').count()) !== 1) found.push(`${what}: not one h1`)
  }
  return { look, found }
}
