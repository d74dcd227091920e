// Handling cases at the console, seen: two people, a hand-over, a conflict, what is due.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Act, acknowledge, act, sendFollowUp } from '../../src/client/index.ts'
import { fromBase64url } from '../../src/protocol/encoding.ts'
import { OBSTACLES } from '../../src/protocol/lifecycle-obstacles.ts'
import { STATES } from '../../src/protocol/lifecycle-phases.ts'
import type { Language } from '../../src/web/console/reading.ts'
import { caseOf, deviceIn, openById, reporters, type SentReport, sendReport } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'
import { type VisitOptions, visit } from './support/browser.ts'
import { type AtDesk, atDesk, chooseCase, openCase, rows, tab, unlock } from './support/desk.ts'
import { looking } from './support/looking.ts'

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
type Role = 'intake' | 'investigator' | 'supervisor'

/** Opened and acknowledged by the intake device, so that others can read it. */
async function received(
  text: string,
  notFor: readonly AgencyId[] = [],
): Promise<{ sent: SentReport; id: string }> {
  const sent = await sendReport(world, text, ['sme-office'], reporters(world), notFor)
  const device = await deviceIn(world, 'sme-office')
  const id = await caseOf(device, sent)
  await acknowledge(device, await openById(device, id), { now: world.now() })
  return { sent, id }
}

async function done(id: string, wanted: Act, role: Role = 'intake'): Promise<void> {
  const device = await deviceIn(world, 'sme-office', role)
  await act(device, await openById(device, id), wanted, { now: world.now() })
}

/** In the case, at its handling. */
async function handling(
  agency: AgencyId,
  role: Role,
  id: string,
  language: Language,
  options: VisitOptions = {},
) {
  const { page } = await visit(chromium, `${world.agencyUrl}/#lang=${language}`, options)
  const { look, found } = looking(page, `${language}.${options.screen ?? 'desktop'}`)
  const desk = atDesk(page, language, look)
  await openCase(desk, world.deviceKeyFile(agency, role), id)
  await tab(desk, 'work').click()
  return { desk, found }
}

const button = ({ page }: AtDesk, action: Act['action']) => page.locator(`#act-${action}`)

const sign = ({ page }: AtDesk) => page.locator('.action-form button[type=submit]').click()

const standsIn = ({ page, language }: AtDesk, state: keyof typeof STATES) =>
  page.locator('.standing').getByText(STATES[state][language], { exact: true }).waitFor()

test('two people: one proposes, and only another one confirms', { timeout: PATIENCE }, async () => {
  const { id } = await received('대상이 아닌 신고')
  const { desk, found } = await handling('sme-office', 'investigator', id, 'en')
  const { page, words } = desk
  // By keyboard.
  await button(desk, 'assessment-started').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: words.work.form.heading('start to assess') }).waitFor()
  await page.locator('#form-heading:focus').waitFor()
  await sign(desk)
  await standsIn(desk, 'assessing')
  await button(desk, 'out-of-scope').click()
  await page.getByText(words.work.form.proposes).waitFor()
  await sign(desk)
  await page.getByText(words.work.form.chooseFirst).waitFor()
  expect(await page.evaluate('document.activeElement.id')).toBe('act-code')
  await page.locator('#act-code').selectOption('private-dispute')
  await page.locator('#act-text').fill('A dispute between two firms.')
  await desk.look('two-people-form')
  await sign(desk)
  await page.locator('.standing').getByText(words.work.standing.pending).waitFor()
  // Greyed out, and says why; pressing it does nothing.
  const confirm = button(desk, 'confirmed')
  expect(await confirm.getAttribute('aria-disabled')).toBe('true')
  expect(await page.locator('#why-confirmed').textContent()).toContain(OBSTACLES['own-proposal'].en)
  expect(await confirm.getAttribute('aria-describedby')).toBe('why-confirmed')
  await confirm.focus()
  await page.keyboard.press('Enter')
  expect(await page.locator('.action-form').count()).toBe(0)
  await desk.look('two-people-waiting')

  const second = await handling('sme-office', 'supervisor', id, 'ko')
  await button(second.desk, 'confirmed').click()
  await second.desk.page.locator('.action-form').getByText('당사자 사이의 분쟁').waitFor()
  // Whoever confirms tells it to the reporter, so reads it first.
  await second.desk.page.locator('.action-form').getByText('A dispute between two firms.').waitFor()
  expect(await second.desk.page.locator('#act-text').count()).toBe(0)
  await second.desk.look('two-people-confirming')
  await sign(second.desk)
  await standsIn(second.desk, 'out-of-scope')
  // The first one's page hears of it by itself.
  await standsIn(desk, 'out-of-scope')
  await tab(desk, 'history').click()
  // As it was proposed, inside; and as it was told.
  for (const what of ['a dispute between parties', 'A dispute between two firms.'])
    expect(await page.locator('.timeline').getByText(what).count()).toBe(2)
  for (const who of [words.case.history.inside, words.case.history.told])
    expect(await page.locator('.timeline').getByText(who).count()).toBe(1)
  await page.getByText(words.case.history.sound).waitFor()
  await desk.look('timeline')
  expect([...found, ...second.found]).toEqual([])
})

test('a hand-over: who will see what is said before it is signed', { timeout: PATIENCE }, async () => {
  const { sent, id } = await received('경찰에 넘길 신고', ['nis'])
  await sendFollowUp(sent.reporter, '더 알게 된 것')
  const intake = await deviceIn(world, 'sme-office')
  await acknowledge(intake, await openById(intake, id), { now: world.now() })
  await done(id, { action: 'assessment-started' })
  const { desk, found } = await handling('sme-office', 'investigator', id, 'en')
  const { page, words } = desk
  const said = words.work.handOver
  await button(desk, 'hand-over-proposed').click()
  await page.getByText(said.pickFirst).waitFor()
  const offered = await page
    .locator('#act-subject option')
    .evaluateAll(all => all.map(one => one.getAttribute('value')))
  expect(offered).toContain('police')
  expect(offered).not.toContain('nis')
  expect(await page.locator('.work').textContent()).not.toContain('Intelligence')
  await page.locator('#act-subject').selectOption('police')
  for (const what of [
    `${said.territory}: southern Gyeonggi Province`,
    said.seesReport,
    said.seesFollowUps(1),
    said.seesFiles(0),
    said.notReplies,
    said.notNotes,
  ])
    await page.locator('.offer').getByText(what).waitFor()
  await page.locator('#act-code').selectOption('power-needed')
  await page.locator('#act-text').fill('압수수색이 필요합니다.')
  await desk.look('hand-over')
  await sign(desk)
  await page.getByText(words.work.actions.done('propose a hand-over')).waitFor()

  const theirId = await caseOf(await deviceIn(world, 'police'), sent)
  const police = await handling('police', 'intake', theirId, 'ko', { screen: 'phone' })
  await police.desk.page
    .locator('.standing')
    .getByText(police.desk.words.work.standing.offeredTitle)
    .waitFor()
  for (const why of ['그 기관의 권한이 필요함', '압수수색이 필요합니다.'])
    await police.desk.page.locator('.standing').getByText(why).waitFor()
  await police.desk.look('offered')
  await button(police.desk, 'hand-over-accepted').click()
  await sign(police.desk)
  await button(police.desk, 'taken-over').waitFor()
  await tab(desk, 'history').click()
  await page.locator('.timeline .answered').getByText('accept the hand-over').waitFor()
  await desk.look('timeline-answered')
  await button(police.desk, 'taken-over').click()
  await sign(police.desk)
  await police.desk.page.getByText(police.desk.words.case.acknowledge.heading).waitFor()
  await page.getByText(words.work.left.heading).waitFor()
  expect(await page.locator('.case').textContent()).not.toContain('더 알게 된 것')
  await desk.look('left')
  expect([...found, ...police.found]).toEqual([])
})

test('a refusal: its reason is read by whoever asked, who asks another agency', {
  timeout: PATIENCE,
}, async () => {
  const { sent, id } = await received('거절당할 이송')
  const intake = await deviceIn(world, 'sme-office')
  await acknowledge(intake, await openById(intake, id), { now: world.now() })
  await done(id, { action: 'assessment-started' })
  const lead = await deviceIn(world, 'sme-office', 'investigator')
  const asking = { action: 'hand-over-proposed', subject: 'police', code: 'power-needed' } as const
  await act(lead, await openById(lead, id), asking, { now: world.now() })
  const { desk, found } = await handling('sme-office', 'investigator', id, 'ko')
  const theirId = await caseOf(await deviceIn(world, 'police'), sent)
  const police = await handling('police', 'intake', theirId, 'ko')
  await button(police.desk, 'hand-over-refused').click()
  await police.desk.page.getByText(police.desk.words.work.form.readers.between.title).waitFor()
  await police.desk.page.locator('#act-code').selectOption('already-handled')
  await police.desk.page.locator('#act-text').fill('이미 수사하고 있습니다.')
  await police.desk.look('refusing')
  await sign(police.desk)
  await police.desk.page.getByText(police.desk.words.work.left.heading).waitFor()

  const { page, words } = desk
  await tab(desk, 'history').click()
  const answer = page.locator('.timeline .answered')
  for (const what of [
    '이송 거절',
    '이미 처리 중인 사건',
    '이미 수사하고 있습니다.',
    words.case.history.between,
  ])
    await answer.getByText(what).waitFor()
  await page.getByText(words.case.history.sound).waitFor()
  await desk.look('timeline-refused')
  await tab(desk, 'work').click()
  await button(desk, 'hand-over-proposed').click()
  await page.locator('#act-subject').selectOption('nis')
  await page.locator('#act-code').selectOption('power-needed')
  await sign(desk)
  await page.getByText(words.work.actions.done('이송 제안')).waitFor()
  expect([...found, ...police.found]).toEqual([])
})

test('a conflict is declared before opening, and nothing is opened', { timeout: PATIENCE }, async () => {
  const { id } = await received('열지 않을 신고')
  const { page } = await visit(chromium, `${world.agencyUrl}/#lang=ko`)
  const { look, found } = looking(page, 'ko.desktop')
  const desk = atDesk(page, 'ko', look)
  await chooseCase(desk, world.deviceKeyFile('sme-office', 'intake'), id)
  await page.getByRole('button', { name: desk.words.case.declare.conflict }).click()
  await page.getByText(desk.words.case.barred.heading.conflict).waitFor()
  await look('barred')
  expect(await page.locator('.case').textContent()).not.toContain('열지 않을 신고')
  expect(found).toEqual([])
})

test('a declared conflict bars everything else, and says so', { timeout: PATIENCE }, async () => {
  const { id } = await received('이해충돌')
  const { desk, found } = await handling('sme-office', 'investigator', id, 'ko')
  const { page, words } = desk
  await page.getByText(words.work.actions.rare).click()
  await button(desk, 'conflict-declared').click()
  await page.getByText(words.work.form.readers.inside.title).waitFor()
  await page.locator('#act-code').selectOption('kin')
  await sign(desk)
  await page.getByText(words.work.standing.conflict).waitFor()
  expect(await button(desk, 'assessment-started').getAttribute('aria-disabled')).toBe('true')
  expect(await page.locator('#why-assessment-started').textContent()).toContain(OBSTACLES.conflict.ko)
  await page.getByText(words.work.notes.notOpen).waitFor()
  await desk.look('conflict')
  expect(found).toEqual([])
})

test('a note says who can read it, and stands in the history', { timeout: PATIENCE }, async () => {
  const { id } = await received('메모할 신고')
  const { desk } = await handling('sme-office', 'intake', id, 'en')
  const { page, words } = desk
  await page.getByText(words.work.notes.who).waitFor()
  await page.locator('#note').fill('Ask the chamber of commerce.')
  // Another part and back: it is still there.
  await page.keyboard.press('Tab')
  await tab(desk, 'report').click()
  await tab(desk, 'work').click()
  expect(await page.locator('#note').inputValue()).toBe('Ask the chamber of commerce.')
  await page.getByRole('button', { name: words.work.notes.go }).click()
  await page.getByText(words.work.notes.kept).waitFor()
  await tab(desk, 'history').click()
  await page.locator('.timeline').getByText('Ask the chamber of commerce.').waitFor()
  await page.locator('.timeline').getByText(words.case.history.inside).waitFor()
})

test('what is due first stands first; what is over is marked and can be had alone', {
  timeout: PATIENCE,
}, async () => {
  const [late, later] = [await received('늦은 사건'), await received('나중 사건')]
  const dueOn = (id: string, day: string) =>
    world.database.query({ name: 'due-on', text: 'update assignments set due = $2 where case_id = $1' }, [
      fromBase64url(id),
      day,
    ])
  await dueOn(late.id, '2020-01-31')
  await dueOn(later.id, '2099-01-31')
  const { page } = await visit(chromium, `${world.agencyUrl}/#lang=en&order=due`)
  const { look, found } = looking(page, 'en.desktop')
  const desk = atDesk(page, 'en', look)
  const { inbox } = desk.words
  await unlock(desk, world.deviceKeyFile('sme-office'))
  await page.locator('.live.live').waitFor()
  await rows(page)
    .first()
    .getByText(/overdue by [\d,]+ days/)
    .waitFor()
  await page.locator('.filters summary').click()
  await page.getByText(inbox.dueFilters.overdue, { exact: true }).click()
  await page.getByText(/^1 of \d+ cases$/).waitFor()
  await look('due-overdue')
  await rows(page).first().click()
  await page.getByLabel(desk.words.case.declare.confirm).check()
  await page.getByRole('button', { name: desk.words.case.declare.open }).click()
  await tab(desk, 'work').click()
  // The case counts for itself, by its verified history: nothing of it is late.
  await page.locator('.clocks').waitFor()
  expect(await page.locator('.clock-list .missed').count()).toBe(0)
  expect(found).toEqual([])
})

// Last, since it moves the service's clock.
test('a day that was missed is red, with whom it is brought before', { timeout: PATIENCE }, async () => {
  const sent = await sendReport(world, '열지 않은 신고', ['sme-office'])
  const id = await caseOf(await deviceIn(world, 'sme-office'), sent)
  world.advance(10 * 86_400_000)
  await world.renew()
  const { page } = await visit(chromium, `${world.agencyUrl}/#lang=en`)
  await page.clock.setFixedTime(world.now())
  const { look, found } = looking(page, 'en.desktop')
  const desk = atDesk(page, 'en', look)
  await openCase(desk, world.deviceKeyFile('sme-office', 'intake'), id)
  await tab(desk, 'work').click()
  const missed = page.locator('.clock-list > .missed')
  const said = desk.words.work.clocks
  await missed.getByText(said.late(3)).waitFor()
  await missed
    .getByText(`${said.escalated}: ${said.escalation.handler} → ${said.escalation.supervisor}`)
    .waitFor()
  await missed.getByText('Directive (EU) 2019/1937').waitFor()
  await look('missed')
  expect(found).toEqual([])
})
