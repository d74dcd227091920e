// Ids as people type them: hexadecimal never starts with a dash, as base64url may.
import { fromBase64url, toBase64url, toHex } from '../protocol/encoding.ts'

/** Null for anything but pairs of hexadecimal digits. */
export function fromHex(text: string): Uint8Array | null {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return null
  return Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16))
}

/** A case id of the API, as it is shown. */
export const shownCase = (id: string): string => toHex(fromBase64url(id))

/** A case id as it was typed, for the API; null unless it is one. */
export function typedCase(text: string): string | null {
  const bytes = fromHex(text)
  return bytes?.length === 16 ? toBase64url(bytes) : null
}
