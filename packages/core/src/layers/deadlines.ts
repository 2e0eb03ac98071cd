import type { ChatRequest } from '../chat.ts'
import { checkCall } from '../check/check-request.ts'
import type { CallOptions, Layer } from '../provider.ts'
import { trustedStream } from '../stream.ts'
import { LimitedCall } from './limited-call.ts'
import { type Deadlines, type Limits, limitsOf, limitsOfCall } from './limits.ts'
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
    const limited = (
      method: 'stream' | 'models' | 'embed',
      call: CallOptions | undefined,
      others?: Partial<Limits>,
    ): LimitedCall => {
      // The provider gets a signal of this layer, so the caller's is checked here.
      checkCall(next.info.name, call, method)
      const limits = limitsOfCall(own, call?.deadlines)
      return new LimitedCall(next.id, others === undefined ? limits : { ...limits, ...others }, call)
    }
    return wrap(next, {
      stream(request, call) {
        const inOnePiece = (request as ChatRequest | undefined)?.stream === false
        const inTime = limited('stream', call, inOnePiece ? IN_ONE_PIECE : undefined)
        const inner = streamOf(next, request, inTime.call)
        return trustedStream(call?.signal, () => inTime.open(inner))
      },
      models: models && (async (call) => limited('models', call).answer(models)),
      embed: embed && (async (request, call) => limited('embed', call).answer((inner) => embed(request, inner))),
    })
  }
}

/** The first content is the whole answer. */
const IN_ONE_PIECE: Partial<Limits> = { firstTokenMs: Infinity, idleMs: Infinity }
