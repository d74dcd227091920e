// Every page of the console, in both languages, on a desktop and on a phone, by day and by night: axe finds nothing,
// and nothing but tables and commands scrolls sideways.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  call,
  prepareReport,
  type ReportContent,
  reporterOf,
  submitReport,
} from '../../src/client/index.ts'
import { putReport } from '../../src/contract/report.ts'
import { randomBytes } from '../../src/protocol/crypto.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { WRAPPED_KEY_LENGTH } from '../../src/protocol/wrapped-key.ts'
import { caseOf, deviceIn, openById, reporters, sendReport, trustIn } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { visit } from './support/browser.ts'
import {
  type AtDesk,
  acknowledgeCase,
  atDesk,
  chooseLanguage,
  declareAndOpen,
  pressed,
  rows,
  tab,
  unlock,
} from './support/desk.ts'
import { DRESSES, looking } from './support/looking.ts'

const ODD = `같은 부서의 한 사람이 전극 공정 조건표를 개인 저장 장치로 옮기고 있습니다.
자료는 http://share.example/d/8f31 에도 올라가 있다고 들었습니다.
파일 이름은 \u202egnp.exe 였고, 상대 회사는 Sаmsun 이라고 씁니다.`

/** Every question answered, and somebody is to be woken. */
const FULL: ReportContent = {
  version: 1,
  language: 'ko',
  what: ODD,
  urgency: 'U1',
  when: '이달 말에 출국한다고 들었습니다.',
  kind: 'K02',
  field: 'F03',
  who: '해외에 새로 생긴 회사. 이름은 모릅니다.',
  source: '두 번은 직접 보았고, 출국 날짜는 동료에게 들었습니다.',
  evidence: '공용 컴퓨터의 접근 기록이 남아 있을 것입니다.',
  told: '아무에게도 말하지 않았습니다.',
  excluded: '우리 회사 보안팀',
  fear: '누가 알렸는지 회사가 알게 되는 것',
  contact: '이곳에서만',
}

const ASKING = {
  ko: '이름과 연락처를 알려 주세요. 어느 부서에서 일하십니까?',
  en: 'Could you tell us your name and phone number? Which department do you work in?',
} as const

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

async function outside({ page, words, look }: AtDesk): Promise<void> {
  await look('unlock')
  await pressed(page, words.unlock.go).click()
  await look('unlock-no-file')
  await unlock({ page, words, look, language: 'ko' }, join(import.meta.dirname, '../../package.json'))
  await page.getByText(words.unlock.problems['not-a-key-file'].title).waitFor()
  await look('unlock-problem')
  await pressed(page, words.unlock.enrol).click()
  await look('enrol')
  await pressed(page, words.enrol.done).click()
}

async function conversation(desk: AtDesk): Promise<void> {
  const { page, words, look, language } = desk
  const { talk } = words.case
  await tab(desk, 'talk').click()
  await look('talk')
  await page.locator('#reply').fill(ASKING[language])
  await pressed(page, talk.send).click()
  await page.getByText(talk.sure).last().waitFor()
  await look('talk-asks')
  await pressed(page, talk.change).click()
  await page.locator('#reply').fill('')
  await page.locator('.templates .button').first().click()
  await pressed(page, talk.send).click()
  await page.getByText(talk.state.sent).waitFor()
  await look('talk-sent')
}

async function desk(at: AtDesk, search: string): Promise<void> {
  const { page, words, look } = at
  await page.locator('.live.live').waitFor()
  await look('inbox')
  await page.locator('.filters summary').click()
  await page.getByLabel(words.inbox.state.withdrawn).check()
  await look('inbox-filters')
  await pressed(page, words.inbox.clear).click()
  await page.locator('.filters summary').click()
  await page.locator('#search').fill(search)
  await rows(page).first().click()
  await declareAndOpen(at)
  await acknowledgeCase(at)
  await look('report')
  await conversation(at)
  await tab(at, 'work').click()
  for (const more of await page.locator('.action-panel summary').all()) await more.click()
  await look('work')
  await page.locator('#act-conflict-declared').click()
  await look('work-form')
  await pressed(page, words.work.form.cancel).click()
  // The focus is back on what was pressed, behind its disclosure.
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('act-conflict-declared')
  await tab(at, 'history').click()
  await look('history')
  await tab(at, 'technical').click()
  await look('technical')
  await page.getByRole('button', { name: words.frame.devices, exact: true }).click()
  await page.locator('table').first().waitFor()
  await look('devices')
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  await look('keys')
  await page.keyboard.press('Escape')
  await page.route('**/v1/cases*', route => route.abort('connectionrefused'))
  await sendReport(world, 'Another.', ['nis'])
  await page.locator('.live.away').waitFor()
  await look('away')
  await pressed(page, words.frame.lock).click()
  await look('locked')
}

test.each(DRESSES)(
  'every page, %s',
  async (name, language, options) => {
    const id = await sendFull()
    const { page } = await visit(chromium, `${world.agencyUrl}/`, options)
    const { look, found } = looking(page, name)
    const at = atDesk(page, language, look)
    await chooseLanguage(at)
    await outside(at)
    await unlock(at, world.deviceKeyFile('nis'))
    await desk(at, Buffer.from(id, 'base64url').toString('hex').slice(0, 12))
    expect(found).toEqual([])
  },
  180_000,
)

async function sendFull(): Promise<string> {
  const trust = await trustIn(world)
  const prepared = await prepareReport(trust, { content: FULL, agencies: ['nis'], urgent: true })
  await submitReport(reporters(world), trust, prepared)
  return caseOf(await deviceIn(world, 'nis'), { prepared })
}

/** Sealed to the agency's key by name, with something else inside. Returns the case. */
async function sendUnopenable(): Promise<string> {
  const trust = await trustIn(world)
  const content = { version: 1, language: 'ko', what: '열리지 않을 신고' } as const
  const prepared = await prepareReport(trust, { content, agencies: ['nis'] })
  const signer = reporterOf(reporters(world), trust, prepared.code).status
  const wrappedKeys = prepared.submission.wrappedKeys.map(wrapped => ({
    ...wrapped,
    key: toBase64url(randomBytes(WRAPPED_KEY_LENGTH)),
  }))
  await call(reporters(world), putReport, { signer, body: { ...prepared.submission, wrappedKeys } })
  return caseOf(await deviceIn(world, 'nis'), { prepared })
}

test('what an investigator cannot open yet, and what does not open at all', async () => {
  const first = await caseOf(
    await deviceIn(world, 'nis'),
    await sendReport(world, 'Not acknowledged.', ['nis']),
  )
  const { page } = await visit(chromium, `${world.agencyUrl}/#lang=en`)
  const { look, found } = looking(page, 'en.desktop.light')
  const at = atDesk(page, 'en', look)
  const { words } = at
  await unlock(at, world.deviceKeyFile('nis', 'investigator'))
  await page.locator('.live.live').waitFor()
  const open = async (id: string) => {
    await page.locator('#search').fill(Buffer.from(id, 'base64url').toString('hex').slice(0, 12))
    await rows(page).first().click()
    await page.getByLabel(words.case.declare.confirm).check()
    await pressed(page, words.case.declare.open).click()
  }
  await open(first)
  await page.getByText(words.case.noKey.other).waitFor()
  await look('no-key')
  await pressed(page, words.frame.lock).click()

  const id = await sendUnopenable()
  await unlock(at, world.deviceKeyFile('nis'))
  await page.locator('.live.live').waitFor()
  await open(id)
  await page.getByText(words.case.unopenable.heading).waitFor()
  await look('unopenable')
  await pressed(page, words.case.unopenable.go).click()
  await page.getByText(words.case.unopenable.recorded).waitFor()
  await look('unopenable-recorded')

  const acknowledged = async () => {
    const made = await caseOf(
      await deviceIn(world, 'nis'),
      await sendReport(world, 'Tampered with.', ['nis']),
    )
    const device = await deviceIn(world, 'nis')
    await acknowledge(device, await openById(device, made), { now: world.now() })
    return made
  }
  const tamper = (text: string, of: string) =>
    world.database.query({ name: text.slice(0, 20), text }, [Buffer.from(of, 'base64url')])
  const forged = await acknowledged()
  await tamper(`update events set signature = decode(repeat('07', 64), 'hex') where case_id = $1`, forged)
  await open(forged)
  await tab(at, 'history').click()
  await page.getByText(words.case.history.forgedTitle).waitFor()
  await look('history-forged')
  const broken = await acknowledged()
  await tamper('delete from events where case_id = $1', broken)
  await open(broken)
  await page.getByText(words.case.unproven.heading).waitFor()
  await page.getByText(words.case.history.brokenTitle).waitFor()
  await look('history-broken')
  expect(found).toEqual([])
})
