import type { ReasoningEffort } from '@rivulet/core'

/** From the least to the most. */
const STEPS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** The nearest effort that a model knows, the higher one of two; `'none'` is near to no other. */
export function nearestEffort(effort: ReasoningEffort, known: readonly ReasoningEffort[]): ReasoningEffort {
  const wanted = STEPS.indexOf(effort)
  const distance = (step: ReasoningEffort): number =>
    Math.abs(STEPS.indexOf(step) - wanted) + (step === 'none' && effort !== 'none' ? STEPS.length : 0)
  const [nearest = effort] = STEPS.filter((step) => known.includes(step))
    .reverse()
    .sort((one, other) => distance(one) - distance(other))
  return nearest
}
