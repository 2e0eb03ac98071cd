import type { Answer } from '../answers.ts'
import type { Part } from '../dialect.ts'
import type { ReplyFormat } from '../incoming-request.ts'

/** The `usage` fields of one answer, for each place where they may appear. */
export interface UsageFields {
  /** For a chunk with content or a finish reason; counts content tokens as they are sent. */
  inChunk(kind: Part['kind']): object
  /** For a separate chunk with empty `choices`; undefined if there is none. */
  readonly last: object | undefined
  /** For a document, or for the last line. */
  readonly total: object
}

/** @param detailed Also reports cached and reasoning tokens. */
export function usageFields(answer: Answer, { usage, usageForm }: ReplyFormat, detailed = false): UsageFields {
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
      // A client that requested usage gets the field in every chunk, null until the last.
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
