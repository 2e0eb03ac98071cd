import type { Usage } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** The counts of an answer: where the dialect has them, and which is which. */
type Count = 'input' | 'output' | 'written' | 'writtenForAnHour' | 'cached' | 'thinking'

/**
 * The usage of an answer: its message has one, and each `message_delta` repeats the fields with later counts. Counts are
 * cumulative, so the largest is the last: gateways end an answer with 0 for what they did not count. Only a count that a gateway
 * has marked as `estimated` may be more than the one that takes its place.
 */
export class UsageReader {
  #counts: Partial<Record<Count, number>> = {}
  #isEstimated = false

  add(usage: unknown): void {
    if (!isRecord(usage)) return
    if (this.#isEstimated) this.#counts = {}
    this.#isEstimated = usage.estimated === true
    const { output_tokens_details: details, cache_creation: creation } = usage
    this.#add('input', usage.input_tokens)
    this.#add('output', usage.output_tokens)
    this.#add('written', usage.cache_creation_input_tokens)
    this.#add('cached', usage.cache_read_input_tokens)
    if (isRecord(creation)) this.#add('writtenForAnHour', creation.ephemeral_1h_input_tokens)
    if (isRecord(details)) this.#add('thinking', details.thinking_tokens)
  }

  /**
   * The input includes the tokens read from the cache and written to it. `undefined` when nothing was counted, and for the guess
   * at the input with which an answer starts.
   */
  result(): Usage | undefined {
    const { input = 0, output = 0, written, writtenForAnHour, cached, thinking } = this.#counts
    const inputTokens = input + (written ?? 0) + (cached ?? 0)
    if (output === 0 && (inputTokens === 0 || this.#isEstimated)) return undefined
    return {
      inputTokens,
      outputTokens: output,
      ...(cached !== undefined && { cachedTokens: cached }),
      ...(written !== undefined && { cacheWriteTokens: written }),
      ...(writtenForAnHour !== undefined && { cacheWrite1hTokens: writtenForAnHour }),
      ...(thinking !== undefined && { reasoningTokens: thinking }),
      source: this.#isEstimated ? 'estimated' : 'reported',
    }
  }

  #add(name: Count, received: unknown): void {
    if (typeof received !== 'number' || !Number.isFinite(received)) return
    this.#counts[name] = Math.max(received, this.#counts[name] ?? 0)
  }
}
