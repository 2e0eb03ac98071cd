import {
  ChatError,
  type ChatEvent,
  type ChatRequest,
  type Clock,
  type ErrorCode,
  type Provider,
  type ProviderInfo,
} from '@rivulet/core'
import { type Batches, chatStream } from '@rivulet/core/provider'

/** One read of a scripted answer: its events, or its failure, so many milliseconds after the read before it. */
export type ScriptedStep = { afterMs: number } & ({ events: readonly ChatEvent[] } | { error: Error })

/** What a script knows of the call that it answers. */
export interface ScriptedCall {
  /** How many calls came before it. */
  index: number
  /** In the clock's milliseconds. */
  now: number
  /** How many answers are under way, this one included. */
  inFlight: number
  request: ChatRequest
}

/** A provider whose answers follow a script, in the time of a clock. */
export interface ScriptedProvider extends Provider {
  /** How many requests it has had. */
  requests: number
  /** How many answers are under way: 0 when every reader has left or has its end. */
  inFlight: number
}

/**
 * A provider that answers as `script` says, in the time of a clock; after the last step of an answer it is silent. It heeds
 * its signal. For tests of layers, groups and policies, where a minute of silence must take no time.
 *
 * @example
 * const clock = new ManualClock()
 * const slow = scriptedProvider('slow', clock, () => scriptedAnswer('slow', 30_000, 100))
 * const down = scriptedProvider('down', clock, () => scriptedFailure('down', 'overloaded', 50))
 */
export function scriptedProvider(
  id: string,
  clock: Clock,
  script: (call: ScriptedCall) => readonly ScriptedStep[],
  info: Partial<ProviderInfo> = {},
): ScriptedProvider {
  const provider: ScriptedProvider = {
    id,
    info: { name: id, url: '', auth: 'none', streaming: true, models: [{ id: 'm' }], settings: [], ...info },
    requests: 0,
    inFlight: 0,
    stream: (request, call) =>
      chatStream(call?.signal, () => {
        provider.inFlight++
        const steps = script({ index: provider.requests++, now: clock.now(), inFlight: provider.inFlight, request })
        return new ScriptedStream(steps, clock, call?.signal, () => {
          provider.inFlight--
        })
      }),
  }
  return provider
}

class ScriptedStream implements Batches {
  readonly #steps: readonly ScriptedStep[]
  readonly #clock: Clock
  readonly #signal: AbortSignal | undefined
  readonly #onEnd: () => void
  #at = 0
  #over = false
  #cancel: (() => void) | undefined
  #reject: ((reason: unknown) => void) | undefined

  constructor(steps: readonly ScriptedStep[], clock: Clock, signal: AbortSignal | undefined, onEnd: () => void) {
    this.#steps = steps
    this.#clock = clock
    this.#signal = signal
    this.#onEnd = onEnd
    if (signal?.aborted === true) this.#end()
    else signal?.addEventListener('abort', this.#onAbort)
  }

  next(): Promise<IteratorResult<readonly ChatEvent[], undefined>> {
    return new Promise((resolve, reject) => {
      if (this.#signal?.aborted === true) {
        // The caller's reason is what the caller gets, whatever it is.
        reject(this.#signal.reason)
        return
      }
      const step = this.#steps[this.#at++]
      if (this.#over || step === undefined) {
        if (this.#over) resolve({ done: true, value: undefined })
        else this.#reject = reject
        return
      }
      this.#reject = reject
      this.#cancel = this.#clock.after(step.afterMs, () => {
        if ('error' in step) {
          this.#end()
          reject(step.error)
          return
        }
        if (step.events.at(-1)?.type === 'finish') this.#end()
        resolve({ done: false, value: step.events })
      })
    })
  }

  close(): void {
    this.#end()
  }

  readonly #onAbort = (): void => {
    this.#end()
    this.#reject?.(this.#signal?.reason)
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#cancel?.()
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#onEnd()
  }
}

/** An answer of two reads, `'Hello'` and `', world'`: its first content after `firstMs`, its end `restMs` later. */
export function scriptedAnswer(id: string, firstMs: number, restMs: number): readonly ScriptedStep[] {
  return [
    {
      afterMs: firstMs,
      events: [
        { type: 'start', provider: id, model: 'm' },
        { type: 'text', text: 'Hello' },
      ],
    },
    {
      afterMs: restMs,
      events: [
        { type: 'text', text: ', world' },
        { type: 'finish', reason: 'stop' },
      ],
    },
  ]
}

/** A failure after `afterMs`, before any content. */
export function scriptedFailure(
  id: string,
  code: ErrorCode,
  afterMs: number,
  retryAfterMs?: number,
): readonly ScriptedStep[] {
  return [{ afterMs, error: new ChatError(code, `${id}: ${code}`, { provider: id, retryAfterMs }) }]
}
