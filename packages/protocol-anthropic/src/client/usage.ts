import type { Usage } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** The usage of an answer: its message has one, and each `message_delta` repeats the fields with later counts. */
export class UsageReader {
  readonly #counts: Record<string, number> = {}
  #thinking: number | undefined

  add(usage: unknown): void {
    if (!isRecord(usage)) return
    for (const [name, value] of Object.entries(usage)) if (isCount(value)) this.#counts[name] = value
    const { output_tokens_details: details } = usage
    if (isRecord(details) && isCount(details.thinking_tokens)) this.#thinking = details.thinking_tokens
  }

  /** The input includes the tokens read from the cache and written to it. `undefined` when nothing was counted. */
  result(): Usage | undefined {
    const {
      input_tokens: input = 0,
      output_tokens: outputTokens = 0,
      cache_creation_input_tokens: written = 0,
      cache_read_input_tokens: cachedTokens,
    } = this.#counts
    const inputTokens = input + written + (cachedTokens ?? 0)
    if (inputTokens === 0 && outputTokens === 0) return undefined
    return {
      inputTokens,
      outputTokens,
      ...(cachedTokens !== undefined && { cachedTokens }),
      ...(this.#thinking !== undefined && { reasoningTokens: this.#thinking }),
      source: 'reported',
    }
  }
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
