import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

const OWN = { mode: 0o700 }

/**
 * Makes a folder, and what it lies in, where they are not there; nobody else can read them. Rejects as `mkdir` does.
 * With `recursive`, Node's own never ends where there can be none, in /proc for one.
 */
export async function makeFolder(folder: string): Promise<void> {
  const path = resolve(folder)
  try {
    await mkdir(path, OWN)
  } catch (error) {
    if (await isFolder(path)) return
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    if (!isMissing || (await isFolder(dirname(path)))) throw error
    await makeFolder(dirname(path))
    await makeFolder(path)
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  )
