export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** Of ascending values. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits))

/**
 * Two things measured in turns, the first one changing: what else the machine does strikes both alike. The
 * ratio is the median of the rounds' ratios.
 */
export async function alternate(
  rounds: number,
  first: () => Promise<number>,
  second: () => Promise<number>,
): Promise<{ first: number; second: number; ratio: number }> {
  const results: { first: number; second: number }[] = []
  for (let i = 0; i < rounds; i++) {
    if (i % 2 === 0) {
      const a = await first()
      results.push({ first: a, second: await second() })
    } else {
      const b = await second()
      results.push({ first: await first(), second: b })
    }
  }
  return {
    first: median(results.map(result => result.first)),
    second: median(results.map(result => result.second)),
    ratio: median(results.map(result => result.first / result.second)),
  }
}
