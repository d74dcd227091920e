// The first page: Vite's output, with integrity, policy and what the build says of itself.
import { join } from 'node:path'
import { build } from 'vite'
import type { BuildInfo } from '../../src/web/page/build-shape.ts'
import { type Audience, sourceFolder } from './audience.ts'
import { fitForElement } from './engines.ts'
import { ROOT } from './inputs.ts'
import { nameHash, singleFilePolicy, sri } from './policy.ts'

export interface Page {
  readonly html: string
  /** Scripts, style sheets and what these name, by their paths relative to the page. */
  readonly files: ReadonlyMap<string, Buffer>
}

export async function bundlePage(audience: Audience): Promise<Page> {
  const built = await inProduction(() =>
    build({
      configFile: join(ROOT, 'vite.config.ts'),
      root: sourceFolder(audience),
      build: { write: false },
    }),
  )
  if (!('output' in built)) throw new Error('Vite gave no output')
  const files = new Map<string, Buffer>()
  for (const item of built.output) {
    files.set(item.fileName, Buffer.from(item.type === 'chunk' ? fitForElement(item.code) : item.source))
  }
  const html = fileAt(files, 'index.html').toString()
  const code = fileAt(files, SCRIPT_PATH)
  for (const path of ['index.html', SCRIPT_PATH]) files.delete(path)
  return withScript({ html, files }, code)
}

/** Whatever NODE_ENV is, a test runner's for one, Vite builds the same. */
async function inProduction<T>(run: () => Promise<T>): Promise<T> {
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    return await run()
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}

const SCRIPT_PATH = 'assets/page.js'

/** Named by what is in it: the bundler's own hash follows from the places of modules, too. */
export function withScript({ html, files }: Page, code: Buffer): Page {
  const path = `assets/page-${nameHash(code)}.js`
  const own = [...files].filter(([name]) => !name.startsWith('assets/page-'))
  const named = html.replace(/assets\/page(-[\w-]{8})?\.js/, path)
  return { html: named, files: new Map([...own, [path, code]]) }
}

const SCRIPT = /<script type="module"[^>]* src="\.\/([^"]+)"><\/script>/g
const STYLE = /<link rel="stylesheet"[^>]* href="\.\/([^"]+)">/g

/** Integrity for every script and style sheet; the policy and the build's data before them. */
export function finishPage({ html, files }: Page, policy: string, info: BuildInfo): string {
  const hash = (path: string) => sri(fileAt(files, path))
  const checked = html
    .replace(
      SCRIPT,
      (_, path) => `<script type="module" crossorigin integrity="${hash(path)}" src="./${path}"></script>`,
    )
    .replace(
      STYLE,
      (_, path) => `<link rel="stylesheet" crossorigin integrity="${hash(path)}" href="./${path}">`,
    )
  return withHead(checked, policy, info)
}

/** The same page with everything inside it, engine included. */
export function inlinePage({ html, files }: Page, engine: string, info: BuildInfo): string {
  const scripts = [engine]
  const styles: string[] = []
  const keep = (list: string[], text: string) => {
    list.push(text)
    return text
  }
  const whole = html
    .replace(
      SCRIPT,
      (_, path) => `<script type="module">${keep(scripts, fileAt(files, path).toString())}</script>`,
    )
    .replace(STYLE, (_, path) => `<style>${keep(styles, inlineUrls(path, files))}</style>`)
    .replace('</body>', () => `<script type="text/plain" id="bongsu-engine">${engine}</script>\n  </body>`)
  return withHead(whole, singleFilePolicy(info.service, scripts, styles), info)
}

function withHead(html: string, policy: string, info: BuildInfo): string {
  const data = JSON.stringify(info).replaceAll('<', '\\u003c')
  const added = `<meta http-equiv="content-security-policy" content="${policy}">
    <script type="application/json" id="bongsu-build">${data}</script>`
  const parts = html.split(/(<meta charset="utf-8"\s*\/?>)/i)
  if (parts.length !== 3) throw new Error('index.html needs one <meta charset="utf-8">')
  return `${parts[0]}${parts[1]}\n    ${added}${parts[2]}`
}

const TYPES: Readonly<Record<string, string>> = {
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
  png: 'image/png',
}

/** A style sheet with what it names, fonts and pictures, as data: URLs. */
function inlineUrls(stylePath: string, files: Page['files']): string {
  const style = fileAt(files, stylePath).toString()
  return style.replace(/url\((["']?)(?:\.\/)?([^"')]+)\1\)/g, (whole, _quote, path: string) => {
    if (path.startsWith('data:') || path.startsWith('#')) return whole
    const type = TYPES[path.split('.').pop() ?? ''] ?? 'application/octet-stream'
    return `url(data:${type};base64,${fileAt(files, `assets/${path}`).toString('base64')})`
  })
}

function fileAt(files: Page['files'], path: string): Buffer {
  const bytes = files.get(path)
  if (!bytes) throw new Error(`${path} is named by the page and was not built`)
  return bytes
}
