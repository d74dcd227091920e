// The console from a web server of the agency's own, below a path: the service only answers its requests.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONSOLE } from '../../scripts/web/audience.ts'
import { bundleSite, readManifest, writeSite } from '../../scripts/web/build.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { type Chromium, launchChromium } from '../support/chromium.ts'
import { createWorld, type World } from '../support/world.ts'
import { visit } from './support/browser.ts'

const PATH = '/intern/bongsu/'
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

let world: World
let folder: string
let server: Server
let address: string
let chromium: Chromium
beforeAll(async () => {
  world = await createWorld()
  folder = join(await mkdtemp(join(tmpdir(), 'bongsu-elsewhere-')), 'console')
  const options = { service: world.agencyUrl, deployment: toBase64url(world.deploymentId) }
  await writeSite(await bundleSite(CONSOLE, options), folder)
  const { policy = '' } = (await readManifest(folder)) ?? {}
  server = createServer(async (request, response) => {
    const path = (request.url ?? '').replace(PATH, '') || 'index.html'
    const bytes = await readFile(join(folder, path)).catch(() => null)
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream')
    response.setHeader('content-security-policy', `${policy}; frame-ancestors 'none'`)
    response.setHeader('integrity-policy', 'blocked-destinations=(script)')
    response.statusCode = bytes ? 200 : 404
    response.end(bytes)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const at = server.address()
  address = `http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}${PATH}`
  chromium = await launchChromium()
})
afterAll(async () => {
  await chromium.close()
  await new Promise(resolve => server.close(resolve))
  await world.stop()
  await rm(join(folder, '..'), { recursive: true, force: true })
})

test('it unlocks and lists cases at the service whose address was built in', async () => {
  const { page } = await visit(chromium, address, { service: world.agencyUrl })
  const listed = page.waitForResponse(
    answer => answer.url().startsWith(`${world.agencyUrl}/v1/cases`) && answer.request().method() === 'GET',
  )
  await page.locator('input[type=file]').setInputFiles(world.deviceKeyFile('nis'))
  await page.locator('button[type=submit]').click()
  expect((await listed).status()).toBe(200)
})
