// Text that strangers wrote, on its way to a terminal.

// Everything that moves the cursor, changes the terminal or the reading direction, or cannot be seen: controls
// but tab and newline, format characters, separators of lines, lone surrogates, Hangul fillers. The joiners
// (U+200C, U+200D) stay: scripts and emoji need them.
const UNSAFE = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu

/** Shows what must not act: escape sequences and overrides become visible, line ends become newlines. */
export function neutralise(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(UNSAFE, visible)
}

/** On one line, whatever it holds: a name is nobody's paragraph. */
export const neutraliseName = (name: string): string => neutralise(name).replace(/[\t\n]/g, visible)

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
}

/** Behind a bar, so that no line of it can pass for one of ours. */
export function quote(text: string): string[] {
  return neutralise(text)
    .replace(/\n+$/, '')
    .split('\n')
    .map(line => `  │ ${line}`)
}

/** The same JSON value, in characters that a terminal shows as they are. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, character =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}

// Hangul, ideographs, kana and full-width forms: a terminal gives them two columns.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g

export const columnsOf = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0)

/** Help, as wide as the terminal: paragraphs that are wider are filled anew; what is indented stays as it is typed. */
export const fitted = (help: string, width: number): string =>
  help.replace(/(?:^\S.*(?:\n|$))+/gm, paragraph =>
    paragraph.split('\n').every(line => columnsOf(line) <= width) ? paragraph : filled(paragraph, width),
  )

function filled(paragraph: string, width: number): string {
  let column = 0
  const words = paragraph.trimEnd().split(/\s+/)
  const text = words.map(word => {
    const fits = column > 0 && column + 1 + columnsOf(word) <= width
    const before = column === 0 ? '' : fits ? ' ' : '\n'
    column = fits ? column + 1 + columnsOf(word) : columnsOf(word)
    return before + word
  })
  return text.join('') + (paragraph.endsWith('\n') ? '\n' : '')
}
