// What a page is built from, and one hash over it.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')

const FOLDERS = ['src/web/page', 'src/client', 'src/contract', 'src/protocol', 'scripts/web']
const FILES = ['vite.config.ts', 'scripts/build-web.ts', 'package.json', 'package-lock.json']

/** Names with their bytes, in the order of the names. */
async function readInputs(audience: string): Promise<(readonly [name: string, bytes: Buffer])[]> {
  const inFolders = await Promise.all(
    [...FOLDERS, `src/web/${audience}`].map(async folder => {
      const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true })
      return entries
        .filter(entry => entry.isFile())
        .map(entry => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    }),
  )
  const names = [...inFolders.flat(), ...FILES].sort()
  return Promise.all(names.map(async name => [name, await readFile(join(ROOT, name))] as const))
}

/**
 * SHA-256, hex: the same on every machine that has the same sources. What only another audience's page is built from
 * has no part in it.
 */
export async function sourceHash(audience: string): Promise<string> {
  const hash = createHash('sha256')
  for (const [name, bytes] of await readInputs(audience))
    hash.update(`${name}\n${bytes.length}\n`).update(bytes)
  return hash.digest('hex')
}
