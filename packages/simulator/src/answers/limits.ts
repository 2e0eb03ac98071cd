import type { Wishes } from './wishes.ts'

/** Why an answer ends before its own end. */
export type Cut = { readonly reason: 'length' } | { readonly reason: 'stop'; readonly sequence: string }

export interface Limited {
  readonly tokens: readonly string[]
  readonly cut?: Cut
}

/** The tokens up to the first stop sequence, and no more of them than were asked for: whichever comes first. */
export function limited(tokens: readonly string[], { stop = [], maxTokens = Infinity }: Wishes): Limited {
  const text = tokens.join('')
  const found = stop
    .filter((sequence) => sequence !== '')
    .map((sequence) => ({ sequence, at: text.indexOf(sequence) }))
    .filter(({ at }) => at >= 0)
    .toSorted((left, right) => left.at - right.at)[0]
  const kept = found === undefined ? tokens : upTo(tokens, found.at)
  if (kept.length > maxTokens) return { tokens: kept.slice(0, maxTokens), cut: { reason: 'length' } }
  return found === undefined ? { tokens } : { tokens: kept, cut: { reason: 'stop', sequence: found.sequence } }
}

function upTo(tokens: readonly string[], length: number): string[] {
  const kept: string[] = []
  let left = length
  for (const token of tokens) {
    if (left <= 0) break
    kept.push(token.slice(0, left))
    left -= token.length
  }
  return kept
}
