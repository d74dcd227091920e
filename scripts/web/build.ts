// A page as files: itself, engines, single file, manifest; each beside its compressed forms.
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { BuildInfo, ScriptFile } from '../../src/web/page/build-shape.ts'
import { AUDIENCES, type Audience, builtFolder, CONSOLE, REPORT } from './audience.ts'
import { bundleEngine } from './engines.ts'
import { ROOT, sourceHash } from './inputs.ts'
import { bundlePage, finishPage, inlinePage, type Page } from './page.ts'
import { bundlePdf } from './pdf.ts'
import { nameHash, servedPolicy, sri } from './policy.ts'

export const FORM_FOLDER = builtFolder(REPORT)
export const CONSOLE_FOLDER = builtFolder(CONSOLE)
export const MANIFEST = 'bongsu-web-manifest.json'

export interface BuildOptions {
  /** Where the pages find the service, if not where they come from: http(s)://host[:port]. */
  readonly service: string | null
  /** The deployment id that the pages insist on, base64url. */
  readonly deployment: string | null
}

export const ANY_SERVICE: BuildOptions = { service: null, deployment: null }

/** What `bongsu-web-manifest.json` says. */
export interface Manifest extends BuildOptions {
  readonly version: string
  readonly source: string
  /** The page's policy; it also stands in the page. */
  readonly policy: string
  readonly files: Readonly<Record<string, { bytes: number; sha256: string; integrity: string }>>
}

type Files = ReadonlyMap<string, Buffer>

/** All files by their paths. The same sources and options give the same bytes. */
export async function bundleSite(
  audience: Audience,
  options: BuildOptions = ANY_SERVICE,
  page: Promise<Page> = bundlePage(audience),
): Promise<Files> {
  const [first, wasm, plain, pdf, source] = await Promise.all([
    page,
    bundleEngine(audience, 'wasm'),
    bundleEngine(audience, 'plain'),
    audience.showsPdf ? bundlePdf(audience) : null,
    sourceHash(audience.name),
  ])
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  const engines = { wasm: scriptFile('engine-wasm', wasm), plain: scriptFile('engine-plain', plain) }
  const pdfFile = pdf === null ? null : scriptFile('pdf', pdf)
  const about = { version, source, service: options.service, deployment: options.deployment }
  const policy = servedPolicy(options.service, audience.showsPdf)
  const info: BuildInfo = { ...about, engines, pdf: pdfFile }
  const files = new Map<string, Buffer>([
    ['index.html', Buffer.from(finishPage(first, policy, info))],
    ...first.files,
    [engines.wasm.src, Buffer.from(wasm)],
    [engines.plain.src, Buffer.from(plain)],
  ])
  if (pdfFile && pdf !== null) files.set(pdfFile.src, Buffer.from(pdf))
  if (audience.singleFile !== null) {
    const carried = inlinePage(first, plain, { ...about, engines: null, pdf: null })
    files.set(audience.singleFile, Buffer.from(carried))
  }
  const manifest: Manifest = { ...about, policy, files: describe(files) }
  return files.set(MANIFEST, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`))
}

function scriptFile(name: string, code: string): ScriptFile {
  return { src: `assets/${name}-${nameHash(code)}.js`, integrity: sri(code) }
}

function describe(files: Files): Manifest['files'] {
  const entries = [...files].map(([path, bytes]) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return [path, { bytes: bytes.length, sha256, integrity: sri(bytes) }] as const
  })
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

/** Writes the files, each with `.br` and `.gz` beside it, in place of what is there. */
export async function writeSite(files: Files, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const draft = await mkdtemp(`${folder}-`)
  await Promise.all(
    [...files].map(async ([path, bytes]) => {
      const file = join(draft, path)
      await mkdir(dirname(file), { recursive: true })
      const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
      await writeFile(file, bytes)
      await writeFile(`${file}.br`, await brotli(bytes, { params }))
      await writeFile(`${file}.gz`, await gzipped(bytes, { level: 9 }))
    }),
  )
  // The service may run as somebody else.
  await chmod(draft, 0o755)
  await replace(folder, draft)
}

const MOST_BUILDS_AT_ONCE = 8

/** Another build may come between: the last one stays. */
async function replace(folder: string, draft: string): Promise<void> {
  for (let round = 1; ; round++) {
    await rm(folder, { recursive: true, force: true })
    try {
      return await rename(draft, folder)
    } catch (error) {
      if (round === MOST_BUILDS_AT_ONCE) throw error
    }
  }
}

/** Null where nothing was built there. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => null)
  return text === null ? null : (JSON.parse(text) as Manifest)
}

/** Builds what has changed, for the service that it was built for; says whether there was anything. */
export async function buildIfStale(onBuild: () => void = () => {}): Promise<boolean> {
  let isAnyBuilt = false
  for (const audience of AUDIENCES) {
    const folder = builtFolder(audience)
    const built = await readManifest(folder)
    if (built?.source === (await sourceHash(audience.name))) continue
    if (!isAnyBuilt) onBuild()
    isAnyBuilt = true
    await writeSite(await bundleSite(audience, built ?? ANY_SERVICE), folder)
  }
  return isAnyBuilt
}
