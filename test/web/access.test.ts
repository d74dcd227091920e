// For eyes, fingers and screens that are not the designer's: one screen of a phone, large text, forced colours.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { visit } from './support/browser.ts'
import { choose, fileOf, toCheck, toEvidence } from './support/files.ts'
import {
  comeBack,
  keepCode,
  openForm,
  press,
  report,
  throughQuestions,
  throughReaders,
  toFirstQuestion,
} from './support/walk.ts'

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

test.each(['ko', 'en'] as const)(
  'what is protected, and what is not, in one screen of a phone, %s',
  async language => {
    const { page } = await visit(chromium, `${world.reporterUrl}/`, { screen: 'phone' })
    const { words } = await openForm(page, language)
    await press(page, new RegExp(`^${words.start.report}`))
    await press(page, words.before.next)
    const bottom = () =>
      page.locator('.steps').evaluate(element => element.getBoundingClientRect().bottom - innerHeight)
    expect(await bottom()).toBeLessThanOrEqual(0)
    const { protect } = words
    for (const { short, more } of [...protect.doesList, ...protect.cannotList]) {
      const [line, rest] = [page.getByText(short, { exact: true }), page.getByText(more)]
      expect([await line.isVisible(), await rest.isVisible()]).toEqual([true, false])
      await line.tap()
      expect(await rest.isVisible()).toBe(true)
    }
  },
)

/** Controls that a finger could miss; a label is part of its field. */
const tooSmall = (page: Page) =>
  page.locator('button, a[href], summary, textarea, select, input').evaluateAll(elements =>
    elements
      .map(element => element.closest('label') ?? element)
      .filter(element => element.checkVisibility())
      .map(element => ({
        name: element.textContent?.trim() || element.id,
        box: element.getBoundingClientRect(),
      }))
      .filter(({ box }) => box.width < 24 || box.height < 24)
      .map(({ name, box }) => `${name}: ${box.width} × ${box.height}`),
  )

/** What reaches beyond the screen, or is cut off inside. A text field scrolls by itself. */
const cut = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const clipped = [...document.querySelectorAll('body *:not(.unseen, textarea, input, svg, svg *)')]
      .filter(element => element.checkVisibility() && getComputedStyle(element).overflowX !== 'visible')
      .filter(element => element.scrollWidth > element.clientWidth + 1)
      .map(element => `${element.className}: ${element.textContent?.slice(0, 30)}`)
    return [...(scrollWidth > clientWidth ? [`the page: ${scrollWidth}`] : []), ...clipped]
  })

test('every control is 24 px or more, and nothing is cut at 320 px, nor with text of twice the size', async () => {
  const { page } = await visit(chromium, `${world.reporterUrl}/`, { screen: 'phone' })
  const found: string[] = []
  const look = async (name: string) => {
    await page.locator('details').evaluateAll(all => {
      for (const element of all) element.setAttribute('open', '')
    })
    found.push(...(await tooSmall(page)).map(what => `${name}: ${what}`))
    await page.setViewportSize({ width: 320, height: 256 })
    found.push(...(await cut(page)).map(what => `${name} at 320 px: ${what}`))
    await page.setViewportSize({ width: 390, height: 844 })
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '212.5%'
    })
    found.push(...(await cut(page)).map(what => `${name} at 200 %: ${what}`))
    await page.evaluate(() => {
      document.documentElement.style.fontSize = ''
    })
  }
  const walk = await openForm(page, 'ko', look)
  const code = await report(walk)
  await press(page, walk.words.done.startAgain)
  await comeBack(walk, code)
  await look('mine')
  await page.reload()
  await toEvidence(await openForm(page, 'ko'), '파일이 있습니다.')
  const long = fileOf('이차전지_전극_공정조건표_최종_수정본_v12(외부반출금지)_'.repeat(3), 10)
  await choose(walk, [long, fileOf('2.txt', 10)], [long])
  await look('files')
  await toCheck(walk)
  await look('files-check')
  await page.route('**/v1/uploads/*', () => undefined)
  await press(page, walk.words.check.send)
  await page.locator('.upload progress[value]').waitFor()
  await look('files-sending')
  expect(found).toEqual([])
})

test('in forced colours what is chosen, what has the focus and where one stands can be told', async () => {
  const { page } = await visit(chromium, `${world.reporterUrl}/`)
  await page.emulateMedia({ forcedColors: 'active' })
  const unframed: string[] = []
  const look = async (name: string) => {
    const bare = await page
      .locator('button:not(.quiet), textarea, .option, .card, .notice, .picking, .file')
      .evaluateAll(elements =>
        elements
          .filter(element => element.checkVisibility())
          .filter(element => {
            const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor } =
              getComputedStyle(element)
            return borderTopStyle === 'none' || borderTopWidth === '0px' || borderTopColor === backgroundColor
          })
          .map(element => element.className),
      )
    unframed.push(...bare.map(what => `${name}: ${what}`))
    if (process.env.BONGSU_SCREENSHOTS) {
      await page.screenshot({ path: `dist/screenshots/${name}.forced-colours.png`, fullPage: true })
    }
  }
  const walk = await openForm(page, 'ko', look)
  await toEvidence(walk, '파일이 있습니다.')
  await choose(walk, [fileOf('1.txt', 10), fileOf('2.txt', 10)], [])
  await look('files')
  page.once('dialog', dialog => dialog.accept())
  await page.reload()
  await openForm(page, 'ko')
  await toFirstQuestion(walk)
  await page.keyboard.press('Tab')
  expect(await page.locator('#what').evaluate(element => getComputedStyle(element).outlineStyle)).toBe(
    'solid',
  )
  await throughQuestions(walk)
  const outlines = await page
    .locator('.card')
    .evaluateAll(cards =>
      cards.map(card => [card.classList.contains('chosen'), getComputedStyle(card).outlineStyle === 'solid']),
    )
  expect(outlines.filter(([chosen]) => chosen)).toHaveLength(3)
  for (const [chosen, outlined] of outlines) expect(outlined).toBe(chosen)
  await throughReaders(walk)
  // What the scan found is marked by more than its colour.
  expect(
    await page
      .locator('mark')
      .first()
      .evaluate(mark => getComputedStyle(mark).textDecorationLine),
  ).toContain('underline')
  await press(page, walk.words.check.send)
  await keepCode(walk)
  expect(unframed).toEqual([])
})
