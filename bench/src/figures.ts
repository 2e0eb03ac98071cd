/** The median; 0 for no figures. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 0 ? ((sorted[middle - 1] ?? 0) + upper) / 2 : upper
}

/**
 * The ratio to the floor, of figures that were taken in turn: the median of the rounds' ratios. A slow minute of the machine affects
 * both sides of a ratio.
 */
export function timesFloor(figures: readonly number[], floor: readonly number[]): number {
  return median(figures.map((figure, round) => figure / (floor[round] ?? NaN)))
}

/** Three significant digits, with thousands separated. */
export function short(figure: number): string {
  if (figure === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(figure))))
  return figure.toLocaleString('en-US', {
    minimumFractionDigits: Math.min(digits, 3),
    maximumFractionDigits: Math.min(digits, 3),
  })
}

export const ratioOf = (ratio: number): string => ratio.toFixed(ratio < 9.95 ? 2 : 0)
