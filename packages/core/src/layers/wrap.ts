import type { Provider } from '../provider.ts'
import { markAttempts, ownAttempts } from './own-attempts.ts'

/** The members that a layer replaces; the others are those of the wrapped provider. */
export interface WrappedMembers {
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
export function wrap(next: Provider, { stream, models, embed }: WrappedMembers): Provider {
  const wrapped: Provider = {
    get id() {
      return next.id
    },
    get info() {
      return next.info
    },
    stream: stream ?? next.stream.bind(next),
  }
  if (next.models !== undefined) wrapped.models = models ?? next.models.bind(next)
  if (next.embed !== undefined) wrapped.embed = embed ?? next.embed.bind(next)
  const own = ownAttempts(next)
  return own === undefined ? wrapped : markAttempts(wrapped, own)
}
