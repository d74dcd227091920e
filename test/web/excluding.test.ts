// «Not this one»: what the form says of it before it sends, and what it does where the report arrives.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acknowledge, act } from '../../src/client/index.ts'
import { territoryName } from '../../src/protocol/territories.ts'
import { deviceIn, openById, refusalOf } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { openAt } from './support/agency.ts'
import { visit } from './support/browser.ts'
import { DRESSES, looking } from './support/looking.ts'
import { answer, keepCode, nobodyLooks, openForm, press, toFirstQuestion } from './support/walk.ts'

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

test.each(DRESSES)(
  'an agency that is ruled out, %s',
  { timeout: 180_000 },
  async (name, language, options) => {
    const { page } = await visit(chromium, `${world.reporterUrl}/`, options)
    const { look, found } = looking(page, name, { at: 'excluding', fullPage: true })
    const walk = await openForm(page, language, nobodyLooks)
    const { words } = walk
    await toFirstQuestion(walk)
    await answer(page, 'what', language === 'ko' ? '도면이 나갔습니다.' : 'Drawings have left.')
    await press(page, words.next)
    for (let at = 1; at < 11; at++) await press(page, new RegExp(`^${words.unknown}`))
    const nis = page.locator('.card', { has: page.locator('#agency-nis') })
    const police = page.locator('.card', { has: page.locator('#agency-police') })
    const [south, everywhere] = [
      territoryName('gyeonggi-south', language),
      territoryName('national', language),
    ]
    await police.locator('.tag', { hasText: words.readers.territory(south) }).waitFor()
    await nis.locator('.tag', { hasText: words.readers.territory(everywhere) }).waitFor()
    const rule = nis.getByRole('button')
    expect(await page.getByText(words.readers.ruledOut.text).count()).toBe(0)
    await nis.locator('input').check()
    await page.locator('#agency-police').check()
    await rule.click()
    // Never both: it cannot be chosen any more, and no longer is.
    expect(await nis.locator('input').isChecked()).toBe(false)
    expect(await nis.locator('input').isDisabled()).toBe(true)
    await page.getByText(words.readers.ruledOut.text).waitFor()
    await look('readers')
    await press(page, words.next)
    await page.getByText(words.check.ruledOut).waitFor()
    await page.getByText(words.readers.ruledOut.text).waitFor()
    await look('check')
    await press(page, words.check.send)
    const code = await keepCode(walk)

    const opened = await openAt(world, 'police', code)
    expect(opened.answers?.notFor).toEqual(['nis'])
    expect(opened.answers).not.toHaveProperty('excluded')
    const now = { now: world.now() }
    const device = await deviceIn(world, 'police')
    await acknowledge(device, opened, now)
    await act(device, await openById(device, opened.id), { action: 'assessment-started' }, now)
    const investigator = await deviceIn(world, 'police', 'investigator')
    const offer = { action: 'hand-over-proposed', subject: 'nis', code: 'power-needed' } as const
    const refused = act(investigator, await openById(investigator, opened.id), offer, now)
    expect(await refusalOf(refused)).toBe('InvalidInput')
    expect(found).toEqual([])
  },
)
