import type { ChatEvent } from '../chat.ts'
import { copyRequest } from '../check/copy-request.ts'
import { checkCall } from '../check/check-request.ts'
import { checkClock, checkFunctions, checkOptions, kindOf, must } from '../check/check.ts'
import type { CallOptions, Layer } from '../provider.ts'
import { trustedStream } from '../stream.ts'
import { streamOf } from '../stream-of.ts'
import { onBreakOf, recoveriesOf } from './on-break.ts'
import { markAttempts } from './own-attempts.ts'
import { type RetryOptions, RetrySchedule } from './retry-schedule.ts'
import { RetryStream } from './retry-stream.ts'
import { wrap } from './wrap.ts'

export type { RetryOptions } from './retry-schedule.ts'

const OPTIONS: Readonly<Record<keyof RetryOptions, true>> = {
  attempts: true,
  backoffMs: true,
  maxBackoffMs: true,
  totalMs: true,
  onBreak: true,
  retryWhen: true,
  onRetry: true,
  random: true,
  clock: true,
}

/**
 * Retries the same provider until the first content is delivered; after that only where `onBreak` is `'restart'`, so that no
 * text is delivered twice unseen. Waits for as long as the endpoint asks (`retryAfterMs`) and a little longer, or else with
 * exponential backoff; both have jitter. The reader sees no event of an attempt that failed before its first content. Also
 * retries `models()` and `embed()`.
 *
 * @throws TypeError for an option that is unknown, and for `attempts` below 1. The stream throws the last failure.
 * @example
 * const steady = pipe(provider, retry({ attempts: 5 }))
 */
export function retry(options: RetryOptions = {}): Layer {
  checkOptions('retry', options, OPTIONS)
  const { attempts = 3, backoffMs, maxBackoffMs, totalMs, retryWhen, onRetry, random } = options
  for (const [name, value] of Object.entries({ backoffMs, maxBackoffMs, totalMs })) {
    // A wait of 0 is an attempt at once.
    const isTime = value === undefined || (typeof (value as unknown) === 'number' && value >= 0)
    must(isTime, `retry: ${name}`, 'a number of milliseconds', value)
  }
  checkFunctions('retry', { retryWhen, onRetry, random })
  checkClock('retry', options.clock)
  recoveriesOf('retry', options.onBreak)
  if (!Number.isInteger(attempts) || attempts < 1) {
    throw new TypeError(`retry: attempts must be a whole number above 0, got ${kindOf(attempts)}.`)
  }
  return (next) => {
    const models = next.models?.bind(next)
    const embed = next.embed?.bind(next)
    const retried = wrap(next, {
      stream(request, call) {
        checkCall(next.id, call)
        recoveriesOf('retry', call?.onBreak)
        // The first call is made here, so that the caller's mistakes are thrown at the call.
        const asked = copyRequest(request)
        const first = streamOf(next, asked, call)
        const again = (later: CallOptions): AsyncIterable<ChatEvent> => streamOf(next, asked, later)
        return trustedStream(call?.signal, () => {
          const restarts = recoveriesOf('retry', onBreakOf(call) ?? options.onBreak).includes('restart')
          return new RetryStream(first, again, new RetrySchedule(options, call), restarts)
        })
      },
      models: models && ((call) => withRetries(new RetrySchedule(options, call), models)),
      embed:
        embed && ((request, call) => withRetries(new RetrySchedule(options, call), (later) => embed(request, later))),
    })
    return markAttempts(retried, { onBreak: options.onBreak })
  }
}

/** Calls until an answer in one piece arrives. */
async function withRetries<T>(schedule: RetrySchedule, ask: (call: CallOptions) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask(schedule.call())
    } catch (error) {
      await schedule.wait(error)
    }
  }
}
