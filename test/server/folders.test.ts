import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeFolder } from '../../src/server/folders.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bongsu-folders-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a folder is made with those that it lies in, for nobody else, and made again changes nothing', async () => {
  const path = join(folder, 'one', 'two', 'three')
  await Promise.all([makeFolder(path), makeFolder(path)])
  await makeFolder(path)
  for (const made of [path, join(folder, 'one')]) {
    const found = await stat(made)
    expect(found.isDirectory()).toBe(true)
    expect(found.mode & 0o777).toBe(0o700)
  }
})

test('whoever makes it at the same moment makes no other fail', async () => {
  for (let round = 0; round < 100; round++) {
    const path = join(folder, `at-once-${round}`, 'two', 'three')
    await Promise.all(Array.from({ length: 4 }, () => makeFolder(path)))
  }
})

test('where there can be none it says so', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  for (const path of [file, join(file, 'in'), '/proc/nowhere', '/proc/nowhere/in'])
    await expect(makeFolder(path)).rejects.toThrow(/EEXIST|ENOTDIR|ENOENT|EACCES|EROFS/)
})
