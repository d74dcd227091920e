// Saving, from ranges of a real blob: what arrives whole and right stays, what does not leaves nothing.
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { Interrupted } from '../../../src/cli/exit.ts'
import { exitOf, type MessageWithFiles, prepareFolder, saveFiles } from '../../../src/cli/files/save.ts'
import { fileTools } from '../../../src/cli/files/tools.ts'
import { createOutput } from '../../../src/cli/output.ts'
import { blobParts } from '../../../src/client/blob-source.ts'
import { Unreachable } from '../../../src/client/index.ts'
import { placeFiles } from '../../../src/protocol/blob.ts'
import { blobKeyOf, cryptoReady } from '../../../src/protocol/crypto.ts'

let folder: string
beforeAll(() => cryptoReady)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bongsu-save-'))
})
afterEach(async () => {
  await chmod(folder, 0o700)
  await rm(folder, { recursive: true, force: true })
})

const output = createOutput({ json: true, lang: 'en' })
const never = new AbortController().signal

interface Blob extends MessageWithFiles {
  readonly bytes: Buffer
}

/** Sealed as a sender would, with these names and contents. */
async function blobOf(files: readonly (readonly [name: string, content: Uint8Array])[]): Promise<Blob> {
  const key = blobKeyOf(randomBytes(32))
  const sources = files.map(([name, content]) => ({
    name,
    type: '',
    size: content.length,
    async *read() {
      yield content
    },
  }))
  const parts = blobParts(key, sources, fileTools)
  const sealed: Uint8Array[] = []
  for (;;) {
    const { value, done } = await parts.next()
    if (done) {
      const bytes = Buffer.concat(sealed)
      const read = async (from: number, to: number) => new Uint8Array(bytes.subarray(from, to))
      return { bytes, read, list: { blobKey: key, files: value } }
    }
    sealed.push(value.slice())
  }
}

const save = (blob: MessageWithFiles, signal = never) =>
  saveFiles([blob], { folder, sender: 'reporter' }, output, signal)

test('files are saved whole, for their owner only, never executable, one beside another of its name', async () => {
  const contents = [randomBytes(300_000), randomBytes(10), new Uint8Array(0)]
  await writeFile(join(folder, 'plan.pdf'), 'was here first')
  const blob = await blobOf(contents.map(content => ['plan.pdf', content] as const))
  const savings = await save(blob)
  expect(exitOf(savings)).toBe(0)
  expect((await readdir(folder)).sort()).toEqual(['plan (2).pdf', 'plan (3).pdf', 'plan (4).pdf', 'plan.pdf'])
  expect(await readFile(join(folder, 'plan.pdf'), 'utf8')).toBe('was here first')
  for (const [i, content] of contents.entries()) {
    const path = join(folder, `plan (${i + 2}).pdf`)
    expect((await readFile(path)).equals(content)).toBe(true)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  }
})

test('a name that means another folder is only a name', async () => {
  await save(await blobOf([['../../../../tmp/bongsu-escaped', randomBytes(5)]]))
  expect(await readdir(folder)).toEqual(['bongsu-escaped'])
})

test('a file that is not the listed one leaves nothing, and the others are saved', async () => {
  const blob = await blobOf([
    ['first.bin', randomBytes(200_000)],
    ['second.bin', randomBytes(200_000)],
  ])
  blob.bytes[150_000] = (blob.bytes[150_000] ?? 0) ^ 1
  const savings = await save(blob)
  expect([...savings.values()]).toMatchObject([
    { failure: { kind: 'unproven', exit: 4 } },
    { path: join(folder, 'second.bin') },
  ])
  expect(exitOf(savings)).toBe(4)
  expect(await readdir(folder)).toEqual(['second.bin'])
})

test('a list with another hash is not believed', async () => {
  const { list, ...blob } = await blobOf([['plan.pdf', randomBytes(1000)]])
  const files = list.files.map(file => ({ ...file, sha256: new Uint8Array(32) }))
  const savings = await save({ ...blob, list: { ...list, files } })
  expect(exitOf(savings)).toBe(4)
  expect(await readdir(folder)).toEqual([])
})

test.each([
  ['a service that goes away', new Unreachable('gone'), 3],
  ['Ctrl-C', new Interrupted(), 130],
])('%s ends the saving; what was saved before stays', async (_, error, exit) => {
  const blob = await blobOf([
    ['first.bin', randomBytes(1000)],
    ['second.bin', randomBytes(1000)],
    ['third.bin', randomBytes(1000)],
  ])
  const [, second, third] = placeFiles(blob.list.files)
  let furthest = 0
  const read = async (from: number, to: number) => {
    furthest = Math.max(furthest, to)
    if (from > (second?.offset ?? 0)) throw error
    return blob.read(from, to)
  }
  const savings = await save({ ...blob, read })
  expect(exitOf(savings)).toBe(exit)
  expect(await readdir(folder)).toEqual(['first.bin'])
  expect(furthest).toBeLessThanOrEqual(third?.offset ?? 0)
})

test('a folder is made, for its owner only; a file is none', async () => {
  const made = join(folder, 'new', 'deep')
  await prepareFolder(made)
  expect((await stat(made)).mode & 0o777).toBe(0o700)
  await prepareFolder(made)
  await writeFile(join(folder, 'taken'), '')
  await expect(prepareFolder(join(folder, 'taken'))).rejects.toMatchObject({ code: 'EEXIST' })
})
