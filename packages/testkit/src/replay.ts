import type { Clock, RecordedExchange, Transport } from '@rivulet/core'
import { sleep, systemClock } from '@rivulet/core/provider'
import { compareRequest } from './compare-request.ts'
import { type Playable, playable, type WrittenExchange } from './playable.ts'

export interface ReplayOptions {
  /** What `recordExchanges({ to })` wrote, as a file or as an object; or an exchange written by hand. */
  from: string | URL | RecordedExchange | WrittenExchange
  /** Delivers each piece at the time at which it was recorded, measured from the request. @default false: all at once */
  timing?: boolean | undefined
  /** The clock for `timing`. @default the system's */
  clock?: Clock | undefined
}

/**
 * A transport that sends nothing and plays a recorded exchange for every request. A request that differs from the recorded
 * one is refused with the difference; what was concealed as `***` matches anything. A recorded failure fails again.
 *
 * @throws TypeError for anything but a recording.
 * @example
 * const provider = lockchat({ transport: replay({ from: 'test/fixtures/hello.json' }) })
 * @example
 * const chunks = ['data: {"message":"Hello"}\n\n', 'data: [DONE]\n\n']
 * const provider = lockchat({ transport: replay({ status: 200, headers: { 'content-type': 'text/event-stream' }, chunks }) })
 */
export function replay(options: ReplayOptions | WrittenExchange): Transport {
  const { from, timing = false, clock = systemClock } = 'from' in options ? options : { from: options }
  const exchange = playable(from)
  return async (request, { signal, onConnect }) => {
    signal.throwIfAborted()
    compareRequest(request, exchange)
    if (exchange.response === undefined) throw new Error(exchange.error ?? 'there was no answer')
    onConnect?.()
    const { status, headers } = exchange.response
    const wait = timing ? waiter(clock, signal) : undefined
    return { status, headers: { ...headers }, body: play(exchange, signal, wait) }
  }
}

type Wait = (untilMs: number) => Promise<void>

/** Waits until this many milliseconds after now. */
function waiter(clock: Clock, signal: AbortSignal): Wait {
  const startedAt = clock.now()
  return (untilMs) => sleep(clock, Math.max(0, startedAt + untilMs - clock.now()), signal)
}

async function* play(
  { chunks, end, error }: Playable,
  signal: AbortSignal,
  wait: Wait | undefined,
): AsyncGenerator<Uint8Array, undefined> {
  for (const { atMs, bytes } of chunks) {
    await wait?.(atMs)
    signal.throwIfAborted()
    yield bytes
  }
  signal.throwIfAborted()
  if (end === 'broken') throw new Error(error ?? 'the connection broke')
  if (end === 'cancelled') throw new Error('the recording ends here: its reader left')
}
