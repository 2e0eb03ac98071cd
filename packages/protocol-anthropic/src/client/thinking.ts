/** How reasoning effort is spelt: it differs by model, so it is data. Both directions. */

import type { ChatRequest, ReasoningEffort } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/**
 * What a model takes for its thinking.
 *
 * | style | `none` | `minimal` | `low` | `medium` | `high` |
 * |---|---|---|---|---|---|
 * | `'adaptive'` | thinking off | effort low | effort low | effort medium | effort high |
 * | `'always'` (it can't be turned off) | effort low | effort low | effort low | effort medium | effort high |
 * | `'between-tools'` (off means: notes between tool calls only) | `between_tools` | effort low | effort low | effort medium | effort high |
 * | `'budget'`, in tokens | thinking off | 1,024 | 4,096 | 8,192 | 16,384 |
 *
 * Thoughts are asked for as summaries, because newer models leave their text out unless told.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/thinking (2026-11-20)
 * @see https://platform.claude.com/docs/en/build-with-claude/effort (2026-11-20)
 */
export type ThinkingStyle = 'adaptive' | 'always' | 'between-tools' | 'budget'

/** What is known of a model that requests to it depend on. */
export interface MessagesModel {
  /** An id that ends in a date (`claude-haiku-4-5-20251001`) is found by what stands before the date, too. */
  id: string
  /** The longest answer, in tokens: what `max_tokens` is when the caller names none. @default 4096 */
  outputTokens?: number | undefined
  /** @default 'adaptive' */
  thinking?: ThinkingStyle | undefined
}

export interface WireThinking {
  thinking?: Record<string, unknown>
  effort?: string
  maxTokens: number
}

/** The API wants `max_tokens` in every request. */
const DEFAULT_MAX_TOKENS = 4096
/** The smallest budget that the API takes. */
const MIN_BUDGET = 1024
const BUDGETS = { minimal: MIN_BUDGET, low: 4096, medium: 8192, high: 16_384 } as const
const EFFORTS = { minimal: 'low', low: 'low', medium: 'medium', high: 'high' } as const

/** The model of this id, or of this id without its date. */
export function modelOf(id: string, models: readonly MessagesModel[]): Omit<MessagesModel, 'id'> {
  const undated = id.replace(/-\d{8}$/, '')
  return models.find((model) => model.id === id) ?? models.find((model) => model.id === undated) ?? {}
}

export function encodeThinking({ reasoning, maxTokens }: ChatRequest, model: Omit<MessagesModel, 'id'>): WireThinking {
  const { outputTokens, thinking: style = 'adaptive' } = model
  const limit = maxTokens ?? outputTokens ?? DEFAULT_MAX_TOKENS
  if (reasoning === undefined) return { maxTokens: limit }
  if (reasoning === 'none') {
    if (style === 'always') return { effort: 'low', maxTokens: limit }
    return { thinking: { type: style === 'between-tools' ? 'between_tools' : 'disabled' }, maxTokens: limit }
  }
  if (style !== 'budget') {
    const thinking = { type: 'adaptive', display: 'summarized' }
    return { thinking, effort: EFFORTS[reasoning], maxTokens: limit }
  }
  const budget = BUDGETS[reasoning]
  // The answer must have room behind its thoughts: where the caller has set no limit, the limit makes room.
  const room = maxTokens ?? Math.max(limit, budget + DEFAULT_MAX_TOKENS)
  const tokens = Math.max(MIN_BUDGET, Math.min(budget, room - 1))
  return { thinking: { type: 'enabled', budget_tokens: tokens }, maxTokens: room }
}

/** The effort that a body asks for; `undefined` when it leaves it to the model. */
export function decodeThinking(thinking: unknown, effort: unknown): ReasoningEffort | undefined {
  const type = isRecord(thinking) ? thinking.type : undefined
  if (type === 'disabled' || type === 'between_tools') return 'none'
  if (isRecord(thinking) && typeof thinking.budget_tokens === 'number') {
    const tokens = thinking.budget_tokens
    if (tokens < BUDGETS.low) return tokens < 2048 ? 'minimal' : 'low'
    return tokens < BUDGETS.medium ? 'low' : tokens < BUDGETS.high ? 'medium' : 'high'
  }
  if (effort === 'low' || effort === 'medium') return effort
  // `xhigh` and `max` are more than there is a word for. Adaptive thinking without an effort is that of `high`.
  return typeof effort === 'string' || type === 'adaptive' ? 'high' : undefined
}
