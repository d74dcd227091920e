// Text that strangers wrote, on its way to the page.

// Whatever cannot be seen, or turns the reading direction: controls but tab and newline, format characters,
// separators of lines, lone surrogates, Hangul fillers. The joiners stay: scripts and emoji need them.
const UNSAFE = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu

/** Shows what must not act. */
export function neutralise(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(UNSAFE, character => {
    const code = character.codePointAt(0) ?? 0
    return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
  })
}
