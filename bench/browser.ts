// Chromium with the protocol bundled into a page. Without JIT there is no WebAssembly either: then libsodium's
// CommonJS build falls back to JavaScript, as it does in Tor Browser at «Safer».
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { launchChromium } from '../test/support/chromium.ts'
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
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
    response.end(isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>')
  })
  try {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { browser, close } = await launchChromium({ jit })
    try {
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${port}/`)
      await page.waitForFunction('typeof timeSealing === "function"')
      return await use((bucket, rounds) => page.evaluate(`timeSealing(${bucket}, ${rounds})`))
    } finally {
      await close()
    }
  } finally {
    server.close()
  }
}
