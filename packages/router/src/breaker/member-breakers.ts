import { pipe, type Provider } from '@rivulet/core'
import { type BreakerOptions, circuitBreaker } from './circuit-breaker.ts'
import { memoryBreakerStore } from './breaker-store.ts'

/**
 * Puts each member behind a circuit breaker of its own. Members are told apart by their ids, the second `lockchat` is
 * `lockchat#2`: two keys of one provider are two members. The same provider given again is the same member.
 */
export function memberBreakers(options: BreakerOptions): (member: Provider) => Provider {
  const store = options.store ?? memoryBreakerStore()
  const prefix = options.member === undefined ? '' : `${options.member}/`
  const counts = new Map<string, number>()
  const behind = new WeakMap<Provider, Provider>()
  return (provider) => {
    const known = behind.get(provider)
    if (known !== undefined) return known
    const count = (counts.get(provider.id) ?? 0) + 1
    counts.set(provider.id, count)
    const name = count === 1 ? provider.id : `${provider.id}#${count}`
    const made = pipe(provider, circuitBreaker({ ...options, store, member: `${prefix}${name}` }))
    behind.set(provider, made)
    return made
  }
}
