// Files on their way: paused, cut off, refused, given up; and what changed meanwhile.
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemOf } from '../../src/contract/problems.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { openAt } from './support/agency.ts'
import { visit } from './support/browser.ts'
import {
  fileOf,
  filesAt,
  folderOfThisTest,
  readyToSend,
  rowOf,
  toCheck,
  toEvidence,
  watchParts,
} from './support/files.ts'
import { keepCode, openForm, press } from './support/walk.ts'

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

/** A bound against hangs. */
const PATIENT = { timeout: 30_000 }
const MIB = 1024 * 1024
const address = () => `${world.reporterUrl}/`

/** Uploads that nobody has claimed, and that nobody has given up. */
const openUploads = async () => {
  const text = "select count(*)::int as count from blobs where state = 'open'"
  const [row] = await world.database.query<{ count: number }>({ name: 'open-uploads', text })
  return row?.count
}

test('a pause holds what was not sent; going on sends the rest, each part once', async () => {
  const { page } = await visit(chromium, address())
  const evidence = fileOf('log.bin', 5 * MIB)
  const walk = await readyToSend(page, '멈춥니다.', [evidence])
  const { words } = walk
  const seen: string[] = []
  let release = () => {}
  const paused = new Promise<void>(resolve => {
    release = resolve
  })
  await page.route('**/v1/uploads/*', async route => {
    if (route.request().method() !== 'PATCH') return route.continue()
    const offset = Number(route.request().headers()['upload-offset']) / MIB
    seen.push(`part ${offset}`)
    if (offset === 0) await paused
    await route.continue()
  })
  await press(page, words.check.send)
  await expect.poll(() => seen, PATIENT).toEqual(['part 0'])
  await press(page, words.upload.pause)
  release()
  await page.getByText(words.upload.sent('1 MB', '6.01 MB')).waitFor()
  await page.getByText(words.upload.paused).first().waitFor()
  seen.push('go on')
  await press(page, words.upload.goOn)
  const code = await keepCode(walk)
  expect(seen).toEqual(['part 0', 'go on', ...[1, 2, 3, 4, 5, 6].map(part => `part ${part}`)])
  const [found] = await filesAt(world, 'sme-office', await openAt(world, 'sme-office', code))
  expect(found?.bytes?.equals(evidence.buffer)).toBe(true)
})

test('a connection that breaks: said, and gone on with by itself, with only what was missing', async () => {
  const { page } = await visit(chromium, address())
  const evidence = fileOf('log.bin', 3 * MIB)
  const walk = await readyToSend(page, '끊깁니다.', [evidence])
  const { words } = walk
  const parts = watchParts(page)
  let cuts = 0
  await page.route('**/v1/uploads/*', async route => {
    const offset = Number(route.request().headers()['upload-offset'])
    if (route.request().method() !== 'PATCH' || offset === 0 || cuts >= 5) return route.continue()
    cuts++
    // The first arrives, and only its answer is lost.
    if (cuts === 1) await route.fetch()
    await route.abort('connectionreset')
  })
  await press(page, words.check.send)
  await page.getByText(words.upload.lost).first().waitFor()
  const code = await keepCode(walk)
  expect(parts).not.toContain(MIB)
  expect([...parts].sort((a, b) => a - b)).toEqual([0, 2 * MIB, 3 * MIB])
  const [found] = await filesAt(world, 'sme-office', await openAt(world, 'sme-office', code))
  expect(found?.bytes?.equals(evidence.buffer)).toBe(true)
})

test('a connection that stays away: the form waits, and goes on from there once it is back', async () => {
  const { page, context } = await visit(chromium, address())
  const evidence = fileOf('log.bin', 3 * MIB)
  const walk = await readyToSend(page, '오래 끊깁니다.', [evidence])
  const { words } = walk
  const parts = watchParts(page)
  await page.clock.install()
  let isAway = true
  await page.route('**/v1/uploads/*', route => {
    const offset = Number(route.request().headers()['upload-offset'] ?? 0)
    return isAway && offset !== 0 ? route.abort('connectionreset') : route.continue()
  })
  await page.route('**/v1/uploads/*', route => {
    const isHead = route.request().method() === 'HEAD'
    return isAway && isHead ? route.abort('connectionreset') : route.fallback()
  })
  await press(page, words.check.send)
  // In the page's own time the first part would be late at once.
  await expect.poll(() => parts).toEqual([0])
  const given = page.getByText(words.upload.trouble.lost.title)
  // Minutes of trying again, in the page's own time.
  while (!(await given.isVisible())) await page.clock.fastForward(30_000)
  isAway = false
  await context.setOffline(true)
  await context.setOffline(false)
  const coming = page.locator('.code-sheet')
  while (!(await coming.isVisible())) {
    await page.clock.fastForward(1000)
    // Where it came back while something was still under way, it comes back once more.
    if (await given.isVisible()) await context.setOffline(true)
    await context.setOffline(false)
  }
  await page.clock.resume()
  const code = await keepCode(walk)
  expect(parts).toEqual([0, MIB, 2 * MIB, 3 * MIB])
  const [found] = await filesAt(world, 'sme-office', await openAt(world, 'sme-office', code))
  expect(found?.bytes?.equals(evidence.buffer)).toBe(true)
})

test('an answer to the report that is lost: trying again sends neither files nor report twice', async () => {
  const { page } = await visit(chromium, address())
  const walk = await readyToSend(page, '파일과 한 번만.', [fileOf('one.bin', 100_000)])
  const { words } = walk
  const parts = watchParts(page)
  let lost = 0
  await page.route('**/v1/report', async route => {
    if (route.request().method() !== 'PUT' || lost++ >= 3) return route.continue()
    await route.fetch()
    await route.abort('connectionreset')
  })
  await press(page, words.check.send)
  await page.getByText(words.send.maybe.title).waitFor()
  await press(page, words.send.retry)
  const code = await keepCode(walk)
  expect(parts).toEqual([0])
  const opened = await openAt(world, 'sme-office', code)
  expect(await filesAt(world, 'sme-office', opened)).toHaveLength(1)
  const text = 'select count(*)::int as count from blobs where report_id = $1'
  const claimed = await world.database.query({ name: 'blobs-of-report', text }, [opened.reportId])
  expect(claimed).toEqual([{ count: 1 }])
})

test('a report that is refused is sealed afresh for the files that are there already', async () => {
  const { page } = await visit(chromium, address())
  const walk = await readyToSend(page, '한 번 거절됩니다.', [fileOf('one.bin', 100_000)])
  const { words } = walk
  const parts = watchParts(page)
  let refused = 0
  await page.route('**/v1/report', route => {
    if (route.request().method() !== 'PUT' || refused++ > 0) return route.continue()
    const body = JSON.stringify(problemOf('recipient-refused'))
    return route.fulfill({ status: 422, contentType: 'application/problem+json', body })
  })
  await press(page, words.check.send)
  await page.getByText(words.send.refused.title).waitFor()
  await press(page, words.send.refused.again)
  await press(page, words.check.send)
  const code = await keepCode(walk)
  expect(parts).toEqual([0])
  expect(await filesAt(world, 'sme-office', await openAt(world, 'sme-office', code))).toHaveLength(1)
})

test('stopping has the service delete what arrived, and keeps the choice', async () => {
  const { page } = await visit(chromium, address())
  const walk = await readyToSend(page, '그만둡니다.', [fileOf('log.bin', 3 * MIB)])
  const { words } = walk
  const before = await openUploads()
  // Everything happens within one moment: what was sent is shown all the same.
  await page.evaluate(() => {
    performance.now = () => 1
  })
  await page.route('**/v1/uploads/*', async route => {
    // Held until the test is over: the page gives it up.
    if (route.request().headers()['upload-offset'] !== String(MIB)) return route.continue()
  })
  await press(page, words.check.send)
  await page.getByText(words.upload.sent('1 MB', '3 MB')).waitFor()
  expect(await openUploads()).toBe((before ?? 0) + 1)
  await press(page, words.upload.cancel)
  await page.getByText('log.bin').waitFor()
  await expect.poll(openUploads, PATIENT).toBe(before)
})

test('what changed since it was chosen is not sent, and named', async () => {
  const { page } = await visit(chromium, address())
  const file = join(await folderOfThisTest(), '기록.log')
  await writeFile(file, Buffer.alloc(100_000, 7))
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toEvidence(walk, '바뀝니다.')
  await page.locator('#files-field').setInputFiles(file)
  await rowOf(walk, '기록.log').getByText(words.files.send).click()
  await toCheck(walk)
  await appendFile(file, 'more')
  await press(page, words.check.send)
  await page.getByText(words.upload.trouble.unreadable.text('기록.log')).waitFor()
  await press(page, words.upload.change)
  await rowOf(walk, '기록.log').getByRole('button', { name: words.files.remove }).click()
  await press(page, words.toCheck)
  await press(page, words.check.send)
  const code = await keepCode(walk)
  expect((await openAt(world, 'sme-office', code)).report.files).toBeNull()
})
