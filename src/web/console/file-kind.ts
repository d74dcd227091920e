// What a file is by its first bytes, whatever it is called, and how many pixels a picture claims.

export type PictureKind = 'png' | 'jpeg' | 'gif' | 'webp' | 'bmp'
export type FileKind = PictureKind | 'pdf'

const ascii = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...bytes.subarray(from, to))
const startsWith = (bytes: Uint8Array, ...first: number[]) => first.every((byte, i) => bytes[i] === byte)

/** Null for everything else: text, or nothing that is shown. SVG is text. */
export function kindOf(bytes: Uint8Array): FileKind | null {
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png'
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return 'jpeg'
  if (/^GIF8[79]a$/.test(ascii(bytes, 0, 6))) return 'gif'
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp'
  if (ascii(bytes, 0, 2) === 'BM' && bytes.length >= 26 && startsWith(bytes.subarray(6), 0, 0, 0, 0))
    return 'bmp'
  if (ascii(bytes, 0, 5) === '%PDF-') return 'pdf'
  return null
}

export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** As the header says, before anything is decoded; null where it says nothing that could be. */
export function pictureSize(bytes: Uint8Array, kind: PictureKind): PictureSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const { width, height } = SIZES[kind](view)
    return width > 0 && height > 0 ? { width, height } : null
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

const SIZES: Readonly<Record<PictureKind, (view: DataView) => PictureSize>> = {
  png: view => ({ width: view.getUint32(16), height: view.getUint32(20) }),
  gif: view => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
  bmp: view =>
    view.getUint32(14, true) === 12
      ? { width: view.getUint16(18, true), height: view.getUint16(20, true) }
      : { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) },
  jpeg: jpegSize,
  webp: webpSize,
}

/** ITU-T T.81: segments until the frame's header. */
function jpegSize(view: DataView): PictureSize {
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return { width: 0, height: 0 }
    const marker = view.getUint8(at + 1)
    // Bytes of 0xff before a marker fill; markers without a length have nothing behind them.
    if (marker === 0xff) at += 1
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    } else at += 2 + view.getUint16(at + 2)
  }
}

/** RFC 9649: three kinds of first chunk. */
function webpSize(view: DataView): PictureSize {
  const chunk = view.getUint32(12)
  if (chunk === 0x56503858) return { width: u24(view, 24) + 1, height: u24(view, 27) + 1 }
  if (chunk === 0x56503820) {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  }
  if (chunk !== 0x5650384c) return { width: 0, height: 0 }
  const bits = view.getUint32(21, true)
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
}

const u24 = (view: DataView, at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
