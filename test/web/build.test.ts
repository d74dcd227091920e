// What `npm run build` promises about the files of the form and of the console.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { AUDIENCES, builtFolder, CONSOLE, REPORT } from '../../scripts/web/audience.ts'
import { bundleSite, CONSOLE_FOLDER, FORM_FOLDER, readManifest } from '../../scripts/web/build.ts'
import { ROOT } from '../../scripts/web/inputs.ts'

const KB = 1000
/** A bound against hangs: some tests build the pages, two at once, on whatever machine. */
const PATIENCE = { timeout: 300_000 }
const read = (path: string, folder = FORM_FOLDER) => readFile(join(folder, path))

async function manifest(folder = FORM_FOLDER) {
  const found = await readManifest(folder)
  if (!found) throw new Error('not built')
  return found
}

/** Paths of what is built, compressed forms left out. */
async function built(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile())
  return files.map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort()
}

const SOURCES = ['src', 'scripts', 'package.json', 'package-lock.json', 'vite.config.ts', 'tsconfig.json']

/** Builds a copy of the sources, in a process of its own; returns the folder of what was built. */
async function buildCopy(sources: string, copy: string, mode: string): Promise<string> {
  await cp(sources, copy, { recursive: true })
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  const env = { ...process.env, NODE_ENV: mode }
  await promisify(execFile)(process.execPath, ['scripts/build-web.ts'], { cwd: copy, env })
  return join(copy, 'dist/web')
}

test('the same sources give the same bytes twice, in whatever folder and environment', PATIENCE, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-twice-'))
  try {
    const sources = join(folder, 'sources')
    for (const name of SOURCES) await cp(join(ROOT, name), join(sources, name), { recursive: true })
    const [one, another] = await Promise.all([
      buildCopy(sources, join(folder, 'one'), 'production'),
      buildCopy(sources, join(folder, 'deeper/another'), 'test'),
    ])
    expect(await built(one)).toEqual(await built(another))
    for (const path of await built(one)) {
      const [a, b] = [await readFile(join(one, path)), await readFile(join(another, path))]
      expect([path, a.equals(b)]).toEqual([path, true])
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

describe.each(AUDIENCES)('the page for the audience «$name»', audience => {
  const folder = builtFolder(audience)

  test('the manifest names every file by its hashes, and each has its compressed forms', async () => {
    const { files } = await manifest(folder)
    const named = [...Object.keys(files), 'bongsu-web-manifest.json']
    const all = named.flatMap(path => [path, `${path}.br`, `${path}.gz`])
    expect(await built(folder)).toEqual(all.sort())
    for (const [path, { bytes, sha256, integrity }] of Object.entries(files)) {
      const content = await read(path, folder)
      const hash = (name: string) => createHash(name).update(content)
      expect([content.length, hash('sha256').digest('hex')]).toEqual([bytes, sha256])
      expect(integrity).toBe(`sha384-${hash('sha384').digest('base64')}`)
      expect(brotliDecompressSync(await read(`${path}.br`, folder)).equals(content)).toBe(true)
      expect(gunzipSync(await read(`${path}.gz`, folder)).equals(content)).toBe(true)
    }
  })

  test('every script and style sheet of the page carries the hash that the manifest names', async () => {
    const { files, policy } = await manifest(folder)
    const html = (await read('index.html', folder)).toString()
    const tags = html.match(/<(?:script|link)\b[^>]*\b(?:src|href)="(?!data:)[^"]*"[^>]*>/g) ?? []
    expect(tags).toHaveLength(2)
    for (const tag of tags) {
      const path = /(?:src|href)="\.\/([^"]+)"/.exec(tag)?.[1] ?? ''
      expect(tag).toContain(`integrity="${files[path]?.integrity}"`)
    }
    for (const [path, { integrity }] of Object.entries(files)) {
      if (/^assets\/(?:engine|pdf)-/.test(path))
        expect(html).toContain(`"src":"${path}","integrity":"${integrity}"`)
    }
    expect(html).toContain(`content="${policy}"`)
  })

  test('no policy allows inline code, eval or another host', async () => {
    const { policy } = await manifest(folder)
    expectStrict(policy)
  })
})

test('each page names its own sources, not those of the other', async () => {
  const [form, console] = [await manifest(), await manifest(CONSOLE_FOLDER)]
  expect(form.source).not.toBe(console.source)
})

function expectStrict(policy: string): void {
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("require-trusted-types-for 'script'; trusted-types bongsu")
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*(?!\.onion)(?<!:\*)|strict-dynamic/)
}

const isPdf = (path: string) => path.startsWith('assets/pdf-')

/** Bytes in brotli of the first page, and of each engine; what is loaded only when it is asked for is left out. */
async function sizesOf(folder: string) {
  const all = Object.keys((await manifest(folder)).files)
  const paths = all.filter(path => path !== 'bongsu-report.html' && !isPdf(path))
  const isEngine = (path: string) => path.startsWith('assets/engine-')
  const sizes = await Promise.all(
    paths.map(async path => ({ path, size: (await stat(join(folder, `${path}.br`))).size })),
  )
  const page = sizes.filter(({ path }) => !isEngine(path)).reduce((sum, { size }) => sum + size, 0)
  return { page, engines: sizes.filter(({ path }) => isEngine(path)).map(({ size }) => size) }
}

test('the form’s first page is under 60 KB before cryptography, and all that a browser loads is under 300 KB', async () => {
  const { page, engines } = await sizesOf(FORM_FOLDER)
  expect(page).toBeLessThan(60 * KB)
  expect(engines).toHaveLength(2)
  for (const size of engines) expect(page + size).toBeLessThan(300 * KB)
})

test('all that a browser loads of the console is under 500 KB', async () => {
  const { page, engines } = await sizesOf(CONSOLE_FOLDER)
  expect(engines).toHaveLength(2)
  for (const size of engines) expect(page + size).toBeLessThan(500 * KB)
})

test('what shows PDFs in the console is one file of under 700 KB, that the form does not have', async () => {
  const [form, console] = [await manifest(), await manifest(CONSOLE_FOLDER)]
  expect(Object.keys(form.files).filter(isPdf)).toEqual([])
  const paths = Object.keys(console.files).filter(isPdf)
  expect(paths).toHaveLength(1)
  for (const path of paths)
    expect((await stat(join(CONSOLE_FOLDER, `${path}.br`))).size).toBeLessThan(700 * KB)
  expect(form.policy).not.toContain('worker-src')
  expect(console.policy).toContain('worker-src blob:')
})

test('the single file runs nothing but what its policy names by hash', async () => {
  const file = (await read('bongsu-report.html')).toString()
  const carried = /http-equiv="content-security-policy" content="([^"]+)"/.exec(file)?.[1] ?? ''
  expectStrict(carried)
  expect(carried).not.toContain('wasm')
})

test('the single file names nothing outside itself', async () => {
  const file = (await read('bongsu-report.html')).toString()
  expect(file).not.toMatch(/<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="(?!data:)/)
  const styles = file.match(/<style>[\s\S]*?<\/style>/g)?.join('') ?? ''
  expect(styles).not.toMatch(/@import|url\((?!["']?(?:data:|#))/)
})

test(
  'a build for one service carries its address, its deployment and a policy for that host alone',
  PATIENCE,
  async () => {
    const deployment = 'A'.repeat(43)
    const options = { service: 'https://report.example', deployment }
    const [form, console] = [await bundleSite(REPORT, options), await bundleSite(CONSOLE, options)]
    for (const file of [form.get('index.html'), form.get('bongsu-report.html'), console.get('index.html')]) {
      const html = file?.toString() ?? ''
      expect(html).toContain(`"service":"https://report.example","deployment":"${deployment}"`)
      expect(html).toContain('connect-src https://report.example')
    }
  },
)
