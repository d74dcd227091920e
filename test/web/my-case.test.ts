// A case that moves between agencies, on the page of one's report: who has it, who was asked, and objecting; and what the console
// shows of the objection. Both languages, a phone and a desktop.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acknowledge, type CheckedEvent, readStatus } from '../../src/client/index.ts'
import { type Action, codeWords, rowsOf } from '../../src/protocol/lifecycle.ts'
import { STATES } from '../../src/protocol/lifecycle-phases.ts'
import { CASE_MOVED, REPORTERS_STANDINGS, TOLD } from '../../src/protocol/lifecycle-words.ts'
import { speechIn } from '../../src/web/report/parts/speaking.tsx'
import { assessed, done, offer } from '../journeys/colleagues.ts'
import { caseOf, deviceIn, openById, trustIn } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'
import { visit } from './support/browser.ts'
import { atDesk, openCase, tab } from './support/desk.ts'
import { DRESSES, looking } from './support/looking.ts'
import { answer, comeBack, nobodyLooks, openForm, press } from './support/walk.ts'

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

const WHY = {
  ko: '그 기관에는 아는 사람이 있습니다. 넘기지 말아 주세요.',
  en: 'Somebody there knows them. Please do not hand it over.',
}

test.each(DRESSES)('a case that changes hands, %s', { timeout: 180_000 }, async (name, language, options) => {
  const { sent, id } = await assessed(world, '넘어갈 신고', ['sme-office', 'nis'])
  const { directory } = await trustIn(world)
  const named = (agency: AgencyId) => directory.agencies.find(one => one.id === agency)?.names[language] ?? ''
  const standing = REPORTERS_STANDINGS[language]
  const labelOf = (action: Action) => rowsOf(action)[0]?.label[language] ?? ''
  const proposed = labelOf('hand-over-proposed')
  const { page } = await visit(chromium, `${world.reporterUrl}/`, options)
  const { look, found } = looking(page, name, { at: 'mine', fullPage: true })
  const walk = await openForm(page, language, nobodyLooks)
  const { words } = walk
  const { day } = speechIn(language)
  await comeBack(walk, sent.code)
  const card = (agency: AgencyId) =>
    page.locator('.card.standing', { has: page.locator('.card-name', { hasText: named(agency) }) })
  const says = (agency: AgencyId, text: string) => card(agency).getByText(text, { exact: true }).waitFor()
  const objects = (kind: keyof typeof words.objecting.begin) => new RegExp(`^${words.objecting.begin[kind]}`)
  expect(await page.getByRole('button', { name: objects('hand-over-proposed') }).count()).toBe(0)

  await offer(world, { agency: 'sme-office', id }, 'hand-over-proposed', 'police')
  await press(page, words.mine.refresh)
  await page.getByText(standing.proposed.title, { exact: true }).waitFor()
  const [proposal] = await eventsOf('sme-office', 'hand-over-proposed')
  const on = day(proposal?.day ?? '')
  await page.getByText(standing.proposed.text({ name: named('sme-office'), day: on })).waitFor()
  // Nothing that was asked today is late.
  expect(await page.getByText(words.mine.overdue, { exact: true }).count()).toBe(0)
  await page.getByText(words.mine.told(1)).click()
  const deed = `${TOLD['hand-over-proposed']?.[language]} · ${named('police')}`
  await page.locator('.told').getByText(deed).waitFor()
  await look('asked')

  await press(page, objects('hand-over-proposed'))
  await page.locator('#more:focus').waitFor()
  await page.getByText(words.objecting.effect['hand-over-proposed']).waitFor()
  await page.getByText(words.objecting.title, { exact: true }).waitFor()
  await answer(page, 'more', WHY[language])
  await look('objecting')
  await press(page, words.mine.writeSend)
  await page.getByText(words.mine.writeSent(1, on)).waitFor()
  expect(await page.getByText(words.objecting.title, { exact: true }).count()).toBe(0)
  const device = await deviceIn(world, 'sme-office')
  const { followUps } = await openById(device, id)
  expect(followUps).toMatchObject([{ text: WHY[language], objectsTo: proposal?.head }])

  const seen = await atConsole(id)
  const police = await deviceIn(world, 'police')
  const theirs = await caseOf(police, sent)
  await done(world, police, theirs, { action: 'hand-over-accepted' })
  await press(page, words.mine.refresh)
  await page.getByText(standing['taking-over'].title, { exact: true }).waitFor()
  await done(world, police, theirs, { action: 'taken-over' })
  await acknowledge(police, await openById(police, theirs), { now: world.now() })
  await offer(world, { agency: 'police', id: theirs }, 'agency-invited', 'serious-crimes')
  await press(page, words.mine.refresh)
  await page.getByText(CASE_MOVED[language](named('police'), named('sme-office'))).waitFor()
  await page.getByText(standing['handed-over'].title, { exact: true }).waitFor()
  await says('police', standing.holder.title)
  await page.getByText(standing.invited.title, { exact: true }).waitFor()
  await page.getByRole('button', { name: objects('taken-over') }).waitFor()
  await look('moved')
  expect([...found, ...seen]).toEqual([])

  async function eventsOf(agency: AgencyId, verdict: CheckedEvent['verdict']): Promise<CheckedEvent[]> {
    const { agencies } = await readStatus(sent.reporter)
    return agencies.find(one => one.id === agency)?.events.filter(event => event.verdict === verdict) ?? []
  }

  /** The investigator whose proposal it is about sees that, and takes it up where the case is handled. */
  async function atConsole(caseId: string): Promise<string[]> {
    await acknowledge(device, await openById(device, caseId), { now: world.now() })
    const { page: desktop } = await visit(chromium, `${world.agencyUrl}/#lang=${language}`, options)
    const looked = looking(desktop, name)
    const desk = atDesk(desktop, language, looked.look)
    await openCase(desk, world.deviceKeyFile('sme-office', 'investigator'), caseId)
    const { objections } = desk.words.work
    await tab(desk, 'talk').click()
    await desktop.getByText(objections.title, { exact: true }).waitFor()
    await desktop
      .locator('.thread')
      .getByText(objections.to(`${proposed} · ${named('police')}`, on, 3))
      .waitFor()
    await looked.look('objection-talk')
    await tab(desk, 'work').click()
    await desktop.getByText(objections.open(1), { exact: true }).waitFor()
    await looked.look('objection-work')
    const takeBack = labelOf('hand-over-withdrawn')
    await desktop.locator('.notice').getByRole('button', { name: takeBack }).click()
    await desktop.getByRole('heading', { name: desk.words.work.form.heading(takeBack) }).waitFor()
    return looked.found
  }
})

test.each(DRESSES.slice(0, 2))(
  'a question, and an objection to a decision, %s',
  {
    timeout: 180_000,
  },
  async (name, language, options) => {
    const { sent, device, id } = await assessed(world, '결과가 나올 신고', ['sme-office'])
    const investigator = await deviceIn(world, 'sme-office', 'investigator')
    await done(world, device, id, { action: 'information-requested', text: '언제였습니까?' })
    const { page } = await visit(chromium, `${world.reporterUrl}/`, options)
    const { look, found } = looking(page, name, { at: 'mine', fullPage: true })
    const walk = await openForm(page, language, nobodyLooks)
    const { words } = walk
    await comeBack(walk, sent.code)
    const [promised = ''] = words.mine
      .feedback('|')
      .split('|')
      .sort((a, b) => b.length - a.length)
    expect(await page.getByText(promised).count()).toBe(1)
    const [before = '', after = ''] = words.mine.answerAsked('|').split('|')
    await page.locator('.notice.warn', { hasText: before }).getByText(after).waitFor()
    await answer(page, 'more', '지난달입니다.')
    await press(page, words.mine.writeSend)
    await page.getByText(words.mine.followUps(1)).waitFor()
    await acknowledge(device, await openById(device, id), { now: world.now() })
    await done(world, device, id, { action: 'information-received', subject: '1' })
    await done(world, device, id, { action: 'accepted' })
    await done(world, investigator, id, { action: 'outcome-reported', code: 'no-evidence' })
    await press(page, words.mine.refresh)
    await page.getByText(words.mine.told(4)).click()
    // What was promised has come.
    expect(await page.getByText(promised).count()).toBe(0)
    await page
      .locator('.told')
      .getByText(codeWords('outcome-reported', 'no-evidence')?.[language] ?? '')
      .waitFor()
    expect(await page.locator('.told').getByText('언제였습니까?').count()).toBe(1)
    await press(page, new RegExp(`^${words.objecting.begin.decision}`))
    const [until] = words.objecting.until('|').split('|').filter(Boolean)
    await page.getByText(until ?? '').waitFor()
    await answer(page, 'more', WHY[language])
    await look('objecting-decision')
    await press(page, words.mine.writeSend)
    await page.getByText(words.mine.followUps(2)).waitFor()

    const { page: desktop } = await visit(chromium, `${world.agencyUrl}/#lang=${language}`, options)
    const desk = atDesk(desktop, language)
    await openCase(desk, world.deviceKeyFile('sme-office'), id)
    await tab(desk, 'work').click()
    await desktop.getByText(desk.words.work.objections.open(2), { exact: true }).waitFor()
    const take = rowsOf('objected')[0]?.label[language] ?? ''
    await desktop.locator('.notice').getByRole('button', { name: take }).click()
    // The follow-up that objects is chosen already.
    expect(await desktop.locator('#act-subject').inputValue()).toBe('2')
    await desktop.locator('.action-form button[type=submit]').click()
    await desktop.locator('.standing').getByText(STATES.objected[language], { exact: true }).waitFor()
    expect(await desktop.getByText(desk.words.work.objections.open(2)).count()).toBe(0)
    await press(page, words.mine.refresh)
    await page.getByText(words.mine.told(5)).waitFor()
    expect(await page.getByRole('button', { name: words.objecting.begin.decision }).count()).toBe(0)
    expect(found).toEqual([])
  },
)
