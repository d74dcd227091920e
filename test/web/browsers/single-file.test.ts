// The form as a single file, from the disk, in Firefox and WebKit.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, test as anyTest, beforeAll } from 'vitest'
import { createWorld, type World } from '../../support/world.ts'
import { BROWSERS, whyNot } from './support/tab.ts'
import { thereAndBack } from './support/there-and-back.ts'
import { visit } from './support/visit.ts'

const test = anyTest.skipIf(whyNot !== null)
const FILE = join(import.meta.dirname, '../../../dist/web/report/bongsu-report.html')

let world: World
beforeAll(async () => {
  if (!whyNot) world = await createWorld({ workBits: 4 })
})
afterAll(() => world?.stop())

test.each(BROWSERS)(
  'its address typed: a report with a file, a reply with one, in %s',
  { timeout: 300_000 },
  async browser => {
    const visited = await visit(browser, pathToFileURL(FILE).href)
    await visited.page.locator('#address').fill(world.reporterUrl)
    await visited.page.keyboard.press('Enter')
    await thereAndBack(world, visited, 1_500_000)
  },
)
