/** Bytes of UTF-8 that every file system takes, with room for a « (1)» of the browser's. */
const MAX_BYTES = 200
/** Names of devices to Windows, whatever ending they have. */
const DEVICES = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?= *(?:\.|$))/i
/** What leads into a folder, means something to a system or a shell, or cannot be seen. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0/\\:*?"<>|]/gu

/** A name that a stranger gave to a file, as one under which it can be saved: never a path, never empty. */
export function safeName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(UNSAFE, '_')
    .replace(/^[\s.~-]+|[\s.]+$/g, '')
    .replace(DEVICES, '_$&')
  return shortened(plain, MAX_BYTES) || 'file'
}

const encoder = new TextEncoder()

export const bytesOf = (text: string): number => encoder.encode(text).length

/** At most so many bytes of UTF-8; the ending stays, by which people and programs know the kind. */
export function shortened(name: string, maximum: number): string {
  if (bytesOf(name) <= maximum) return name
  const [ending = ''] = /\.[^.\s]{1,16}$/.exec(name) ?? []
  let stem = ''
  for (const character of name.slice(0, name.length - ending.length)) {
    if (bytesOf(stem + character + ending) > maximum) break
    stem += character
  }
  return stem.trimEnd() + ending
}
