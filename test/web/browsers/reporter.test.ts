// The form in Firefox and WebKit: the whole story with files, in both languages, as a reporter has it.
import { afterAll, test as anyTest, beforeAll, describe, expect } from 'vitest'
import { createWorld, type World } from '../../support/world.ts'
import { answerAt, openAt } from '../support/agency.ts'
import { choose, fileOf, filesAt, replyWithFiles, toCheck, toEvidence } from '../support/files.ts'
import { answer, comeBack, keepCode, openForm, press, report, STORY } from '../support/walk.ts'
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
  test.each(['ko', 'en'] as const)(
    'report with files, reply with a file, follow-up, withdrawal in %s',
    PATIENCE,
    async language => {
      const { page, saved } = await visit(browser, address(), { size: PHONE })
      const walk = await openForm(page, language)
      const { words } = walk
      // Of several parts, and of one.
      const [video, note, plan] = [
        fileOf('주차장 영상.mp4', 3_500_000, 'video/mp4'),
        fileOf('대화 갈무리.txt', 10, 'text/plain'),
        fileOf('전극 공정 조건표.xlsx', 300_000),
      ]
      await toEvidence(walk, STORY[language].what)
      await choose(walk, [video, note, plan], [video, note])
      await toCheck(walk)
      await press(page, words.check.send)
      const code = await keepCode(walk)

      const opened = await openAt(world, 'sme-office', code)
      expect(opened.answers).toMatchObject({ language, what: STORY[language].what })
      const found = await filesAt(world, 'sme-office', opened)
      expect(found.map(({ name }) => name)).toEqual([video.name, note.name, plan.name])
      expect(found.map(({ bytes }, i) => bytes?.equals([video, note][i]?.buffer ?? plan.buffer))).toEqual([
        true,
        true,
        undefined,
      ])

      await answerAt(world, 'sme-office', code, [])
      const form = fileOf('작성 양식.hwp', 2_500_000)
      await replyWithFiles(world, 'sme-office', opened, '파일을 보냅니다.', [form])
      await press(page, words.done.startAgain)
      await comeBack(walk, code)
      await page.getByText('파일을 보냅니다.').waitFor()
      await page.getByRole('button', { name: words.replyFiles.saveOf(form.name) }).click()
      const file = await saved(form.buffer.length)
      expect([file.name, file.bytes.equals(form.buffer)]).toEqual([form.name, true])

      await answer(page, 'more', STORY[language].more)
      await press(page, words.mine.writeSend)
      await page.getByText(words.mine.followUps(1)).waitFor()
      expect((await openAt(world, 'sme-office', code)).followUps).toMatchObject([
        { text: STORY[language].more },
      ])
      await press(page, words.mine.withdrawBegin)
      await press(page, words.mine.withdrawYes)
      await page.getByText(words.mine.outcome['wish-recorded']).waitFor()
    },
  )

  test('every question, the readers and the code', PATIENCE, async () => {
    const { page } = await visit(browser, address(), { size: PHONE })
    const walk = await openForm(page, 'ko')
    const code = await report(walk)
    const { answers } = await openAt(world, 'police', code)
    expect(answers).toMatchObject({ what: STORY.ko.what, kind: 'K02', field: 'F03', notFor: ['ip-police'] })
  })
})
