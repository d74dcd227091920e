import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { numbersPath, reserveNumbers } from '../../src/cli/reply-numbers.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bongsu-numbers-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const A = 'aa'.repeat(16)
const B = 'bb'.repeat(16)

test('each case counts for itself, from one', async () => {
  const key = join(folder, 'first.key.json')
  expect(await reserveNumbers(key, A, 1)).toBe(1)
  expect(await reserveNumbers(key, A, 3)).toBe(2)
  expect(await reserveNumbers(key, B, 1)).toBe(1)
  expect(await reserveNumbers(key, A, 1)).toBe(5)
})

test('the numbers lie beside the key file, readable by its owner alone', async () => {
  const key = join(folder, 'second.key.json')
  await reserveNumbers(key, A, 2)
  expect((await stat(numbersPath(key))).mode & 0o777).toBe(0o600)
  expect(JSON.parse(await readFile(numbersPath(key), 'utf8')).cases).toEqual({ [A]: 2 })
})

test('no two replies get the same number, however many are written at once', async () => {
  const key = join(folder, 'third.key.json')
  const numbers = await Promise.all(Array.from({ length: 20 }, () => reserveNumbers(key, A, 1)))
  expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
})

test('a damaged file stops replies rather than start again at one', async () => {
  const key = join(folder, 'fourth.key.json')
  await writeFile(numbersPath(key), '{"format":"bongsu reply numbers 1"')
  await expect(reserveNumbers(key, A, 1)).rejects.toThrow('reply numbers')
})
