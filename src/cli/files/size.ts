const UNITS = ['KiB', 'MiB', 'GiB'] as const

/** 812 B, 3.1 MiB, 24 MiB: in the unit that fits, never more than there is. */
export function sizeText(bytes: number): string {
  let size = bytes
  let unit = 'B'
  for (const larger of UNITS) {
    if (size < 1024) break
    size /= 1024
    unit = larger
  }
  const digits =
    unit === 'B' || size >= 10 ? String(Math.floor(size)) : (Math.floor(size * 10) / 10).toFixed(1)
  return `${digits} ${unit}`
}
