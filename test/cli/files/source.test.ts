import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, open, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileOnDisk, keptFile } from '../../../src/cli/files/source.ts'

let folder: string
let path: string
const content = randomBytes(2_500_000)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bongsu-source-'))
  path = join(folder, '도면.PDF')
  await writeFile(path, content)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const read = async (pieces: AsyncIterable<Uint8Array>, between = async () => {}) => {
  const parts: Uint8Array[] = []
  for await (const piece of pieces) {
    parts.push(piece.slice())
    await between()
  }
  return Buffer.concat(parts)
}

test('a file is read in pieces of at most a mebibyte, and is known by name, type and size', async () => {
  const file = await fileOnDisk(path)
  expect(file).toMatchObject({ name: '도면.PDF', type: 'application/pdf', size: content.length })
  const sizes: number[] = []
  for await (const piece of file.read()) sizes.push(piece.length)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024)
  expect((await read(file.read())).equals(content)).toBe(true)
})

test('a kept file has the fingerprint that sha256sum gives', async () => {
  const { sha256, attached } = await keptFile(await fileOnDisk(path), () => undefined)
  expect(Buffer.from(sha256).toString('hex')).toBe(createHash('sha256').update(content).digest('hex'))
  expect(attached).toBe(false)
})

test.each([
  ['in place', (handle: Awaited<ReturnType<typeof open>>) => handle.write('x', 0)],
  ['by growing', (handle: Awaited<ReturnType<typeof open>>) => handle.write('x', content.length)],
  ['by shrinking', (handle: Awaited<ReturnType<typeof open>>) => handle.truncate(content.length - 1)],
])('a file that changes %s while it is read does not end well', async (_, change) => {
  const file = await fileOnDisk(path)
  let changed = false
  const changeOnce = async () => {
    if (changed) return
    changed = true
    const handle = await open(path, 'r+')
    await change(handle)
    await handle.close()
  }
  await expect(read(file.read(), changeOnce)).rejects.toThrow('changed while it was read')
})

test('a file that changed between choosing and reading is not read', async () => {
  const file = await fileOnDisk(path)
  await utimes(path, 1, 1)
  await expect(read(file.read())).rejects.toThrow('changed while it was read')
})

test('folders and what is no file are refused', async () => {
  await expect(fileOnDisk(folder)).rejects.toThrow('not a file')
  await expect(fileOnDisk('/dev/null')).rejects.toThrow('not a file')
})
