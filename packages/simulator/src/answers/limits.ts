import type { GenerationOptions } from './generation-options.ts'

/** Why an answer stopped early. */
export type EarlyStop = { readonly reason: 'length' } | { readonly reason: 'stop'; readonly sequence: string }

export interface Limited {
  readonly tokens: readonly string[]
  readonly earlyStop?: EarlyStop
}

/** The tokens up to the first stop sequence or up to `maxTokens`, whichever comes first. */
export function limited(tokens: readonly string[], { stop = [], maxTokens = Infinity }: GenerationOptions): Limited {
  const text = tokens.join('')
  const found = stop
    .filter((sequence) => sequence !== '')
    .map((sequence) => ({ sequence, at: text.indexOf(sequence) }))
    .filter(({ at }) => at >= 0)
    .toSorted((left, right) => left.at - right.at)[0]
  const kept = found === undefined ? tokens : upTo(tokens, found.at)
  if (kept.length > maxTokens) return { tokens: kept.slice(0, maxTokens), earlyStop: { reason: 'length' } }
  return found === undefined ? { tokens } : { tokens: kept, earlyStop: { reason: 'stop', sequence: found.sequence } }
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
