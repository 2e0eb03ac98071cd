/** How a model is asked to think: it differs by model, so it is data. Both halves read it. */

/**
 * What a model accepts for its thinking.
 *
 * | style | `none` | other efforts |
 * |---|---|---|
 * | `'adaptive'` | thinking off | effort, see {@link WireEffort} |
 * | `'always'` (it can't be turned off) | effort low | effort |
 * | `'between-tools'` (off means: notes between tool calls only) | `between_tools` | effort |
 * | `'budget'`, in tokens | thinking off | see {@link BUDGETS} |
 *
 * Thoughts are requested as summaries, because newer models omit their text by default.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/thinking (2026-11-20)
 */
export type ThinkingStyle = 'adaptive' | 'always' | 'between-tools' | 'budget'

/**
 * The steps of `output_config.effort`. `max` came with Opus 4.6 and Sonnet 4.6, `xhigh` with Opus 4.7.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/effort (2026-11-20)
 */
export type WireEffort = (typeof EFFORTS)[number]

/** From the lowest to the highest. */
export const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const

/** The facts about a model that its requests depend on. */
export interface MessagesModel {
  /** Also matches the dated form of the id: `claude-haiku-4-5` matches `claude-haiku-4-5-20251001`. */
  id: string
  /** The longest answer, in tokens: the `max_tokens` of a request that names none. @default 4096 */
  outputTokens?: number | undefined
  /** @default 'adaptive' */
  thinking?: ThinkingStyle | undefined
  /** The efforts that it has, unless its thinking is a budget. @default all */
  efforts?: readonly WireEffort[] | undefined
  /** Whether a tool can be forced on it, by a choice other than `'auto'` and `'none'`. @default true */
  forcedTools?: boolean | undefined
}

/** The smallest budget that the API accepts, in tokens. */
export const MIN_BUDGET = 1024
/** Tokens of each effort, for the style `'budget'`. */
export const BUDGETS = {
  minimal: MIN_BUDGET,
  low: 4096,
  medium: 8192,
  high: 16_384,
  xhigh: 24_576,
  max: 32_000,
} as const
