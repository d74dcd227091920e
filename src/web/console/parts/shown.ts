// How ids, sizes and deadlines are shown.

/** In fours. */
export const grouped = (hex: string): string[] => hex.match(/.{1,4}/g) ?? []

export const kibibytes = (bytes: number): string => `${Math.round(bytes / 1024)} KiB`

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const

/** As people compare sizes: three digits are enough. */
export function roughSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  let value = bytes / 1024
  let unit = 0
  // 1,023.95 would be shown as 1,024.
  while (value >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${UNITS[unit]}`
}

const DAY_MS = 86_400_000

/** Days from `today` to the last on which a report of that day should have been opened; negative: late. */
export function daysLeft(day: string, within: number, today: string): number {
  return Math.round((Date.parse(day) - Date.parse(today)) / DAY_MS) + within
}

/** Korea's day, as the service counts. */
export const dayInSeoul = (milliseconds: number): string =>
  new Date(milliseconds + 9 * 3_600_000).toISOString().slice(0, 10)

const COMMAND_WIDTH = 76

/** A command over several lines, broken before its options. */
export function overLines(command: string): string {
  const lines: string[] = []
  let line = ''
  for (const part of command.split(/ (?=--|> )/)) {
    if (line !== '' && line.length + part.length >= COMMAND_WIDTH) {
      lines.push(line)
      line = `    ${part}`
    } else line = line === '' ? part : `${line} ${part}`
  }
  return [...lines, line].join(' \\\n')
}
