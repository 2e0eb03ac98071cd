import type { CallOptions, Provider } from '../provider.ts'

/** How a provider recovers by itself. */
export interface OwnAttempts {
  /** What it was told to do when an answer breaks; absent where it was told nothing. */
  readonly onBreak: CallOptions['onBreak']
}

const OWN_ATTEMPTS = Symbol.for('@rivulet/core/own-attempts')

interface Marked {
  readonly [OWN_ATTEMPTS]?: OwnAttempts | undefined
}

/**
 * Marks a provider that makes its own attempts: a group, or one with `retry()`. Who calls it adds none, because two who retry
 * multiply each other's attempts.
 *
 * @param own `undefined` takes the mark away.
 */
export function markAttempts<Marking extends Provider>(provider: Marking, own: OwnAttempts | undefined): Marking {
  return Object.defineProperty(provider, OWN_ATTEMPTS, { value: own, enumerable: true, configurable: true })
}

/** How a provider recovers by itself; `undefined` for one that is asked once for each call. */
export const ownAttempts = (provider: Provider): OwnAttempts | undefined => (provider as Marked)[OWN_ATTEMPTS]
