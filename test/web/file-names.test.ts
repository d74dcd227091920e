// Names on their way out, as a file list takes them, and on their way to somebody's disk.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sentName } from '../../src/web/page/file-source.ts'
import { safeName } from '../../src/web/page/safe-name.ts'

test.each([
  ['보고서.pdf', '보고서.pdf'],
  ['../../etc/passwd', '_.._etc_passwd'],
  ['C:\\Windows\\x.exe', 'C__Windows_x.exe'],
  ['.bashrc', 'bashrc'],
  ['photo.jpg\u202egpj.exe', 'photo.jpg_gpj.exe'],
  ['con.txt', '_con.txt'],
  ['COM1', '_COM1'],
  ['contract.txt', 'contract.txt'],
  ['name. . ', 'name'],
  ['-rf', 'rf'],
  ['', 'file'],
  ['...', 'file'],
  ['a\nb\u0000c', 'a_b_c'],
])('%j is saved as %j', (name, safe) => {
  expect(safeName(name)).toBe(safe)
})

test('no name is a path, is empty, is too long or cannot be seen', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), name => {
      const safe = safeName(name)
      expect(safe).not.toMatch(/[/\\:\p{Cc}\p{Cf}]|^[.\s~-]|[.\s]$|^$/u)
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200)
      expect(safeName(safe)).toBe(safe)
    }),
  )
})

test('a long name keeps its ending', () => {
  expect(safeName(`${'가'.repeat(300)}.hwpx`)).toMatch(/^가+\.hwpx$/)
  const decomposed = `${'한'.repeat(80).normalize('NFD')}.docx`
  expect(sentName(decomposed)).toBe(`${'한'.repeat(80)}.docx`)
  expect(Buffer.byteLength(sentName(`${'가'.repeat(300)}.hwpx`))).toBeLessThanOrEqual(255)
  expect(sentName('\ud800.txt')).toBe('\ufffd.txt')
})
