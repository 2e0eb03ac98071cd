import { cost, type Model, type Usage } from '@rivulet/core'
import { totalUsage } from '@rivulet/core/provider'

/** What is known of the tokens of an attempt. */
interface Spending {
  /** It gave content, told its usage, or was at work when another one was quicker. */
  readonly hasSpent: boolean
  readonly usage: Usage | undefined
  readonly plan: { readonly model: Model | undefined }
}

/**
 * What all attempts of a call have used together: where it is not known of one of them, the sum is an estimate, and has no cost.
 * `undefined` where it is known of none. The cost of tokens that have different prices is known only here: where an endpoint
 * reports none, it is computed.
 */
export function usageOfAll(attempts: readonly Spending[]): Usage | undefined {
  const spending = attempts.filter(({ hasSpent }) => hasSpent)
  const [only] = spending
  return spending.length < 2 ? only?.usage : totalUsage(spending.map(withCost))
}

function withCost({ usage, plan: { model } }: Spending): Usage | undefined {
  if (usage === undefined || usage.cost !== undefined || model === undefined) return usage
  const usd = cost(usage, model)
  return usd === undefined ? usage : { ...usage, cost: { usd, source: 'computed' } }
}
