// An investigator at the console in any browser: from the key file to the first step of the handling.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { STATES } from '../../../../src/protocol/lifecycle-phases.ts'
import { englishFiles } from '../../../../src/web/console/words/en-files.ts'
import { caseOf, deviceIn, openById } from '../../../journeys/people.ts'
import type { World } from '../../../support/world.ts'
import { acknowledgeCase, atDesk, openCase, pressed, reply, tab as tabOf } from '../../support/desk.ts'
import { type Evidence, KEPT, reportWith } from '../../support/evidence.ts'
import type { Screen } from '../../support/screen.ts'
import type { Look } from '../../support/walk.ts'
import { type Rgb, readPng } from './png.ts'
import { type BrowserName, type Tab, until } from './tab.ts'
import { type VisitOptions, visit } from './visit.ts'

const words = englishFiles

const fileAt = (page: Screen, number: number) => page.locator('.files > ol > li').nth(number - 1)

async function look(page: Screen, number: number) {
  await pressed(page, words.lookAt(number)).click()
  const goOn = pressed(page, words.warning.goOn)
  const preview = fileAt(page, number).locator('.preview')
  // The first file is warned of.
  await until('a preview', async () => {
    if (await preview.isVisible()) return true
    if (await goOn.isVisible()) await goOn.click()
    return null
  })
  return preview
}

/** As it is seen, of an element that a selector finds, at these parts of its width and height. */
async function colourAt(tab: Tab, css: string, across: number, down: number): Promise<Rgb> {
  const source = `([css, across, down]) => {
    const element = document.querySelector(css)
    const point = () => {
      const { x, y, width, height } = element.getBoundingClientRect()
      return [x + width * across, y + height * down]
    }
    // Whatever scrolls: the point comes to the middle of the window.
    for (let at = element; at; at = at.parentElement) at.scrollTop += point()[1] - innerHeight / 2
    return point()
  }`
  const [x, y] = (await tab.run(source, [[css, across, down]])) as [number, number]
  return readPng(await tab.picture()).at(x, y)
}

const canvasOf = (number: number) => `.files > ol > li:nth-child(${number}) .preview canvas`

const isAbout = (wanted: Rgb, seen: Rgb) => wanted.every((part, i) => Math.abs(part - (seen[i] ?? -999)) < 12)

const seesColour = (tab: Tab, css: string, across: number, down: number, wanted: Rgb) =>
  until(`${wanted} in ${css}`, async () =>
    isAbout(wanted, await colourAt(tab, css, across, down)) ? true : null,
  )

/** A case with these files, looked at, saved, answered and taken a step further. */
export async function investigate(
  world: World,
  browser: BrowserName,
  evidence: readonly Evidence[],
  options: VisitOptions & { readonly look?: (tab: Tab) => Look } = {},
): Promise<void> {
  const sent = await reportWith(world, ['nis'], evidence, [KEPT])
  const device = await deviceIn(world, 'nis')
  const id = await caseOf(device, sent)
  const numberOf = (name: string) => evidence.findIndex(file => file.name.includes(name)) + 1
  const { tab, page, saved } = await visit(browser, `${world.agencyUrl}/#lang=en`, options)
  const desk = atDesk(page, 'en', options.look?.(tab))
  await desk.look('unlock')
  await openCase(desk, world.deviceKeyFile('nis'), id)
  await page.getByText('자료를 첨부합니다.').waitFor()
  await acknowledgeCase(desk)

  await look(page, numberOf('.png'))
  await seesColour(tab, canvasOf(numberOf('.png')), 0.5, 0.5, [255, 0, 0])
  await look(page, numberOf('photo'))
  await seesColour(tab, canvasOf(numberOf('photo')), 0.5, 0.5, [0, 0, 254])
  const text = await look(page, numberOf('메모'))
  expect(await text.locator('.written').textContent()).toContain('<script>alert(1)</script>')
  await (await look(page, numberOf('plan.svg'))).getByText('<svg xmlns=').waitFor()
  await (await look(page, numberOf('bomb'))).getByText(words.preview.tooManyPixels).waitFor()
  await (await look(page, numberOf('not-a-picture'))).getByText(words.preview.notDecoded).waitFor()
  const pdf = await look(page, numberOf('contract'))
  await pdf.getByText(words.preview.pdfShown(20, 22)).waitFor()
  expect(await pdf.locator('canvas').count()).toBe(20)
  // Its rectangle, and paper beside it.
  await seesColour(tab, canvasOf(numberOf('contract')), 0.336, 0.347, [255, 0, 0])
  await seesColour(tab, canvasOf(numberOf('contract')), 0.7, 0.347, [255, 255, 255])
  await desk.look('files')

  const archive = numberOf('archive')
  await pressed(page, words.saveOf(archive)).click()
  const { bytes } = evidence[archive - 1] ?? { bytes: Buffer.alloc(0) }
  const file = await saved(bytes.length)
  expect([file.name, file.bytes.equals(bytes)]).toEqual(['_.._archive.zip', true])
  const kept = join(tab.folder, 'brought.dwg')
  await writeFile(kept, KEPT.bytes)
  await page.locator('#compare-file').setInputFiles(kept)
  await page.getByText(words.compare.matches(1)).waitFor()

  await reply(desk, 'Received, thank you. Which machine is it?')
  await desk.look('talk')
  await tabOf(desk, 'work').click()
  await page.locator('#act-assessment-started').click()
  await page.locator('.action-form button[type=submit]').click()
  await page.locator('.standing').getByText(STATES.assessing.en, { exact: true }).waitFor()
  await desk.look('work')
  await tabOf(desk, 'history').click()
  await page.getByText(desk.words.case.history.sound).waitFor()
  await desk.look('history')
  expect((await openById(device, id)).followUps).toEqual([])
  await pressed(page, desk.words.frame.lock).click()
  await page.getByText(desk.words.unlock.reasons.locked).waitFor()
}
