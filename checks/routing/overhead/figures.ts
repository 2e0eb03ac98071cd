/** The middle of several figures, and a quarter of them to either side. */
export interface Spread {
  median: number
  low: number
  high: number
}

export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((one, other) => one - other)
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}
