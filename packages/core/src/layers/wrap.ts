import type { Provider, ProviderInfo } from '../provider.ts'
import { markAttempts, ownAttempts } from './own-attempts.ts'

/** The members that a layer replaces; the others are those of the wrapped provider. */
export interface WrappedMembers {
  /** In place of the wrapped provider's, where a layer changes what is true of it. */
  info?: ProviderInfo | undefined
  stream?: Provider['stream'] | undefined
  models?: Provider['models'] | undefined
  embed?: Provider['embed'] | undefined
}

/**
 * Wraps a provider, for authors of layers. Delegates instead of spreading, because a provider may be a class, and a spread
 * drops its getters and methods. `models` and `embed` exist only if `next` has them.
 *
 * @example
 * const calm: Layer = (next) =>
 *   wrap(next, { stream: (request, options) => next.stream({ ...request, temperature: 0 }, options) })
 */
export function wrap(next: Provider, { info, stream, models, embed }: WrappedMembers): Provider {
  const wrapped: Provider = {
    get id() {
      return next.id
    },
    get info() {
      return info ?? next.info
    },
    stream: stream ?? next.stream.bind(next),
  }
  if (next.models !== undefined) wrapped.models = models ?? next.models.bind(next)
  if (next.embed !== undefined) wrapped.embed = embed ?? next.embed.bind(next)
  const own = ownAttempts(next)
  return own === undefined ? wrapped : markAttempts(wrapped, own)
}
