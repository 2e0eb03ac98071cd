import type { Usage } from '../chat.ts'
import type { Model } from '../provider.ts'

/**
 * The cost of an answer in US dollars; `undefined`, never 0, if the model's price is unknown or does not hold for a prompt of
 * that length. Does not include a provider's charge for writing to its cache.
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
