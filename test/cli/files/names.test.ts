import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listedName, MAX_SAVED, numberedName, safeName } from '../../../src/cli/files/names.ts'

test.each([
  ['a plain name', '도면 1 (최종).pdf', '도면 1 (최종).pdf'],
  ['a folder above', '../../etc/passwd', 'passwd'],
  ['an absolute path', '/root/.ssh/authorized_keys', 'authorized_keys'],
  ['a path of Windows', 'C:\\Users\\kim\\도면.dwg', '도면.dwg'],
  ['a share of Windows', '\\\\10.0.0.1\\c$\\x.txt', 'x.txt'],
  ['nothing but the folder above', '..', 'file'],
  ['a folder', 'folder/', 'folder'],
  ['nothing', '', 'file'],
  ['nothing but blanks and dots', ' . .. ', 'file'],
  ['nothing but what is not seen', '\u200b\u2060\u3164\u202e', 'file'],
  ['a hidden file', '.bashrc', 'bashrc'],
  ['a hidden file behind what is not seen', '\u200b.bashrc', 'bashrc'],
  ['dots and spaces at the end', 'plan.pdf. . ', 'plan.pdf'],
  ['a null', 'plan.pdf\u0000.exe', 'plan.pdf.exe'],
  ['a newline', 'plan\nAcknowledged: yes.pdf', 'plan Acknowledged: yes.pdf'.replace(':', '_')],
  ['an escape sequence', '\u001b[2Jplan.pdf', '[2Jplan.pdf'],
  ['an override of the direction', 'cv\u202efdp.exe', 'cvfdp.exe'],
  ['isolates', '\u2066cv\u2069.pdf', 'cv.pdf'],
  ['zero widths', 'p\u200bl\u200can\u200d\ufeff.pdf', 'plan.pdf'],
  ['soft hyphen, joiner and filler', 'p\u00adl\u034fan\u3164.pdf', 'plan.pdf'],
  ['tags and variations', 'plan\u{e0041}\ufe0f.pdf', 'plan.pdf'],
  ['many blanks before the true end', 'plan.pdf                              .exe', 'plan.pdf .exe'],
  ['blanks of other kinds', 'a\u00a0\u3000\u2003b\u2028c.pdf', 'a b c.pdf'],
  ['lone surrogates', 'a\ud800b.pdf', 'a\ufffdb.pdf'],
  ['decomposed Hangul', '도면.pdf'.normalize('NFD'), '도면.pdf'],
  ['a second stream', 'plan.pdf:evil.exe', 'plan.pdf_evil.exe'],
  ['what Windows refuses', 'a<b>c"d|e?f*g.txt', 'a_b_c_d_e_f_g.txt'],
  ['an option', '-rf', '_-rf'],
  ['a device', 'CON', '_CON'],
  ['a device with an extension', 'nul.txt', '_nul.txt'],
  ['a device with several', 'com1.tar.gz', '_com1.tar.gz'],
  ['a device with a blank', 'LPT9 .txt', '_LPT9 .txt'],
  ['a device with a small number', 'COM\u00b9.txt', '_COM¹.txt'],
  ['a device behind what is not seen', 'A\u200bUX.pdf', '_AUX.pdf'],
  ['a console', 'CONIN$', '_CONIN$'],
  ['what only begins like a device', 'console.log', 'console.log'],
  ['what the file manager obeys', 'Desktop.ini', '_Desktop.ini'],
])('%s', (_, given, safe) => {
  expect(safeName(given)).toBe(safe)
})

test('a name too long is cut before its extension, between characters', () => {
  const name = safeName(`${'가'.repeat(300)}.pdf`)
  expect(name).toMatch(/^가+\.pdf$/)
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(MAX_SAVED)
  expect(Buffer.byteLength(name)).toBeGreaterThan(MAX_SAVED - 3)
  expect(Buffer.byteLength(safeName(`a.${'b'.repeat(500)}`))).toBe(MAX_SAVED)
  expect(safeName(`${'👩'.repeat(300)}`).isWellFormed()).toBe(true)
})

const nasty = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      ' ',
      'CON',
      'nul',
      'com1',
      '-',
      ':',
      '\u202e',
      '\u200b',
      '\u0000',
      '\n',
    ),
    fc.constantFrom('도면', '\u1103\u1169', '\u0301', 'é', '.pdf', '.lnk', '\u3164', '\ud83d', 'C:', '~'),
  ),
  { maxLength: 12 },
)

test('whatever a stranger calls a file, it stays in the folder and is what it seems', () => {
  const folder = resolve('/somewhere/evidence')
  fc.assert(
    fc.property(nasty, pieces => {
      const name = safeName(pieces.join(''))
      expect(dirname(resolve(folder, name))).toBe(folder)
      expect(name).not.toMatch(/^[. -]|[. ]$|[\\/:]|^$/)
      expect(name).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u)
      expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i)
      expect(name.normalize('NFC')).toBe(name)
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(MAX_SAVED + 1)
      expect(safeName(name)).toBe(name)
    }),
    { numRuns: 5000 },
  )
})

test('a real file system takes every such name, and puts it where it was meant', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-names-'))
  try {
    const names = new Set(
      fc.sample(nasty, { numRuns: 200, seed: 7 }).map(pieces => safeName(pieces.join(''))),
    )
    for (const name of names) await writeFile(join(folder, numberedName(name, 2)), '')
    expect(new Set(await readdir(folder))).toEqual(new Set([...names].map(name => numberedName(name, 2))))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a number goes before the extension', () => {
  expect(numberedName('plan.pdf', 1)).toBe('plan.pdf')
  expect(numberedName('plan.pdf', 2)).toBe('plan (2).pdf')
  expect(numberedName('plan', 3)).toBe('plan (3)')
})

test('of a file of ours its last name is told, composed, never its folder, at most 255 bytes', () => {
  expect(listedName('/home/kim/회사/도면.pdf'.normalize('NFD'))).toBe('도면.pdf')
  const long = listedName(`/x/${'가'.repeat(200)}.pdf`)
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(255)
  expect(long).toMatch(/\.pdf$/)
})
