// Somebody at the agency's console: unlocks, opens and answers by what is seen.

import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Language } from '../../../src/web/console/reading.ts'
import { type Words, wordsIn } from '../../../src/web/console/words/index.ts'
import type { Finding, Screen } from './screen.ts'
import type { Look } from './walk.ts'

/** In Playwright's Chromium, unless it is said where. */
export interface AtDesk<P extends Screen = Page> {
  readonly page: P
  readonly words: Words
  readonly language: Language
  readonly look: Look
}

export const pressed = (page: Finding, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' }).first()

/** On the unlock page, in this language. */
export function atDesk<P extends Screen>(
  page: P,
  language: Language,
  look: Look = async () => undefined,
): AtDesk<P> {
  return { page, language, words: wordsIn(language), look }
}

export async function chooseLanguage({ page, language }: AtDesk<Screen>): Promise<void> {
  await page.locator('h1').waitFor()
  const now = await page.locator('html').getAttribute('lang')
  if (now !== language)
    await page.getByRole('button', { name: language === 'en' ? 'English' : '한국어' }).click()
}

export async function unlock({ page, words }: AtDesk<Screen>, file: string, passphrase = ''): Promise<void> {
  await page.locator('#key-file').setInputFiles(file)
  await page.locator('#passphrase').fill(passphrase)
  await pressed(page, words.unlock.go).click()
}

/** Rows of the inbox, as far as they are in the page. */
export const rows = (page: Finding) => page.getByRole('listbox').getByRole('option')

export async function declareAndOpen({ page, words, look }: AtDesk<Screen>): Promise<void> {
  const { declare } = words.case
  await page.getByText(declare.heading).waitFor()
  await look('case-closed')
  await page.getByLabel(declare.confirm).check()
  await pressed(page, declare.open).click()
  await page.getByRole('tablist').waitFor()
}

/** From the unlock page to one case that is not opened yet. */
export async function chooseCase(desk: AtDesk<Screen>, keyFile: string, id: string): Promise<void> {
  const { page } = desk
  await unlock(desk, keyFile)
  await page.locator('.live.live').waitFor()
  await page.locator('#search').fill(Buffer.from(id, 'base64url').toString('hex').slice(0, 12))
  await rows(page).first().click()
}

/** And into it. */
export async function openCase(desk: AtDesk<Screen>, keyFile: string, id: string): Promise<void> {
  await chooseCase(desk, keyFile, id)
  await declareAndOpen(desk)
}

export async function acknowledgeCase({ page, words, look }: AtDesk<Screen>): Promise<void> {
  const { acknowledge } = words.case
  await page.getByText(acknowledge.heading).waitFor()
  await look('case-opened')
  await pressed(page, acknowledge.go).click()
  await page.getByText(acknowledge.heading).waitFor({ state: 'detached' })
}

export const tab = ({ page, words }: AtDesk<Screen>, name: keyof Words['case']['tabs']) =>
  page.getByRole('tab', { name: new RegExp(`^${words.case.tabs[name]}`) })

export async function reply(desk: AtDesk<Screen>, text: string): Promise<void> {
  const { page, words } = desk
  await tab(desk, 'talk').click()
  await page.locator('#reply').fill(text)
  await pressed(page, words.case.talk.send).click()
  await page.getByText(words.case.talk.state.sent).last().waitFor()
  expect(await page.locator('#reply').inputValue()).toBe('')
}
