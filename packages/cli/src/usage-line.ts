import { type ChatResult, cost, type Usage } from '@rivulet/core'
import type { OpenRiver } from './river.ts'
import { onOneLine, seconds } from './terminal.ts'

/** `'openai · gpt-6-luna · 12 tokens in, 34 out · $0.00021 · 1.24 s'` */
export function usageLine(result: ChatResult, { river, isSimulated }: OpenRiver, ms: number): string {
  const { provider, model, usage } = result
  const prices = river.providers.find(({ id }) => id === provider)?.info.models.find(({ id }) => id === model)
  const usd = usage && cost(usage, prices ?? {})
  return [
    isSimulated ? `${provider} (simulated)` : provider,
    onOneLine(model),
    usage === undefined ? 'tokens unknown' : tokens(usage),
    usd === undefined ? 'cost unknown' : dollars(usd),
    seconds(ms),
  ].join(' · ')
}

function tokens({ inputTokens, outputTokens, source }: Usage): string {
  return `${source === 'estimated' ? 'about ' : ''}${inputTokens} tokens in, ${outputTokens} out`
}

/** With two digits that say something: most answers cost less than a cent. */
export function dollars(usd: number): string {
  if (usd === 0) return '$0'
  return `$${usd.toFixed(Math.max(2, 1 - Math.floor(Math.log10(usd))))}`
}
