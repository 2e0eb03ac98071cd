/** How much a model thinks is chosen by level; which levels there are differs by model, so it is data. */

/** How much a model may be asked to think. */
export type ThinkingLevel = 'minimal' | 'low' | 'medium' | 'high'

/** The facts about a model that its requests depend on. */
export interface GeminiModel {
  id: string
  /** The levels that it accepts, lowest first. @default low, medium and high, which every model since Gemini 3 accepts */
  levels?: readonly ThinkingLevel[] | undefined
}

export const USUAL_LEVELS: readonly ThinkingLevel[] = ['low', 'medium', 'high']
