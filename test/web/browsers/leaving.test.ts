// Leaving the form at once, and what a browser has of it afterwards, in Firefox and WebKit.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, test as anyTest, beforeAll, describe, expect } from 'vitest'
import { createWorld, type World } from '../../support/world.ts'
import { answer, heading, openForm, press, toFirstQuestion } from '../support/walk.ts'
import { BROWSERS, until, whyNot } from './support/tab.ts'
import { PHONE, visit } from './support/visit.ts'

const test = anyTest.skipIf(whyNot !== null)
const PATIENCE = { timeout: 120_000 }
const HARMLESS = 'www.weather.go.kr:443'

let world: World
beforeAll(async () => {
  if (!whyNot) world = await createWorld({ workBits: 4 })
})
afterAll(() => world?.stop())

/** In the first question, with these words typed key by key. */
async function writing(browser: (typeof BROWSERS)[number], words: string) {
  const at = await visit(browser, `${world.reporterUrl}/`, { size: PHONE, leaves: true })
  const walk = await openForm(at.page, 'ko')
  await toFirstQuestion(walk)
  await at.page.locator('#what').focus()
  await at.page.keyboard.type(words)
  expect(await at.page.locator('#what').inputValue()).toBe(words)
  return { ...at, walk }
}

describe.each(BROWSERS)('%s', browser => {
  test.each(['button', 'Escape twice'] as const)(
    'by %s: gone, and «back» brings nothing',
    PATIENCE,
    async way => {
      const typed = '전극 공정 조건표 secret-7f3a'
      const { tab, page, walk } = await writing(browser, typed)
      if (way === 'button') await press(page, walk.words.leave)
      else for (let times = 0; times < 2; times++) await page.keyboard.press('Escape')
      await until('the other page was asked for', () => tab.reached.includes(HARMLESS) || null)
      expect(await tab.text()).not.toContain('secret-7f3a')
      await tab.back().catch(() => undefined)
      const seen = await tab.text()
      expect(seen).not.toContain('secret-7f3a')
      expect(tab.reached.filter(host => host !== HARMLESS)).toEqual([])
    },
  )

  test('a reload begins anew: nothing that was typed comes back', PATIENCE, async () => {
    const { tab, page } = await writing(browser, 'secret-9c1e')
    await tab.run('() => void setTimeout(() => location.reload())', [])
    await page.locator('.banner').waitFor({ state: 'detached' })
    await page.locator('.banner').waitFor()
    await heading(page).waitFor()
    await toFirstQuestion(await openForm(page, 'ko'))
    expect(await page.locator('#what').inputValue()).toBe('')
    expect(await tab.breaches()).toEqual([])
  })
})

/** Files of the profile that hold this text, in letters of one byte or two. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const forms = [Buffer.from(text), Buffer.from(text, 'utf16le')]
  const found: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const bytes = await readFile(file).catch(() => Buffer.alloc(0))
    if (forms.some(form => bytes.includes(form))) found.push(file.slice(folder.length + 1))
  }
  return found
}

// A code is typed into a field, too: neither may lie in what Firefox keeps to bring a session back.
test('what is typed is not in Firefox’s profile, outside of private windows', PATIENCE, async () => {
  const { tab, page, walk } = await writing('firefox', 'qzxjkvwq7f3a')
  await answer(page, 'what', 'qzxjkvwq7f3a and more')
  // Its session file is written, and names the form.
  const session = () => filesWith(tab.folder, `127.0.0.1:${new URL(world.reporterUrl).port}`)
  await until('the session file', async () =>
    (await session()).some(file => file.startsWith('sessionstore-backups')) ? true : null,
  )
  await press(page, walk.words.leave)
  await tab.end()
  expect(await filesWith(tab.folder, 'qzxjkvwq7f3a')).toEqual([])
})
