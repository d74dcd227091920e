// What is shown of a file that came whole and was found right: a picture, the beginning of a text, the pages of a PDF.
import { kindOf, type PictureKind, type PictureSize, pictureSize } from './file-kind.ts'
import { type PlainText, plainText } from './plain-text.ts'

export type Preview =
  | ({ readonly kind: 'picture'; readonly type: PictureKind; readonly bytes: Uint8Array } & PictureSize)
  | ({ readonly kind: 'text'; readonly size: number } & PlainText)
  | { readonly kind: 'pdf'; readonly bytes: Uint8Array }
  /** Neither text nor picture nor PDF: it is saved only. */
  | { readonly kind: 'unknown' }
  /** It would take more memory to decode than a page should give to a stranger's file. */
  | { readonly kind: 'too-many-pixels' }

/** Bytes of a file that is shown at all. */
export const MAX_PREVIEW = 32 * 1024 * 1024
/** Decoded, four bytes each. */
const MAX_PIXELS = 64_000_000

export const isTooManyPixels = ({ width, height }: PictureSize): boolean => width * height > MAX_PIXELS

export function previewOf(bytes: Uint8Array): Preview {
  const kind = kindOf(bytes)
  if (kind === 'pdf') return { kind, bytes }
  if (kind !== null) {
    const size = pictureSize(bytes, kind)
    if (!size) return { kind: 'unknown' }
    return isTooManyPixels(size)
      ? { kind: 'too-many-pixels' }
      : { kind: 'picture', type: kind, bytes, ...size }
  }
  const text = plainText(bytes)
  return text ? { kind: 'text', size: bytes.length, ...text } : { kind: 'unknown' }
}
