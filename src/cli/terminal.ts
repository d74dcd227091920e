// Text that strangers wrote, on its way to a terminal.

// Everything that moves the cursor, changes the terminal or the reading direction, or cannot be seen:
// controls but tab and newline, bidirectional marks and overrides, zero widths, separators, tag characters,
// lone surrogates. Joiners (U+200C, U+200D) and variation selectors stay: scripts and emoji need them.
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Surrogate}]/gu

/** Shows what must not act: escape sequences and overrides become visible, line ends become newlines. */
export function neutralise(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(UNSAFE, visible)
}

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
