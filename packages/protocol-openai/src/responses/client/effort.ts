import type { ReasoningEffort } from '@rivulet/core'

const STEPS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** The nearest effort that a model knows: the next lower one that still reasons, else the next higher one. */
export function nearestEffort(effort: ReasoningEffort, known: readonly ReasoningEffort[] = STEPS): ReasoningEffort {
  if (known.includes(effort)) return effort
  const wanted = STEPS.indexOf(effort)
  const isKnown = (step: ReasoningEffort): boolean => known.includes(step)
  return STEPS.slice(1, wanted).findLast(isKnown) ?? STEPS.slice(wanted).find(isKnown) ?? effort
}
