import type { Page } from 'playwright-core'
import { buildIfStale } from '../../scripts/web/build.ts'
import { QUESTIONS } from '../../src/web/report/questions.ts'
import { launchChromium } from '../../test/support/chromium.ts'
import {
  answer,
  openForm,
  press,
  throughReaders,
  toFirstQuestion,
  type Walk,
} from '../../test/web/support/walk.ts'
import type { Bench, Part } from '../part.ts'
import { startService } from '../service.ts'
import { median, round } from '../statistics.ts'

const ROUNDS = 3
/** A slow phone on a slow line: processor time fourfold, 1.6 Mbit/s both ways, 300 ms there and back. */
const SLOWDOWN = 4
const BYTES_PER_SECOND = 1_600_000 / 8
const ROUND_TRIP_MS = 300
const TEXT = '전극 공정 조건표가 밖으로 나가고 있습니다. '.repeat(250).slice(0, 5000)
const DEFAULT_WORK_BITS = 10

const BARS = { usable: 3, send: 4, sendWithoutJit: 15 } as const

async function slowPage(chromium: Awaited<ReturnType<typeof launchChromium>>) {
  const context = await chromium.browser.newContext({
    viewport: { width: 390, height: 844 },
    locale: 'ko-KR',
    isMobile: true,
    hasTouch: true,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(120_000)
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: ROUND_TRIP_MS,
    downloadThroughput: BYTES_PER_SECOND,
    uploadThroughput: BYTES_PER_SECOND,
  })
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
  return { page, close: () => context.close() }
}

const since = (begun: number) => (performance.now() - begun) / 1000

/** From the address to a button that can be pressed. */
async function timeOpening(page: Page, url: string): Promise<number> {
  const begun = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  await page.getByRole('button', { name: /^알리기/ }).click({ trial: true })
  return since(begun)
}

/** From the last button to the receipt code; everything before it is walked through and not timed. */
async function timeSending(page: Page): Promise<number> {
  const walk: Walk = await openForm(page, 'ko')
  await toFirstQuestion(walk)
  for (const { id } of QUESTIONS) {
    if (id === 'what') await answer(page, id, TEXT)
    await press(page, id === 'what' ? walk.words.next : new RegExp(`^${walk.words.unknown}`))
  }
  await throughReaders(walk)
  const begun = performance.now()
  await press(page, walk.words.check.send)
  await page.locator('.code-sheet').waitFor()
  return since(begun)
}

async function timeForm(url: string, jit: boolean) {
  const chromium = await launchChromium({ jit })
  const opening: number[] = []
  const sending: number[] = []
  try {
    for (let i = 0; i < ROUNDS; i++) {
      const { page, close } = await slowPage(chromium)
      opening.push(await timeOpening(page, url))
      sending.push(await timeSending(page))
      await close()
    }
  } finally {
    await chromium.close()
  }
  return { opening: median(opening), sending: median(sending) }
}

/** The reporter's form on a slow phone: until it can be used, and until a report of 5,000 characters is sent. */
export const measureWeb: Part = async ({ folder, say, onEnd }: Bench) => {
  await buildIfStale()
  const running = await startService(await folder(), DEFAULT_WORK_BITS)
  onEnd(running.stop)
  const url = `http://127.0.0.1:${running.reporterPort}/`
  const fast = await timeForm(url, true)
  const slow = await timeForm(url, false)
  await running.stop()
  say(`first page usable            ${fast.opening.toFixed(2)} s (under ${BARS.usable} s)`)
  say(`… without JIT                ${slow.opening.toFixed(2)} s`)
  say(`5,000 characters sent        ${fast.sending.toFixed(2)} s (under ${BARS.send} s)`)
  say(`… without JIT                ${slow.sending.toFixed(2)} s (under ${BARS.sendWithoutJit} s)`)
  return {
    web_usable_seconds: round(fast.opening),
    web_usable_jitless_seconds: round(slow.opening),
    web_send_seconds: round(fast.sending),
    web_send_jitless_seconds: round(slow.sending),
  }
}
