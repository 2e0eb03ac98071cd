import type { Usage } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/**
 * The usage of an answer: its message has one, and each `message_delta` repeats the fields with later counts. Counts are
 * cumulative, so the largest is the last: gateways end an answer with 0 for what they did not count.
 */
export class UsageReader {
  #input: number | undefined
  #output: number | undefined
  #written: number | undefined
  #cached: number | undefined
  #thinking: number | undefined

  add(usage: unknown): void {
    if (!isRecord(usage)) return
    const { output_tokens_details: details } = usage
    this.#input = larger(this.#input, usage.input_tokens)
    this.#output = larger(this.#output, usage.output_tokens)
    this.#written = larger(this.#written, usage.cache_creation_input_tokens)
    this.#cached = larger(this.#cached, usage.cache_read_input_tokens)
    if (isRecord(details)) this.#thinking = larger(this.#thinking, details.thinking_tokens)
  }

  /** The input includes the tokens read from the cache and written to it. `undefined` when nothing was counted. */
  result(): Usage | undefined {
    const inputTokens = (this.#input ?? 0) + (this.#written ?? 0) + (this.#cached ?? 0)
    const outputTokens = this.#output ?? 0
    if (inputTokens === 0 && outputTokens === 0) return undefined
    return {
      inputTokens,
      outputTokens,
      ...(this.#cached !== undefined && { cachedTokens: this.#cached }),
      ...(this.#thinking !== undefined && { reasoningTokens: this.#thinking }),
      source: 'reported',
    }
  }
}

function larger(count: number | undefined, received: unknown): number | undefined {
  if (typeof received !== 'number' || !Number.isFinite(received)) return count
  return Math.max(received, count ?? 0)
}
