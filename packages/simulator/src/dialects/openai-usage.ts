import type { Answer } from '../answers.ts'
import type { Part } from '../dialect.ts'
import type { Spelling } from '../incoming.ts'

/** The `usage` fields of one answer, for each place where they may stand. */
export interface UsageFields {
  /** For a chunk with content or a finish reason; counts the content as it comes. */
  inChunk(kind: Part['kind']): object
  /** For a chunk of its own, with empty `choices`; undefined where there is none. */
  readonly last: object | undefined
  /** For a document, or for the last line. */
  readonly total: object
}

/** @param detailed Tells also what was cached, and what was thought. */
export function usageFields(answer: Answer, { usage, usageForm }: Spelling, detailed = false): UsageFields {
  const { inputTokens, outputTokens, cachedTokens, reasoning = [] } = answer
  const details = {
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoning.length, audio_tokens: 0 },
  }
  const counts = (output: number): object => ({
    usage: {
      prompt_tokens: inputTokens,
      completion_tokens: output,
      total_tokens: inputTokens + output,
      ...(detailed ? details : {}),
    },
  })
  let sent = 0
  switch (usageForm ?? (usage ? 'last-chunk' : 'absent')) {
    case 'absent':
      return { inChunk: () => ({}), last: undefined, total: {} }
    case 'last-chunk': {
      // Whoever asked for it gets the field in each chunk, empty until the last.
      const empty = detailed ? { usage: null } : {}
      return { inChunk: () => empty, last: counts(outputTokens), total: counts(outputTokens) }
    }
    case 'every-chunk': {
      const inChunk = (kind: Part['kind']): object =>
        counts(kind === 'finish' ? outputTokens : kind === 'content' ? ++sent : sent)
      return { inChunk, last: undefined, total: counts(outputTokens) }
    }
    case 'nonsense': {
      const nonsense = { usage: { prompt_tokens: 'NaN', completion_tokens: null, total_tokens: -1 } }
      return { inChunk: () => ({ usage: null }), last: nonsense, total: nonsense }
    }
  }
}
