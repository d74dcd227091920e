// The console in Firefox and WebKit: a case with strangers' files, from the key file to the first step of its handling.
import { afterAll, test as anyTest, beforeAll, describe, expect } from 'vitest'
import { createWorld, type World } from '../../support/world.ts'
import { hostileFiles, jpegInPage } from '../support/evidence.ts'
import { investigate } from './support/investigator.ts'
import { looking } from './support/looking.ts'
import { BROWSERS, whyNot } from './support/tab.ts'
import { DESKTOP, launch, PHONE } from './support/visit.ts'

const test = anyTest.skipIf(whyNot !== null)

let world: World
beforeAll(async () => {
  if (!whyNot) world = await createWorld({ workBits: 2 })
})
afterAll(() => world?.stop())

if (!whyNot)
  process.stderr.write(
    'Skipped in WebKit at 360 px: after the previews the driver does not reach the tabs; whether a person would is not known.\n',
  )

const SIZES = { desk: DESKTOP, phone: PHONE }

describe.each(BROWSERS)('%s', browser => {
  const places = browser === 'webkit' ? (['desk'] as const) : (['desk', 'phone'] as const)
  test.each(places)('a case at the %s', { timeout: 300_000 }, async at => {
    const jpeg = String(await (await launch(browser)).run(`${jpegInPage}`, []))
    const found: string[] = []
    await investigate(world, browser, hostileFiles(Buffer.from(jpeg, 'base64')), {
      size: SIZES[at],
      look: tab => {
        const looked = looking(tab, SIZES[at], `console-${at}`)
        return async what => {
          await looked.look(what)
          found.push(...looked.found.splice(0))
        }
      },
    })
    expect(found).toEqual([])
  })
})
