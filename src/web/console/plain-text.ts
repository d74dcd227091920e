// Bytes of a file as text, where they are one.

export type TextEncoding = 'utf-8' | 'utf-16' | 'euc-kr'

export interface PlainText {
  readonly text: string
  readonly encoding: TextEncoding
}

/** Bytes of a text that are shown. */
export const SHOWN_TEXT = 512 * 1024

/** The beginning of a text, at most `SHOWN_TEXT` bytes of it; null where it is none. */
export function plainText(bytes: Uint8Array): PlainText | null {
  const shown = bytes.subarray(0, SHOWN_TEXT)
  // One character may be cut in two at the end of what is shown.
  const isCut = shown.length < bytes.length
  const isWide = (shown[0] === 0xff && shown[1] === 0xfe) || (shown[0] === 0xfe && shown[1] === 0xff)
  if (isWide) {
    const text = decode(shown[0] === 0xff ? 'utf-16le' : 'utf-16be', shown, isCut)
    return text === null ? null : { text, encoding: 'utf-16' }
  }
  if (shown.includes(0)) return null
  for (const encoding of ['utf-8', 'euc-kr'] as const) {
    const text = decode(encoding, shown, isCut)
    if (text !== null) return { text, encoding }
  }
  return null
}

function decode(encoding: string, bytes: Uint8Array, isCut: boolean): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: isCut })
  } catch {
    return null
  }
}
