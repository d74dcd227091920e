// The two engines: the same code, libsodium in WebAssembly or in JavaScript.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Plugin, rolldown } from 'rolldown'
import { type Audience, sourceFolder } from './audience.ts'

export type Flavour = 'wasm' | 'plain'

/** Where libsodium.js has set up its fallback and begins with WebAssembly. */
const FIRST_CHOICE = '})};var g,C=void 0!==C?C:{},B=!!globalThis.window'
/** How a WebAssembly binary begins, in base64. */
const WASM_MAGIC = 'AGFzbQ'

/**
 * The package's CommonJS build has both, and WebAssembly is half of its weight: ends the first choice before it
 * begins, so that libsodium takes its own fallback, and minifying drops what is never reached.
 */
const withoutWebAssembly: Plugin = {
  name: 'without-web-assembly',
  transform: {
    filter: { id: /libsodium\/dist\/modules\/libsodium\.js$/ },
    handler(code) {
      const parts = code.split(FIRST_CHOICE)
      if (parts.length !== 2) throw new Error('libsodium.js is not the one that this was written for')
      return { code: parts.join(FIRST_CHOICE.replace('var', 'throw "left out";var')) }
    },
  },
}

/** A script that sets `bongsuEngine`; fit for a script element in a page, too. */
export async function bundleEngine(audience: Audience, flavour: Flavour): Promise<string> {
  const plain = createRequire(import.meta.url).resolve('libsodium-wrappers')
  const isPlain = flavour === 'plain'
  const built = await rolldown({
    input: join(sourceFolder(audience), 'engine.ts'),
    platform: 'browser',
    // Only where libsodium runs in Node.
    external: /^node:/,
    transform: { target: ['chrome120', 'firefox115', 'safari17'], define: { 'import.meta': '{}' } },
    ...(isPlain
      ? { resolve: { alias: { 'libsodium-wrappers': plain } }, plugins: [withoutWebAssembly] }
      : {}),
    logLevel: 'warn',
  })
  const { output } = await built.generate({
    format: 'iife',
    name: 'bongsuEngine',
    minify: true,
    comments: false,
    codeSplitting: false,
  })
  await built.close()
  const { code } = output[0]
  if (isPlain && code.includes(WASM_MAGIC)) throw new Error('WebAssembly was not left out')
  return fitForElement(code)
}

/** Nothing in it ends a script element or changes how HTML reads one. */
export function fitForElement(code: string): string {
  const fit = code.replace(/<(?=!--|\/?script)/gi, '\\x3c')
  if (/\r|\0/.test(fit)) throw new Error('a script holds characters that HTML changes')
  return fit
}
