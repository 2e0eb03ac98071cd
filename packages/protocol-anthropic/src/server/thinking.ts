import type { ReasoningEffort } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { BUDGETS } from '../thinking-styles.ts'

/** The effort that a body asks for; `undefined` when it leaves the effort to the model. */
export function decodeThinking(thinking: unknown, effort: unknown): ReasoningEffort | undefined {
  const type = isRecord(thinking) ? thinking.type : undefined
  if (type === 'disabled' || type === 'between_tools') return 'none'
  if (isRecord(thinking) && typeof thinking.budget_tokens === 'number') {
    const tokens = thinking.budget_tokens
    if (tokens < BUDGETS.low) return tokens < 2048 ? 'minimal' : 'low'
    return tokens < BUDGETS.medium ? 'low' : tokens < BUDGETS.high ? 'medium' : 'high'
  }
  if (effort === 'low' || effort === 'medium') return effort
  // `xhigh` and `max` exceed the largest effort of a request. Adaptive thinking without an effort is that of `high`.
  return typeof effort === 'string' || type === 'adaptive' ? 'high' : undefined
}
