// A fault that nobody foresaw, while the service runs.
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { EXIT } from '../../src/cli/exit.ts'
import { dataFolder, postmasterOf, signal, until } from '../support/service.ts'
import { collect, start } from './run.ts'

let folder: string
afterEach(async () => {
  const data = join(folder, 'data')
  const postmaster = await postmasterOf(data)
  if (postmaster) signal(postmaster, 'SIGINT')
  await until(async () => (await postmasterOf(data)) === null)
  await rm(folder, { recursive: true, force: true })
})

test.each(['throw error', 'Promise.reject(error)'])(
  'after «%s» somewhere it ends, and what the error says of anybody is not told',
  async fault => {
    folder = await dataFolder()
    const preloaded = join(folder, 'fault.mjs')
    await writeFile(
      preloaded,
      `process.once('SIGUSR2', () => { const error = new Error('canary'); error.code = '23505'; ${fault} })`,
    )
    const env = {
      BONGSU_DATA: join(folder, 'data'),
      BONGSU_REPORTER_LISTEN: '127.0.0.1:0',
      BONGSU_AGENCY_LISTEN: '127.0.0.1:0',
      NODE_OPTIONS: `--import=${preloaded}`,
    }
    const service = start(['serve', '--json'], { env })
    const [out, err] = [collect(service.stdout), collect(service.stderr)]
    await until(() => out().includes('reporterUrl'))
    service.kill('SIGUSR2')
    const [code] = await once(service, 'close')
    expect(code).toBe(EXIT.failed)
    expect(err()).toContain('"name":"Error","code":"23505"')
    expect(out() + err()).not.toContain('canary')
  },
)
