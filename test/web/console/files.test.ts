// What is told of a file before it is shown: its kind by its bytes, its pixels, its text; and which ones are the same.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FileList } from '../../../src/client/index.ts'
import { blobKeyOf } from '../../../src/protocol/crypto.ts'
import { kindOf, pictureSize } from '../../../src/web/console/file-kind.ts'
import { linesOf, linesOfCase, withFingerprint } from '../../../src/web/console/file-lines.ts'
import { roughSize } from '../../../src/web/console/parts/shown.ts'
import { plainText, SHOWN_TEXT } from '../../../src/web/console/plain-text.ts'
import { previewOf } from '../../../src/web/console/preview.ts'
import { hostilePdf, pngBomb, pngOf, RED } from '../support/evidence.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const utf8 = (text: string) => Buffer.from(text)

// Headers only: what is behind them is not looked at.
const GIF = hex('474946383961 4001 f000')
const BMP = hex('424d 00000000 00000000 36000000 28000000 80020000 20feffff')
const OLD_BMP = hex('424d 00000000 00000000 1a000000 0c000000 8002 e001 0100 1800')
const JPEG = hex('ffd8 ffe0 0010 4a46494600 0101 00 0001 0001 0000 ff ffc2 0011 08 01e0 0280 03')
const WEBP_LOSSY = hex('52494646 00000000 57454250 56503820 00000000 000000 9d012a 8002 e001')
const WEBP_LOSSLESS = hex('52494646 00000000 57454250 5650384c 00000000 2f 7fc27700')
const WEBP_EXTENDED = hex('52494646 00000000 57454250 56503858 0a000000 00000000 7f0200 df0100')

test.each([
  ['png', pngOf(640, 480, RED)],
  ['gif', GIF],
  ['bmp', BMP],
  ['bmp', OLD_BMP],
  ['jpeg', JPEG],
  ['webp', WEBP_LOSSY],
  ['webp', WEBP_LOSSLESS],
  ['webp', WEBP_EXTENDED],
] as const)('%s is known by its bytes, and says how large it is', (kind, bytes) => {
  expect(kindOf(bytes)).toBe(kind)
  const expected = kind === 'gif' ? { width: 320, height: 240 } : { width: 640, height: 480 }
  expect(pictureSize(bytes, kind)).toEqual(expected)
})

test.each([
  ['an SVG', utf8('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['a page', utf8('<!doctype html><script>1</script>')],
  ['a program', utf8('MZ\x90\0\x03')],
  ['nothing', utf8('')],
  ['a text that begins like a picture', utf8('BMW is not a picture, however long the text may be')],
])('%s is no picture', (_what, bytes) => {
  expect(kindOf(bytes)).toBeNull()
})

test('a header that ends too early says nothing, and throws nothing', () => {
  for (const bytes of [pngOf(4, 4, RED), GIF, BMP, JPEG, WEBP_LOSSY, WEBP_LOSSLESS, WEBP_EXTENDED]) {
    for (let length = 0; length < Math.min(bytes.length, 40); length++) {
      const cut = bytes.subarray(0, length)
      const kind = kindOf(cut)
      if (kind !== null && kind !== 'pdf') pictureSize(cut, kind)
    }
  }
})

test('whatever the bytes are, they are shown as something or not at all', () => {
  const beginnings = [pngOf(4, 4, RED), GIF, BMP, JPEG, WEBP_LOSSY, hostilePdf(1), utf8('글')]
  fc.assert(
    fc.property(
      fc.constantFrom(...beginnings),
      fc.uint8Array({ maxLength: 64 }),
      fc.nat(40),
      (known, noise, at) => {
        const bytes = new Uint8Array([...known.subarray(0, at), ...noise])
        const { kind } = previewOf(bytes)
        expect(['picture', 'text', 'pdf', 'unknown', 'too-many-pixels']).toContain(kind)
      },
    ),
    { numRuns: 500 },
  )
})

test('a picture of more pixels than a page should decode is not decoded', () => {
  expect(previewOf(pngBomb(60_000, 60_000)).kind).toBe('too-many-pixels')
  expect(previewOf(pngBomb(8_000, 8_000)).kind).toBe('picture')
  expect(previewOf(pngBomb(0, 10)).kind).toBe('unknown')
})

describe('text', () => {
  test.each([
    ['utf-8', utf8('가나다 abc\n'), '가나다 abc\n'],
    ['utf-8', Buffer.concat([hex('efbbbf'), utf8('가')]), '가'],
    ['utf-16', Buffer.concat([hex('fffe'), Buffer.from('가나', 'utf16le')]), '가나'],
    ['utf-16', hex('feff ac00 b098'), '가나'],
    ['euc-kr', hex('b0a1 b3aa b4d9'), '가나다'],
    ['utf-8', utf8(''), ''],
  ])('in %s', (encoding, bytes, text) => {
    expect(plainText(bytes)).toEqual({ encoding, text })
  })

  test.each([
    ['zeros', hex('50 4b 03 04 00 00')],
    ['bytes of no encoding', hex('ff 80 81 ff fe')],
    ['half a character at its end', hex('ea')],
  ])('not where there are %s', (_what, bytes) => {
    expect(plainText(bytes)).toBeNull()
  })

  test('is shown up to 512 KiB, and no character is shown by half', () => {
    const found = plainText(utf8(`a${'가'.repeat(SHOWN_TEXT)}`))
    expect(found?.encoding).toBe('utf-8')
    expect(found?.text).toBe(`a${'가'.repeat(Math.floor((SHOWN_TEXT - 1) / 3))}`)
  })
})

const listOf = (...files: (readonly [name: string, byte: number, attached: boolean])[]): FileList => ({
  blobKey: blobKeyOf(new Uint8Array(32)),
  files: files.map(([name, byte, attached]) => ({
    name,
    type: '',
    size: 1,
    sha256: new Uint8Array(32).fill(byte),
    attached,
  })),
})

test('files are named by message and place, and found by their fingerprint whatever they are called', () => {
  const digest = new Uint8Array(32)
  const followUp = { day: '2026-11-20', digest, contentKey: null, text: '', objectsTo: null }
  const opened = {
    report: { files: listOf(['a', 1, true], ['b', 2, false]) },
    followUps: [
      { ...followUp, index: 1, files: null },
      { ...followUp, index: 2, files: listOf(['other name', 2, true]) },
    ],
  }
  expect(linesOf(opened, 0).map(({ key, name, isAttached }) => [key, name, isAttached])).toEqual([
    ['0.0', 'a', true],
    ['0.1', 'b', false],
  ])
  expect(linesOf(opened, 1)).toEqual([])
  const all = linesOfCase(opened)
  expect(all.map(({ key }) => key)).toEqual(['0.0', '0.1', '2.0'])
  expect(withFingerprint(all, '02'.repeat(32)).map(({ key }) => key)).toEqual(['0.1', '2.0'])
  expect(withFingerprint(all, '03'.repeat(32))).toEqual([])
})

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [1_048_575, '1 MiB'],
  [123_456_789, '118 MiB'],
  [2 * 1024 ** 3, '2 GiB'],
])('%i bytes are shown as %s', (bytes, shown) => {
  expect(roughSize(bytes)).toBe(shown)
})
