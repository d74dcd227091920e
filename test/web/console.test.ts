// The console in a real browser: from a key file to the agency's cases, under the page's own policy.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeNewKeyFile } from '../../src/cli/keyring.ts'
import { fromBase64url, toHex } from '../../src/protocol/encoding.ts'
import { caseOf, deviceIn, sendReport } from '../journeys/people.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { visit } from './support/browser.ts'

const PASSPHRASE = '봉수대에 불을 올려라 4'

let world: World
let shown: string
let sealed: string
beforeAll(async () => {
  world = await createWorld()
  const id = await caseOf(await deviceIn(world, 'nis'), await sendReport(world, '콘솔에서 볼 신고', ['nis']))
  shown = toHex(fromBase64url(id))
  sealed = join(world.folder, 'sealed.key')
  await writeNewKeyFile(sealed, await world.deviceKey('nis'), PASSPHRASE)
})
afterAll(() => world.stop())

describe.each([
  ['with JIT, a sealed key file', true, 'wasm', true],
  // The passphrase's key takes a minute or two without JIT: too long for a test.
  ['without JIT, a plain key file', false, 'plain', false],
] as const)('%s', (_name, jit, flavour, isSealed) => {
  let chromium: Chromium
  beforeAll(async () => {
    chromium = await launchChromium({ jit })
  })
  afterAll(() => chromium.close())

  test('opens the inbox; neither file nor passphrase leaves the machine', async () => {
    const { page, network } = await visit(chromium, `${world.agencyUrl}/`)
    const file = isSealed ? sealed : world.deviceKeyFile('nis')
    await page.locator('input[type=file]').setInputFiles(file)
    if (isSealed) await page.locator('input[type=password]').fill(PASSPHRASE)
    await page.locator('button[type=submit]').click()
    const row = page.getByRole('listbox').getByRole('option', { name: new RegExp(shown.slice(0, 4)) })
    await row.waitFor({ timeout: 120_000 })
    const exchanges = await network()
    const engines = exchanges.map(({ url }) => url).filter(url => url.includes('/assets/engine-'))
    expect(engines).toEqual([expect.stringContaining(`engine-${flavour}-`)])
    const sent = exchanges.map(({ url, requestBody }) => url + (requestBody?.toString() ?? '')).join('\n')
    const secrets = isSealed
      ? [(await readFile(sealed, 'utf8')).split('\n')[2] ?? '?']
      : [...(await readFile(file, 'utf8')).matchAll(/[sS]eed": "([^"]+)"/g)].map(([, seed = '?']) => seed)
    expect(secrets.length).toBeGreaterThan(0)
    for (const secret of secrets) expect(sent).not.toContain(secret)
    expect(sent).not.toContain(PASSPHRASE)
  })
})
