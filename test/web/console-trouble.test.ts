// What can go wrong at the console: keys that do not fit, a device that was revoked, a service that is away or newer,
// more cases than fit, and a report that was written to do harm.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeNewKeyFile } from '../../src/cli/keyring.ts'
import { caseOf, deviceIn, sendReport } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { deviceOf, publishDevices } from '../support/device.ts'
import { createWorld, type World } from '../support/world.ts'
import { type VisitOptions, visit } from './support/browser.ts'
import { type AtDesk, atDesk, declareAndOpen, pressed, rows, tab, unlock } from './support/desk.ts'

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

async function arrive(options: VisitOptions = {}, hash = ''): Promise<AtDesk> {
  const { page } = await visit(chromium, `${world.agencyUrl}/${hash}`, options)
  return atDesk(page, hash.includes('lang=en') ? 'en' : 'ko')
}

const live = (page: Page) => page.locator('.live.live').waitFor()

const send = async (text: string) => {
  const sent = await sendReport(world, text, ['police'])
  await caseOf(await deviceIn(world, 'police'), sent)
}

test('a key file that does not fit is refused in plain words, one by one', async () => {
  const desk = await arrive()
  const { page, words } = desk
  const { problems } = words.unlock
  const file = async (name: string, text: string) => {
    const path = join(world.folder, name)
    await writeFile(path, text)
    return path
  }
  const plain = await readFile(world.deviceKeyFile('police'), 'utf8')
  const sealed = join(world.folder, 'sealed.key.json')
  await writeNewKeyFile(sealed, await world.deviceKey('police'), '봉수대에 불을 올려라 4')
  const sealedText = await readFile(sealed, 'utf8')
  const lines = sealedText.split('\n')
  const identity = join(world.store.folder, 'police-identity.key.json')
  const key = JSON.parse(plain)
  const other = {
    ...key,
    deployment: `${key.deployment.startsWith('A') ? 'B' : 'A'}${key.deployment.slice(1)}`,
  }
  const refusals = [
    [sealed, '', 'passphrase-needed'],
    [sealed, '봉수대에 불을 내려라 4', 'passphrase-wrong'],
    [
      await file('damaged.json', [...lines.slice(0, 4), ...lines.slice(6)].join('\n')),
      '봉수대에 불을 올려라 4',
      'file-damaged',
    ],
    [await file('letter.txt', 'Dear all'), '', 'not-a-key-file'],
    [identity, '', 'not-a-device-key'],
    [await file('other.json', JSON.stringify(other)), '', 'other-deployment'],
  ] as const
  await pressed(page, words.unlock.go).click()
  await page.getByText(words.unlock.fileFirst).waitFor()
  for (const [path, passphrase, problem] of refusals) {
    await unlock(desk, path, passphrase)
    await page.getByText(problems[problem].title).waitFor()
    await page.getByText(problems[problem].text).waitFor()
  }
  await unlock(desk, sealed, '봉수대에 불을 올려라 4')
  await live(page)
})

test('the service goes away and comes back; a draft stays', async () => {
  await send('서비스가 없는 동안에도 남아 있어야 합니다.')
  const desk = await arrive()
  const { page, words } = desk
  await unlock(desk, world.deviceKeyFile('police'))
  await live(page)
  await rows(page).first().click()
  await declareAndOpen(desk)
  await pressed(page, words.case.acknowledge.go).click()
  await tab(desk, 'talk').click()
  await page.locator('#reply').fill('잘 받았습니다.')
  await page.route('**/v1/**', route => route.abort('connectionrefused'))
  await send('없는 동안 온 신고')
  await page.locator('.live.away').waitFor()
  await pressed(page, words.retryNow).waitFor()
  await pressed(page, words.case.talk.send).click()
  await page.getByText(words.case.talk.state.failed).waitFor()
  await page.unroute('**/v1/**')
  await pressed(page, words.retryNow).click()
  await live(page)
  await page.getByText(words.inbox.arrived(1)).waitFor()
  await pressed(page, words.case.talk.resend).click()
  await page.getByText(words.case.talk.state.sent).waitFor()
})

test('a device that is revoked in mid-session is locked at once, and nothing stays on the page', async () => {
  const toIp = async (text: string) => {
    const sent = await sendReport(world, text, ['ip-police'])
    await caseOf(await deviceIn(world, 'ip-police', 'investigator'), sent).catch(() => null)
  }
  await toIp('폐기된 기기의 화면에 남으면 안 되는 내용')
  const desk = await arrive()
  const { page, words } = desk
  await unlock(desk, world.deviceKeyFile('ip-police'))
  await live(page)
  await rows(page).first().click()
  await declareAndOpen(desk)
  await page.locator('.written').first().waitFor()
  const revoked = [await deviceOf(world, 'ip-police')]
  await publishDevices(world, 'ip-police', { version: 2, devices: [], revoked })
  await pressed(page, words.case.acknowledge.go).click()
  await page.getByText(words.unlock.reasons.refused).waitFor()
  expect(await page.locator('.written').count()).toBe(0)
  await unlock(desk, world.deviceKeyFile('ip-police'))
  await page.getByText(words.unlock.problems.refused.title).waitFor()
})

test('a service that speaks another contract: load the page anew', async () => {
  const desk = await arrive({}, '#lang=en')
  const { page, words } = desk
  await unlock(desk, world.deviceKeyFile('police'))
  await live(page)
  await page.route('**/v1/cases*', route => route.fulfill({ status: 200, json: { version: 9 } }))
  await send('newer')
  await page.getByText(words.connection.outdatedTitle).waitFor()
  await pressed(page, words.reload).waitFor()
})

const HOSTILE = [
  '<script>document.title="pwned"</script><img src=x onerror="document.title=\'pwned\'">',
  '<a href="javascript:alert(1)">여기</a> http://evil.example/collect?who=you',
  'safe \u202egnp.exe\u202c end \u0007\u0000 zero\u200bwidth pаypal z̸̧̢̛̛͎͖̄̍',
].join('\n')

test('a report written to do harm is text and nothing else; half a mebibyte stays readable', async () => {
  const long = 'ㄱ'.repeat(150_000)
  await send(`${HOSTILE}\n${long}`)
  const desk = await arrive({}, '#lang=en&order=activity')
  const { page, words } = desk
  await unlock(desk, world.deviceKeyFile('police'))
  await live(page)
  await rows(page).first().click()
  await declareAndOpen(desk)
  const written = page.locator('.answer.what .written')
  await written.waitFor()
  const text = (await written.textContent()) ?? ''
  expect(text).toContain('<script>document.title="pwned"</script>')
  expect(text).toContain('‹U+202E›gnp.exe‹U+202C›')
  expect(text).toContain('‹U+0007›‹U+0000›')
  expect(await written.locator('a, img, script').count()).toBe(0)
  expect(await page.title()).not.toContain('pwned')
  const { warnings } = words.case.report
  for (const kind of ['link', 'direction', 'control', 'invisible', 'look-alike', 'long-line'] as const)
    await page.locator('.odd-list').getByText(warnings[kind].name).first().waitFor()
  await pressed(page, words.case.report.showAll).click()
  await expect.poll(async () => (await written.textContent())?.length).toBeGreaterThan(150_000)
  const sideways = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
  expect(await page.evaluate(sideways)).toBe(0)
})

test('ten thousand cases: a few rows in the page, all of them within reach of the keyboard', async () => {
  const { page } = await visit(chromium, `${world.agencyUrl}/#lang=en`)
  const desk = atDesk(page, 'en')
  const PAGE = 50
  const COUNT = 10_000
  await page.route('**/v1/cases?*', async route => {
    const after = Number(new URL(route.request().url()).searchParams.get('after'))
    if (after >= COUNT)
      return void setTimeout(() => void route.fulfill({ status: 304 }).catch(() => {}), 20_000)
    const cases = Array.from({ length: PAGE }, (_, at) => {
      const id = Buffer.alloc(16)
      id.writeUInt32BE(after + at, 0)
      return {
        case: id.toString('base64url'),
        state: at % 7 === 0 ? 'new' : 'acknowledged',
        withdrawalWished: false,
        urgent: (after + at) % 1000 === 3,
        day: '2026-11-20',
        bucket: 8192,
        followUps: 0,
        events: 1,
      }
    })
    await route.fulfill({ json: { cases, cursor: after + PAGE, more: after + PAGE < COUNT } })
  })
  await unlock(desk, world.deviceKeyFile('police'))
  await page.getByText('10,000 cases').waitFor({ timeout: 50_000 })
  expect(await rows(page).count()).toBeLessThan(60)
  await page.locator('.list').focus()
  const began = Date.now()
  await page.keyboard.press('End')
  await page.locator('.row[aria-posinset="10000"]').waitFor()
  await page.keyboard.press('Home')
  await page.locator('.row[aria-posinset="1"]').waitFor()
  for (let at = 0; at < 60; at++) await page.keyboard.press('j')
  await page.locator('.row.active[aria-posinset="61"]').waitFor()
  for (let at = 0; at < 40; at++) await page.mouse.wheel(0, 9000)
  expect(Date.now() - began).toBeLessThan(15_000)
  expect(await rows(page).count()).toBeLessThan(60)
  await page.keyboard.press('/')
  await page.keyboard.type('0000 270f')
  await page.getByText('1 of 10,000 cases').waitFor()
}, 120_000)

test('filters survive a reload, and no id stands in the address', async () => {
  const desk = await arrive({}, '#lang=en')
  const { page, words } = desk
  await unlock(desk, world.deviceKeyFile('police'))
  await live(page)
  await page.getByText(words.inbox.filters, { exact: true }).click()
  await page.getByLabel(words.inbox.state.unopenable).check()
  await page.locator('#order').selectOption('day')
  await page.getByText(words.inbox.noMatch).waitFor()
  expect(new URL(page.url()).hash).toBe('#lang=en&state=unopenable&order=day')
  await page.reload()
  await unlock(desk, world.deviceKeyFile('police'))
  await live(page)
  await page.getByText(words.inbox.noMatch).waitFor()
  await pressed(page, words.inbox.clear).click()
  await rows(page).first().waitFor()
  expect(await page.locator('#order').inputValue()).toBe('day')
})

test('a page that nobody uses warns, and then locks', async () => {
  const { page } = await visit(chromium, `${world.agencyUrl}/#lang=en`)
  const desk = atDesk(page, 'en')
  await page.clock.install({ time: world.now() })
  await unlock(desk, world.deviceKeyFile('police'))
  await page.locator('.live.live').waitFor()
  await page.clock.fastForward(9 * 60_000 + 10_000)
  await page.getByText(desk.words.idle.title).waitFor()
  await pressed(page, desk.words.idle.stay).click()
  await page.getByText(desk.words.idle.title).waitFor({ state: 'detached' })
  await page.clock.fastForward(10 * 60_000 + 5000)
  await page.getByText(desk.words.unlock.reasons.idle).waitFor()
})

test('from the list to a reply and back, by keyboard alone', async () => {
  await send('자판만으로 여는 신고')
  const desk = await arrive({}, '#lang=en&order=activity')
  const { page, words } = desk
  const focused = () =>
    page.evaluate<string>('document.activeElement?.id || document.activeElement?.textContent')
  await unlock(desk, world.deviceKeyFile('police'))
  await live(page)
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByText(words.case.declare.heading).waitFor()
  expect(await focused()).toBe('case-heading')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText(words.case.acknowledge.heading).waitFor()
  await expect.poll(focused).toBe('case-heading')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe(words.case.acknowledge.go)
  await page.keyboard.press('Enter')
  await expect.poll(focused).toBe('tab-report')
  await page.keyboard.press('ArrowRight')
  await expect.poll(focused).toBe('tab-talk')
  await page.keyboard.press('r')
  await expect.poll(focused).toBe('reply')
  await page.keyboard.type('What is your name? jk?/1')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText(words.case.talk.sure).last().waitFor()
  await page.keyboard.press('Tab')
  expect(await focused()).toBe(words.case.talk.change)
  await page.keyboard.press('Enter')
  await expect.poll(focused).toBe('reply')
  await page.keyboard.press('Control+A')
  await page.keyboard.type('Thank you.')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText(words.case.talk.state.sent).waitFor()
  await page.keyboard.press('Escape')
  expect(await page.evaluate<string>('document.activeElement?.getAttribute("role")')).toBe('listbox')
})

test('drafts stay while somebody moves between cases, and are asked about before the page is left', async () => {
  await send('첫째 신고')
  await send('둘째 신고')
  const desk = await arrive({}, '#lang=en&state=new')
  const { page, words } = desk
  await unlock(desk, world.deviceKeyFile('police'))
  await live(page)
  const names: string[] = []
  for (const text of ['For the one.', 'For the other.']) {
    await rows(page).first().click()
    await declareAndOpen(desk)
    names.push((await page.locator('#case-heading').getAttribute('aria-label')) ?? '')
    await pressed(page, words.case.acknowledge.go).click()
    await tab(desk, 'talk').click()
    await page.locator('#reply').fill(text)
    await expect.poll(() => page.locator('.row[aria-selected=true]').count()).toBe(0)
  }
  await pressed(page, words.inbox.clear).click()
  for (const [at, text] of ['For the one.', 'For the other.'].entries()) {
    await page.locator('#search').fill((names[at] ?? '').replace('Case ', ''))
    await rows(page).first().click()
    await tab(desk, 'talk').click()
    expect(await page.locator('#reply').inputValue()).toBe(text)
  }
  let asked = 0
  page.on('dialog', dialog => {
    asked++
    void dialog.accept()
  })
  await page.reload()
  expect(asked).toBe(1)
  await page.getByText(words.unlock.lead).waitFor()
})

test('an expired directory keeps the console shut, unless somebody says that it cannot wait', async () => {
  const desk = await arrive({}, '#lang=en')
  const { page, words } = desk
  await page.clock.setFixedTime(world.now() + 10 * 86_400_000)
  await unlock(desk, world.deviceKeyFile('police'))
  await page.getByText(words.unlock.problems['directory-expired'].title).waitFor()
  await pressed(page, words.unlock.goOnStale).click()
  await page.getByText(words.frame.stale).waitFor()
  await live(page)
})
