// Chromium from npm, with the protocol bundled into a page. Without JIT there is no WebAssembly either: then
// libsodium's CommonJS build falls back to JavaScript, as it does in Tor Browser at «Safer».
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium as playwright } from 'playwright-core'
import { rolldown } from 'rolldown'
import type { SealingTimes } from './sealing.ts'

export type TimeInPage = (bucket: number, rounds: number) => Promise<SealingTimes>

async function bundle(jit: boolean): Promise<string> {
  const plain = createRequire(import.meta.url).resolve('libsodium-wrappers')
  const built = await rolldown({
    input: join(import.meta.dirname, 'programs/seal-page.ts'),
    platform: 'browser',
    ...(jit ? {} : { resolve: { alias: { 'libsodium-wrappers': plain } } }),
    logLevel: 'silent',
  })
  const { output } = await built.generate({ format: 'esm', codeSplitting: false })
  await built.close()
  return output[0].code
}

/** Calls `use` with a page's own function; everything is gone when it returns. */
export async function inChromium<T>(jit: boolean, use: (time: TimeInPage) => Promise<T>): Promise<T> {
  const script = await bundle(jit)
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-chromium-'))
  const before = process.env.TMPDIR
  // The package takes any binary that it finds in the common folder for its own.
  process.env.TMPDIR = folder
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
    response.end(isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>')
  })
  try {
    const { default: packaged } = await import('@sparticuz/chromium')
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const args = ['--no-sandbox', '--headless=shell', '--disable-gpu', '--disable-background-networking']
    const browser = await playwright.launch({
      executablePath: await packaged.executablePath(),
      args: jit ? args : [...args, '--js-flags=--jitless'],
      ignoreDefaultArgs: ['--headless'],
    })
    try {
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${port}/`)
      await page.waitForFunction('typeof timeSealing === "function"')
      return await use((bucket, rounds) => page.evaluate(`timeSealing(${bucket}, ${rounds})`))
    } finally {
      await browser.close()
    }
  } finally {
    server.close()
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    await rm(folder, { recursive: true, force: true })
  }
}
