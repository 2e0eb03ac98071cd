import { random } from './random.ts'

/** A unit vector, the same for the same text; texts that share words are closer together. */
export function embeddingOf(text: string, dimensions: number): number[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']
  const sum = Array.from({ length: dimensions }, () => 0)
  for (const word of words) {
    const source = random('vector', word)
    for (let at = 0; at < dimensions; at++) sum[at] = (sum[at] ?? 0) + source.next() - 0.5
  }
  const length = Math.hypot(...sum)
  return sum.map((value) => Number((value / (length === 0 ? 1 : length)).toFixed(6)))
}
