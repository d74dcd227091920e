// Files in the form, in a real browser against a real service: what is sent, what is kept, what the wire shows.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { problemOf } from '../../src/contract/problems.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { openAt } from './support/agency.ts'
import { visit } from './support/browser.ts'
import {
  choose,
  fileOf,
  filesAt,
  readyToSend,
  rowOf,
  sha256,
  toCheck,
  toEvidence,
  watchParts,
} from './support/files.ts'
import { answer, comeBack, keepCode, openForm, press } from './support/walk.ts'
import { leaks, tapWire } from './support/wiretap.ts'

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

const SINGLE_FILE = pathToFileURL(join(import.meta.dirname, '../../dist/web/report/bongsu-report.html')).href
const MIB = 1024 * 1024
const address = () => `${world.reporterUrl}/`

test('two files and a fingerprint: the agency gets the bytes, the wire shows none of it', async () => {
  const wire = await tapWire(world.reporterUrl)
  const { page } = await visit(chromium, `${wire.url}/`, { screen: 'phone' })
  const walk = await openForm(page, 'ko')
  const { words } = walk
  const [photo, note, plan] = [
    fileOf('현장 사진-주차장.jpg', 1_500_000, 'image/jpeg'),
    fileOf('대화 내용 갈무리.txt', 10, 'text/plain'),
    fileOf('전극 공정 조건표.xlsx', 300_000),
  ]
  await toEvidence(walk, '파일이 있습니다.')
  await choose(walk, [photo, note, plan], [photo, note])
  await page.getByText(words.files.totals(2, '1.43 MB', 1)).waitFor()
  await page.getByText(words.files.seen('1.5 MB')).waitFor()
  // Nothing is read and nothing is sent before that is asked for.
  expect(
    wire.overheard.filter(({ path }) => path.startsWith('/v1/uploads')).map(({ method }) => method),
  ).toEqual(['OPTIONS'])
  await toCheck(walk)
  await press(page, words.check.send)
  const code = await keepCode(walk)
  const opened = await openAt(world, 'sme-office', code)
  const found = await filesAt(world, 'sme-office', opened)
  expect(found.map(({ name, bytes }) => [name, bytes === null])).toEqual([
    [photo.name, false],
    [note.name, false],
    [plan.name, true],
  ])
  expect(found[0]?.bytes?.equals(photo.buffer)).toBe(true)
  expect(found[1]?.bytes?.equals(note.buffer)).toBe(true)
  expect(found[2]).toMatchObject({ size: 300_000, sha256: sha256(plan.buffer) })

  // Whoever keeps a file can see by which fingerprint it will be known.
  await page.getByText(words.keptFiles.title).click()
  await page.getByText(Buffer.from(sha256(plan.buffer)).toString('hex')).waitFor()

  const calls = wire.overheard.filter(({ path }) => path.startsWith('/v1/'))
  const sent = calls.filter(({ method }) => method === 'PATCH')
  expect(sent.map(({ requestBody }) => requestBody.length)).toEqual([MIB, MIB / 2 + 1.5 * 1024])
  const secrets = [photo, note, plan].flatMap(({ name, buffer }) => [
    name,
    buffer.subarray(0, 10).toString('latin1'),
    Buffer.from(sha256(buffer)).toString('hex'),
  ])
  expect(leaks(calls, secrets)).toEqual([])
})

test('the service has no room: said, and the words can go with fingerprints alone', async () => {
  const { page } = await visit(chromium, address())
  const evidence = fileOf('one.bin', 100_000)
  const walk = await readyToSend(page, '자리가 없습니다.', [evidence])
  const { words } = walk
  await page.route('**/v1/uploads', route => {
    const body = JSON.stringify(problemOf('storage-full'))
    return route.fulfill({ status: 507, contentType: 'application/problem+json', body })
  })
  await press(page, words.check.send)
  await page.getByText(words.upload.trouble.full.title).waitFor()
  await press(page, words.upload.change)
  await rowOf(walk, 'one.bin').getByText(words.files.keep).click()
  await press(page, words.toCheck)
  await press(page, words.check.send)
  const code = await keepCode(walk)
  const found = await filesAt(world, 'sme-office', await openAt(world, 'sme-office', code))
  expect(found).toEqual([{ name: 'one.bin', size: 100_000, sha256: sha256(evidence.buffer), bytes: null }])
})

test('the single file from disk sends files to a service on another origin', async () => {
  const { page } = await visit(chromium, SINGLE_FILE, { service: world.reporterUrl })
  await page.locator('#address').fill(world.reporterUrl)
  await page.keyboard.press('Enter')
  const evidence = fileOf('사진.jpg', 1_200_000, 'image/jpeg')
  const walk = await readyToSend(page, '파일로 엽니다.', [evidence])
  await press(page, walk.words.check.send)
  const code = await keepCode(walk)
  const [found] = await filesAt(world, 'sme-office', await openAt(world, 'sme-office', code))
  expect(found?.bytes?.equals(evidence.buffer)).toBe(true)
})

test('without JIT, as in Tor Browser at «Safer»', async () => {
  const slow = await launchChromium({ jit: false })
  onTestFinished(() => slow.close())
  const { page } = await visit(slow, address(), { screen: 'phone' })
  const walk = await openForm(page, 'en')
  const [sent, kept] = [fileOf('sent.bin', 200_000), fileOf('kept.bin', 100_000)]
  await toEvidence(walk, 'Slow but sure.')
  await choose(walk, [sent, kept], [sent])
  await toCheck(walk)
  await press(page, walk.words.check.send)
  const code = await keepCode(walk)
  const found = await filesAt(world, 'sme-office', await openAt(world, 'sme-office', code))
  expect(found[0]?.bytes?.equals(sent.buffer)).toBe(true)
  expect(found[1]).toMatchObject({ bytes: null, sha256: sha256(kept.buffer) })
})

test('a follow-up with files, its answer lost once', async () => {
  const { page } = await visit(chromium, address())
  const walk = await openForm(page, 'ko')
  const { words } = walk
  await toEvidence(walk, '나중에 더합니다.')
  await toCheck(walk)
  await press(page, words.check.send)
  const code = await keepCode(walk)
  await press(page, words.done.startAgain)
  await comeBack(walk, code)
  const [photo, plan] = [fileOf('둘째.jpg', 1_200_000), fileOf('도면.dwg', 50_000)]
  await answer(page, 'more', '사진을 더합니다.')
  await page.getByText(words.mine.writeFiles).click()
  await choose(walk, [photo, plan], [photo])
  const parts = watchParts(page)
  await page.route('**/v1/report/messages', async route => {
    await route.fetch()
    await route.abort('connectionreset')
  })
  await press(page, words.mine.writeSend)
  await page.getByText(words.mine.writeMaybe).waitFor()
  await page.unroute('**/v1/report/messages')
  await press(page, words.mine.writeRetry)
  await page.getByText(words.mine.writeArrived).waitFor()
  expect(parts).toEqual([0, MIB])
  const opened = await openAt(world, 'sme-office', code)
  expect(opened.followUps.map(({ text }) => text)).toEqual(['사진을 더합니다.'])
  const found = await filesAt(world, 'sme-office', opened, 1)
  expect(found[0]?.bytes?.equals(photo.buffer)).toBe(true)
  expect(found[1]).toMatchObject({ name: plan.name, bytes: null, sha256: sha256(plan.buffer) })
})
