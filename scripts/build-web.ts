// Builds the reporter's form into dist/web/report. --if-stale does nothing where nothing has changed; --service and
// --deployment make pages that carry an address, and the deployment id that must be found there.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildIfStale, bundleForm, FORM_FOLDER, readManifest, SINGLE_FILE, writeForm } from './web/build.ts'

const { values } = parseArgs({
  options: {
    'if-stale': { type: 'boolean', default: false },
    service: { type: 'string' },
    deployment: { type: 'string' },
  },
})

/** As an origin, so that it can stand in a policy. */
function originOf(service: string): string {
  const { origin, protocol } = new URL(service)
  if (!/^https?:$/.test(protocol)) throw new Error('--service: http(s)://host[:port]')
  return origin
}

function deploymentIn(text: string): string {
  if (!/^[A-Za-z0-9_-]{43}$/.test(text))
    throw new Error('--deployment: 43 characters, as the service prints it')
  return text
}

async function report(): Promise<void> {
  const files = (await readManifest())?.files ?? {}
  for (const [path, { bytes }] of Object.entries(files)) {
    const { size } = await stat(join(FORM_FOLDER, `${path}.br`))
    console.log(
      `${path.padEnd(40)} ${String(bytes).padStart(8)} bytes, ${String(size).padStart(7)} in brotli`,
    )
  }
  console.log(`\n${SINGLE_FILE}  SHA-256 ${files[SINGLE_FILE]?.sha256}`)
}

if (values['if-stale']) {
  await buildIfStale(() => console.log('building the web form …'))
} else {
  const { service, deployment } = values
  await writeForm(
    await bundleForm({
      service: service === undefined ? null : originOf(service),
      deployment: deployment === undefined ? null : deploymentIn(deployment),
    }),
  )
  await report()
}
