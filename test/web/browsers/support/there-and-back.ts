// The shortest story with files: a report with one, a reply with one, which is saved.
import { expect } from 'vitest'
import type { World } from '../../../support/world.ts'
import { openAt } from '../../support/agency.ts'
import { choose, fileOf, filesAt, replyWithFiles, toCheck, toEvidence } from '../../support/files.ts'
import type { Screen } from '../../support/screen.ts'
import { comeBack, keepCode, openForm, press, STORY } from '../../support/walk.ts'

interface Saved {
  readonly name: string
  readonly bytes: Buffer
}

/** From the form's first step on, in Korean; `length` bytes are sent. */
export async function thereAndBack(
  world: World,
  { page, saved }: { readonly page: Screen; readonly saved: (length: number) => Promise<Saved> },
  length: number,
): Promise<void> {
  const walk = await openForm(page, 'ko')
  const { words } = walk
  const photo = fileOf('현장.jpg', length, 'image/jpeg')
  await toEvidence(walk, STORY.ko.what)
  await choose(walk, [photo])
  await toCheck(walk)
  await press(page, words.check.send)
  const code = await keepCode(walk)
  const opened = await openAt(world, 'sme-office', code)
  const [file] = await filesAt(world, 'sme-office', opened)
  expect(file?.bytes?.equals(photo.buffer)).toBe(true)
  const form = fileOf('양식.hwp', 1_500_000)
  await replyWithFiles(world, 'sme-office', opened, '잘 받았습니다.', [form])
  await press(page, words.done.startAgain)
  await comeBack(walk, code)
  await page.getByText('잘 받았습니다.').waitFor()
  await page.getByRole('button', { name: words.replyFiles.saveOf(form.name) }).click()
  const { name, bytes } = await saved(form.buffer.length)
  expect([name, bytes.equals(form.buffer)]).toEqual([form.name, true])
}
