// A built page and its files, read once: what `npm run build` wrote, by the paths at which it is served.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { z } from 'zod'

export const FORM_FOLDER = join(import.meta.dirname, '../../../dist/web/report')
export const CONSOLE_FOLDER = join(import.meta.dirname, '../../../dist/web/console')
export const MANIFEST = 'bongsu-web-manifest.json'
export const SINGLE_FILE = 'bongsu-report.html'

/** The most wanted first. */
export const CODINGS = ['br', 'gzip', 'identity'] as const
export type Coding = (typeof CODINGS)[number]

export interface Representation {
  readonly body: Buffer
  readonly etag: string
}

export interface SiteFile {
  readonly type: string
  readonly representations: Readonly<Record<Coding, Representation>>
}

export interface Site {
  /** By the path relative to the page. */
  readonly files: ReadonlyMap<string, SiteFile>
  /** The only address that the page talks to; null: the one that it came from. */
  readonly service: string | null
  /** Content Security Policy of the page. */
  readonly policy: string
  /** SHA-256, hex, of the page as a single file; null where there is none. */
  readonly singleFileHash: string | null
}

const manifest = z.object({
  service: z.string().nullable().default(null),
  policy: z.string(),
  files: z.record(z.string().regex(/^(assets\/)?[A-Za-z0-9_.-]+$/), z.object({ sha256: z.string() })),
})

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Null where there is none; throws where a file is not the one that the manifest names. */
export async function readSite(folder: string): Promise<Site | null> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => null)
  if (text === null) return null
  const { service, policy, files: described } = manifest.parse(JSON.parse(text))
  const files = new Map<string, SiteFile>([[MANIFEST, await readSiteFile(folder, MANIFEST)]])
  for (const [path, { sha256 }] of Object.entries(described)) {
    const file = await readSiteFile(folder, path)
    if (hashOf(file.representations.identity.body) !== sha256)
      throw new Error(`${path} is not what was built`)
    files.set(path, file)
  }
  return { files, service, policy, singleFileHash: described[SINGLE_FILE]?.sha256 ?? null }
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function readSiteFile(folder: string, path: string): Promise<SiteFile> {
  const read = async (suffix: string) => {
    const body = await readFile(join(folder, `${path}${suffix}`))
    return { body, etag: `"${hashOf(body).slice(0, 32)}"` }
  }
  const [br, gzip, identity] = await Promise.all([read('.br'), read('.gz'), read('')])
  return {
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    representations: { br, gzip, identity },
  }
}
