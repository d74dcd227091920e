// Byte fields of fixed widths, side by side in one parameter: for PostgreSQL and for its client a parameter costs
// more than the few bytes in it.

export type Widths = Readonly<Record<string, number>>
export type Fields<W extends Widths> = { readonly [Name in keyof W]: Uint8Array }

/** Throws where a field has another width: everything behind it would be misread. */
export function pack<W extends Widths>(widths: W, rows: readonly Fields<W>[]): Buffer {
  const parts = rows.flatMap(row =>
    Object.entries(widths).map(([name, width]) => {
      const field = row[name]
      if (field?.length !== width) throw new Error(`${name} has not ${width} bytes`)
      return field
    }),
  )
  return Buffer.concat(parts)
}

/** The fields of row `place` (an SQL expression, from 0) of `parameter`, as a select list. */
export function unpacked(widths: Widths, parameter: string, place: string): string {
  const total = Object.values(widths).reduce((sum, width) => sum + width)
  let offset = 1
  const list = Object.entries(widths).map(([name, width]) => {
    const field = `substr(${parameter}::bytea, ${place} * ${total} + ${offset}, ${width}) as ${name}`
    offset += width
    return field
  })
  return list.join(', ')
}
