import type { Answer } from '../../answers.ts'
import type { UsageForm } from '../../incoming-request.ts'
import type { CacheMarks } from './cache-marks.ts'

/** The `usage` fields for the start and end of a stream and for a document. `input_tokens` excludes cached tokens. */
export interface UsageFields {
  readonly start: object
  readonly end: object
  readonly total: object
}

export function usageOf(answer: Answer, marks: CacheMarks, form: UsageForm = 'last-chunk'): UsageFields {
  const { inputTokens, outputTokens, reasoning = [] } = answer
  const cached = marks.any ? answer.cachedTokens : 0
  // What follows the part that is read from the cache is written to it.
  const written = marks.any && cached > 0 ? inputTokens - cached : 0
  const forAnHour = marks.forAnHour ? written : 0
  const input = {
    input_tokens: inputTokens - cached - written,
    cache_creation_input_tokens: written,
    cache_creation: { ephemeral_5m_input_tokens: written - forAnHour, ephemeral_1h_input_tokens: forAnHour },
    cache_read_input_tokens: cached,
  }
  const output = {
    output_tokens: outputTokens,
    output_tokens_details: { thinking_tokens: reasoning.length },
    server_tool_use: null,
  }
  const ofMessage = { service_tier: 'standard', inference_geo: null, speed: null }
  switch (form) {
    case 'absent':
      return { start: {}, end: {}, total: {} }
    case 'nonsense': {
      const nonsense = { usage: { input_tokens: 'NaN', output_tokens: null } }
      return { start: nonsense, end: nonsense, total: nonsense }
    }
    case 'last-chunk':
    case 'every-chunk':
      return {
        start: { usage: { ...input, ...output, ...ofMessage, output_tokens: 1, output_tokens_details: null } },
        // The counts are cumulative: of the whole message, not since the last event.
        end: { usage: { ...(form === 'every-chunk' ? input : unsaid), ...output } },
        total: { usage: { ...input, ...output, ...ofMessage } },
      }
  }
}

/** The start has said them. */
const unsaid = { input_tokens: null, cache_creation_input_tokens: null, cache_read_input_tokens: null }
