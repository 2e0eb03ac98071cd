import type { Usage } from '@rivulet/core'
import { addUsage } from '@rivulet/core/provider'

/** What is known of the tokens of an attempt. */
interface Spending {
  /** It gave content, told its usage, or was at work when another one was quicker. */
  readonly hasSpent: boolean
  readonly usage: Usage | undefined
}

/**
 * What all attempts of a call have used together: where it is not known of one of them, the sum is an estimate, and has no cost.
 * `undefined` where it is known of none.
 */
export function totalUsage(attempts: readonly Spending[]): Usage | undefined {
  const spending = attempts.filter(({ hasSpent }) => hasSpent)
  const total = spending.reduce<Usage | undefined>((sum, { usage }) => addUsage(sum, usage), undefined)
  if (total === undefined || spending.every(({ usage }) => usage !== undefined)) return total
  const { cost: _, ...tokens } = total
  return { ...tokens, source: 'estimated' }
}
