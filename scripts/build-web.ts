// Builds the reporter's form into dist/web/report and the agencies' console into dist/web/console. --if-stale does
// nothing where nothing has changed; --service (the reporters' address), --agency-service and --deployment make pages
// that carry an address, and the deployment id that must be found there.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Audience, builtFolder, CONSOLE, REPORT } from './web/audience.ts'
import { buildIfStale, bundleSite, readManifest, writeSite } from './web/build.ts'

const { values } = parseArgs({
  options: {
    'if-stale': { type: 'boolean', default: false },
    service: { type: 'string' },
    'agency-service': { type: 'string' },
    deployment: { type: 'string' },
  },
})

/** As an origin, so that it can stand in a policy. */
function originOf(service: string): string {
  const { origin, protocol } = new URL(service)
  if (!/^https?:$/.test(protocol)) throw new Error('--service, --agency-service: http(s)://host[:port]')
  return origin
}

function deploymentIn(text: string): string {
  if (!/^[A-Za-z0-9_-]{43}$/.test(text))
    throw new Error('--deployment: 43 characters, as the service prints it')
  return text
}

async function build(audience: Audience, service: string | undefined): Promise<void> {
  const { deployment } = values
  const options = {
    service: service === undefined ? null : originOf(service),
    deployment: deployment === undefined ? null : deploymentIn(deployment),
  }
  await writeSite(await bundleSite(audience, options), builtFolder(audience))
  await report(audience)
}

async function report(audience: Audience): Promise<void> {
  const folder = builtFolder(audience)
  const files = (await readManifest(folder))?.files ?? {}
  console.log(`${audience.name}:`)
  for (const [path, { bytes }] of Object.entries(files)) {
    const { size } = await stat(join(folder, `${path}.br`))
    console.log(
      `  ${path.padEnd(40)} ${String(bytes).padStart(8)} bytes, ${String(size).padStart(7)} in brotli`,
    )
  }
  const { singleFile } = audience
  if (singleFile !== null) console.log(`\n  ${singleFile}  SHA-256 ${files[singleFile]?.sha256}\n`)
}

if (values['if-stale']) {
  await buildIfStale(() => console.log('building the web pages …'))
} else {
  await build(REPORT, values.service)
  await build(CONSOLE, values['agency-service'])
}
