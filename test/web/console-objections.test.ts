// Taking an objection up at the console: what is signed names the follow-up, or the agency, that the notice is about.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acknowledge } from '../../src/client/index.ts'
import { type Action, rowsOf } from '../../src/protocol/lifecycle.ts'
import { STATES } from '../../src/protocol/lifecycle-phases.ts'
import { assessed, done, now, object, offer } from '../journeys/colleagues.ts'
import { caseOf, deviceIn, openById } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { visit } from './support/browser.ts'
import { type AtDesk, atDesk, openCase, tab } from './support/desk.ts'

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

const PATIENCE = 180_000

/** Where the investigator handles the case. */
async function handling(id: string): Promise<AtDesk> {
  const { page } = await visit(chromium, `${world.agencyUrl}/#lang=en`)
  const desk = atDesk(page, 'en')
  await openCase(desk, world.deviceKeyFile('sme-office', 'investigator'), id)
  await tab(desk, 'work').click()
  return desk
}

async function takeUp({ page, words }: AtDesk, followUp: number, action: Action): Promise<void> {
  const title = words.work.objections.open(followUp)
  const notice = page.locator('.notice').filter({ has: page.getByText(title, { exact: true }) })
  await notice.getByRole('button', { name: rowsOf(action)[0]?.label.en ?? '' }).click()
}

const chosen = ({ page }: AtDesk) => page.locator('#act-subject').inputValue()

test('the second of two follow-ups that object to a decision', { timeout: PATIENCE }, async () => {
  const { sent, device, id } = await assessed(world, '두 번 다투는 결정', ['sme-office'])
  await done(world, device, id, { action: 'out-of-scope', code: 'private-dispute' })
  await done(world, await deviceIn(world, 'sme-office', 'investigator'), id, { action: 'confirmed' })
  await object(sent, 'sme-office', '첫째 이의')
  await object(sent, 'sme-office', '둘째 이의')
  await acknowledge(device, await openById(device, id), now(world))
  const desk = await handling(id)
  const { page, words } = desk
  // The list of actions does not say which.
  await page.locator('#act-objected').click()
  expect(await chosen(desk)).toBe('')
  await page.getByRole('button', { name: words.work.form.cancel }).click()
  await takeUp(desk, 2, 'objected')
  expect(await chosen(desk)).toBe('2')
  await page.locator('.action-form button[type=submit]').click()
  await page.locator('.standing').getByText(STATES.objected.en, { exact: true }).waitFor()
  const { chain } = await openById(device, id)
  expect(chain.events.at(-1)).toMatchObject({ verdict: 'objected', content: { subject: '2' } })
})

test('the agency whose invitation is objected to', { timeout: PATIENCE }, async () => {
  const { sent, device, id } = await assessed(world, '하나만 빼 달라는 신고', ['sme-office'])
  for (const agency of ['police', 'nis'] as const) {
    await offer(world, { agency: 'sme-office', id }, 'agency-invited', agency)
    const asked = await deviceIn(world, agency)
    await done(world, asked, await caseOf(asked, sent), { action: 'invitation-accepted' })
  }
  await object(sent, 'sme-office', '국정원은 빼 주세요.')
  await acknowledge(device, await openById(device, id), now(world))
  const desk = await handling(id)
  await takeUp(desk, 1, 'joint-ended')
  expect(await chosen(desk)).toBe('nis')
})
