import { deadlines } from '../layers/deadlines.ts'
import type { Deadlines } from '../layers/limits.ts'
import { ownAttempts } from '../layers/own-attempts.ts'
import { retry, type RetryOptions } from '../layers/retry.ts'
import { wrap } from '../layers/wrap.ts'
import { type CallOptions, type Layer, pipe, type Provider } from '../provider.ts'

export interface SteadyOptions {
  /**
   * For a provider that is asked alone: a group asks each of its members once, and a provider with `retry()` has its own.
   * `false`: it is asked once. @default the defaults of `retry()`: asked at most three times
   */
  retry?: RetryOptions | false | undefined
  /** Limits in place of the provider's own. A group shares the time to the first content among its members. @default the provider's */
  deadlines?: Deadlines | undefined
}

/** A provider under these deadlines, and with retries where it has none of its own. */
export function steady(provider: Provider, { retry: retries = {}, deadlines: limits }: SteadyOptions): Provider {
  const isAlone = ownAttempts(provider) === undefined
  const layers: Layer[] = []
  if (limits !== undefined) {
    // Checked here, also for a group, which gets them call by call.
    const within = deadlines(limits)
    if (isAlone) layers.push(within)
    layers.push(withLimits(limits))
  }
  // Checked here, also for a group. Without retries it is a layer all the same: it holds the streams of others to an abort.
  const again = retry(retries === false ? { attempts: 1 } : retries)
  if (isAlone) layers.push(again)
  return pipe(provider, ...layers)
}

/** Passes the limits on with each call; those that the call has of its own take precedence. */
function withLimits(limits: Deadlines): Layer {
  const limited = (call: CallOptions | undefined): CallOptions => ({
    ...call,
    deadlines: { ...limits, ...call?.deadlines },
  })
  return (next) => {
    const models = next.models?.bind(next)
    const embed = next.embed?.bind(next)
    return wrap(next, {
      stream: (request, call) => next.stream(request, limited(call)),
      models: models && ((call) => models(limited(call))),
      embed: embed && ((request, call) => embed(request, limited(call))),
    })
  }
}
