import { ChildAbort } from '../async/child-abort.ts'
import { quietly } from '../async/quietly.ts'
import { unlessAborted } from '../async/unless-aborted.ts'
import type { ChatRequest } from '../chat.ts'
import { checkCall } from '../check/check-request.ts'
import type { CallOptions, Layer, Provider } from '../provider.ts'
import { trustedStream } from '../stream.ts'
import { DeadlineStream } from './deadline-stream.ts'
import { deadlineError, type DeadlineName, type Deadlines, type Limits, limitsOf, passedDeadline } from './limits.ts'
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
  const limits = limitsOf(options)
  return (next) => {
    const models = next.models?.bind(next)
    const embed = next.embed?.bind(next)
    return wrap(next, {
      stream(request, call) {
        // The provider gets a signal of this layer, so the caller's is checked here.
        checkCall(next.info.name, call)
        const inOnePiece = (request as ChatRequest | undefined)?.stream === false
        const callLimits = inOnePiece ? { ...limits, firstTokenMs: Infinity, idleMs: Infinity } : limits
        const stream = new DeadlineStream(next.id, callLimits, call)
        const inner = streamOf(next, request, stream.call)
        return trustedStream(call?.signal, () => stream.open(inner))
      },
      models: models && ((call) => withinLimits({ next, method: 'models', limits, call }, models)),
      embed:
        embed &&
        ((request, call) => withinLimits({ next, method: 'embed', limits, call }, (inner) => embed(request, inner))),
    })
  }
}

interface LimitedCall {
  next: Provider
  method: 'models' | 'embed'
  limits: Limits
  call: CallOptions | undefined
}

/** Awaits an answer in one piece: all of it within `firstTokenMs` and `totalMs`, the connection within `connectMs`. */
async function withinLimits<T>(
  { next, method, limits, call }: LimitedCall,
  ask: (call: CallOptions) => Promise<T>,
): Promise<T> {
  checkCall(next.info.name, call, method)
  const { id } = next
  const elapsedMs = call?.elapsedMs ?? 0
  const passed = passedDeadline(id, limits, elapsedMs)
  if (passed !== undefined) throw passed
  const { connectMs, firstTokenMs, totalMs, clock } = limits
  const abort = new ChildAbort().follow(call?.signal)
  const timers: (() => void)[] = []
  const arm = (name: DeadlineName, limitMs: number, ms: number): (() => void) => {
    if (ms === Infinity) return () => undefined
    const cancel = clock.after(Math.max(0, ms), () => {
      abort.abort(deadlineError(id, name, limitMs))
    })
    timers.push(cancel)
    return cancel
  }
  if (firstTokenMs < totalMs) arm('firstTokenMs', firstTokenMs, firstTokenMs - elapsedMs)
  else arm('totalMs', totalMs, totalMs - elapsedMs)
  let connected = (): void => undefined
  const watched: CallOptions = {
    ...call,
    signal: abort.signal,
    onConnecting: () => {
      connected = arm('connectMs', connectMs, connectMs)
      quietly(call?.onConnecting)
    },
    onConnect: () => {
      connected()
      quietly(call?.onConnect)
    },
  }
  try {
    return await unlessAborted(ask(watched), abort.signal)
  } finally {
    for (const cancel of timers) cancel()
    abort.release()
  }
}
