import type { ChatRequest } from '@rivulet/core'
import { BUDGETS, type MessagesModel, MIN_BUDGET } from '../thinking-styles.ts'

export interface WireThinking {
  thinking?: Record<string, unknown> | undefined
  effort?: string | undefined
  maxTokens: number
}

/** The API requires `max_tokens` in every request. */
const DEFAULT_MAX_TOKENS = 4096
const EFFORTS = { minimal: 'low', low: 'low', medium: 'medium', high: 'high' } as const

/** The model with this id, or with this id without its date. */
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
  // The answer needs room after its thoughts: without a limit from the caller, the limit grows to make room.
  const room = maxTokens ?? Math.max(limit, budget + DEFAULT_MAX_TOKENS)
  const tokens = Math.max(MIN_BUDGET, Math.min(budget, room - 1))
  return { thinking: { type: 'enabled', budget_tokens: tokens }, maxTokens: room }
}
