// What can go wrong at the console: keys that do not fit, a device that was revoked, a service that is away or newer,
// and a report that was written to do harm.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeNewKeyFile } from '../../src/cli/keyring.ts'
import { caseOf, deviceIn, sendReport } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { deviceOf, publishDevices } from '../support/device.ts'
import { createWorld, type World } from '../support/world.ts'
import { turnPage, type VisitOptions, visit } from './support/browser.ts'
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

test('left by whatever way, the console is locked and empty, and begins anew', async () => {
  const desk = await arrive()
  const { page, words } = desk
  await unlock(desk, world.deviceKeyFile('police'))
  await live(page)
  // Locking ends the poll that the service holds.
  const ended = page.waitForEvent('requestfailed', request => request.url().includes('/v1/cases'))
  await turnPage(page, 'pagehide')
  await ended
  expect(await page.locator('#app').innerHTML()).toBe('')
  await turnPage(page, 'pageshow')
  await pressed(page, words.unlock.go).waitFor()
})

test('a file that is dropped beside the field is not opened by the browser', async () => {
  const { page, words } = await arrive()
  await pressed(page, words.unlock.go).waitFor()
  const isTaken = await page.evaluate(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['{}'], 'intake.key.json'))
    const drop = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })
    return !document.body.dispatchEvent(drop)
  })
  expect(isTaken).toBe(true)
})

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
  await page.getByText(words.unlock.problems.refused.title, { exact: true }).waitFor()
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
