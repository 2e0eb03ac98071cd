/** How much a model thinks is chosen by level; which levels there are differs by model, so it is data. */

import type { ReasoningEffort } from '@rivulet/core'

/** How much a model may be asked to think. */
export type ThinkingLevel = 'minimal' | 'low' | 'medium' | 'high'

/** The facts about a model that its requests depend on. */
export interface GeminiModel {
  /** The model's name. */
  id: string
  /** The levels that it accepts, lowest first. @default low, medium and high, which every model since Gemini 3 accepts */
  levels?: readonly ThinkingLevel[] | undefined
}

export const USUAL_LEVELS: readonly ThinkingLevel[] = ['low', 'medium', 'high']

const EFFORTS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** The level that is nearest to an effort; of two, the lower one. */
export function nearestLevel(effort: ReasoningEffort, levels: readonly ThinkingLevel[]): ThinkingLevel {
  const distance = (level: ThinkingLevel): number => Math.abs(EFFORTS.indexOf(level) - EFFORTS.indexOf(effort))
  return levels.reduce<ThinkingLevel>(
    (best, level) => (distance(level) < distance(best) ? level : best),
    levels[0] ?? 'low',
  )
}
