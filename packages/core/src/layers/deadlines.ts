import type { ChatRequest } from '../chat.ts'
import { checkCall } from '../check/check-request.ts'
import type { Layer } from '../provider.ts'
import { trustedStream } from '../stream.ts'
import { LimitedCall } from './limited-call.ts'
import { type Deadlines, limitsOf, limitsOfCall } from './limits.ts'
import { streamOf } from '../stream-of.ts'
import { wrap } from './wrap.ts'

/**
 * Gives up on an answer that takes too long: the stream, or the promise of `models()` and `embed()`, rejects with a `timeout`
 * that names the deadline, and the connection is closed. A slow reader meets no deadline but `totalMs`.
 *
 * @throws TypeError for an option that is unknown, or anything but a number of milliseconds.
 * @example
 * const impatient = pipe(provider, deadlines({ firstTokenMs: 5_000 }))
 */
export function deadlines(options: Deadlines = {}): Layer {
  const own = limitsOf(options)
  return (next) => {
    const models = next.models?.bind(next)
    const embed = next.embed?.bind(next)
    return wrap(next, {
      stream(request, call) {
        // The provider gets a signal of this layer, so the caller's is checked here.
        checkCall(next.info.name, call)
        const inOnePiece = (request as ChatRequest | undefined)?.stream === false
        const limits = limitsOfCall(own, call?.deadlines)
        const callLimits = inOnePiece ? { ...limits, firstTokenMs: Infinity, idleMs: Infinity } : limits
        const limited = new LimitedCall(next.id, callLimits, call)
        const inner = streamOf(next, request, limited.call)
        return trustedStream(call?.signal, () => limited.open(inner))
      },
      models:
        models &&
        (async (call) => {
          checkCall(next.info.name, call, 'models')
          return new LimitedCall(next.id, limitsOfCall(own, call?.deadlines), call).answer(models)
        }),
      embed:
        embed &&
        (async (request, call) => {
          checkCall(next.info.name, call, 'embed')
          return new LimitedCall(next.id, limitsOfCall(own, call?.deadlines), call).answer((inner) =>
            embed(request, inner),
          )
        }),
    })
  }
}
