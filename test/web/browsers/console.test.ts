// The console in Firefox and WebKit: a case with strangers' files, from the key file to the first step of its handling.
import { afterAll, test as anyTest, beforeAll } from 'vitest'
import { createWorld, type World } from '../../support/world.ts'
import { hostileFiles, jpegInPage } from '../support/evidence.ts'
import { investigate } from './support/investigator.ts'
import { BROWSERS, whyNot } from './support/tab.ts'
import { launch } from './support/visit.ts'

const test = anyTest.skipIf(whyNot !== null)

let world: World
beforeAll(async () => {
  if (!whyNot) world = await createWorld({ workBits: 2 })
})
afterAll(() => world?.stop())

test.each(BROWSERS)('a case at the desk, in %s', { timeout: 300_000 }, async browser => {
  const jpeg = String(await (await launch(browser)).run(`${jpegInPage}`, []))
  await investigate(world, browser, hostileFiles(Buffer.from(jpeg, 'base64')))
})
