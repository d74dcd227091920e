// What is odd in a stranger's text, and where.
import { expect, test } from 'vitest'
import { shownParts, warningsIn } from '../../../src/web/console/text-warnings.ts'
import { processorMs } from '../../support/processor-time.ts'

const found = (text: string) =>
  warningsIn(text).warnings.map(({ kind, start, end }) => [kind, text.slice(start, end)])

test.each([
  ['보세요 https://evil.example/a?b=1 여기', [['link', 'https://evil.example/a?b=1']]],
  ['www.evil.example 참고', [['link', 'www.evil.example']]],
  ['evil.example/login 로', [['link', 'evil.example/login']]],
  ['javascript:alert(1)', [['link', 'javascript:alert(1)']]],
  ['mail a.b@evil.example now', [['link', 'a.b@evil.example']]],
  ['파일 \u202egpj.exe', [['direction', '\u202e']]],
  [
    '벨\u0007과 줄\u2028끝',
    [
      ['control', '\u0007'],
      ['control', '\u2028'],
    ],
  ],
  [
    '한\u200b글 \ufeff\ufeff',
    [
      ['invisible', '\u200b'],
      ['invisible', '\ufeff\ufeff'],
    ],
  ],
  ['은행 pаypal', [['look-alike', 'pаypal']]],
  ['Ηello', [['look-alike', 'Ηello']]],
  ['𝐛𝐨𝐥𝐝', [['look-alike', '𝐛𝐨𝐥𝐝']]],
  ['a\u0301\u0301\u0301\u0301\u0301', [['piled-marks', '\u0301\u0301\u0301\u0301\u0301']]],
  ['\ud800 외톨이', [['control', '\ud800']]],
])('%j', (text, expected) => {
  expect(found(text)).toEqual(expected)
})

test.each([
  '이차전지 전극 공정의 조건표가 나갔습니다.\n\t두 번째 줄입니다.\r\n셋째 줄.',
  'LG전자 R&D팀의 A100-GPU 3대, α-Fe₂O₃ 25μm, ΔT=3K, 10Ω',
  '버전 1.2.3, 2026.03.01, 3.14, file.pdf, 김·이·박',
  'Привет, мир',
  '가족 👨‍👩‍👧 이모지',
])('nothing odd in %j', text => {
  expect(found(text)).toEqual([])
})

test('a line beyond what anybody writes is told of', () => {
  const text = `짧은 줄\n${'가'.repeat(5000)}\n끝`
  expect(warningsIn(text).warnings).toEqual([{ kind: 'long-line', start: 5, end: 5005 }])
})

test('all of it is shown, in order, and nothing of it acts', () => {
  const text = 'a \u202e<script>alert(1)</script> https://evil.example b\u0000'
  const parts = shownParts(text, warningsIn(text))
  expect(parts.map(({ kind }) => kind)).toEqual(
    ['direction', null, 'link', null, 'control'].toSpliced(0, 0, null),
  )
  expect(parts.map(part => part.text).join('')).toBe(
    'a ‹U+202E›<script>alert(1)</script> https://evil.example b‹U+0000›',
  )
})

const HALF_MEBIBYTE = 512 * 1024

test.each([
  ['one letter', 'a'],
  ['hyphens', 'a-'],
  ['dots', 'a.'],
  ['mail signs', 'a@'],
  ['slashes', 'a/'],
  ['schemes', 'a:'],
  ['controls', '\u0001'],
  ['directions', '\u202e '],
  ['marks', 'a\u0301\u0301\u0301\u0301'],
  ['lines', '\n'],
  ['spaces', ' '],
])('512 KiB of %s are read through within the time of a blink or two', (_name, unit) => {
  const text = unit.repeat(Math.ceil(HALF_MEBIBYTE / unit.length))
  // A pattern that goes back over what it has read would take minutes.
  expect(processorMs(() => shownParts(text, warningsIn(text)))).toBeLessThan(5_000)
  const found = warningsIn(text)
  expect(found.warnings.length).toBeLessThanOrEqual(500)
})

test('how many more there are is told', () => {
  expect(warningsIn('\u202ea'.repeat(700))).toMatchObject({ more: 200 })
})
