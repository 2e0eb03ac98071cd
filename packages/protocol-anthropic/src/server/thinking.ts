import type { ReasoningEffort } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { BUDGETS, EFFORTS } from '../thinking-styles.ts'

/** The effort that a body asks for; `undefined` when it leaves the effort to the model. */
export function readThinking(thinking: unknown, effort: unknown): ReasoningEffort | undefined {
  const type = isRecord(thinking) ? thinking.type : undefined
  if (type === 'disabled' || type === 'between_tools') return 'none'
  if (isRecord(thinking) && typeof thinking.budget_tokens === 'number') return effortOf(thinking.budget_tokens)
  // Adaptive thinking without an effort is that of `high`.
  return EFFORTS.find((step) => step === effort) ?? (type === 'adaptive' ? 'high' : undefined)
}

/** The highest effort whose budget this reaches. */
function effortOf(tokens: number): ReasoningEffort {
  // The keys of BUDGETS are efforts, from the lowest to the highest.
  const steps = Object.entries(BUDGETS) as [ReasoningEffort, number][]
  // The largest budget of agents is one token short of 32,000.
  return steps.findLast(([, budget]) => budget <= tokens + 1)?.[0] ?? 'minimal'
}
