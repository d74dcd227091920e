import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

const OWN = { mode: 0o700 }

/**
 * Makes a folder, and what it lies in, where they are not there; nobody else can read them. Rejects as `mkdir` does.
 * With `recursive`, Node's own never ends where there can be none, in /proc for one.
 */
export async function makeFolder(folder: string): Promise<void> {
  const path = resolve(folder)
  const make = () =>
    mkdir(path, OWN).catch(error => isFolder(path).then(isThere => isThere || Promise.reject(error)))
  try {
    await make()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await make()
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  )
