// How the demo looks: steps, quotations, two columns. Colour only on a terminal.
import { setTimeout as pause } from 'node:timers/promises'
import { wantsColour } from '../src/cli/config.ts'
import { neutralise } from '../src/cli/terminal.ts'

const isTerminal = process.stdout.isTTY === true
const paint = (code: string) => (text: string) =>
  isTerminal && wantsColour() ? `\u001b[${code}m${text}\u001b[0m` : text
const title = paint('1;36')
const faint = paint('2')
const warm = paint('33')

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/
const LEFT = 36
const RIGHT = 60
const PAUSE_MS = 700

/** Columns that a text takes: Korean letters take two. */
const widthOf = (text: string) =>
  Array.from(text).reduce((sum, letter) => sum + (WIDE.test(letter) ? 2 : 1), 0)

export const bytes = (text: string): number => Buffer.byteLength(text)

/** Somebody who watches gets a moment to read; a pipe does not wait. */
export async function step(number: number, text: string): Promise<void> {
  if (isTerminal && number > 1) await pause(PAUSE_MS)
  const rule = '─'.repeat(Math.max(4, 86 - widthOf(text)))
  console.log(`\n${title(`── ${String(number).padStart(2)}  ${text} ${rule}`)}`)
}

/** One of ours, wrapped; what it starts with in spaces, its other lines have too. */
export function line(text: string): void {
  const indent = ' '.repeat(2 + text.length - text.trimStart().length)
  for (const part of wrap(text.trim(), 94)) console.log(indent + part)
}

export const quoted = (text: string): void => console.log(`  ${warm('│')} ${text}`)

/** A paragraph that was typed over several lines becomes one line; headings and list items stay. */
export const unwrapped = (text: string): string =>
  text.replace(/([^\n])\n +(?=\S)|([^\n])\n(?=[^\n#-])/g, '$1$2 ')

/** A text in lines of at most `width` columns, without its empty ones. */
export function textLines(text: string, width: number): string[] {
  return neutralise(text)
    .split('\n')
    .filter(paragraph => paragraph.trim() !== '')
    .flatMap(paragraph => wrap(paragraph, width))
}

function wrap(paragraph: string, width: number): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of paragraph.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`
    if (current !== '' && widthOf(longer) > width) {
      lines.push(current)
      current = word
    } else current = longer
  }
  return [...lines, current]
}

export function hexLines(data: Uint8Array, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    Array.from(data.subarray(12 * i, 12 * i + 12), byte => byte.toString(16).padStart(2, '0')).join(' '),
  )
}

interface Column {
  readonly title: string
  readonly lines: readonly string[]
}

export function beside(left: Column, right: Column): void {
  const fill = (text: string) => ' '.repeat(Math.max(0, LEFT - widthOf(text)))
  for (const [i, text] of wrap(right.title, RIGHT).entries()) {
    const beside = i === 0 ? left.title : ''
    console.log(`  ${title(beside)}${fill(beside)} ${faint('│')} ${title(text)}`)
  }
  for (let i = 0; i < Math.max(left.lines.length, right.lines.length); i++) {
    const text = left.lines[i] ?? ''
    console.log(`  ${faint(text)}${fill(text)} ${faint('│')} ${warm(right.lines[i] ?? '')}`)
  }
}
