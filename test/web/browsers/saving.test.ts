// Neither Firefox nor WebKit has `showSaveFilePicker`: a file of 50 MiB is held, checked and handed over whole.
import { randomBytes } from 'node:crypto'
import { afterAll, test as anyTest, beforeAll, expect } from 'vitest'
import { englishFiles } from '../../../src/web/console/words/en-files.ts'
import { caseOf, deviceIn } from '../../journeys/people.ts'
import { createWorld, type World } from '../../support/world.ts'
import { openAt } from '../support/agency.ts'
import { atDesk, openCase, pressed } from '../support/desk.ts'
import { reportWith, sha256Of } from '../support/evidence.ts'
import { replyWithFiles } from '../support/files.ts'
import { comeBack, openForm } from '../support/walk.ts'
import { BROWSERS, whyNot } from './support/tab.ts'
import { visit } from './support/visit.ts'

const test = anyTest.skipIf(whyNot !== null)
const MIB = 1024 * 1024

let world: World
beforeAll(async () => {
  if (!whyNot) world = await createWorld({ workBits: 2 })
})
afterAll(() => world?.stop())

test.each(BROWSERS)('50 MiB from a case and from a reply, in %s', { timeout: 600_000 }, async browser => {
  const bytes = randomBytes(50 * MIB + 12_345)
  const sent = await reportWith(world, ['nis'], [{ name: 'disk.img', type: '', bytes }])
  const id = await caseOf(await deviceIn(world, 'nis'), sent)
  const { tab, page, saved } = await visit(browser, `${world.agencyUrl}/#lang=en`)
  expect(await tab.run('() => typeof showSaveFilePicker', [])).toBe('undefined')
  await openCase(atDesk(page, 'en'), world.deviceKeyFile('nis'), id)
  await pressed(page, englishFiles.saveOf(1)).click()
  await pressed(page, englishFiles.warning.goOn).click()
  const fromCase = await saved(bytes.length)
  expect([fromCase.name, sha256Of(fromCase.bytes)]).toEqual(['disk.img', sha256Of(bytes)])

  const opened = await openAt(world, 'nis', sent.code)
  const answer = randomBytes(50 * MIB + 54_321)
  await replyWithFiles(world, 'nis', opened, 'A large one.', [
    { name: 'answer.img', mimeType: '', buffer: answer },
  ])
  const form = await visit(browser, `${world.reporterUrl}/`)
  const walk = await openForm(form.page, 'ko')
  await comeBack(walk, sent.code)
  await form.page.getByRole('button', { name: walk.words.replyFiles.saveOf('answer.img') }).click()
  const fromReply = await form.saved(answer.length)
  expect([fromReply.name, sha256Of(fromReply.bytes)]).toEqual(['answer.img', sha256Of(answer)])
})
