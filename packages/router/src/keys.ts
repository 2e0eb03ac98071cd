import type { Provider } from '@rivulet/core'
import { balance } from './balance.ts'
import type { GroupOptions } from './engine/group-options.ts'

/**
 * One provider with several keys, which are used in turns. A key that has a Retry-After, or is refused or used up, is skipped
 * for a while; `breaker` says for how long. The only key is never skipped.
 *
 * @throws TypeError when there is no key.
 * @example
 * const many = keys(['one', 'two', 'three'], (key) => lockchat({ auth: key }))
 */
export function keys(
  list: readonly string[],
  provider: (key: string) => Provider,
  options: GroupOptions = {},
): Provider {
  if (!Array.isArray(list) || list.length === 0) {
    throw new TypeError(
      'keys: give an array of at least one key, as in keys([one, two], (key) => lockchat({ auth: key })).',
    )
  }
  if (typeof (provider as unknown) !== 'function') {
    throw new TypeError('keys: say what a key is for, as in keys([one, two], (key) => lockchat({ auth: key })).')
  }
  // The key itself goes to the provider and is kept nowhere: members are told apart by their place.
  const members = list.map((key: string) => provider(key))
  // A breaker spares callers whom another key can answer: the only one is always asked.
  const breaker = members.length > 1 ? {} : undefined
  return balance(members, { id: members[0]?.id ?? 'keys', breaker, ...options, by: 'round-robin' })
}
