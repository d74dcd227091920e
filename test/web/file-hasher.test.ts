import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createFileHasher } from '../../src/web/page/file-hasher.ts'

test('in whatever pieces it comes, a file has the hash that sha256sum gives', () => {
  const bytes = randomBytes(300_000)
  const expected = createHash('sha256').update(bytes).digest()
  for (const length of [1, 63, 64, 65, 65_536, 300_000]) {
    const hasher = createFileHasher()
    for (let at = 0; at < bytes.length; at += length) hasher.update(bytes.subarray(at, at + length))
    expect(Buffer.from(hasher.digest()).equals(expected)).toBe(true)
  }
})

test('an empty file has the hash of nothing', () => {
  const expected = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  expect(Buffer.from(createFileHasher().digest()).toString('hex')).toBe(expected)
})
