import type { Usage } from '../chat.ts'
import type { Model } from '../provider.ts'

/**
 * The cost of an answer in US dollars: what the endpoint reported, or else what the model's price makes of its tokens;
 * `undefined`, never 0, if the price is unknown or does not hold for a prompt of that length.
 *
 * @example
 * const model = provider.info.models.find(({ id }) => id === result.model)
 * if (result.usage && model) console.log(cost(result.usage, model))
 */
export function cost(usage: Usage, model: Pick<Model, 'price'>): number | undefined {
  if (usage.cost?.source === 'reported') return usage.cost.usd
  if (model.price === undefined) return usage.cost?.usd
  const { input, output, cachedInput = input, upToInputTokens = Infinity } = model.price
  const { cacheWrite = input, cacheWrite1h = cacheWrite } = model.price
  const { inputTokens, outputTokens, cachedTokens = 0, cacheWriteTokens = 0, cacheWrite1hTokens = 0 } = usage
  if (inputTokens > upToInputTokens) return undefined
  // Each is a part of the one before it, whatever the endpoint counts.
  const cached = Math.min(cachedTokens, inputTokens)
  const written = Math.min(cacheWriteTokens, inputTokens - cached)
  const forAnHour = Math.min(cacheWrite1hTokens, written)
  const read = (inputTokens - cached - written) * input + cached * cachedInput
  const writing = (written - forAnHour) * cacheWrite + forAnHour * cacheWrite1h
  return (read + writing + outputTokens * output) / 1_000_000
}
