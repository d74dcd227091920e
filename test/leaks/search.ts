// Looks for bytes in whatever form they may have been written.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A name for each form, and the bytes to look for. */
export type Needles = ReadonlyMap<string, Buffer>

const reverse16 = (bytes: Buffer) => Buffer.from(bytes).swap16()

/** The part of the base64 of `…bytes…` that is the same whatever stands before and behind. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].map(before => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const start = Math.ceil((before * 4) / 3)
    const whole = Math.floor(((before + bytes.length) * 4) / 3)
    return text.slice(start, whole)
  })
}

function encodings(bytes: Buffer): Record<string, Buffer> {
  const hex = bytes.toString('hex')
  const cores = base64Cores(bytes)
  return {
    raw: bytes,
    hex: Buffer.from(hex),
    HEX: Buffer.from(hex.toUpperCase()),
    ...Object.fromEntries(cores.map((core, i) => [`base64 ${i}`, Buffer.from(core)])),
    ...Object.fromEntries(
      cores.map((core, i) => [`base64url ${i}`, Buffer.from(core.replaceAll('+', '-').replaceAll('/', '_'))]),
    ),
  }
}

/** Of binary values: raw, hexadecimal, base64. Of texts also UTF-16 and percent-encoding. */
export function needlesFor(values: Readonly<Record<string, Uint8Array | string>>): Needles {
  const needles = new Map<string, Buffer>()
  const known = new Set<string>()
  for (const [name, value] of Object.entries(values)) {
    const bytes = Buffer.from(value)
    const wide = typeof value === 'string' ? Buffer.from(value, 'utf16le') : null
    const forms = {
      ...encodings(bytes),
      ...(wide ? { 'utf-16le': wide, 'utf-16be': reverse16(wide) } : {}),
      ...(typeof value === 'string' ? { percent: Buffer.from(encodeURIComponent(value)) } : {}),
    }
    for (const [form, needle] of Object.entries(forms)) {
      const key = needle.toString('latin1')
      if (!known.has(key)) needles.set(`${name}, ${form}`, needle)
      known.add(key)
    }
  }
  return needles
}

/** The names of those that are in it. */
export function findIn(haystack: Uint8Array | string, needles: Needles): string[] {
  const bytes =
    typeof haystack === 'string'
      ? Buffer.from(haystack)
      : Buffer.from(haystack.buffer, haystack.byteOffset, haystack.length)
  return [...needles].filter(([, needle]) => bytes.includes(needle)).map(([name]) => name)
}

/** Every file below the folder, as `file: what was found`. */
export async function findInFiles(folder: string, needles: Needles): Promise<string[]> {
  const found: string[] = []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter(entry => entry.isFile())) {
    const path = join(entry.parentPath, entry.name)
    // A file may be gone by now: PostgreSQL tidies up.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0))
    found.push(...findIn(bytes, needles).map(name => `${path.slice(folder.length + 1)}: ${name}`))
  }
  return found
}
