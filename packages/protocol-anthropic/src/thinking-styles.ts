/** How a model is asked to think: it differs by model, so it is data. Both halves read it. */

/**
 * What a model accepts for its thinking.
 *
 * | style | `none` | `minimal` | `low` | `medium` | `high` |
 * |---|---|---|---|---|---|
 * | `'adaptive'` | thinking off | effort low | effort low | effort medium | effort high |
 * | `'always'` (it can't be turned off) | effort low | effort low | effort low | effort medium | effort high |
 * | `'between-tools'` (off means: notes between tool calls only) | `between_tools` | effort low | effort low | effort medium | effort high |
 * | `'budget'`, in tokens | thinking off | 1,024 | 4,096 | 8,192 | 16,384 |
 *
 * Thoughts are requested as summaries, because newer models omit their text by default.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/thinking (2026-11-20)
 * @see https://platform.claude.com/docs/en/build-with-claude/effort (2026-11-20)
 */
export type ThinkingStyle = 'adaptive' | 'always' | 'between-tools' | 'budget'

/** The facts about a model that its requests depend on. */
export interface MessagesModel {
  /** Also matches the dated form of the id: `claude-haiku-4-5` matches `claude-haiku-4-5-20251001`. */
  id: string
  /** The longest answer, in tokens: the `max_tokens` of a request that names none. @default 4096 */
  outputTokens?: number | undefined
  /** @default 'adaptive' */
  thinking?: ThinkingStyle | undefined
}

/** The smallest budget that the API accepts, in tokens. */
export const MIN_BUDGET = 1024
/** Tokens of each effort, for the style `'budget'`. */
export const BUDGETS = { minimal: MIN_BUDGET, low: 4096, medium: 8192, high: 16_384 } as const
