// Browsers that were hardened. Firefox as near to Tor Browser as its preferences go: what Tor Browser always sets, and
// what its security levels add. WebKit without both, as a phone in lockdown has it.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, test as anyTest, beforeAll, describe, expect } from 'vitest'
import { createWorld, type World } from '../../support/world.ts'
import { hostileFiles, jpegInPage } from '../support/evidence.ts'
import { investigate } from './support/investigator.ts'
import { readPng } from './support/png.ts'
import { type BrowserName, type BrowserOptions, until, whyNot } from './support/tab.ts'
import { thereAndBack } from './support/there-and-back.ts'
import { launch, PHONE, visit } from './support/visit.ts'

const test = anyTest.skipIf(whyNot !== null)
/** Letterboxing lets nobody else say how large the window is. */
const sizeIn = ({ preferences = {} }: BrowserOptions) =>
  preferences['privacy.resistFingerprinting.letterboxing'] ? null : PHONE
/** Without JIT much takes ten times as long. */
const PATIENCE = { timeout: 600_000 }

/** Private windows only, and what tells browsers apart is hidden: at every level. */
const STANDARD = {
  'browser.privatebrowsing.autostart': true,
  'privacy.resistFingerprinting': true,
  'privacy.resistFingerprinting.letterboxing': true,
  'privacy.firstparty.isolate': true,
  'network.http.referer.hideOnionSource': true,
  'dom.security.https_only_mode': false,
}
const SAFER = {
  ...STANDARD,
  'javascript.options.ion': false,
  'javascript.options.baselinejit': false,
  'javascript.options.native_regexp': false,
  'javascript.options.asmjs': false,
  'javascript.options.wasm': false,
  'mathml.disabled': true,
  'gfx.font_rendering.graphite.enabled': false,
  'gfx.font_rendering.opentype_svg.enabled': false,
}
const NO_LETTERBOX = { 'privacy.resistFingerprinting.letterboxing': false }
/** There is no JavaScript by way of an extension in Tor Browser; here by the browser itself. */
const SAFEST = { ...SAFER, 'svg.disabled': true, 'javascript.enabled': false }

const HARDENED: readonly (readonly [string, BrowserName, BrowserOptions, hasWasm: boolean])[] = [
  ['Firefox with what Tor Browser sets at «Standard»', 'firefox', { preferences: STANDARD }, true],
  ['Firefox with what Tor Browser sets at «Safer»', 'firefox', { preferences: SAFER }, false],
  [
    'WebKit without JIT and WebAssembly',
    'webkit',
    { variables: { JSC_useJIT: '0', JSC_useWasm: '0' } },
    false,
  ],
]

let world: World
beforeAll(async () => {
  if (!whyNot) world = await createWorld({ workBits: 4 })
})
afterAll(() => world?.stop())

describe.each(HARDENED)('%s', (_, browser, options, hasWasm) => {
  test('a report with a file of several parts, a reply with a file', PATIENCE, async () => {
    const visited = await visit(browser, `${world.reporterUrl}/`, { ...options, size: sizeIn(options) })
    expect(await visited.tab.run('() => typeof WebAssembly', [])).toBe(hasWasm ? 'object' : 'undefined')
    await thereAndBack(world, visited, 2_500_000)
  })

  test('a case at the desk', PATIENCE, async () => {
    const jpeg = String(await (await launch('webkit')).run(`${jpegInPage}`, []))
    await investigate(world, browser, hostileFiles(Buffer.from(jpeg, 'base64')), { ...options, size: null })
  })
})

const SINGLE_FILE = pathToFileURL(
  join(import.meta.dirname, '../../../dist/web/report/bongsu-report.html'),
).href
const NEEDED = [/자바스크립트가 필요합니다/, /needs JavaScript/]

test.each([
  ['the form', () => `${world.reporterUrl}/`],
  ['the form from disk', () => SINGLE_FILE],
  ['the console', () => `${world.agencyUrl}/`],
])(
  'without JavaScript, as at «Safest», %s says what it needs, in its first screen',
  PATIENCE,
  async (_, address) => {
    const tab = await launch('firefox', { preferences: { ...SAFEST, ...NO_LETTERBOX } })
    await tab.resize(PHONE)
    await tab.open(address())
    await until('both languages', async () => {
      const text = await tab.text()
      return NEEDED.every(needed => needed.test(text)) || null
    })
    // Ink where one looks first.
    const pixels = readPng(await tab.picture())
    const dark = Array.from({ length: PHONE.height }, (_, y) => y).filter(y => {
      const row = Array.from({ length: PHONE.width }, (_, x) => pixels.at(x, y))
      return row.some(([r]) => r < 120)
    })
    expect(dark.length).toBeGreaterThan(60)
  },
)
