import type { ReasoningEffort } from '@rivulet/core'

/**
 * The steps of effort that the models know, by the first row that their names match. Any other step is refused.
 *
 * @see https://developers.openai.com/api/docs/guides/reasoning (2026-11-20)
 */
const EFFORTS: readonly (readonly [RegExp, readonly ReasoningEffort[]])[] = [
  [/^o\d/, ['low', 'medium', 'high']],
  [/^gpt-5\.1-codex-max/, ['low', 'medium', 'high', 'xhigh']],
  [/^gpt-5\.1/, ['none', 'low', 'medium', 'high']],
  [/^gpt-5\.[2-5]/, ['none', 'low', 'medium', 'high', 'xhigh']],
  [/^gpt-5(?!\.)/, ['minimal', 'low', 'medium', 'high']],
  // `max` came with GPT-5.6, where `minimal` had gone already.
  [/^gpt-(?:5\.|[6-9])/, ['none', 'low', 'medium', 'high', 'xhigh', 'max']],
]

/** `undefined` for a model that is not known. */
export const effortsOf = (model: string): readonly ReasoningEffort[] | undefined =>
  EFFORTS.find(([name]) => name.test(model))?.[1]
