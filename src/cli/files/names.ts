// File names: as we tell them to others, and what we make of those that strangers tell us.
import { basename } from 'node:path'

/** Bytes of a name in a file list. */
const MAX_LISTED = 255
/** Bytes of a name that we make: room below the 255 of file systems for a number and what a backup adds. */
export const MAX_SAVED = 200
const MAX_EXTENSION = 20

// What cannot be seen, or changes how the rest is read: controls, format characters (directions, joiners, zero
// widths), fillers, separators of lines, lone surrogates, private and unassigned code points, the Braille blank.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu
// Of no file system's separators: Windows refuses them, and a colon opens a second stream there.
const REFUSED = /[<>:"|?*]/g
// Windows takes these for devices, whatever follows the first dot; its file manager obeys the last two.
const RESERVED =
  /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:$|[ .])|^(?:desktop\.ini|autorun\.inf)$/i

const bytesOf = (text: string): number => Buffer.byteLength(text)

/** Stem and extension with its dot; a name of an overlong extension is all stem. */
function splitName(name: string): readonly [stem: string, extension: string] {
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 ? name.slice(dot) : ''
  return bytesOf(extension) > MAX_EXTENSION
    ? [name, '']
    : [name.slice(0, name.length - extension.length), extension]
}

/** Cut in the stem, between code points. */
function within(name: string, maximum: number): string {
  if (bytesOf(name) <= maximum) return name
  const [stem, extension] = splitName(name)
  let room = maximum - bytesOf(extension)
  let kept = ''
  for (const character of stem) {
    room -= bytesOf(character)
    if (room < 0) break
    kept += character
  }
  return kept + extension
}

/** What a list says of a file of ours: its last name, never its folder. */
export const listedName = (path: string): string =>
  within(basename(path).toWellFormed().normalize('NFC'), MAX_LISTED)

/**
 * A name that a stranger gave, made one that any file system takes and that does what it seems to do: no folder, not
 * hidden, not an option, nothing unseen, no device. The same for what it made itself.
 */
export function safeName(given: string): string {
  const seen = given
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\t\n\v\f\r\p{Z}]/gu, ' ')
    .replace(UNSEEN, '')
    .replace(/ +/g, ' ')
    .replace(REFUSED, '_')
  const last = seen.split(/[\\/]/).map(trimmed).findLast(Boolean) ?? ''
  const name = trimmed(within(last.normalize('NFC'), MAX_SAVED))
  if (name === '') return 'file'
  return RESERVED.test(name) || name.startsWith('-') ? `_${name}` : name
}

const trimmed = (name: string): string => name.replace(/^[. ]+|[. ]+$/g, '')

/** `plan.pdf`, `plan (2).pdf`, … */
export function numberedName(name: string, number: number): string {
  if (number === 1) return name
  const [stem, extension] = splitName(name)
  return `${stem} (${number})${extension}`
}
