// The whole story, clicked through: used to test it, to look at it and to try it with axe.
import type { Page } from 'playwright-core'
import type { Language } from '../../../src/web/report/answers.ts'
import { QUESTIONS } from '../../../src/web/report/questions.ts'
import { type Words, wordsIn } from '../../../src/web/report/words/index.ts'
import type { Finding, Screen } from './screen.ts'

/** Called on each page once it is there. */
export type Look = (name: string) => Promise<void>

/** In Playwright's Chromium, unless it is said where. */
export interface Walk<P extends Screen = Page> {
  readonly page: P
  readonly words: Words
  readonly language: Language
  readonly look: Look
}

export const nobodyLooks: Look = async () => undefined

export const STORY: Readonly<Record<Language, { what: string; when: string; more: string }>> = {
  ko: {
    what: '같은 부서의 김민수 과장이 3월 14일 오후 3시 27분에 전극 공정 조건표를 개인 저장 장치로 옮겼습니다.\n그 폴더를 여는 사람은 저희 셋뿐입니다. 사번 204815, 연락은 010-1234-5678 로 합니다.',
    when: '봄부터, 주로 주말에',
    more: '출국 날짜를 다시 들었습니다. 이달 말입니다.',
  },
  en: {
    what: 'On 14 March at 3:27 pm manager Lee copied the electrode process sheets to a private drive.\nThere are only three of us who can open that folder. His number is 010-1234-5678.',
    when: 'Since spring, mostly at weekends',
    more: 'I heard the date of departure again: the end of this month.',
  },
}

export const heading = (page: Finding) => page.locator('h1')

/** Clicks what people see by its name. */
export const press = (page: Finding, name: string | RegExp) =>
  page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first()
    .click()

export async function openForm<P extends Screen>(
  page: P,
  language: Language,
  look: Look = nobodyLooks,
): Promise<Walk<P>> {
  if (language === 'en') await press(page, 'English')
  // The banner shows that engine and documents are there.
  await page.locator('.banner').waitFor()
  await look('start')
  return { page, language, words: wordsIn(language), look }
}

export async function toFirstQuestion({ page, words, look }: Walk<Screen>): Promise<void> {
  await press(page, new RegExp(`^${words.start.report}`))
  await look('before')
  await press(page, words.before.next)
  await look('protect')
  await press(page, words.protect.next)
}

/** Says what happened and nothing else, up to the page before it is sealed. */
export async function toCheckWith(walk: Walk, what: string): Promise<void> {
  const { page, words } = walk
  await toFirstQuestion(walk)
  await answer(page, 'what', what)
  await press(page, words.next)
  for (let at = 1; at < QUESTIONS.length; at++) await press(page, new RegExp(`^${words.unknown}`))
  await press(page, words.next)
}

export const answer = (page: Finding, id: string, text: string) => page.locator(`textarea#${id}`).fill(text)

/** Answers some questions and says «I don't know» to the others; ends on the readers' page. */
export async function throughQuestions({ page, words, language, look }: Walk<Screen>): Promise<void> {
  const story = STORY[language]
  for (const [at, { id }] of QUESTIONS.entries()) {
    const choices: Readonly<Record<string, string>> = words.questions[id].choices
    if (id === 'what') await answer(page, id, story.what)
    if (id === 'when') {
      await page.getByText(choices.U0 ?? '').click()
      await look('question-02-danger')
      await page.getByText(choices.U1 ?? '').click()
      await answer(page, id, story.when)
    }
    if (id === 'kind') await page.getByText(choices.K02 ?? '').click()
    if (id === 'field') await page.locator('.option').nth(2).click()
    if (id === 'source') await page.getByText(choices.saw ?? '').click()
    if (id === 'fear') await page.getByText(choices['found-out'] ?? '').click()
    await look(`question-${String(at + 1).padStart(2, '0')}-${id}`)
    const answered = ['what', 'when', 'kind', 'field', 'source', 'fear'].includes(id)
    await press(page, answered ? words.next : new RegExp(`^${words.unknown}`))
  }
}

export async function throughReaders({ page, words, look }: Walk<Screen>): Promise<void> {
  await look('readers')
  await press(page, new RegExp(`^${words.readers.refuse}.*(지식재산처|Intellectual)`))
  await look('readers-refused')
  await press(page, words.next)
  await look('check')
}

/** Reads the code off the page and types two groups back. Returns the code. */
export async function keepCode({ page, words, look }: Walk<Screen>): Promise<string> {
  await page.locator('.code-sheet').waitFor()
  await look('code-groups')
  const groups = await page.locator('.code-sheet li').allTextContents()
  await page.getByText(words.code.wordsKo).click()
  await look('code-words')
  await page.getByText(words.code.groups, { exact: true }).click()
  await press(page, words.code.written)
  await look('code-confirm')
  for (const i of [0, 1]) {
    const label = (await page.locator(`label[for=back-${i}]`).textContent()) ?? ''
    const at = Number(/\d+/.exec(label)?.[0])
    await page.locator(`#back-${i}`).fill((groups[at - 1] ?? '').toLowerCase())
  }
  await press(page, words.code.confirm)
  await look('done')
  return groups.join('-')
}

/** From the start page to a code. */
export async function report(walk: Walk<Screen>): Promise<string> {
  await toFirstQuestion(walk)
  await throughQuestions(walk)
  await throughReaders(walk)
  await press(walk.page, walk.words.check.send)
  return keepCode(walk)
}

/** From the start page to the report. */
export async function comeBack({ page, words, look }: Walk<Screen>, code: string): Promise<void> {
  await press(page, new RegExp(`^${words.start.look}`))
  await look('enter')
  await page.locator('#code').fill(code)
  await press(page, words.enter.open)
  await page.getByRole('heading', { name: words.mine.heading }).waitFor()
}
