/** Chance from a seed: the same numbers each time. */
export type Random = () => number

/** Numbers from 0 to 1 (sfc32). */
export function seeded(seed: number): Random {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0, 1]
  const next: Random = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 4294967296
  }
  for (let warm = 0; warm < 15; warm++) next()
  return next
}

/** The time to the next of events that come independently, `mean` apart. */
export const exponential = (random: Random, mean: number): number => -Math.log(1 - random()) * mean

/** Around `median`, mostly within a factor of e to the `spread`: how times to first content are spread. */
export function logNormal(random: Random, median: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return median * Math.exp(normal * spread)
}

/** At least `least`; the smaller `alpha`, the heavier the tail. */
export const pareto = (random: Random, least: number, alpha: number): number => least * (1 - random()) ** (-1 / alpha)
