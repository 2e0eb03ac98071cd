import type { Usage } from '../chat.ts'
import type { Model } from '../provider.ts'

/**
 * What an answer cost, in US dollars; `undefined` when the model's price is not known, which is not 0, and where it is not
 * known for a prompt of that length. What a provider takes for writing to its cache is not in it.
 *
 * @example
 * const model = provider.info.models.find(({ id }) => id === result.model)
 * if (result.usage && model) console.log(cost(result.usage, model))
 */
export function cost(usage: Usage, model: Pick<Model, 'price'>): number | undefined {
  if (model.price === undefined) return undefined
  const { input, output, cachedInput = input, upToInputTokens = Infinity } = model.price
  if (usage.inputTokens > upToInputTokens) return undefined
  const cached = Math.min(usage.cachedTokens ?? 0, usage.inputTokens)
  return ((usage.inputTokens - cached) * input + cached * cachedInput + usage.outputTokens * output) / 1_000_000
}
