// Each page of the form at the width of a small phone, looked at; and the whole way to a code by keyboard alone.
import { afterAll, test as anyTest, beforeAll, describe, expect } from 'vitest'
import { QUESTIONS } from '../../../src/web/report/questions.ts'
import { createWorld, type World } from '../../support/world.ts'
import { answerAt, openAt } from '../support/agency.ts'
import { choose, fileOf, toCheck, toEvidence } from '../support/files.ts'
import { comeBack, type Look, nobodyLooks, openForm, press, report } from '../support/walk.ts'
import { looking, tabTo } from './support/looking.ts'
import { BROWSERS, whyNot } from './support/tab.ts'
import { PHONE, visit } from './support/visit.ts'

const test = anyTest.skipIf(whyNot !== null)
const PATIENCE = { timeout: 300_000 }

let world: World
beforeAll(async () => {
  if (!whyNot) world = await createWorld({ workBits: 4 })
})
afterAll(() => world?.stop())

const address = () => `${world.reporterUrl}/`

describe.each(BROWSERS)('%s', browser => {
  test.each(['ko', 'en'] as const)('every page of the form at 360 px, %s', PATIENCE, async language => {
    const { tab, page } = await visit(browser, address(), { size: PHONE })
    const { look, found } = looking(tab, PHONE, `form-${language}`)
    const lines: unknown[] = []
    const lookTwice: Look = async what => {
      await look(what)
      // What the scan found is marked by more than its colour.
      if (what === 'check')
        lines.push(
          await tab.run(`() => getComputedStyle(document.querySelector('mark')).textDecorationLine`, []),
        )
    }
    const walk = await openForm(page, language, lookTwice)
    const { words } = walk
    const code = await report(walk)
    await answerAt(world, 'police', code, [language === 'ko' ? '잘 받았습니다.' : 'Received.'])
    await press(page, words.done.startAgain)
    await comeBack(walk, code)
    await look('mine')
    await tab.open('about:blank')
    await tab.open(address())
    const again = await openForm(page, language, nobodyLooks)
    await toEvidence(again, '파일이 있습니다.')
    const long = fileOf('이차전지_전극_공정조건표_최종_수정본_v12(외부반출금지)_'.repeat(2), 10)
    await choose(again, [long, fileOf('2.txt', 10)], [long])
    await look('files')
    await toCheck(again)
    await look('files-check')
    expect(found).toEqual([])
    expect(lines).toEqual(['underline'])
  })

  test('from the first page to the code by keyboard, and the focus is always seen', PATIENCE, async () => {
    const { tab, page } = await visit(browser, address(), { size: PHONE })
    const { words } = await openForm(page, 'ko')
    const unseen: string[] = []
    const go = async (wanted: string) => {
      unseen.push(...(await tabTo(tab, new RegExp(`^button# ${wanted}`))))
      await page.keyboard.press('Enter')
    }
    await go(words.start.report)
    await go(words.before.next)
    await go(words.protect.next)
    unseen.push(...(await tabTo(tab, /^textarea#what/)))
    await page.keyboard.type('도면이 나갔습니다.')
    await go(words.next)
    // A choice by the arrow keys, as in every browser.
    unseen.push(...(await tabTo(tab, /^input#/)))
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowDown')
    await go(words.next)
    for (let at = 2; at < QUESTIONS.length; at++) await go(words.unknown)
    await go(words.next)
    await go(words.check.send)
    await page.locator('.code-sheet').waitFor()
    const groups = await page.locator('.code-sheet li').allTextContents()
    await go(words.code.written)
    await page.locator('#back-0').waitFor()
    for (const i of [0, 1]) {
      const label = (await page.locator(`label[for=back-${i}]`).textContent()) ?? ''
      unseen.push(...(await tabTo(tab, new RegExp(`^input#back-${i}`))))
      await page.keyboard.type((groups[Number(/\d+/.exec(label)?.[0]) - 1] ?? '').toLowerCase())
    }
    await go(words.code.confirm)
    await page.getByText(words.done.startAgain).waitFor()
    const { answers } = await openAt(world, 'sme-office', groups.join('-'))
    expect(answers).toMatchObject({ what: '도면이 나갔습니다.', urgency: 'U1' })
    expect(unseen).toEqual([])
  })
})
