// What turns a PDF into pictures: a worker's code, carried as text by a script that a page can check and load.
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { type Audience, sourceFolder } from './audience.ts'

export async function bundlePdf(audience: Audience): Promise<string> {
  const built = await rolldown({
    input: join(sourceFolder(audience), 'pdf-worker.ts'),
    platform: 'browser',
    external: /^node:/,
    moduleTypes: { '.bcmap': 'binary', '.wasm': 'binary' },
    transform: { target: ['chrome120', 'firefox115', 'safari17'], define: { 'import.meta': '{}' } },
    logLevel: 'warn',
  })
  const { output } = await built.generate({
    format: 'iife',
    minify: true,
    comments: false,
    codeSplitting: false,
  })
  await built.close()
  return `bongsuEngine=${JSON.stringify(output[0].code)}`
}
