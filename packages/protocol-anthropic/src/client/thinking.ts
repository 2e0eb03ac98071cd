import type { ChatRequest, ReasoningEffort } from '@rivulet/core'
import type { Dropped } from '@rivulet/core/provider'
import { BUDGETS, EFFORTS, type MessagesModel, MIN_BUDGET, type WireEffort } from '../thinking-styles.ts'

export interface WireThinking {
  thinking?: Record<string, unknown> | undefined
  effort?: string | undefined
  maxTokens: number
}

/** The API requires `max_tokens` in every request. */
const DEFAULT_MAX_TOKENS = 4096

/** The model with this id, or with this id without its date. */
export function modelOf(id: string, models: readonly MessagesModel[]): Omit<MessagesModel, 'id'> {
  const undated = id.replace(/-\d{8}$/, '')
  return models.find((model) => model.id === id) ?? models.find((model) => model.id === undated) ?? {}
}

/** A step that the model does not have becomes the nearest that it has, and is named. */
export function encodeThinking(
  { reasoning, maxTokens }: ChatRequest,
  model: Omit<MessagesModel, 'id'>,
  dropped: Dropped,
): WireThinking {
  const { outputTokens, thinking: style = 'adaptive', efforts = EFFORTS } = model
  const limit = maxTokens ?? outputTokens ?? DEFAULT_MAX_TOKENS
  if (reasoning === undefined) return { maxTokens: limit }
  const sent = (step: string): string => {
    if (step !== reasoning) dropped.add(`reasoning: '${reasoning}' sent as '${step}'`)
    return step
  }
  if (reasoning === 'none') {
    if (style === 'always') return { effort: sent('low'), maxTokens: limit }
    return { thinking: { type: style === 'between-tools' ? sent('between_tools') : 'disabled' }, maxTokens: limit }
  }
  if (style !== 'budget') {
    const thinking = { type: 'adaptive', display: 'summarized' }
    return { thinking, effort: sent(nearestEffort(reasoning, efforts)), maxTokens: limit }
  }
  const budget = BUDGETS[reasoning]
  // The answer needs room after its thoughts: without a limit from the caller or the model, the limit grows to make room.
  const room = maxTokens ?? outputTokens ?? budget + DEFAULT_MAX_TOKENS
  const tokens = Math.max(MIN_BUDGET, Math.min(budget, room - 1))
  return { thinking: { type: 'enabled', budget_tokens: tokens }, maxTokens: room }
}

/** The highest step that the model has up to the one that is asked for, else its lowest. */
function nearestEffort(asked: Exclude<ReasoningEffort, 'none'>, efforts: readonly WireEffort[]): WireEffort {
  const steps = EFFORTS.filter((step) => efforts.includes(step))
  const upTo = asked === 'minimal' ? -1 : EFFORTS.indexOf(asked)
  return steps.findLast((step) => EFFORTS.indexOf(step) <= upTo) ?? steps[0] ?? 'low'
}
