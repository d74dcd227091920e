// The form as it is built, but for its page script, which is the probe.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { REPORT } from '../../../scripts/web/audience.ts'
import { type BuildOptions, bundleSite, writeSite } from '../../../scripts/web/build.ts'
import { bundlePage, type Page, withScript } from '../../../scripts/web/page.ts'

/** Returns the folder. */
export async function buildProbeForm(options?: BuildOptions): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'bongsu-form-')), 'form')
  await writeSite(await bundleSite(REPORT, options, probePage()), folder)
  return folder
}

async function probePage(): Promise<Page> {
  const built = await rolldown({ input: join(import.meta.dirname, 'probe.ts'), platform: 'browser' })
  const { output } = await built.generate({ format: 'esm', codeSplitting: false })
  await built.close()
  return withScript(await bundlePage(REPORT), Buffer.from(output[0].code))
}
