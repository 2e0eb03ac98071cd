/** Stop reasons and usage, in both directions. */

import type { FinishReason, Usage } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** @see https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons (2026-11-20) */
export function finishReason(stopReason: string): FinishReason {
  switch (stopReason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop'
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'tool_use':
      return 'tool-calls'
    case 'refusal':
      return 'content-filter'
    // `pause_turn` among them: a long turn of the server's own tools, to be sent back as it is.
    default:
      return 'other'
  }
}

/** `'other'` becomes `end_turn`: `pause_turn` would make clients ask again by themselves. */
export function stopReason(reason: FinishReason): string {
  switch (reason) {
    case 'stop':
    case 'other':
      return 'end_turn'
    case 'length':
      return 'max_tokens'
    case 'tool-calls':
      return 'tool_use'
    case 'content-filter':
      return 'refusal'
  }
}

/** The usage of a message and of the deltas behind it, which repeat its fields with later counts. */
export class WireUsage {
  readonly #counts: Record<string, number> = {}
  #thinking: number | undefined

  add(usage: unknown): void {
    if (!isRecord(usage)) return
    for (const [name, value] of Object.entries(usage)) if (isCount(value)) this.#counts[name] = value
    const { output_tokens_details: details } = usage
    if (isRecord(details) && isCount(details.thinking_tokens)) this.#thinking = details.thinking_tokens
  }

  /** The input counts what was read from the cache and what was written to it. `undefined` when nothing was counted. */
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

/** Clients count on the fields being there: what is not known is 0, and zeros alone are read as nothing known. */
export function encodeUsage(usage: Usage | undefined): Record<string, unknown> {
  if (usage === undefined) return { input_tokens: 0, output_tokens: 0 }
  const { inputTokens, outputTokens, cachedTokens, reasoningTokens } = usage
  return {
    input_tokens: inputTokens - (cachedTokens ?? 0),
    ...(cachedTokens !== undefined && { cache_read_input_tokens: cachedTokens }),
    output_tokens: outputTokens,
    ...(reasoningTokens !== undefined && { output_tokens_details: { thinking_tokens: reasoningTokens } }),
  }
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
