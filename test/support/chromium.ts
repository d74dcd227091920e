// Chromium from npm. Without JIT there is no WebAssembly either: so stands Tor Browser at «Safer».
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium as playwright } from 'playwright-core'

export interface ChromiumOptions {
  readonly jit?: boolean
}

export interface Chromium {
  readonly browser: Browser
  /** Ends it and removes everything that it had on disk. */
  close(): Promise<void>
}

const ARGUMENTS = [
  '--no-sandbox',
  '--headless=shell',
  '--disable-gpu',
  '--disable-background-networking',
  // Nothing but this machine can be reached, whatever a page tries.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

/** With Korean glyphs: the machine may have none. */
export async function launchChromium({ jit = true }: ChromiumOptions = {}): Promise<Chromium> {
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-chromium-'))
  try {
    const browser = await playwright.launch({
      executablePath: join(await unpackedOnce(), BINARY),
      args: jit ? ARGUMENTS : [...ARGUMENTS, '--js-flags=--jitless'],
      ignoreDefaultArgs: ['--headless'],
      env: { ...process.env, TMPDIR: folder, FONTCONFIG_FILE: await fontConfiguration(folder) },
    })
    return {
      browser,
      async close() {
        await browser.close()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

const BINARY = 'chromium'

/** The folder of the unpacked package, kept beside the packages: it is large, and the same each time. */
async function unpackedOnce(): Promise<string> {
  const packages = fileURLToPath(new URL('../../node_modules', import.meta.url))
  const { version } = JSON.parse(await readFile(join(packages, '@sparticuz/chromium/package.json'), 'utf8'))
  const cache = join(packages, '.cache/bongsu')
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const unpacking = await mkdtemp(join(cache, 'unpacking-'))
  await unpackInto(unpacking)
  // Whole, or not there; another run may have been first.
  await rename(unpacking, folder).catch(() => rm(unpacking, { recursive: true, force: true }))
  return folder
}

/** The package unpacks into the common temporary folder, and takes any binary that it finds there for its own. */
async function unpackInto(folder: string): Promise<void> {
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    const { default: packaged } = await import('@sparticuz/chromium')
    await packaged.executablePath()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

async function fontConfiguration(folder: string): Promise<string> {
  const pretendard = dirname(createRequire(import.meta.url).resolve('pretendard/package.json'))
  const file = join(folder, 'fonts.conf')
  await writeFile(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>/usr/share/fonts</dir><dir>${join(pretendard, 'dist/public/static')}</dir>
<cachedir>${join(folder, 'font-cache')}</cachedir>
<alias><family>sans-serif</family><prefer><family>Pretendard</family></prefer></alias>
<alias><family>system-ui</family><prefer><family>Pretendard</family></prefer></alias>
</fontconfig>`,
  )
  return file
}
