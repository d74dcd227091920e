import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitted, neutralise, quote, safeJson } from '../../src/cli/terminal.ts'

test('Korean, English, emoji, tabs and lines stay as they are', () => {
  const text = '한글 English\t표\n둘째 줄 — 👩‍🔬 é 漢字 «»'
  expect(neutralise(text)).toBe(text)
})

test.each([
  ['an escape sequence', '\u001b[2J\u001b[31mred', '␛[2J␛[31mred'],
  ['a title', '\u001b]0;pwned\u0007', '␛]0;pwned␇'],
  ['a carriage return', 'paid 1\rpaid 9', 'paid 1␍paid 9'],
  ['a backspace and a delete', 'a\bb\u007f', 'a␈b␡'],
  ['an eight-bit control', '\u009b31m', '‹U+009B›31m'],
  ['an override of the reading direction', 'exe.\u202ecod', 'exe.‹U+202E›cod'],
  ['an isolate', '\u2066x\u2069', '‹U+2066›x‹U+2069›'],
  ['a zero width', 'pay\u200bpal', 'pay‹U+200B›pal'],
  ['an invisible Hangul filler', 'a\u3164b', 'a‹U+3164›b'],
  ['tag characters', 'a\u{e0041}', 'a‹U+E0041›'],
  ['a lone surrogate', 'a\ud800b', 'a‹U+D800›b'],
  ['a line separator', 'a\u2028b', 'a‹U+2028›b'],
])('%s is shown and does not act', (_, text, shown) => {
  expect(neutralise(text)).toBe(shown)
})

test('line ends of Windows are line ends', () => {
  expect(neutralise('a\r\nb')).toBe('a\nb')
})

test('whatever was written, nothing that acts is left', () => {
  const acting = /[^\P{C}\t\n\u200c\u200d]|[\u2028\u2029]/u
  const unassigned = /[\p{Cn}\p{Co}]/gu
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(neutralise(text).replace(unassigned, '')).not.toMatch(acting)
    }),
    { numRuns: 2000 },
  )
})

test('no line of a quotation can pass for one of ours', () => {
  expect(quote('first\nAcknowledged: yes\n\n')).toEqual(['  │ first', '  │ Acknowledged: yes'])
})

test('JSON keeps every character, in a form that does not act', () => {
  const value = { text: '\u001b[31m\u202e한글\u009b\u{e0041}\u007f' }
  const line = safeJson(value)
  expect(JSON.parse(line)).toEqual(value)
  expect(line).toContain('한글')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
  expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\u{e0041}]/u)
})

test('help is as wide as the terminal, and what is indented in it stays', () => {
  const help = 'Usage: x\n\none two three four\nfive\n  a line that is typed, wide as it is\n\nsix\n'
  expect(fitted(help, 9)).toBe(
    'Usage: x\n\none two\nthree\nfour five\n  a line that is typed, wide as it is\n\nsix\n',
  )
  expect(fitted(help, 80)).toBe(help)
})
